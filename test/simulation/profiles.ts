/** Which service is simulated, and what it may cost. */

export type Profile = {
  /** Settings that differ from the defaults. */
  settings: Partial<
    Record<
      Exclude<keyof Env, "DB" | "ESI" | "SEARCH_LIMIT" | "LOOKUP_LIMIT" | "EXPORT_LIMIT">,
      string
    >
  >;
  contracts: number;
  newPerDay: number;
  /** What is included in the plan: rows a month. */
  quota: { rowsRead: number; rowsWritten: number; invocations: number };
  /** The share of it that may be used; null if the plan is all there is. */
  maxShare: { rowsRead: number; rowsWritten: number };
  maxColdStartMinutes: number;
};

/** All of New Eden on Workers Paid (developers.cloudflare.com/workers/platform/pricing, d1/platform/pricing). */
export const paid: Profile = {
  // So that as much is pruned each day as in a deployment that is 90 days old: the bill includes it.
  settings: { RETENTION_DAYS: "1" },
  contracts: 48_000,
  newPerDay: 10_000,
  quota: { rowsRead: 25e9, rowsWritten: 50e6, invocations: 10e6 },
  maxShare: { rowsRead: 0.02, rowsWritten: 0.35 },
  maxColdStartMinutes: 60,
};

/** One hub on the free plan: 5 million rows read and 100,000 written a day, 50 subrequests and 50 queries a run. */
export const free: Profile = {
  settings: {
    SYNC_REGION_IDS: "10000030",
    SYNC_RUN_REQUESTS: "45",
    SYNC_RUN_QUERIES: "45",
    RETENTION_DAYS: "7",
    // Four hundred pages of a quarter of a megabyte are not for 10 ms of CPU time.
    PRICES_EVERY_HOURS: "0",
  },
  contracts: 48_000,
  newPerDay: 10_000,
  quota: { rowsRead: 5e6 * 30, rowsWritten: 100_000 * 30, invocations: 100_000 * 30 },
  maxShare: { rowsRead: 1, rowsWritten: 1 },
  maxColdStartMinutes: 24 * 60,
};

export const profiles = { paid, free };
