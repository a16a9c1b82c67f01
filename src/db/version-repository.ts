import { sql, type SQL } from "drizzle-orm";

import type { DataVersion } from "../domain/data-version.ts";
import { type EpochMs, toSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { jsonIds } from "./d1.ts";
import { isNumber, listOf, readJson } from "./stored-json.ts";

/** What an answer is made from. */
export type VersionScope = {
  /** The regions that it is about; all without. */
  regionIds?: readonly number[] | undefined;
  /** Whether it may show contracts that have ended: these are forgotten one day. */
  withEnded?: boolean;
};

export type VersionRow = {
  universe: string | null;
  loaded_at: number | null;
  version: number | null;
  changed_at: number | null;
  stale_times: string | null;
  expired_at: number | null;
  pruned_at: number | null;
};

type StatesRow = Omit<VersionRow, "stale_times" | "pruned_at"> & {
  checked_at: number | null;
  stale: number | null;
  last_stale_at: number | null;
};

/**
 * More regions than these are looked at as all: it reads fewer rows. Each costs four, and the version
 * of all, which may be read beside them, two: within 20.
 */
const maxRegions = 3;

const universeColumns = sql`
  (select version from universe) as universe, (select loaded_at from universe) as loaded_at`;

/** When a region's list is too old to be trusted, in epoch seconds. */
export const staleAt = sql`case when snapshot_at is null then 0 else snapshot_at + 2 * cache_seconds end`;

const lastExpiry = (now: EpochMs): SQL => sql`(
  select max(date_expired) from contracts
  where is_listed = 1 and date_expired <= ${toSeconds(now)}
)`;

const lastExpiryInRegion = (now: EpochMs): SQL => sql`(
  select max(date_expired) from contracts
  where is_listed = 1 and contracts.region_id = region_states.region_id
    and date_expired <= ${toSeconds(now)}
)`;

/** For a query beside another that says which universe it is. */
const noUniverse = sql`null as universe, null as loaded_at`;

const versionOfAll = (now: EpochMs, universe = universeColumns) => sql<VersionRow>`
  select ${universe}, version, changed_at, stale_times, pruned_at,
    ${lastExpiry(now)} as expired_at
  from sync_state`;

/** `regionIds` is a query, or a list in parentheses. */
export const versionOfRegions = (regionIds: SQL, now: EpochMs): SQL<VersionRow> => sql<VersionRow>`
  select ${universeColumns}, sum(version) as version, max(changed_at) as changed_at,
    json_group_array(${staleAt}) as stale_times, (select pruned_at from sync_state) as pruned_at,
    max(${lastExpiryInRegion(now)}) as expired_at
  from region_states where region_id in ${regionIds}`;

/** The version of answers, for a batch with what it versions. */
export const selectVersion = ({ regionIds }: VersionScope, now: EpochMs): SQL<VersionRow> =>
  regionIds && regionIds.length <= maxRegions
    ? versionOfRegions(jsonIds(regionIds), now)
    : versionOfAll(now);

const areTimes = listOf(isNumber);
const staleTimesPlace = { column: "sync_state.stale_times", row: 1 };

export function versionFromRow(
  row: VersionRow | undefined,
  now: EpochMs,
  { withEnded = false }: VersionScope = {},
): DataVersion {
  const version = row?.version ?? 0;
  const expiredAt = row?.expired_at ?? 0;
  const staleTimes = readJson(row?.stale_times ?? "[]", areTimes, staleTimesPlace) ?? [];
  const passed = staleTimes.filter((at) => at < toSeconds(now));
  const staleSince = Math.max(0, ...passed);
  const prunedAt = withEnded ? (row?.pruned_at ?? 0) : 0;
  return {
    version: [row?.universe ?? "none", version, expiredAt, passed.length, prunedAt].join("."),
    changedAt: Math.max(
      row?.changed_at ?? 0,
      row?.loaded_at ?? 0,
      expiredAt * 1000,
      staleSince > 0 ? (staleSince + 1) * 1000 : 0,
      prunedAt,
    ),
  };
}

/**
 * The version of answers about the state of regions, all or one: these change whenever a list was
 * asked for, whatever that brought.
 */
export const selectVersionOfStates = (
  regionId: number | undefined,
  now: EpochMs,
): SQL<StatesRow> => {
  const staleRegion = sql`(is_active = 1 and ${staleAt} < ${toSeconds(now)})`;
  return sql<StatesRow>`
    select ${universeColumns}, sum(version) as version, max(changed_at) as changed_at,
      max(checked_at) as checked_at, sum(${staleRegion}) as stale,
      max(case when ${staleRegion} then ${staleAt} end) as last_stale_at,
      max(${lastExpiryInRegion(now)}) as expired_at
    from region_states ${regionId === undefined ? sql`` : sql`where region_id = ${regionId}`}`;
};

export function versionOfStatesFromRow(row: StatesRow | undefined): DataVersion {
  const version = row?.version ?? 0;
  const expiredAt = row?.expired_at ?? 0;
  const checkedAt = row?.checked_at ?? 0;
  return {
    version: [row?.universe ?? "none", version, expiredAt, row?.stale ?? 0, checkedAt].join("."),
    changedAt: Math.max(
      row?.changed_at ?? 0,
      row?.loaded_at ?? 0,
      checkedAt,
      expiredAt * 1000,
      row?.last_stale_at == null ? 0 : (row.last_stale_at + 1) * 1000,
    ),
  };
}

export function createVersionRepository(db: Database) {
  return {
    /** Reads 20 rows at most. */
    async of(scope: VersionScope, now: EpochMs): Promise<DataVersion> {
      return versionFromRow(await db.first(selectVersion(scope, now)), now, scope);
    },

    /** The same, and that of all regions beside it, from one state of the data. */
    async withAll(
      scope: VersionScope,
      now: EpochMs,
    ): Promise<[own: DataVersion, all: DataVersion]> {
      const [[own], [all]] = await db.batch([
        selectVersion(scope, now),
        versionOfAll(now, noUniverse),
      ]);
      const withUniverse = own &&
        all && { ...all, universe: own.universe, loaded_at: own.loaded_at };
      return [versionFromRow(own, now, scope), versionFromRow(withUniverse, now, scope)];
    },

    /** Reads three rows a region at most. */
    async ofStates(regionId: number | undefined, now: EpochMs): Promise<DataVersion> {
      return versionOfStatesFromRow(await db.first(selectVersionOfStates(regionId, now)));
    },
  };
}

export type VersionRepository = ReturnType<typeof createVersionRepository>;
