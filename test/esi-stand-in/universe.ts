/** New Eden's static facts, read from the extract that the project ships. */

export type Region = { regionId: number; name: string };
export type Constellation = { constellationId: number; name: string; regionId: number };
export type System = {
  systemId: number;
  name: string;
  constellationId: number;
  regionId: number;
  security: number;
};
export type Station = { stationId: number; name: string; systemId: number; typeId: number };
export type Category = { categoryId: number; name: string; isPublished: boolean };
export type Group = { groupId: number; name: string; categoryId: number; isPublished: boolean };
export type Type = {
  typeId: number;
  name: string;
  groupId: number;
  isPublished: boolean;
  marketGroupId: number | null;
  /** Tech I, Tech II, Faction and so on; null or left out if it is not told. */
  metaGroupId?: number | null;
  /** What it is a variant of; null or left out if it is none. */
  baseTypeId?: number | null;
  volume: number;
};

export type Universe = {
  readonly regions: ReadonlyMap<number, Region>;
  readonly constellations: ReadonlyMap<number, Constellation>;
  readonly systems: ReadonlyMap<number, System>;
  readonly stations: ReadonlyMap<number, Station>;
  readonly categories: ReadonlyMap<number, Category>;
  readonly groups: ReadonlyMap<number, Group>;
  readonly types: ReadonlyMap<number, Type>;
  /** The systems that a stargate leads to, by system. */
  readonly neighbours: ReadonlyMap<number, readonly number[]>;
};

export type TableName = Exclude<keyof Universe, "neighbours"> | "jumps";

type Cells = (column: string) => unknown;

/** A table of the extract: its first line names the columns, each further line is one row. */
function mapTable<T>(text: string, read: (cells: Cells) => readonly [number, T]): Map<number, T> {
  const [head = "[]", ...lines] = text.split("\n");
  const columns: string[] = JSON.parse(head);
  const position = new Map(columns.map((column, index) => [column, index]));
  const rows = new Map<number, T>();
  for (const line of lines) {
    if (line === "") continue;
    const values: unknown[] = JSON.parse(line);
    rows.set(...read((column) => values[position.get(column) ?? -1] ?? null));
  }
  return rows;
}

const optional = (value: unknown) => (typeof value === "number" ? value : null);

function readType(cells: Cells): [number, Type] {
  const typeId = Number(cells("type_id"));
  return [
    typeId,
    {
      typeId,
      name: String(cells("name")),
      groupId: Number(cells("group_id")),
      isPublished: Boolean(cells("is_published")),
      marketGroupId: optional(cells("market_group_id")),
      metaGroupId: optional(cells("meta_group_id")),
      baseTypeId: optional(cells("base_type_id")),
      volume: optional(cells("volume")) ?? 0,
    },
  ];
}

function readSystem(cells: Cells): [number, System] {
  const systemId = Number(cells("system_id"));
  return [
    systemId,
    {
      systemId,
      name: String(cells("name")),
      constellationId: Number(cells("constellation_id")),
      regionId: Number(cells("region_id")),
      security: Number(cells("security")),
    },
  ];
}

function readNeighbours(text: string): Map<number, number[]> {
  const neighbours = new Map<number, number[]>();
  const [, ...lines] = text.split("\n");
  for (const line of lines) {
    if (line === "") continue;
    const [a, b]: [number, number] = JSON.parse(line);
    neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
    neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
  }
  return neighbours;
}

/**
 * Reads the extract at `src/universe/data`. In workerd its files are imported as text:
 * `import types from "../../src/universe/data/types.jsonl"`; a script reads them from disk.
 */
export function loadUniverse(textByTable: Readonly<Record<TableName, string>>): Universe {
  return {
    regions: mapTable(textByTable.regions, (cells) => {
      const regionId = Number(cells("region_id"));
      return [regionId, { regionId, name: String(cells("name")) }];
    }),
    constellations: mapTable(textByTable.constellations, (cells) => {
      const constellationId = Number(cells("constellation_id"));
      const regionId = Number(cells("region_id"));
      return [constellationId, { constellationId, name: String(cells("name")), regionId }];
    }),
    systems: mapTable(textByTable.systems, readSystem),
    stations: mapTable(textByTable.stations, (cells) => {
      const stationId = Number(cells("station_id"));
      const [systemId, typeId] = [Number(cells("system_id")), Number(cells("type_id"))];
      return [stationId, { stationId, name: String(cells("name")), systemId, typeId }];
    }),
    categories: mapTable(textByTable.categories, (cells) => {
      const categoryId = Number(cells("category_id"));
      const isPublished = Boolean(cells("is_published"));
      return [categoryId, { categoryId, name: String(cells("name")), isPublished }];
    }),
    groups: mapTable(textByTable.groups, (cells) => {
      const [groupId, categoryId] = [Number(cells("group_id")), Number(cells("category_id"))];
      const isPublished = Boolean(cells("is_published"));
      return [groupId, { groupId, name: String(cells("name")), categoryId, isPublished }];
    }),
    types: mapTable(textByTable.types, readType),
    neighbours: readNeighbours(textByTable.jumps),
  };
}
