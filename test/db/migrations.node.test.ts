import { spawnSync } from "node:child_process";
import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { aFolder } from "../support/folders.ts";

const root = join(import.meta.dirname, "../..");

/** A copy of all that `npm run db:generate` reads and writes. */
async function aCopy(): Promise<string> {
  const folder = await aFolder({ "package.json": '{"type":"module"}' });
  for (const path of ["migrations", "src/db/schema", "src/db/drizzle.config.ts"]) {
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function generate(folder: string): string {
  const drizzleKit = join(root, "node_modules/drizzle-kit/bin.cjs");
  const args = [drizzleKit, "generate", "--config", "src/db/drizzle.config.ts"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }): Promise<[string, string]> => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), await readFile(path, "utf8")];
    });
  return Object.fromEntries(await Promise.all(read));
}

describe("drizzle-kit generate", { timeout: 60_000 }, () => {
  it("finds that the migrations say all that the schema says", async () => {
    const folder = await aCopy();

    const said = generate(folder);

    expect(said).toContain("No schema changes");
    expect(await filesIn(join(folder, "migrations"))).toEqual(
      await filesIn(join(root, "migrations")),
    );
  });

  it("would write down what the schema says more", async () => {
    const folder = await aCopy();
    const schema = join(folder, "src/db/schema/universe.ts");
    const more = 'export const moons = sqliteTable("moons", { moonId: integer("moon_id") });\n';
    await writeFile(schema, (await readFile(schema, "utf8")) + more);

    generate(folder);

    const before = Object.keys(await filesIn(join(root, "migrations")));
    const after = Object.entries(await filesIn(join(folder, "migrations")));
    const added = after.filter(([name]) => name.endsWith(".sql") && !before.includes(name));
    expect(added.map(([, text]) => text)).toEqual([
      "CREATE TABLE `moons` (\n\t`moon_id` integer\n);\n",
    ]);
  });
});
