import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localD1 } from "../../src/cli/d1.ts";
import { loadUniverse } from "../../src/cli/db-load.ts";
import { replaceExtract } from "../../src/cli/universe/extract-files.ts";
import { extractFrom, type Universe } from "../../src/cli/universe/extract.ts";
import { runCommand } from "../support/commands.ts";
import { aType, aUniverse } from "../support/extract-builders.ts";
import { aFolder } from "../support/folders.ts";

const root = join(import.meta.dirname, "../..");
const config = join(root, "wrangler.toml");
const wranglerBin = join(root, "node_modules/wrangler/bin/wrangler.js");
const standIn = join(root, "test/support/remote-wrangler.ts");

let migrated = "";

beforeAll(async () => {
  migrated = await mkdtemp(join(tmpdir(), "hangar-bay-migrated-"));
  const migrate = ["d1", "migrations", "apply", "DB", "--local", "--persist-to", migrated];
  const { status, stderr } = spawnSync(process.execPath, [wranglerBin, ...migrate], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}, 60_000);

afterAll(() => rm(migrated, { recursive: true, force: true }));

/** The folder of a local database with tables, and nothing in them. */
async function aDatabase(): Promise<string> {
  const state = await aFolder();
  await cp(migrated, state, { recursive: true });
  return state;
}

async function anExtract(universe: Universe = aUniverse()): Promise<string> {
  const folder = join(await aFolder(), "data");
  await replaceExtract(folder, await extractFrom(universe));
  return folder;
}

async function typesIn(persistTo: string): Promise<unknown> {
  const d1 = await localD1({ config, persistTo });
  try {
    return (await d1.first("select json_group_array(name) as names from types"))?.["names"];
  } finally {
    await d1.close();
  }
}

describe("loadUniverse", { timeout: 60_000 }, () => {
  it("loads an extract only once unless forced, and a forced repeat writes nothing", async () => {
    const persistTo = await aDatabase();
    const options = { config, persistTo, extract: await anExtract() };
    const steps: string[] = [];

    const first = await loadUniverse({ ...options, report: (step) => steps.push(step) });
    const second = await loadUniverse(options);
    const forced = await loadUniverse({ ...options, force: true });

    expect(first).toEqual({
      version: "sde-1",
      database: `the local database in ${persistTo}`,
      rowsWritten: expect.any(Number),
    });
    expect(first.rowsWritten).toBeGreaterThanOrEqual(12);
    expect(second.rowsWritten).toBe("none needed");
    expect(forced.rowsWritten).toBe(0);
    expect(steps[0]).toBe("Checking the local database");
    expect(steps.slice(1).join()).toMatch(/^Loading regions, .*types/);
    expect(await typesIn(persistTo)).toBe('["Rifter"]');
  });

  it("replaces an older version", async () => {
    const persistTo = await aDatabase();
    await loadUniverse({ config, persistTo, extract: await anExtract() });
    const newer = aUniverse({ types: [aType({ name: "Rifter II" })] }, "sde-2");

    const result = await loadUniverse({ config, persistTo, extract: await anExtract(newer) });

    expect(result).toMatchObject({ version: "sde-2", rowsWritten: 6 });
    expect(await typesIn(persistTo)).toBe('["Rifter II"]');
  });

  it("says what to do if there are no tables", async () => {
    const persistTo = await aFolder();

    await expect(loadUniverse({ config, persistTo, extract: await anExtract() })).rejects.toThrow(
      `has no tables yet: run npm run db:migrate -- --local --persist-to ${persistTo}`,
    );
  });

  it("names what is missing or does not fit", async () => {
    const extract = await anExtract();
    const bare = join(await aFolder({ "wrangler.toml": 'name = "x"\n' }), "wrangler.toml");

    await expect(loadUniverse({ config, extract: "/nowhere" })).rejects.toThrow(
      "/nowhere/manifest.json is missing: npm run universe:build makes it",
    );
    await expect(loadUniverse({ config: "/nowhere.toml", extract })).rejects.toThrow(
      "/nowhere.toml is missing",
    );
    await expect(loadUniverse({ config: bare, extract })).rejects.toThrow(
      "has no D1 database with the binding DB",
    );
    await expect(loadUniverse({ config, remote: true, persistTo: "x" })).rejects.toThrow(
      "it does not go with --remote",
    );
  });
});

describe("loadUniverse with the remote database", { timeout: 60_000 }, () => {
  const load = async (state: string, extract: string) =>
    loadUniverse({ config, extract, remote: true, wrangler: [process.execPath, standIn, state] });

  const askedIn = async (state: string) => {
    const lines = (await readFile(join(state, "asked.jsonl"), "utf8")).trim().split("\n");
    return lines.map((line): { asked: string[]; size: number | null } => JSON.parse(line));
  };

  it("asks for the version and loads in one file, and the second time only asks for the version", async () => {
    const state = await aDatabase();
    const extract = await anExtract();

    const first = await load(state, extract);
    const second = await load(state, extract);

    expect(first).toMatchObject({ database: "the remote database", rowsWritten: 7 });
    expect(second.rowsWritten).toBe("none needed");
    const asked = await askedIn(state);
    const common = ["d1", "execute", "DB", "--remote", "--yes", "--json", "--config", config];
    const command = [...common, "--command", "select version from universe where id = 1"];
    expect(asked.map((call) => call.asked)).toEqual([
      command,
      [...common, "--file", expect.stringMatching(/statements\.sql$/)],
      command,
    ]);
    expect(await typesIn(state)).toBe('["Rifter"]');
  });

  it("loads in files of at most 5 MB", async () => {
    const state = await aDatabase();
    const types = Array.from({ length: 600 }, (_, at) =>
      aType({ type_id: at + 1, name: "'".repeat(5000) }),
    );

    await load(state, await anExtract(aUniverse({ types })));

    const sizes = (await askedIn(state)).flatMap(({ size }) => size ?? []);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_010_000);
    expect(Math.max(...sizes)).toBeGreaterThan(3_500_000);
  });

  it("says what to do if there are no tables", async () => {
    await expect(load(await aFolder(), await anExtract())).rejects.toThrow(
      "the remote database has no tables yet: run npm run db:migrate -- --remote",
    );
  });

  it("tells what wrangler said where it failed", async () => {
    const state = await aDatabase();
    await writeFile(join(state, "fails"), "");

    await expect(load(state, await anExtract())).rejects.toThrow(
      "wrangler ended with code 1: A request to the API failed. D1 DB is overloaded. [code: 7500]",
    );
  });

  it("tells where wrangler printed no JSON", async () => {
    const wrangler = [process.execPath, "-e", "console.log('Out of order'); process.exit(3)"];

    await expect(
      loadUniverse({ config, extract: await anExtract(), remote: true, wrangler }),
    ).rejects.toThrow("wrangler ended with code 3: Out of order");
  });
});

describe("npm run db:load", { timeout: 60_000 }, () => {
  it("loads the extract that ships, and says the second time that it is there", async () => {
    const args = ["--persist-to", await aDatabase()];

    const first = await runCommand("db-load.ts", args);
    const second = await runCommand("db-load.ts", args);

    expect(first.stdout).toMatch(
      /^universe sde-\S+ is in the local database in .*: \d+ rows written$/m,
    );
    expect(second.stdout).toMatch(/^universe sde-\S+ is already loaded$/m);
    expect([first.code, second.code]).toEqual([0, 0]);
  });

  it("ends with code 1 and a reason if it cannot", async () => {
    const { code, stderr } = await runCommand("db-load.ts", ["--persist-to", await aFolder()]);

    expect(code).toBe(1);
    expect(stderr).toContain("has no tables yet: run npm run db:migrate -- --local --persist-to");
  });

  it("tells how it is used", async () => {
    expect((await runCommand("db-load.ts", ["--help"])).stdout).toContain("--persist-to <dir>");
  });
});
