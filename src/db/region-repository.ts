import { sql, type SQL } from "drizzle-orm";

import type { DataVersion } from "../domain/data-version.ts";
import { noCounts, type RegionCounts } from "../domain/region-counts.ts";
import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { jsonIds, jsonRows } from "./d1.ts";
import { countsFromRows, expiredCounts, listedCounts } from "./expired-counts.ts";
import { hasUnreadableCounts } from "./schema/unreadable.ts";
import { like, readJson } from "./stored-json.ts";
import { selectVersionOfStates, versionOfStatesFromRow } from "./version-repository.ts";

/** What is known of one region's list. */
export type RegionState = {
  regionId: number;
  isActive: boolean;
  snapshotAt: EpochSeconds | null;
  cacheSeconds: number | null;
  nextDueAt: EpochMs;
  failures: number;
  lastError: string | null;
  heldSnapshotAt: EpochSeconds | null;
  heldSize: number | null;
  version: number;
  changedAt: EpochMs | null;
  counts: RegionCounts;
};

/** Regions with what is over in them since their lists, and the version of both. */
export type RegionSnapshot = {
  version: DataVersion;
  states: RegionState[];
  names: ReadonlyMap<number, string>;
  expired: ReadonlyMap<number, RegionCounts>;
};

export type RegionStateRow = {
  region_id: number;
  is_active: number;
  snapshot_at: number | null;
  cache_seconds: number | null;
  next_due_at: number;
  failures: number;
  last_error: string | null;
  held_snapshot_at: number | null;
  held_size: number | null;
  version: number;
  changed_at: number | null;
  counts: string;
};

const stateFromRow = (row: RegionStateRow, counts: RegionCounts): RegionState => ({
  regionId: row.region_id,
  isActive: row.is_active === 1,
  snapshotAt: row.snapshot_at,
  cacheSeconds: row.cache_seconds,
  nextDueAt: row.next_due_at,
  failures: row.failures,
  lastError: row.last_error,
  heldSnapshotAt: row.held_snapshot_at,
  heldSize: row.held_size,
  version: row.version,
  changedAt: row.changed_at,
  counts,
});

const isCounts = like(noCounts());

/** An empty tally as it is stored. Most tallies are empty in most regions. */
const noTallyJson = JSON.stringify(noCounts().byType.unknown);

/** The counts, shortened for the way: every page is made from those of all regions. */
const shortCounts = sql`replace(counts, ${noTallyJson}, 'null')`;

const countsFromRow = ({ region_id, counts }: RegionStateRow): RegionCounts | undefined =>
  readJson(counts.replaceAll("null", noTallyJson), isCounts, {
    column: "region_states.counts",
    row: region_id,
  });

/** Counts these regions again from their listed contracts, instead of reading the stored counts. */
async function countedAnew(
  db: Database,
  regionIds: readonly number[],
): Promise<Map<number, RegionCounts>> {
  if (regionIds.length === 0) return new Map();
  const counted = countsFromRows(await db.all(listedCounts(regionIds)));
  return new Map(regionIds.map((regionId) => [regionId, counted.get(regionId) ?? noCounts()]));
}

/** States of regions. Counts that cannot be read are counted again, so that no total is wrong meanwhile. */
export async function statesFromRows(
  db: Database,
  rows: readonly RegionStateRow[],
): Promise<RegionState[]> {
  const read = rows.map((row) => ({ row, counts: countsFromRow(row) }));
  const unread = read.filter(({ counts }) => !counts).map(({ row }) => row.region_id);
  const counted = await countedAnew(db, unread);
  return read.map(({ row, counts }) =>
    stateFromRow(row, counts ?? counted.get(row.region_id) ?? noCounts()),
  );
}

type RegionNameRow = { region_id: number; name: string };

export const selectRegionNames = sql<RegionNameRow>`select region_id, name from regions`;

export const regionNamesFromRows = (rows: readonly RegionNameRow[]): Map<number, string> =>
  new Map(rows.map(({ region_id, name }) => [region_id, name]));

const selectStates = sql`
  select region_id, is_active, snapshot_at, cache_seconds, next_due_at, failures, last_error,
    held_snapshot_at, held_size, version, changed_at, ${shortCounts} as counts
  from region_states`;

/** That a region's list was asked for, and when that may be done again. */
export type Check = { checkedAt: EpochMs; nextDueAt: EpochMs };

const checked = ({ checkedAt, nextDueAt }: Check): SQL =>
  sql`checked_at = ${checkedAt}, next_due_at = ${nextDueAt}`;

