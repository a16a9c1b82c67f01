/** What must hold between the tables of a universe before it may replace another. */
import {
  type TableName,
  tableNames,
  type Universe,
  universeTables,
  type Value,
} from "./extract.ts";

/** Where a row must find the one it belongs to; an id without a parent would vanish from joins. */
const references = [
  ["constellations", "region_id", "regions"],
  ["systems", "constellation_id", "constellations"],
  ["systems", "region_id", "regions"],
  ["jumps", "system_a", "systems"],
  ["jumps", "system_b", "systems"],
  ["stations", "system_id", "systems"],
  ["groups", "category_id", "categories"],
  ["types", "group_id", "groups"],
] as const satisfies readonly (readonly [TableName, string, TableName])[];

/** Names each empty table, each row that comes twice and each one without its parent. */
export function problemsIn({ rows }: Pick<Universe, "rows">): string[] {
  const empty = tableNames.filter((table) => rows[table].length === 0);
  return [
    ...empty.map((table) => `${table}: there are none`),
    ...tableNames.flatMap((table) => repeatedKeysIn(table, rows[table])),
    ...references.flatMap(([table, column, parent]) => {
      const [key] = universeTables[parent].columns;
      const known = new Set(rows[parent].map((row: Record<string, Value>) => row[key]));
      const orphans = rows[table].filter(
        (row: Record<string, Value>) => !known.has(row[column] ?? null),
      );
      return orphans.map(
        (row) =>
          `${table}: ${keyIn(table, row)} has ${column} ${(row as Record<string, Value>)[column]}, which ${parent} lacks`,
      );
    }),
  ];
}

function repeatedKeysIn(table: TableName, rows: readonly Record<string, Value>[]): string[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const key = keyIn(table, row);
    if (seen.has(key)) return [`${table}: ${key} comes twice`];
    seen.add(key);
    return [];
  });
}

/** A row's primary key as one text. */
export function keyIn(table: TableName, row: Record<string, Value>): string {
  const { columns, keys } = universeTables[table];
  return columns
    .slice(0, keys)
    .map((column) => row[column])
    .join("-");
}
