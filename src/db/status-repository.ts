import { sql } from "drizzle-orm";

import type { EsiLimit } from "../domain/esi-limit.ts";
import type { RegionCounts } from "../domain/region-counts.ts";
import { newReport, type SyncCosts, type SyncReport } from "../domain/sync-report.ts";
import { type EpochMs, toSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { limitFromRow, selectLimits } from "./esi-limit-repository.ts";
import { expiredCounts, countsFromRows } from "./expired-counts.ts";
import {
  type RegionRepository,
  type RegionState,
  regionNamesFromRows,
  selectRegionNames,
  statesFromRows,
} from "./region-repository.ts";
import { like, readJson } from "./stored-json.ts";

export type Overview = {
  universeVersion: string | null;
  states: RegionState[];
  names: ReadonlyMap<number, string>;
  expired: ReadonlyMap<number, RegionCounts>;
  limits: EsiLimit[];
  lastRun: SyncReport | undefined;
  costs: SyncCosts[];
  unavailable: number;
  oldestPendingAt: EpochMs | null;
};

type CostsRow = {
  date: string;
  runs: number;
  esi_requests: number;
  queries: number;
  rows_read: number;
  rows_written: number;
};

const costsFromRow = (row: CostsRow): SyncCosts => ({
  date: row.date,
  runs: row.runs,
  esiRequests: row.esi_requests,
  queries: row.queries,
  rowsRead: row.rows_read,
  rowsWritten: row.rows_written,
});

type ReportRow = { run_id: number; report: string };

const isBegun = like({ outcome: "", startedAt: 0 });
const isReport = like(newReport(0));

/** A report of an older version may lack what this one counts: then it counted none. */
function reportFromRow({ run_id: runId, report }: ReportRow): SyncReport | undefined {
  const place = { column: "sync_runs.report", row: runId };
  const isWhole = (value: unknown): value is SyncReport =>
    isBegun(value) && isReport({ ...newReport(0), ...value });
  const read = readJson(report, isWhole, place);
  return read && { ...newReport(0), ...read };
}

type ItemsRow = { unavailable: number; oldest_pending_at: number | null };

/** Outstanding contracts without items: the oldest one never asked for, and all that ESI has refused. */
const itemsOverview = (now: EpochMs) => sql<ItemsRow>`
  with refused as materialized (
    select items_status, first_seen_at from contracts indexed by contracts_due_for_items
    where is_listed = 1 and items_due_at > 0 and date_expired > ${toSeconds(now)}
  ),
  fresh as (
    select first_seen_at from contracts indexed by contracts_due_for_items
    where is_listed = 1 and items_due_at = 0 and date_expired > ${toSeconds(now)}
    order by contract_id limit 1
  )
  select (select count(*) from refused where items_status = 'unavailable') as unavailable,
    (select min(first_seen_at) from (
      select first_seen_at from refused where items_status = 'pending'
      union all select first_seen_at from fresh
    )) as oldest_pending_at`;

export function createStatusRepository(db: Database, regions: RegionRepository) {
  return {
    /** What there is to say of the whole service, from one state of the data. */
    async overview(now: EpochMs): Promise<Overview> {
      const [[universe], states, names, expired, limits, [run], costs, [items]] = await db.batch([
        sql<{ version: string }>`select version from universe`,
        regions.states(),
        selectRegionNames,
        expiredCounts(now),
        selectLimits,
        sql<ReportRow>`select run_id, report from sync_runs order by run_id desc limit 1`,
        sql<CostsRow>`select * from sync_days order by date desc`,
        itemsOverview(now),
      ]);
      return {
        universeVersion: universe?.version ?? null,
        states: await statesFromRows(db, states),
        names: regionNamesFromRows(names),
        expired: countsFromRows(expired),
        limits: limits.map(limitFromRow),
        lastRun: run && reportFromRow(run),
        costs: costs.map(costsFromRow),
        unavailable: items?.unavailable ?? 0,
        oldestPendingAt: items?.oldest_pending_at ?? null,
      };
    },
  };
}

export type StatusRepository = ReturnType<typeof createStatusRepository>;
