/**
 * Where an extract differs from a reference of a later day, and whether its age explains that. Age
 * explains nothing about the map: what is newer than the export stands in the amendments.
 */
import {
  type Extract,
  perTable,
  rowsOf,
  type TableName,
  tableNames,
  universeTables,
  type Value,
} from "./extract.ts";
import type { Reference, ReferenceRow } from "./reference.ts";

type Row = Readonly<Record<string, Value>>;
type Table = ReadonlyMap<string, Row>;
type Tables = Readonly<Record<TableName, Table>>;

export type Difference = {
  table: TableName;
  file: string;
  key: string;
  /** `missing`, `only in the extract`, or the column that differs. */
  kind: string;
  ours?: Row;
  theirs?: ReferenceRow;
};

/** Differences of one kind and with one reason; without a reason where age does not explain them. */
export type Finding = Pick<Difference, "table" | "file" | "kind"> & {
  why: string | undefined;
  count: number;
  example: string;
};

export function findingsOf(extract: Extract, references: readonly Reference[]): Finding[] {
  const tables = tablesOf(extract);
  const highest = highestIdsIn(tables);
  const explained = references
    .flatMap((reference) => differencesFrom(tables, reference))
    .map((difference) => ({ ...difference, why: reasonFor(difference, highest) }));
  const ofKinds = Map.groupBy(explained, ({ table, file, kind, why }) =>
    JSON.stringify([table, file, kind, why]),
  );
  return [...ofKinds.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { table, file, kind, why } = first;
    return [{ table, file, kind, why, count: others.length + 1, example: exampleOf(first) }];
  });
}

function tablesOf({ texts }: Extract): Tables {
  const entries = tableNames.map((table) => {
    const { columns } = universeTables[table];
    const rows = rowsOf(table, texts[table]).map((row): Row => {
      return Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]));
    });
    return [table, new Map(rows.map((row) => [keyOf(table, row), row]))] as const;
  });
  const byName = new Map(entries);
  return perTable((table) => byName.get(table) ?? new Map<string, Row>());
}

function keyOf(table: TableName, row: Row): string {
  const { columns, keys } = universeTables[table];
  const key = columns.slice(0, keys).map((column) => row[column]);
  return key.join("-");
}

function differencesFrom(tables: Tables, { table, file, rows }: Reference): Difference[] {
  const known = tables[table];
  const inReference = new Set(rows.map((row) => keyOf(table, row)));
  const missing = rows.filter((row) => !known.has(keyOf(table, row)));
  // A reference of ships alone says nothing about the other types.
  const isWhole = file.startsWith(table);
  const extra = isWhole ? [...known].filter(([key]) => !inReference.has(key)) : [];
  return [
    ...missing.map((theirs) => {
      return { table, file, key: keyOf(table, theirs), kind: "missing", theirs };
    }),
    ...extra.map(([key, ours]) => ({ table, file, key, kind: "only in the extract", ours })),
    ...rows.flatMap((theirs) => {
      const key = keyOf(table, theirs);
      const ours = known.get(key);
      if (!ours) return [];
      const columns = universeTables[table].columns.filter((c) => differs(ours, theirs, c));
      return columns.map((kind) => ({ table, file, key, kind, ours, theirs }));
    }),
  ];
}

function differs(ours: Row, theirs: ReferenceRow, column: string): boolean {
  const a = ours[column];
  const b = theirs[column];
  // Not told by the reference. (An empty market group means none, an empty flag that it is unknown.)
  if (b === undefined || (b === null && column === "is_published")) return false;
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) > 1e-6;
  return a !== b;
}

const regrouped = "CCP has sorted it differently since";

function reasonFor(
  difference: Difference,
  highest: ReadonlyMap<string, number>,
): string | undefined {
  const { kind, theirs } = difference;
  if (kind === "missing") return reasonForMissing(difference, highest);
  if (kind === "name") return "CCP has renamed it since";
  if (kind === "group_id" || kind === "market_group_id" || kind === "meta_group_id")
    return regrouped;
  if (kind === "is_published" && theirs?.[kind] === 1) return "CCP has published it since";
  return undefined;
}

const isOnMap = new Set<TableName>(["regions", "constellations", "systems", "jumps"]);

function reasonForMissing(
  { table, key, theirs }: Difference,
  highest: ReadonlyMap<string, number>,
): string | undefined {
  if (isOnMap.has(table)) return undefined;
  const id = Number(key);
  if (id > (highest.get(rangeOf(table, id)) ?? 0)) return "newer than the extract";
  const wasNotExported = "not in CCP's export of that day, though its id is older";
  if (table === "groups" || table === "categories") return wasNotExported;
  const source = theirs?.["src"];
  if (table !== "types" || typeof source !== "string" || source.startsWith("sde-"))
    return undefined;
  return `${wasNotExported}: known from elsewhere (${source})`;
}

function highestIdsIn(tables: Tables): Map<string, number> {
  const highest = new Map<string, number>();
  for (const table of tableNames) {
    for (const key of tables[table].keys()) {
      const range = rangeOf(table, Number(key));
      highest.set(range, Math.max(highest.get(range) ?? 0, Number(key)));
    }
  }
  return highest;
}

/**
 * Ids go up within a range: each million of the map is one, and DUST 514 has its own from 350,000.
 * https://developers.eveonline.com/docs/guides/id-ranges/
 */
function rangeOf(table: TableName, id: number): string {
  const range = id >= 10_000_000 ? Math.floor(id / 1_000_000) : Number(id >= 350_000);
  return `${table} ${range}`;
}

function exampleOf({ key, kind, ours, theirs }: Difference): string {
  const name = String(theirs?.["name"] ?? ours?.["name"] ?? "");
  if (!ours || !theirs) return `${key} ${name}`.trim();
  return `${key} ${name}: ${String(ours[kind])} → ${String(theirs[kind])}`;
}
