/** What the sync knows of itself: each region's list, ESI's limits, the lease, the reports. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

import { hasUnreadableCounts } from "./unreadable.ts";

export const regionStates = sqliteTable(
  "region_states",
  {
    regionId: integer("region_id").primaryKey(),
    /** 0 once the settings no longer name it: its contracts are not served as live. */
    isActive: integer("is_active").notNull(),

    /** `Last-Modified` of the latest complete list, in epoch seconds; null when never synced. */
    snapshotAt: integer("snapshot_at"),
    /** How long ESI caches this list: its `Expires` less its `Last-Modified`. */
    cacheSeconds: integer("cache_seconds"),
    /** When ESI was last asked, and when it may be asked again, in epoch milliseconds. */
    checkedAt: integer("checked_at"),
    nextDueAt: integer("next_due_at").notNull(),

    /** Attempts in a row that brought no list; the last one's kind of failure. */
    failures: integer("failures").notNull().default(0),
    lastError: text("last_error"),
    /** A list that lacked so much that a second one must agree: its time, and its size. */
    heldSnapshotAt: integer("held_snapshot_at"),
    heldSize: integer("held_size"),

    /** Counts what changed in this region, and when the last of it did. */
    version: integer("version").notNull().default(0),
    changedAt: integer("changed_at"),
    /** `RegionCounts` as JSON: how many contracts are listed, by what is asked without filters. */
    counts: text("counts").notNull(),
  },
  (table) => [index("region_states_unreadable").on(table.regionId).where(hasUnreadableCounts)],
);

export const syncState = sqliteTable("sync_state", {
  /** Always 1: there is one sync. */
  id: integer("id").primaryKey(),
  /** Goes up each time the lease is taken, and with it whoever held it before is fenced off. */
  leaseToken: integer("lease_token").notNull().default(0),
  leaseExpiresAt: integer("lease_expires_at").notNull().default(0),

  /** Counts every change to what the API serves, and when the last one was made. */
  version: integer("version").notNull().default(0),
  changedAt: integer("changed_at").notNull().default(0),
  /** When each active region's snapshot turns stale, in epoch seconds, as JSON. */
  staleTimes: text("stale_times"),

  /** The earliest `next_due_at` of the active regions. */
  listsDueAt: integer("lists_due_at").notNull().default(0),
  /** The regions that the settings named when the states were last brought in line with them. */
  coveredRegions: text("covered_regions").notNull().default(""),
  /** The rules and the universe by which all offers were derived; by which they are being, and how far. */
  derivedBy: text("derived_by").notNull().default(""),
  derivingBy: text("deriving_by").notNull().default(""),
  derivedUpTo: integer("derived_up_to").notNull().default(0),
  /** When contracts that ended long ago were last forgotten. */
  prunedAt: integer("pruned_at").notNull().default(0),
  /** The last day (UTC) of which hulls were written down; null before the first. */
  hullsRecordedOn: text("hulls_recorded_on"),
  /** 1 once triggers saw that something was written to a column of JSON that is surely none of ours. */
  hasUnreadable: integer("has_unreadable").notNull().default(0),
  /** Cache tags whose purge failed, as JSON; null if none did. */
  unpurgedTags: text("unpurged_tags"),
});

export const syncRuns = sqliteTable("sync_runs", {
  runId: integer("run_id").primaryKey(),
  startedAt: integer("started_at").notNull(),
  finishedAt: integer("finished_at").notNull(),
  outcome: text("outcome").notNull(),
  /** `SyncReport` as JSON. */
  report: text("report").notNull(),
});

/** What the runs of a day have cost together: `date` is UTC, as `2026-11-24`. */
export const syncDays = sqliteTable("sync_days", {
  date: text("date").primaryKey(),
  runs: integer("runs").notNull(),
  esiRequests: integer("esi_requests").notNull(),
  queries: integer("queries").notNull(),
  rowsRead: integer("rows_read").notNull(),
  rowsWritten: integer("rows_written").notNull(),
});

/** What ESI said of its limits: one row for the error limit, one for each token bucket. */
export const esiLimits = sqliteTable("esi_limits", {
  bucket: text("bucket").primaryKey(),
  remaining: integer("remaining"),
  /** When the window ends, and when ESI may be asked again; epoch milliseconds. */
  resetAt: integer("reset_at"),
  heldUntil: integer("held_until"),
});
