import { type SQL, sql } from "drizzle-orm";

import type { SyncReport } from "../domain/sync-report.ts";
import { dateOf, type EpochMs, type EpochSeconds } from "../lib/time.ts";
import { type Database, guard } from "./client.ts";
import {
  hasUnreadableAsks,
  hasUnreadableCounts,
  hasUnreadableFlags,
  hasUnreadableStaleTimes,
} from "./schema/unreadable.ts";
import { isText, listOf, readJson } from "./stored-json.ts";
import { staleAt } from "./version-repository.ts";

/** The right to write, until another run takes it. */
export type Lease = { token: number; lastChangeAt: EpochMs; unpurgedTags: string[] };

/**
 * The rules by which all offers were derived, and the rules of a derivation underway, with its
 * progress by contract id.
 */
export type Derivation = { by: string; next: string; upTo: number };

/** What there is to do. */
export type Due = {
  lists: boolean;
  items: boolean;
  names: boolean;
  pruning: boolean;
  /** A new price book. */
  prices: boolean;
  /** Contracts that the newest book has not valued yet. */
  valuing: boolean;
  /** Something that is derived cannot be read. */
  repairs: boolean;
  /** The last day (UTC) of which hulls were written down. */
  hullsRecordedOn: string | null;
  derivation: Derivation;
  coveredRegions: string;
  universeVersion: string | null;
  /** Of the structures that an operator named. */
  structuresVersion: string | null;
};

type DueRow = {
  lists_due_at: number;
  covered_regions: string;
  universe_version: string | null;
  structures_version: string | null;
  items: number;
  names: number;
  pruning: number;
  prices: number;
  valuing: number;
  repairs: number;
  hulls_recorded_on: string | null;
  derived_by: string;
  deriving_by: string;
  derived_up_to: number;
};

type LeaseRow = { lease_token: number; changed_at: number; unpurged_tags: string | null };

const areTags = listOf(isText);
const tagsPlace = { column: "sync_state.unpurged_tags", row: 1 };

/**
 * Tags that cannot be read are lost. Their cached answers expire within the minute that they live.
 */
const tagsFrom = (json: string | null): string[] =>
  json === null ? [] : (readJson(json, areTags, tagsPlace) ?? []);

/** Whether something that the sync derives itself cannot be read. */
const anythingUnreadable = sql`(
  exists (select 1 from contracts indexed by contracts_unreadable where ${hasUnreadableFlags})
  or exists (select 1 from hulls indexed by hulls_unreadable where ${hasUnreadableAsks})
  or exists (
    select 1 from region_states indexed by region_states_unreadable where ${hasUnreadableCounts}
  )
)`;

