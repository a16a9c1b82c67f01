import { fromJson } from "../d1.ts";
import {
  codesOf,
  kindOf,
  type RowGroupColumn,
  type StoredBlueprint,
  type StoredType,
} from "./columns.ts";
import {
  type GroupRow,
  selectByStamp,
  selectOutOfDate,
  selectStamps,
  selectUnknown,
  type StampRow,
} from "./row-group-repository.ts";

/** Numbers of a column; NaN where SQL has null. A word of a closed set is its place in the set. */
export type Numbers = Float64Array<ArrayBuffer>;
export type Texts = readonly (string | null)[];
export type Blueprints = readonly (readonly StoredBlueprint[] | null)[];
export type OfferedTypes = readonly (readonly StoredType[] | null)[];
type Values = Numbers | Texts | Blueprints | OfferedTypes;

/** The columns of one row group: as many values each as it has contracts. */
export type RowGroup = {
  size: number;
  numbers: (name: RowGroupColumn) => Numbers;
  texts: (name: RowGroupColumn) => Texts;
  blueprints: () => Blueprints;
  offeredTypes: () => OfferedTypes;
};

type CachedGroup = { stamp: number; columns: Map<RowGroupColumn, Values> };

/**
 * What this isolate has read of row groups. A stamp stands for one content and for no other, of
 * whatever database, so that nothing in here is ever wrong; it is only out of use.
 */
const cached = new Map<number, CachedGroup>();

/** Values that an isolate of 128 MB keeps at most: a number takes 8 bytes. */
const maxCachedValues = 6_000_000;

function decoded(name: RowGroupColumn, json: string): Values {
  const kind = kindOf(name);
  if (kind === "text" || kind === "json") return fromJson<Texts | Blueprints | OfferedTypes>(json);
  const values = fromJson<(number | string | null)[]>(json);
  const codes = codesOf(name);
  // A plain loop: `Float64Array.from` takes five times as long.
  const numbers = new Float64Array(values.length);
  for (const [row, value] of values.entries()) {
    const number = typeof value === "string" ? codes?.indexOf(value) : value;
    numbers[row] = number ?? Number.NaN;
  }
  return numbers;
}

function decodedColumns(row: GroupRow, names: readonly RowGroupColumn[]) {
  return names.map((name) => [name, decoded(name, row[name] ?? "[]")] as const);
}

function rowGroupOf(columns: ReadonlyMap<RowGroupColumn, Values>): RowGroup {
  function of(name: RowGroupColumn): Values {
    const values = columns.get(name);
    if (!values) throw new Error(`Column ${name} was not read`);
    return values;
  }
  // oxlint-disable typescript/no-unsafe-type-assertion -- `decoded` makes these of a column of that kind
  return {
    size: of("contract_id").length,
    numbers: (name) => of(name) as Numbers,
    texts: (name) => of(name) as Texts,
    blueprints: () => of("blueprints") as Blueprints,
    offeredTypes: () => of("offered_types") as OfferedTypes,
  };
  // oxlint-enable typescript/no-unsafe-type-assertion
}

/**
 * The queries that bring an isolate up to date with some columns, for a batch with what else must be
 * of the same state, and what their rows make.
 */
export function rowGroupsWith(asked: readonly RowGroupColumn[]) {
  const names = [...new Set<RowGroupColumn>(["contract_id", ...asked])];
  // Other requests go on reading while this one waits: what was known when it asked is kept.
  const known = new Map(cached);
  const groups = [...known.values()];
  const lacking = ({ columns }: CachedGroup) => names.filter((name) => !columns.has(name));
  const missing = [...new Set(groups.flatMap(lacking))];
  const incomplete = groups.filter((group) => lacking(group).length > 0);

  const queries = [
    selectStamps,
    selectUnknown(names, groups.map(stampOf)),
    selectOutOfDate(names),
    selectByStamp(missing, incomplete.map(stampOf)),
  ] as const;

  function read(
    stamps: readonly StampRow[],
    unknown: readonly GroupRow[],
    outOfDate: readonly GroupRow[],
    completing: readonly GroupRow[],
  ): RowGroup[] {
    for (const row of completing) {
      const columns = known.get(row.group_id)?.columns;
      for (const [name, values] of decodedColumns(row, missing)) columns?.set(name, values);
    }
    const stampById = new Map(stamps.map(({ group_id, stamp }) => [group_id, stamp]));
    for (const row of unknown) {
      const stamp = stampById.get(row.group_id) ?? null;
      if (stamp !== null) {
        known.set(row.group_id, { stamp, columns: new Map(decodedColumns(row, names)) });
      }
    }
    const current = [...known].filter(([groupId, { stamp }]) => stampById.get(groupId) === stamp);
    remember(current, names);
    return [
      ...current.map(([, { columns }]) => columns),
      ...outOfDate.map((row) => new Map(decodedColumns(row, names))),
    ].map(rowGroupOf);
  }

  return { queries, read };
}

const stampOf = ({ stamp }: CachedGroup): number => stamp;

/**
 * Keeps the groups that are current; once all take too much room, without the columns that the last
 * search did not ask for.
 */
function remember(
  current: readonly (readonly [number, CachedGroup])[],
  names: readonly RowGroupColumn[],
): void {
  const values = current.reduce(
    (sum, [, { columns }]) => sum + columns.size * (columns.get("contract_id")?.length ?? 0),
    0,
  );
  cached.clear();
  for (const [groupId, group] of current) {
    if (values <= maxCachedValues) cached.set(groupId, group);
    else {
      const columns = [...group.columns].filter(([name]) => names.includes(name));
      cached.set(groupId, { ...group, columns: new Map(columns) });
    }
  }
}

export type GroupQueries = ReturnType<typeof rowGroupsWith>["queries"];
