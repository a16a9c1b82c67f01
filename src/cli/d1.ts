/** The database, local or remote, as `npm run db:load` reaches it: through wrangler. */
import { spawn } from "node:child_process";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { getPlatformProxy } from "wrangler";

import { isRecord } from "./universe/source-entry.ts";
import { wranglerCommand } from "./wrangler.ts";

export type D1 = {
  /** What it is, for messages. */
  name: string;
  /** The command that makes its tables. */
  migrate: string;
  /** How many statements `run` may be given at once. */
  batchSize: number;
  /** @returns the first row of the answer. */
  first(sql: string): Promise<Record<string, unknown> | undefined>;
  /** Runs statements, all or none of them. @returns how many rows they wrote. */
  run(statements: readonly string[]): Promise<number>;
  close(): Promise<void>;
};

/** The database that `wrangler dev` uses with the same `--config` and `--persist-to`. */
export async function localD1({
  config,
  persistTo,
}: {
  config: string;
  persistTo?: string | undefined;
}): Promise<D1> {
  await access(config).catch((cause: unknown) => {
    throw new Error(`${config} is missing`, { cause });
  });
  // As wrangler itself has it: beside its configuration, unless told otherwise.
  const state = persistTo ?? join(dirname(resolve(config)), ".wrangler/state");
  const proxy = await getPlatformProxy<{ DB?: D1Database }>({
    configPath: config,
    persist: { path: join(resolve(state), "v3") },
    remoteBindings: false,
  });
  const db = proxy.env.DB;
  if (!db) {
    await proxy.dispose();
    throw new Error(`${config} has no D1 database with the binding DB`);
  }
  return {
    name: `the local database in ${state}`,
    migrate: `npm run db:migrate -- --local${persistTo === undefined ? "" : ` --persist-to ${persistTo}`}`,
    batchSize: 10,
    first: async (sql) => (await db.prepare(sql).first()) ?? undefined,
    async run(statements) {
      const results = await db.batch(statements.map((sql) => db.prepare(sql)));
      return results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    },
    close: () => proxy.dispose(),
  };
}

/**
 * The database on Cloudflare. Statements are sent as files of at most 5 MB. D1 imports a file as a
 * whole or not at all, and answers nothing else during the import. So two files are better than one
 * for each table.
 * https://developers.cloudflare.com/d1/best-practices/import-export-data/
 */
export async function remoteD1({
  config,
  wrangler = wranglerCommand,
}: {
  config: string;
  wrangler?: readonly string[] | undefined;
}): Promise<D1> {
  const folder = await mkdtemp(join(tmpdir(), "hangar-bay-load-"));
  const target = ["DB", "--remote", "--yes", "--json", "--config", config];
  const execute = (args: string[]) =>
    wranglerJson([...wrangler, "d1", "execute", ...target, ...args]);
  return {
    name: "the remote database",
    migrate: "npm run db:migrate -- --remote",
    batchSize: 50,
    async first(sql) {
      const [answer] = await execute(["--command", sql]);
      const rows: unknown = answer?.["results"];
      const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
      return isRecord(row) ? row : undefined;
    },
    async run(statements) {
      const file = join(folder, "statements.sql");
      await writeFile(file, statements.map((sql) => `${sql};\n`).join(""));
      const [answer] = await execute(["--file", file]);
      const meta = answer?.["meta"];
      return isRecord(meta) ? Number(meta["rows_written"]) : Number.NaN;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function wranglerJson(command: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await outputOf(command);
  const answer = jsonIn(stdout);
  if (code === 0 && Array.isArray(answer)) return answer.filter(isRecord);
  const said = isRecord(answer) ? errorIn(answer) : `${stdout}\n${stderr}`.trim();
  throw new Error(`wrangler ended with code ${code}: ${said}`);
}

/** With `--json`, wrangler tells an error as `{"error":{"text":…,"notes":[{"text":…}]}}`. */
function errorIn({ error }: Record<string, unknown>): string {
  if (!isRecord(error)) return JSON.stringify(error);
  const notes: unknown[] = Array.isArray(error["notes"]) ? error["notes"] : [];
  const texts = [error, ...notes].map((part) => (isRecord(part) ? part["text"] : undefined));
  return texts.filter((text) => typeof text === "string").join(" ");
}

/** The JSON in what wrangler printed, which may come after its warnings. */
function jsonIn(text: string): unknown {
  const start = text.search(/^[[{]/m);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start)) as unknown;
  } catch {
    return undefined;
  }
}

type Output = { code: number | null; stdout: string; stderr: string };

async function outputOf([command = "", ...args]: readonly string[]): Promise<Output> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((done, reject) => {
    child.on("error", reject);
    child.on("close", done);
  });
  return { code, stdout, stderr };
}