export function createSyncRepository(db: Database) {
  return {
    /**
     * Looks at what is due without taking the lease: nothing is written, and ten rows are read, except for
     * contracts that are still listed and wait for items that they are too old to get.
     */
    async due(now: EpochMs, prunableSince: EpochSeconds): Promise<Due> {
      const nowSeconds = Math.floor(now / 1000);
      const row = await db.first(sql<DueRow>`
        select lists_due_at, covered_regions, hulls_recorded_on, derived_by, deriving_by, derived_up_to,
          (select version from universe) as universe_version,
          (select structures_version from universe) as structures_version,
          exists (
            select 1 from contracts
            where is_listed = 1 and items_due_at <= ${nowSeconds} and date_expired > ${nowSeconds}
          ) as items,
          exists (select 1 from names where resolve_at <= ${now})
            or exists (select 1 from stations where resolve_at <= ${now}) as names,
          exists (select 1 from contracts where ended_at < ${prunableSince}) as pruning,
          price_book.due_at <= ${now} as prices, made_at is not valued_by as valuing,
          has_unreadable = 1 or ${hasUnreadableStaleTimes} as repairs
        from sync_state cross join price_book`);
      if (!row) throw new Error("sync_state has no row: run the migrations");
      return {
        lists: row.lists_due_at <= now,
        items: row.items === 1,
        names: row.names === 1,
        pruning: row.pruning === 1,
        prices: row.prices === 1,
        valuing: row.valuing === 1,
        repairs: row.repairs === 1,
        hullsRecordedOn: row.hulls_recorded_on,
        derivation: { by: row.derived_by, next: row.deriving_by, upTo: row.derived_up_to },
        coveredRegions: row.covered_regions,
        universeVersion: row.universe_version,
        structuresVersion: row.structures_version,
      };
    },

    /** Takes the lease, and fences off whoever had it; undefined while another run holds it. */
    async acquireLease(now: EpochMs, expiresAt: EpochMs): Promise<Lease | undefined> {
      const row = await db.first(sql<LeaseRow>`
        update sync_state set lease_token = lease_token + 1, lease_expires_at = ${expiresAt}
        where lease_expires_at <= ${now}
        returning lease_token, changed_at, unpurged_tags`);
      if (!row) return undefined;
      const unpurgedTags = tagsFrom(row.unpurged_tags);
      return { token: row.lease_token, lastChangeAt: row.changed_at, unpurgedTags };
    },

    /** Stands first in every batch that a run writes: the batch fails once the lease is lost. */
    fence: ({ token }: Lease): SQL => guard(sql`(select lease_token from sync_state) = ${token}`),

    /** Says that answers have changed. */
    bumpVersion: (at: EpochMs): SQL => sql`
      update sync_state set version = version + 1, changed_at = ${at},
        stale_times = (select json_group_array(${staleAt}) from region_states where is_active = 1)`,

    setCoveredRegions: (covered: string): SQL => sql`
      update sync_state set covered_regions = ${covered}`,

    setDerivation: ({ by, next, upTo }: Derivation): SQL => sql`
      update sync_state set derived_by = ${by}, deriving_by = ${next}, derived_up_to = ${upTo}`,

    /** Notes whether something that cannot be read is left. */
    setUnreadable: (): SQL => sql`update sync_state set has_unreadable = ${anythingUnreadable}`,

    setPrunedAt: (at: EpochMs): SQL => sql`update sync_state set pruned_at = ${at}`,

    /** Ends a run: the next one may start, and knows when lists are due. */
    releaseLease: (unpurgedTags: readonly string[]): SQL => sql`
      update sync_state set lease_expires_at = 0,
        lists_due_at = coalesce(
          (select min(next_due_at) from region_states where is_active = 1), ${Number.MAX_SAFE_INTEGER}
        ),
        unpurged_tags = ${unpurgedTags.length === 0 ? null : JSON.stringify(unpurgedTags)}`,

    recordRun: (report: SyncReport, trigger: string): SQL => sql`
      insert into sync_runs (started_at, finished_at, outcome, report)
      values (${report.startedAt}, ${report.finishedAt}, ${report.outcome},
        ${JSON.stringify({ trigger, ...report })})`,

    /** Adds what a run has cost to its day. */
    recordCosts: ({
      startedAt,
      esiRequests,
      queries,
      rowsRead,
      rowsWritten,
    }: SyncReport): SQL => sql`
      insert into sync_days (date, runs, esi_requests, queries, rows_read, rows_written)
      values (${dateOf(startedAt)}, 1, ${esiRequests}, ${queries}, ${rowsRead}, ${rowsWritten})
      on conflict (date) do update set runs = runs + 1,
        esi_requests = esi_requests + excluded.esi_requests, queries = queries + excluded.queries,
        rows_read = rows_read + excluded.rows_read,
        rows_written = rows_written + excluded.rows_written`,

    /** Forgets the reports and the costs of runs, some at a time. */
    forgetRunsBefore: (at: EpochMs): SQL[] => [
      sql`delete from sync_runs where run_id in (
          select run_id from sync_runs order by run_id limit 2
        ) and started_at < ${at}`,
      sql`delete from sync_days where date < ${dateOf(at)}`,
    ],
  };
}

export type SyncRepository = ReturnType<typeof createSyncRepository>;
