/**
 * Reads a reference that the extract can be held against: a folder of CSV and JSON files, partly
 * gzipped, with the ids and names of a later day.
 */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

import { type TableName, universeTables, type Value } from "./extract.ts";
import { isRecord, jsonIn } from "./source-entry.ts";

export type ReferenceRow = Readonly<Record<string, Value>>;
export type Reference = { table: TableName; file: string; rows: ReferenceRow[] };

const files: readonly (readonly [TableName, string])[] = [
  ["regions", "regions.csv"],
  ["constellations", "constellations.csv"],
  ["systems", "systems.csv.gz"],
  ["jumps", "jumps.csv.gz"],
  ["stations", "stations.csv.gz"],
  ["categories", "categories.json"],
  ["groups", "groups.json.gz"],
  ["types", "types.csv.gz"],
];

/** @param ships - a JSON file of types, which is checked like `types`. */
export async function readReference(folder: string, ships: string): Promise<Reference[]> {
  const paths = files.map(([table, file]) => [table, join(folder, file)] as const);
  return Promise.all(
    [...paths, ["types", ships] as const].map(async ([table, path]) => ({
      table,
      file: basename(path),
      rows: (await recordsIn(path)).map((record) => rowFrom(table, record)),
    })),
  );
}

async function recordsIn(path: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`${path} is missing`, { cause });
  });
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  if (/\.csv(\.gz)?$/.test(path)) return recordsInCsv(text);
  const json = jsonIn(text, path);
  if (Array.isArray(json)) return json.filter(isRecord);
  throw new Error(`${path} must be a JSON array`);
}

function recordsInCsv(text: string): Record<string, string>[] {
  const [header = [], ...lines] = text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map(cellsIn);
  return lines.map((cells) =>
    Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])),
  );
}

/** RFC 4180, except for line ends within a cell, which no name has. */
function cellsIn(line: string): string[] {
  const cells = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return Array.from(cells, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** Only the columns that the reference knows; an empty cell is null. */
function rowFrom(table: TableName, record: Record<string, unknown>): ReferenceRow {
  const row: Record<string, Value> = {};
  for (const column of universeTables[table].columns) {
    const value = record[column === "is_published" ? "published" : column];
    if (value === undefined) continue;
    row[column] = column === "name" ? textOf(value) : numberOrNull(value);
  }
  // Where the reference has a row from; not compared.
  if (typeof record["src"] === "string") row["src"] = record["src"];
  return row;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function numberOrNull(value: unknown): number | null {
  return value === "" || value === null ? null : Number(value);
}
