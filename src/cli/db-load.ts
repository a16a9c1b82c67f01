/** `npm run db:load`: puts the universe into D1, local or remote; docs/universe.md. */
import { parseArgs } from "node:util";

import { type D1, localD1, remoteD1 } from "./d1.ts";
import { createProgress, runCommand } from "./terminal.ts";
import { committedExtract, readExtract } from "./universe/extract-files.ts";
import type { Report } from "./universe/source-entry.ts";
import { type Statement, universeStatements } from "./universe/statements.ts";

export type LoadOptions = {
  /** Cloudflare's database instead of the local one. */
  remote?: boolean;
  /** Where the local database lies, as in `wrangler dev --persist-to`. */
  persistTo?: string | undefined;
  /** wrangler's configuration, in which the database is the binding DB. */
  config?: string;
  /** Also if the database has this version already. */
  force?: boolean;
  /** The folder of the extract. */
  extract?: string;
  report?: Report;
  /** What runs wrangler for the remote database, in place of the project's own. */
  wrangler?: readonly string[];
};

export type LoadResult = { version: string; database: string; rowsWritten: number | "none needed" };

/**
 * Loads the extract, unless the database has its version already. Repeating it writes nothing, and
 * after an interruption it goes on from there.
 *
 * @throws with what to do about it, if there is no extract, no database, or no tables in it.
 */
export async function loadUniverse(options: LoadOptions = {}): Promise<LoadResult> {
  const { remote = false, persistTo, config = "wrangler.toml" } = options;
  if (remote && persistTo !== undefined) {
    throw new Error("--persist-to is about the local database; it does not go with --remote.");
  }
  const report = options.report ?? (() => {});
  const extract = await readExtract(options.extract ?? committedExtract);
  const { version } = extract.manifest;

  report(`Checking ${remote ? "the remote" : "the local"} database`);
  const d1 = remote
    ? await remoteD1({ config, wrangler: options.wrangler })
    : await localD1({ config, persistTo });
  try {
    const loaded = await loadedVersionIn(d1);
    if (loaded === version && options.force !== true) {
      return { version, database: d1.name, rowsWritten: "none needed" };
    }
    const rowsWritten = await runAll(d1, universeStatements(extract, Date.now()), report);
    return { version, database: d1.name, rowsWritten };
  } finally {
    await d1.close();
  }
}

async function loadedVersionIn(d1: D1): Promise<unknown> {
  const sql = "select version from universe where id = 1";
  const row = await d1.first(sql).catch((cause: unknown) => {
    if (!String(cause).includes("no such table")) throw cause;
    throw new Error(`${d1.name} has no tables yet: run ${d1.migrate}`, { cause });
  });
  return row?.["version"];
}

/** @returns how many rows were written. */
async function runAll(d1: D1, statements: readonly Statement[], report: Report): Promise<number> {
  let written = 0;
  for (let at = 0; at < statements.length; at += d1.batchSize) {
    const batch = statements.slice(at, at + d1.batchSize);
    const tables = new Set(batch.map(({ table }) => table));
    report(`Loading ${[...tables].join(", ")}`, at / statements.length);
    written += await d1.run(batch.map(({ sql }) => sql));
  }
  return written;
}

const usage = `Usage: npm run db:load [-- options]

  --remote             into Cloudflare's database instead of the local one
  --persist-to <dir>   where the local database lies, as with wrangler dev
  --config <file>      wrangler's configuration (wrangler.toml)
  --force              even if the database has this version
`;

async function load(): Promise<void> {
  const { values } = parseArgs({
    options: {
      remote: { type: "boolean", default: false },
      local: { type: "boolean", default: false },
      "persist-to": { type: "string" },
      config: { type: "string", short: "c", default: "wrangler.toml" },
      force: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const { "persist-to": persistTo, remote, config, force } = values;
  const progress = createProgress(process.stderr);
  try {
    const options = { remote, persistTo, config, force, report: progress.report };
    const { version, database, rowsWritten } = await loadUniverse(options);
    progress.end();
    if (rowsWritten === "none needed") console.log(`universe ${version} is already loaded`);
    else console.log(`universe ${version} is in ${database}: ${rowsWritten} rows written`);
  } finally {
    progress.end();
  }
}

if (import.meta.main) await runCommand(load);
