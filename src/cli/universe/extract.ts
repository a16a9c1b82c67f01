/**
 * The extract of CCP's static data export that ships with the project: one text a table, whose first
 * line is the column names and each further line one row, both as JSON arrays, and a manifest.
 *
 * Pure: it runs in Node, where the extract is made and loaded, and in workerd, where tests read it.
 */

/** Columns as in `src/db/schema/universe.ts`; the first `keys` of them are the primary key. */
export const universeTables = {
  regions: { keys: 1, columns: ["region_id", "name"] },
  constellations: { keys: 1, columns: ["constellation_id", "name", "region_id"] },
  systems: {
    keys: 1,
    columns: ["system_id", "name", "constellation_id", "region_id", "security"],
  },
  jumps: { keys: 2, columns: ["system_a", "system_b"] },
  stations: { keys: 1, columns: ["station_id", "name", "system_id", "type_id"] },
  categories: { keys: 1, columns: ["category_id", "name", "is_published"] },
  groups: { keys: 1, columns: ["group_id", "name", "category_id", "is_published"] },
  market_groups: { keys: 1, columns: ["market_group_id", "name", "parent_group_id"] },
  meta_groups: { keys: 1, columns: ["meta_group_id", "name"] },
  types: {
    keys: 1,
    columns: [
      "type_id",
      "name",
      "group_id",
      "is_published",
      "market_group_id",
      "meta_group_id",
      "base_type_id",
      "volume",
    ],
  },
} as const;

export type TableName = keyof typeof universeTables;
export type Value = string | number | null;
/** Values in the order of the table's columns. */
export type Row = readonly Value[];
/** A row by column name, so that the compiler sees a forgotten column. */
export type RowOf<T extends TableName> = Record<
  (typeof universeTables)[T]["columns"][number],
  Value
>;
export type PerTable<T> = Record<TableName, T>;

export type Manifest = {
  /**
   * `sde-126.6.18` for the npm package, `sde-<build number>` for CCP's JSON Lines export; where
   * amendments were applied, with `+` and eight digits that stand for them.
   */
  version: string;
  source: string;
  rows: PerTable<number>;
  sha256: PerTable<string>;
};

/** What a source yields, in any order. */
export type Universe = Pick<Manifest, "version" | "source"> & {
  /** The day that CCP released it, as YYYY-MM-DD, if the source tells it. */
  releasedOn?: string;
  rows: { [T in TableName]: RowOf<T>[] };
};

/** The extract as it lies on disk. */
export type Extract = { manifest: Manifest; texts: PerTable<string> };

export function perTable<T>(valueOf: (table: TableName) => T): PerTable<T> {
  return {
    regions: valueOf("regions"),
    constellations: valueOf("constellations"),
    systems: valueOf("systems"),
    jumps: valueOf("jumps"),
    stations: valueOf("stations"),
    categories: valueOf("categories"),
    groups: valueOf("groups"),
    market_groups: valueOf("market_groups"),
    meta_groups: valueOf("meta_groups"),
    types: valueOf("types"),
  };
}

/** In the order of loading: what others refer to comes before them. */
export const tableNames = Object.values(perTable((table) => table));

/** Writes a universe down, each table sorted by its primary key: the same facts give the same bytes. */
export async function extractFrom(universe: Universe): Promise<Extract> {
  const texts = perTable((table) => textOf(table, universe.rows[table]));
  const manifest = {
    version: universe.version,
    source: universe.source,
    rows: perTable((table) => universe.rows[table].length),
    sha256: await hashesOf(texts),
  };
  return { manifest, texts };
}

function textOf(table: TableName, rows: readonly Record<string, Value>[]): string {
  const { columns, keys } = universeTables[table];
  const sorted = rows.map((row) => columns.map((column) => row[column] ?? null));
  sorted.sort((a, b) => compareKeys(a, b, keys));
  return [columns, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function compareKeys(a: Row, b: Row, keys: number): number {
  for (let key = 0; key < keys; key++) {
    const difference = Number(a[key]) - Number(b[key]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The rows of one table, each still in its JSON.
 *
 * @throws if the columns are not those of this version of the code, or the last line is torn.
 */
export function linesOf(table: TableName, text: string): string[] {
  const expected = JSON.stringify(universeTables[table].columns);
  const [header, ...lines] = text.split("\n");
  if (header !== expected) {
    throw new Error(`${table}.jsonl must begin with the line ${expected}; rebuild the extract.`);
  }
  if (lines.pop() !== "")
    throw new Error(`${table}.jsonl does not end with a line end: it is cut.`);
  return lines;
}

/** The rows of one table. @throws as `linesOf` does, and if a line is no row. */
export function rowsOf(table: TableName, text: string): Row[] {
  return linesOf(table, text).map((line) => {
    const row: unknown = JSON.parse(line);
    if (isRow(row, universeTables[table].columns.length)) return row;
    throw new Error(`${table}.jsonl has a line that is no row: ${line}`);
  });
}

function isRow(value: unknown, length: number): value is Row {
  const isValue = (field: unknown) =>
    field === null || typeof field === "string" || typeof field === "number";
  return Array.isArray(value) && value.length === length && value.every(isValue);
}

/** Describes how each table differs from what the manifest promises. Empty if none differs. */
export async function differencesFromManifest({ manifest, texts }: Extract): Promise<string[]> {
  const hashes = await hashesOf(texts);
  return tableNames.flatMap((table) => {
    const count = linesOf(table, texts[table]).length;
    const promised = manifest.rows[table];
    if (count !== promised) return [`${table}.jsonl has ${count} rows, the manifest ${promised}`];
    if (hashes[table] === manifest.sha256[table]) return [];
    return [`${table}.jsonl has another SHA-256 than the manifest says`];
  });
}

async function hashesOf(texts: PerTable<string>): Promise<PerTable<string>> {
  const hashes = await Promise.all(tableNames.map((table) => sha256Of(texts[table])));
  return perTable((table) => hashes[tableNames.indexOf(table)] ?? "");
}

export async function sha256Of(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
