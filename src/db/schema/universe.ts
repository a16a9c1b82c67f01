/**
 * New Eden's static facts: CCP's static data export, as `npm run db:load` puts it here, and what ESI
 * told since about ids newer than that.
 */
import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";

/** An id that CCP's export lacked waits here as a row without a name, to be asked of ESI. */
const resolvable = {
  name: text("name"),
  /** When ESI may be asked next; null if there is nothing to ask. */
  resolveAt: integer("resolve_at"),
  resolveAttempts: integer("resolve_attempts").notNull().default(0),
};

const isWaiting = (resolveAt: AnySQLiteColumn) => sql`${resolveAt} is not null`;

export const universe = sqliteTable("universe", {
  /** Always 1: there is one universe. */
  id: integer("id").primaryKey(),
  version: text("version").notNull(),
  loadedAt: integer("loaded_at").notNull(),
  /** Of the structures that an operator named; null if nobody did. */
  structuresVersion: text("structures_version"),
});

/** Names are looked up as people type them: letter case aside. */
const byName = (name: AnySQLiteColumn) => sql`${name} collate nocase`;

export const regions = sqliteTable(
  "regions",
  {
    regionId: integer("region_id").primaryKey(),
    name: text("name").notNull(),
  },
  (table) => [index("regions_by_name").on(byName(table.name))],
);

export const constellations = sqliteTable("constellations", {
  constellationId: integer("constellation_id").primaryKey(),
  name: text("name").notNull(),
  regionId: integer("region_id").notNull(),
});

export const systems = sqliteTable(
  "systems",
  {
    systemId: integer("system_id").primaryKey(),
    name: text("name").notNull(),
    constellationId: integer("constellation_id").notNull(),
    regionId: integer("region_id").notNull(),
    /** True security status, unrounded. */
    security: real("security").notNull(),
  },
  (table) => [index("systems_by_name").on(byName(table.name))],
);

/** Stargates, one row for each pair of systems they join, the lower id first. */
export const jumps = sqliteTable(
  "jumps",
  {
    systemA: integer("system_a").notNull(),
    systemB: integer("system_b").notNull(),
  },
  (table) => [primaryKey({ columns: [table.systemA, table.systemB] })],
);

export const stations = sqliteTable(
  "stations",
  {
    stationId: integer("station_id").primaryKey(),
    ...resolvable,
    systemId: integer("system_id"),
    typeId: integer("type_id"),
  },
  (table) => [
    index("stations_by_system").on(table.systemId),
    index("stations_to_resolve").on(table.resolveAt).where(isWaiting(table.resolveAt)),
  ],
);

export const categories = sqliteTable("categories", {
  categoryId: integer("category_id").primaryKey(),
  name: text("name").notNull(),
  isPublished: integer("is_published", { mode: "boolean" }).notNull(),
});

export const groups = sqliteTable(
  "groups",
  {
    groupId: integer("group_id").primaryKey(),
    name: text("name").notNull(),
    categoryId: integer("category_id").notNull(),
    /** Its category's name, by a trigger: whoever shows a group shows both. */
    categoryName: text("category_name"),
    isPublished: integer("is_published", { mode: "boolean" }).notNull(),
  },
  (table) => [index("groups_by_category").on(table.categoryId)],
);

export const marketGroups = sqliteTable("market_groups", {
  marketGroupId: integer("market_group_id").primaryKey(),
  name: text("name").notNull(),
  parentGroupId: integer("parent_group_id"),
});

export const metaGroups = sqliteTable("meta_groups", {
  metaGroupId: integer("meta_group_id").primaryKey(),
  name: text("name").notNull(),
});

/**
 * SQLite folds no Unicode. These are all characters beyond letter case that fold in the names of CCP's
 * export; a test holds each of its names to `folded`.
 */
const foldedName =
  "lower(replace(replace(replace(replace(name, '\u2019', ''''), '\u2018', ''''), '\u2013', '-'), '\u00a0', ' '))";

export const types = sqliteTable(
  "types",
  {
    typeId: integer("type_id").primaryKey(),
    ...resolvable,
    groupId: integer("group_id"),
    isPublished: integer("is_published", { mode: "boolean" }),
    marketGroupId: integer("market_group_id"),
    metaGroupId: integer("meta_group_id"),
    /** The type this one is a variant of. */
    baseTypeId: integer("base_type_id"),
    /** Assembled, in m³. */
    volume: real("volume"),
    /** The name as `folded` makes it, of the characters that CCP's names have. */
    searchName: text("search_name").generatedAlwaysAs(sql.raw(foldedName), { mode: "virtual" }),
  },
  (table) => [
    index("types_by_group").on(table.groupId),
    index("types_by_search_name").on(table.searchName),
  ],
);
