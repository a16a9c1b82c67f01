import { sql, type SQL } from "drizzle-orm";

/** D1's documented limits (developers.cloudflare.com/d1/platform/limits). */
export const maxStatementBytes = 100_000;
export const maxParameterBytes = 2_000_000;

/**
 * The maximum number of characters that we put into one JSON parameter. In UTF-8 each takes three
 * bytes or less.
 */
export const jsonChunkLength = 500_000;

/**
 * Binds many rows as one JSON parameter, read back as a table with the one column `value`. D1 allows
 * 100 bound parameters a statement, so `values(rows)` would stop at 100 / columns rows.
 */
export const jsonRows = (rows: readonly unknown[]): SQL =>
  sql`(select value from json_each(${JSON.stringify(rows)}))`;

/** Reads JSON that the query itself made. What a table stores is read by `readJson`. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what it wrote
export function fromJson<Value>(text: string): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by the query of whoever reads it
  return JSON.parse(text) as Value;
}

/** A flag as SQLite keeps it: null if it is not known. */
export const flagFromColumn = (value: number | null): boolean | null =>
  value === null ? null : value === 1;

/** `id in ${jsonIds(ids)}` takes any number of ids. */
export const jsonIds = (ids: readonly number[]): SQL => jsonRows(ids);

/** Quotes user text as one FTS5 string, so that operators and stray quotes are only text. */
export const ftsPhrase = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Splits rows so that each part's JSON stays within one parameter. */
export function chunksForJson<Row>(rows: readonly Row[], maxLength = jsonChunkLength): Row[][] {
  const chunks: Row[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const rowLength = JSON.stringify(row).length + 1;
    if (length + rowLength > maxLength) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(row);
    length += rowLength;
  }
  return chunks;
}
