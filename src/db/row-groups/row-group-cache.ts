import { type Guard, isNumber, listOf, readJson } from "../stored-json.ts";
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
 * The row groups that this isolate has read. A stamp identifies one content and no other, in any
 * database. So an entry here is never wrong. It can only be out of use.
 */
const cached = new Map<number, CachedGroup>();

/** Values that an isolate of 128 MB keeps at most: a number takes 8 bytes. */
const maxCachedValues = 6_000_000;

/**
 * Stamps of groups that cannot be read because a bug or a manual change has spoilt a column.
 * Searches build these groups from their contracts until a change writes them again.
 */
const spoilt = new Set<number>();

const areTexts = listOf<string | null>(
  (value): value is string | null => value === null || typeof value === "string",
);
const areTuples = listOf<[] | null>(
  (value): value is [] | null =>
    value === null || (Array.isArray(value) && value.every(Array.isArray)),
);
/** Numbers, or words of the column's closed set. */
const areNumbers = (codes: readonly string[] | undefined) =>
  listOf<number | string | null>(
    (value): value is number | string | null =>
      value === null || (codes ? codes.some((code) => code === value) : typeof value === "number"),
  );

/**
 * Decodes a column that has one value for each contract of the group. Undefined if it is not such a
 * column.
 */
function decoded(name: RowGroupColumn, row: GroupRow, size: number): Values | undefined {
  const place = { column: `row_group_columns.${name}`, row: row.group_id };
  const read = <Value>(isValue: Guard<Value[]>) =>
    readJson(
      row[name],
      (value): value is Value[] => isValue(value) && value.length === size,
      place,
    );
  const kind = kindOf(name);
  if (kind === "text") return read(areTexts);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- lists of lists, as we write them
  if (kind === "json") return read(areTuples) as Blueprints | OfferedTypes | undefined;
  const codes = codesOf(name);
  const values = read(areNumbers(codes));
  if (!values) return undefined;
  // A plain loop: `Float64Array.from` takes five times as long.
  const numbers = new Float64Array(values.length);
  for (const [index, value] of values.entries()) {
    const number = typeof value === "string" ? codes?.indexOf(value) : value;
    numbers[index] = number ?? Number.NaN;
  }
  return numbers;
}

/** Columns of a group that has so many contracts; undefined if one cannot be read. */
function decodedColumns(row: GroupRow, names: readonly RowGroupColumn[], size: number) {
  const columns = new Map<RowGroupColumn, Values>();
  for (const name of names) {
    const values = decoded(name, row, size);
    if (!values) return undefined;
    columns.set(name, values);
  }
  return columns;
}

/** How many contracts a group that was read has. Zero if that cannot be determined. */
function sizeOf(row: GroupRow): number {
  const place = { column: "row_group_columns.contract_id", row: row.group_id };
  return readJson(row.contract_id, listOf(isNumber), place)?.length ?? 0;
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
 * The queries that bring an isolate up to date with some columns, and a function that reads their
 * rows. The queries belong in a batch with other data that must be of the same state.
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
    selectUnknown(names, [...groups.map(stampOf), ...spoilt]),
    selectOutOfDate(names, [...spoilt]),
    selectByStamp(missing, incomplete.map(stampOf)),
  ] as const;

  /** @returns undefined if a group cannot be read: asked again, it is made of its contracts. */
  function read(
    stamps: readonly StampRow[],
    unknown: readonly GroupRow[],
    outOfDate: readonly GroupRow[],
    completing: readonly GroupRow[],
  ): RowGroup[] | undefined {
    let isSpoilt = false;
    for (const row of completing) {
      const group = known.get(row.group_id);
      const size = group?.columns.get("contract_id")?.length ?? 0;
      const columns = decodedColumns(row, missing, size);
      if (columns) for (const [name, values] of columns) group?.columns.set(name, values);
      else if (group) isSpoilt = forget(row.group_id, group.stamp);
    }
    const stampById = new Map(stamps.map(({ group_id, stamp }) => [group_id, stamp]));
    const current = new Set(stampById.values());
    for (const stamp of spoilt) if (!current.has(stamp)) spoilt.delete(stamp);
    for (const row of unknown) {
      const stamp = stampById.get(row.group_id) ?? null;
      if (stamp === null) continue;
      const columns = decodedColumns(row, names, sizeOf(row));
      if (columns) known.set(row.group_id, { stamp, columns });
      else isSpoilt = forget(row.group_id, stamp);
    }
    if (isSpoilt) return undefined;
    const upToDate = [...known].filter(([groupId, { stamp }]) => stampById.get(groupId) === stamp);
    remember(upToDate, names);
    return [
      ...upToDate.map(([, { columns }]) => columns),
      ...outOfDate.flatMap((row) => decodedColumns(row, names, sizeOf(row)) ?? []),
    ].map(rowGroupOf);
  }

  return { queries, read };
}

/** Stops asking for a group that cannot be read. */
function forget(groupId: number, stamp: number): true {
  spoilt.add(stamp);
  cached.delete(groupId);
  return true;
}

const stampOf = ({ stamp }: CachedGroup): number => stamp;

/**
 * Keeps the current groups. Once all of them take too much room, the columns that the last search
 * did not ask for are dropped.
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