export function createRegionRepository(db: Database) {
  return {
    /** All states, for a batch with what they describe. */
    states: (): SQL<RegionStateRow> => sql<RegionStateRow>`${selectStates}`,

    /** The states of all regions, from one state of the data; the version is of one, or of all. */
    async snapshot(regionId: number | undefined, now: EpochMs): Promise<RegionSnapshot> {
      const [[version], states, names, expired] = await db.batch([
        selectVersionOfStates(regionId, now),
        sql<RegionStateRow>`${selectStates}`,
        selectRegionNames,
        expiredCounts(now),
      ]);
      return {
        version: versionOfStatesFromRow(version),
        states: await statesFromRows(db, states),
        names: regionNamesFromRows(names),
        expired: countsFromRows(expired),
      };
    },

    async due(now: EpochMs): Promise<RegionState[]> {
      const rows = await db.all(sql<RegionStateRow>`
        ${selectStates} where is_active = 1 and next_due_at <= ${now} order by next_due_at`);
      return statesFromRows(db, rows);
    },

    async byIds(regionIds: readonly number[]): Promise<RegionState[]> {
      const rows = await db.all(sql<RegionStateRow>`
        ${selectStates} where region_id in ${jsonIds(regionIds)}`);
      return statesFromRows(db, rows);
    },

    /** Counts of the regions whose own cannot be read. */
    async unreadableCounts(): Promise<Map<number, RegionCounts>> {
      const rows = await db.all(sql<{ region_id: number }>`
        select region_id from region_states indexed by region_states_unreadable
        where ${hasUnreadableCounts}`);
      return countedAnew(
        db,
        rows.map(({ region_id }) => region_id),
      );
    },

    /** Every region of the universe. */
    async allIds(): Promise<number[]> {
      const rows = await db.all(sql<{ region_id: number }>`select region_id from regions`);
      return rows.map(({ region_id }) => region_id);
    },

    /** The regions that are synced. */
    async activeIds(): Promise<number[]> {
      const rows = await db.all(sql<{ region_id: number }>`
        select region_id from region_states where is_active = 1`);
      return rows.map(({ region_id }) => region_id);
    },

    /**
     * Brings the states in line with the regions to sync. A new region is due at once. A region
     * that is back is due when it was due before. Its list counts as new whatever ESI says of its
     * age, because the contracts of the old list are no longer listed.
     */
    cover: (regionIds: readonly number[], at: EpochMs): SQL[] => [
      sql`insert into region_states (region_id, is_active, next_due_at, changed_at, counts)
        select value, 1, ${at}, ${at}, ${JSON.stringify(noCounts())} from ${jsonRows(regionIds)}
        where true
        on conflict (region_id) do update set is_active = 1, snapshot_at = null,
          version = version + 1, changed_at = ${at}
        where is_active = 0`,
      sql`update region_states set is_active = 0, version = version + 1, changed_at = ${at},
          counts = ${JSON.stringify(noCounts())}
        where is_active = 1 and region_id not in ${jsonIds(regionIds)}`,
    ],

    unchanged: (regionId: number, check: Check): SQL => sql`
      update region_states set ${checked(check)}, failures = 0, last_error = null
      where region_id = ${regionId}`,

    /** A list that came, and was not taken. */
    postponed: (regionId: number, check: Check): SQL => sql`
      update region_states set ${checked(check)} where region_id = ${regionId}`,

    failed: (regionId: number, check: Check, reason: string): SQL => sql`
      update region_states set ${checked(check)}, failures = failures + 1, last_error = ${reason}
      where region_id = ${regionId}`,

    held: (
      regionId: number,
      check: Check,
      snapshot: { at: EpochSeconds; size: number },
    ): SQL => sql`
      update region_states set ${checked(check)}, failures = 0, last_error = 'held',
        held_snapshot_at = ${snapshot.at}, held_size = ${snapshot.size}
      where region_id = ${regionId}`,

    accepted: (
      regionId: number,
      check: Check,
      snapshot: {
        at: EpochSeconds;
        cacheSeconds: number;
        changedAt: EpochMs;
        counts: RegionCounts;
      },
    ): SQL => sql`
      update region_states set ${checked(check)}, failures = 0, last_error = null,
        snapshot_at = ${snapshot.at}, cache_seconds = ${snapshot.cacheSeconds},
        held_snapshot_at = null, held_size = null, counts = ${JSON.stringify(snapshot.counts)},
        version = version + 1, changed_at = ${snapshot.changedAt}
      where region_id = ${regionId}`,

    /** Keeps new counts of regions, and says that answers about them have changed. */
    changed: (counts: ReadonlyMap<number, RegionCounts>, at: EpochMs): SQL => sql`
      update region_states set counts = changed.value ->> 1, version = version + 1, changed_at = ${at}
      from ${jsonRows([...counts].map(([regionId, value]) => [regionId, JSON.stringify(value)]))} as changed
      where region_id = changed.value ->> 0`,

    /** Says that answers about regions have changed, while as many contracts are listed as before. */
    touched: (regionIds: readonly number[], at: EpochMs): SQL => sql`
      update region_states set version = version + 1, changed_at = ${at}
      where region_id in ${jsonIds(regionIds)}`,
  };
}

export type RegionRepository = ReturnType<typeof createRegionRepository>;
