/** `npm run db:structures -- <file.csv>`: names and systems of players' structures; docs/universe.md. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { localD1, remoteD1 } from "./d1.ts";
import { runCommand } from "./terminal.ts";
import { committedExtract, readExtract } from "./universe/extract-files.ts";
import { rowsOf } from "./universe/extract.ts";
import { structureStatements } from "./universe/structure-statements.ts";
import { structuresIn } from "./universe/structures.ts";

export type StructureOptions = {
  file: string;
  remote?: boolean;
  persistTo?: string | undefined;
  config?: string;
  wrangler?: readonly string[];
};

/**
 * Loads a file of structures: those that are known get its names and systems, and all others stay.
 * The next run of the sync puts the contracts there in their place.
 *
 * @throws naming each line at fault, if there is no universe yet, or no tables.
 */
export async function loadStructures({
  file,
  remote = false,
  persistTo,
  config = "wrangler.toml",
  wrangler,
}: StructureOptions): Promise<{ structures: number; rowsWritten: number; database: string }> {
  const text = await readFile(file, "utf8");
  const { texts } = await readExtract(committedExtract);
  const systemIds = new Set(rowsOf("systems", texts.systems).map(([systemId]) => systemId));
  const structures = structuresIn(text, (systemId) => systemIds.has(systemId));
  const version = createHash("sha256").update(text).digest("hex").slice(0, 12);

  const d1 = remote ? await remoteD1({ config, wrangler }) : await localD1({ config, persistTo });
  try {
    const universe = await d1.first("select version from universe where id = 1");
    if (!universe) throw new Error(`${d1.name} has no universe yet: run npm run db:load`);
    let rowsWritten = 0;
    const statements = structureStatements(structures, version);
    for (let at = 0; at < statements.length; at += d1.batchSize) {
      rowsWritten += await d1.run(statements.slice(at, at + d1.batchSize));
    }
    return { structures: structures.length, rowsWritten, database: d1.name };
  } finally {
    await d1.close();
  }
}

const usage = `Usage: npm run db:structures -- <file.csv> [options]

  The file has the columns structure_id,name,system_id.

  --remote             into Cloudflare's database instead of the local one
  --persist-to <dir>   where the local database lies, as with wrangler dev
  --config <file>      wrangler's configuration (wrangler.toml)
`;

async function load(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      remote: { type: "boolean", default: false },
      local: { type: "boolean", default: false },
      "persist-to": { type: "string" },
      config: { type: "string", short: "c", default: "wrangler.toml" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [file] = positionals;
  if (values.help || file === undefined) {
    console.log(usage);
    return;
  }
  const { "persist-to": persistTo, remote, config } = values;
  const { structures, rowsWritten, database } = await loadStructures({
    file,
    remote,
    persistTo,
    config,
  });
  console.log(`${structures} structures are in ${database}: ${rowsWritten} rows written`);
}

if (import.meta.main) await runCommand(load);
