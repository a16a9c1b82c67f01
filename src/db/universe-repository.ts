import { sql, type SQL } from "drizzle-orm";

import type { NamedHull } from "../domain/flags/title-names.ts";
import { type ItemType, shipCategoryId } from "../domain/item.ts";
import type { EpochMs } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { jsonIds, jsonRows } from "./d1.ts";

/** Where a location is; null if nobody told us. */
export type Place = {
  locationId: number;
  systemId: number | null;
  security: number | null;
  regionId: number | null;
};

/** Where a location is, as far as its contracts are concerned. */
export type KnownPlace = { [Field in keyof Place]: NonNullable<Place[Field]> };

/** A row that waits for ESI to tell what it is. */
export type Unresolved = { id: number; attempts: number };

export type NewType = {
  typeId: number;
  name: string;
  groupId: number;
  isPublished: boolean;
  marketGroupId: number | null;
  volume: number | null;
};
export type NewGroup = { groupId: number; name: string; categoryId: number; isPublished: boolean };
export type NewCategory = { categoryId: number; name: string; isPublished: boolean };

type PlaceRow = {
  location_id: number;
  system_id: number | null;
  security: number | null;
  region_id: number | null;
};

type TypeRow = { type_id: number; name: string; group_id: number; category_id: number };

const plexTypeId = 44_992;
const factionMetaGroupId = 4;

type HullRow = {
  type_id: number;
  name: string;
  base_type_id: number | null;
  meta_group_id: number | null;
};

