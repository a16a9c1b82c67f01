/**
 * Turns an extract into SQL for D1. Each statement is small enough for D1, may be repeated, and writes
 * only rows that differ, for D1 bills each row written. The version comes last: a load that was
 * interrupted is not taken for a finished one, and repeating it goes on where it stopped.
 *
 * Pure, without Node's APIs: tests run it in workerd.
 */
import { maxStatementBytes } from "../../db/d1.ts";
import { type Extract, linesOf, type TableName, tableNames, universeTables } from "./extract.ts";

export type Statement = {
  table: TableName | "universe";
  sql: string;
  /** How many rows of the extract it carries. */
  rows: number;
};

/** A row that waits for its name to be asked of ESI has `resolve_at`; the extract answers for ESI. */
const waitingColumns: Partial<Record<TableName, string>> = {
  stations: "resolve_at",
  types: "resolve_at",
};

/**
 * @param loadedAt - epoch milliseconds, written with the version.
 * @throws if a table is torn, or one row alone is too long for a statement.
 */
export function universeStatements({ manifest, texts }: Extract, loadedAt: number): Statement[] {
  const tables = tableNames.flatMap((table) => {
    const lines = linesOf(table, texts[table]);
    if (lines.length === manifest.rows[table]) return statementsOf(table, lines);
    const promised = manifest.rows[table];
    throw new Error(`${table}.jsonl has ${lines.length} rows, the manifest ${promised}`);
  });
  return [...tables, { table: "universe", sql: versionSql(manifest.version, loadedAt), rows: 1 }];
}

function statementsOf(table: TableName, lines: readonly string[]): Statement[] {
  const upsert = upsertOf(table);
  const upserts = chunksOf(table, lines, upsert).map((chunk) => statement(table, chunk, upsert));
  if (table !== "jumps") return upserts;
  return [...upserts, ...closedGates(lines)];
}

/** A statement around a JSON literal: `before'[…]'after`. */
type Frame = { before: string; after: string };

function statement(table: TableName, lines: readonly string[], frame: Frame): Statement {
  return { table, sql: sqlOf(lines, frame), rows: lines.length };
}

function sqlOf(lines: readonly string[], { before, after }: Frame): string {
  return `${before}${literal(`[${lines.join(",")}]`)}${after}`;
}

/** A text as SQL writes it: `wrangler d1 execute` takes no parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function upsertOf(table: TableName): Frame {
  const { columns, keys } = universeTables[table];
  const values = columns.map((_, at) => `value ->> ${at}`);
  const before = `insert into ${table} (${columns.join(", ")}) select ${values.join(", ")} from json_each(`;
  const conflict = `) where true on conflict (${columns.slice(0, keys).join(", ")}) do`;
  const changing = columns.slice(keys);
  if (changing.length === 0) return { before, after: `${conflict} nothing` };

  const waiting = waitingColumns[table];
  const news = changing.map((column) => [column, `excluded.${column}`]);
  if (waiting !== undefined) news.push([waiting, "null"]);
  const set = news.map(([column, value]) => `${column} = ${value}`).join(", ");
  // `is not` also compares nulls.
  const differs = news.map(([column, value]) => `${table}.${column} is not ${value}`).join(" or ");
  return { before, after: `${conflict} update set ${set} where ${differs}` };
}

/**
 * Deletes stargates that the extract lacks, between the first and the last pair of each chunk and
 * up to the next chunk. Nothing else writes jumps, and a closed way must not be offered.
 */
function closedGates(lines: readonly string[]): Statement[] {
  const before =
    "delete from jumps where (system_a, system_b) not in (select value ->> 0, value ->> 1 from json_each(";
  // The bounds are written for each chunk; this is as long as the longest of them.
  const room = `)) and (system_a, system_b) >= (${"0".repeat(32)}) and (system_a, system_b) < (${"0".repeat(32)})`;
  const chunks = chunksOf("jumps", lines, { before, after: room });
  return chunks.map((chunk, at) => {
    const from = at === 0 ? undefined : chunk[0];
    const to = chunks[at + 1]?.[0];
    const bounds = [
      from === undefined ? "" : ` and (system_a, system_b) >= (${pair(from)})`,
      to === undefined ? "" : ` and (system_a, system_b) < (${pair(to)})`,
    ];
    return { ...statement("jumps", chunk, { before, after: `))${bounds.join("")}` }), rows: 0 };
  });
}

function pair(line: string): string {
  return line.slice(1, -1);
}

function chunksOf(table: TableName, lines: readonly string[], frame: Frame): string[][] {
  const room = maxStatementBytes - bytesOf(sqlOf([], frame));
  const chunks: string[][] = [];
  let left = 0;
  for (const line of lines) {
    const bytes = bytesOf(line.replaceAll("'", "''"));
    if (bytes > room) {
      throw new Error(
        `${table}: a row of ${bytes} bytes does not fit a statement: ${line.slice(0, 80)}…`,
      );
    }
    const chunk = chunks.at(-1);
    if (chunk && bytes + 1 <= left) {
      chunk.push(line);
      left -= bytes + 1;
    } else {
      chunks.push([line]);
      left = room - bytes;
    }
  }
  return chunks;
}

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).byteLength;
}

function versionSql(version: string, loadedAt: number): string {
  return (
    `insert into universe (id, version, loaded_at) values (1, ${literal(version)}, ${Math.trunc(loadedAt)})` +
    " on conflict (id) do update set version = excluded.version, loaded_at = excluded.loaded_at" +
    " where universe.version is not excluded.version"
  );
}
