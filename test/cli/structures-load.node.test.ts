import { spawnSync } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localD1 } from "../../src/cli/d1.ts";
import { loadUniverse } from "../../src/cli/db-load.ts";
import { loadStructures } from "../../src/cli/structures-load.ts";
import { aFolder } from "../support/folders.ts";

const root = join(import.meta.dirname, "../..");
const config = join(root, "wrangler.toml");
const wranglerBin = join(root, "node_modules/wrangler/bin/wrangler.js");

let migrated = "";

beforeAll(async () => {
  migrated = await mkdtemp(join(tmpdir(), "hangar-bay-structures-"));
  const migrate = ["d1", "migrations", "apply", "DB", "--local", "--persist-to", migrated];
  spawnSync(process.execPath, [wranglerBin, ...migrate], { cwd: root });
}, 60_000);

afterAll(() => rm(migrated, { recursive: true, force: true }));

async function firstIn(persistTo: string, sql: string) {
  const d1 = await localD1({ config, persistTo });
  try {
    return await d1.first(sql);
  } finally {
    await d1.close();
  }
}

describe("loadStructures", { timeout: 60_000 }, () => {
  it("needs a universe first, then adds what is new and records which file it was", async () => {
    const persistTo = await aFolder();
    await cp(migrated, persistTo, { recursive: true });
    const rows = Array.from(
      { length: 120 },
      (_, index) => `${1e12 + index},O'Neill ${index},30000142`,
    );
    const folder = await aFolder({ "a.csv": ["structure_id,name,system_id", ...rows].join("\n") });
    const options = { file: join(folder, "a.csv"), config, persistTo };
    await expect(loadStructures(options)).rejects.toThrow("npm run db:load");

    await loadUniverse({ config, persistTo });
    const first = await loadStructures(options);
    const again = await loadStructures(options);

    expect(first).toMatchObject({ structures: 120 });
    expect(again.rowsWritten).toBe(1);
    expect(
      await firstIn(
        persistTo,
        "select name, system_id, (select structures_version from universe) as version from stations where station_id = 1000000000119",
      ),
    ).toEqual({
      name: "O'Neill 119",
      system_id: 30_000_142,
      version: expect.stringMatching(/^\w{12}$/),
    });
  });
});