export function createUniverseRepository(db: Database) {
  return {
    /** Of these types, the ones that are known with their group and category. */
    async types(typeIds: readonly number[]): Promise<ItemType[]> {
      const rows = await db.all(sql<TypeRow>`
        select type_id, types.name, group_id, category_id
        from types join groups using (group_id) join categories using (category_id)
        where type_id in ${jsonIds(typeIds)} and types.name is not null`);
      return rows.map((row) => ({
        typeId: row.type_id,
        name: row.name,
        groupId: row.group_id,
        categoryId: row.category_id,
      }));
    },

    /** What titles name: published ships, and PLEX. */
    async namedHulls(): Promise<NamedHull[]> {
      const rows = await db.all(sql<HullRow>`
        select type_id, types.name, base_type_id, meta_group_id
        from groups cross join types indexed by types_by_group using (group_id)
        where category_id = ${shipCategoryId} and types.is_published = 1 and types.name is not null
        union all
        select type_id, name, null, null from types where type_id = ${plexTypeId} and name is not null`);
      return rows.map((row) => ({
        typeId: row.type_id,
        name: row.name,
        baseTypeId: row.base_type_id,
        isFaction: row.meta_group_id === factionMetaGroupId,
      }));
    },

    /** Of these types, the ones that ESI was asked about in vain, and whether it may be asked again. */
    async unresolvedTypes(
      typeIds: readonly number[],
      now: EpochMs,
    ): Promise<Map<number, Unresolved & { isDue: boolean }>> {
      const rows = await db.all(sql<{ id: number; attempts: number; resolve_at: number | null }>`
        select type_id as id, resolve_attempts as attempts, resolve_at from types
        where type_id in ${jsonIds(typeIds)} and name is null`);
      return new Map(
        rows.map(({ id, attempts, resolve_at }) => [
          id,
          { id, attempts, isDue: (resolve_at ?? 0) <= now },
        ]),
      );
    },

    /** Of these groups, the ones that we do not know, each once. */
    async missingGroups(groupIds: readonly number[]): Promise<number[]> {
      const rows = await db.all(sql<{ id: number }>`
        select distinct value as id from ${jsonIds(groupIds)}
        where value not in (select group_id from groups)`);
      return rows.map(({ id }) => id);
    },

    /** Of these categories, the ones that we do not know, each once. */
    async missingCategories(categoryIds: readonly number[]): Promise<number[]> {
      const rows = await db.all(sql<{ id: number }>`
        select distinct value as id from ${jsonIds(categoryIds)}
        where value not in (select category_id from categories)`);
      return rows.map(({ id }) => id);
    },

    async system(systemId: number): Promise<{ security: number; regionId: number } | undefined> {
      const row = await db.first(sql<{ security: number; region_id: number }>`
        select security, region_id from systems where system_id = ${systemId}`);
      return row && { security: row.security, regionId: row.region_id };
    },

    async constellationRegion(constellationId: number): Promise<number | undefined> {
      const row = await db.first(sql<{ region_id: number }>`
        select region_id from constellations where constellation_id = ${constellationId}`);
      return row?.region_id;
    },

    /** Where these stations and structures are; one that is missing, or has no system, is not known. */
    async places(locationIds: readonly number[]): Promise<Place[]> {
      const rows = await db.all(sql<PlaceRow>`
        select station_id as location_id, system_id, security, region_id
        from stations left join systems using (system_id)
        where station_id in ${jsonIds(locationIds)}`);
      return rows.map((row) => ({
        locationId: row.location_id,
        systemId: row.system_id,
        security: row.security,
        regionId: row.region_id,
      }));
    },

    async stationsToResolve(now: EpochMs, limit: number): Promise<Unresolved[]> {
      return db.all(sql<Unresolved>`
        select station_id as id, resolve_attempts as attempts from stations
        where resolve_at <= ${now} order by resolve_at limit ${limit}`);
    },

    /** Makes stations that we do not know wait for ESI to be asked. */
    expectStations: (stationIds: readonly number[]): SQL => sql`
      insert into stations (station_id, resolve_at)
      select value, 0 from ${jsonRows(stationIds)}
      where true
      on conflict do nothing`,

    addTypes: (types: readonly NewType[]): SQL => sql`
      insert into types (type_id, name, group_id, is_published, market_group_id, volume)
      select value ->> 'typeId', value ->> 'name', value ->> 'groupId', value ->> 'isPublished',
        value ->> 'marketGroupId', value ->> 'volume'
      from ${jsonRows(types)}
      where true
      on conflict (type_id) do update set name = excluded.name, group_id = excluded.group_id,
        is_published = excluded.is_published, market_group_id = excluded.market_group_id,
        volume = excluded.volume, resolve_at = null
      where types.name is null`,

    addGroups: (groups: readonly NewGroup[]): SQL => sql`
      insert into groups (group_id, name, category_id, is_published)
      select value ->> 'groupId', value ->> 'name', value ->> 'categoryId', value ->> 'isPublished'
      from ${jsonRows(groups)}
      where true
      on conflict do nothing`,

    addCategories: (categories: readonly NewCategory[]): SQL => sql`
      insert into categories (category_id, name, is_published)
      select value ->> 'categoryId', value ->> 'name', value ->> 'isPublished'
      from ${jsonRows(categories)}
      where true
      on conflict do nothing`,

    addConstellation: (constellation: {
      constellationId: number;
      name: string;
      regionId: number;
    }): SQL => sql`
      insert into constellations (constellation_id, name, region_id)
      values (${constellation.constellationId}, ${constellation.name}, ${constellation.regionId})
      on conflict do nothing`,

    addSystem: (system: {
      systemId: number;
      name: string;
      constellationId: number;
      regionId: number;
      security: number;
    }): SQL => sql`
      insert into systems (system_id, name, constellation_id, region_id, security)
      values (${system.systemId}, ${system.name}, ${system.constellationId}, ${system.regionId},
        ${system.security})
      on conflict do nothing`,

    addStation: (station: {
      stationId: number;
      name: string;
      systemId: number;
      typeId: number;
    }): SQL => sql`
      insert into stations (station_id, name, system_id, type_id)
      values (${station.stationId}, ${station.name}, ${station.systemId}, ${station.typeId})
      on conflict (station_id) do update set name = excluded.name, system_id = excluded.system_id,
        type_id = excluded.type_id, resolve_at = null
      where stations.name is null`,

    /** ESI did not tell what these are: it is asked again later. */
    postponeTypes: (types: readonly (Unresolved & { resolveAt: EpochMs })[]): SQL => sql`
      insert into types (type_id, resolve_at, resolve_attempts)
      select value ->> 'id', value ->> 'resolveAt', value ->> 'attempts' from ${jsonRows(types)}
      where true
      on conflict (type_id) do update set resolve_at = excluded.resolve_at,
        resolve_attempts = excluded.resolve_attempts
      where types.name is null`,

    postponeStation: (station: Unresolved & { resolveAt: EpochMs }): SQL => sql`
      update stations set resolve_at = ${station.resolveAt}, resolve_attempts = ${station.attempts}
      where station_id = ${station.id} and name is null`,
  };
}

export type UniverseRepository = ReturnType<typeof createUniverseRepository>;
