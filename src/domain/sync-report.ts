import type { EpochMs } from "../lib/time.ts";

/**
 * How a run ended. `done`: it did everything that was due. `budget`: it used up its budget, and the
 * next run continues. `held`: ESI must not be asked now. `unreachable`: ESI does not answer, and
 * the next run tries again. `idle`: nothing was due. `busy`: another run was active. `superseded`:
 * another run took the lease from this one. `failed`: something broke.
 */
export const syncOutcomes = [
  "done",
  "budget",
  "held",
  "unreachable",
  "idle",
  "busy",
  "superseded",
  "failed",
] as const;
export type SyncOutcome = (typeof syncOutcomes)[number];

/** What the runs of a day cost. */
export type SyncCosts = {
  date: string;
  runs: number;
  esiRequests: number;
  queries: number;
  rowsRead: number;
  rowsWritten: number;
};

/**
 * What one run did, and what it cost. The cost excludes the batch that writes this report, because
 * that batch cannot know its own cost.
 */
export type SyncReport = {
  outcome: SyncOutcome;
  startedAt: EpochMs;
  finishedAt: EpochMs;
  regions: { checked: number; unchanged: number; accepted: number; held: number; failed: number };
  contracts: { listed: number; ended: number; moved: number };
  /** List rows that were read in full. They make up most of a run's computation. */
  listRows: number;
  /** List rows that were invalid. They are counted and skipped. */
  oddRows: number;
  /**
   * Invalid optional fields of new contracts and their items. The rows are kept without these
   * fields.
   */
  oddFields: number;
  items: { complete: number; rows: number; refused: number; failed: number };
  names: { resolved: number; failed: number };
  /** Contracts with items that a new price book values differently. */
  revalued: number;
  prunedContracts: number;
  purgedTags: number;
  esiRequests: number;
  queries: number;
  rowsRead: number;
  rowsWritten: number;
};

export const newReport = (startedAt: EpochMs): SyncReport => ({
  outcome: "done",
  startedAt,
  finishedAt: startedAt,
  regions: { checked: 0, unchanged: 0, accepted: 0, held: 0, failed: 0 },
  contracts: { listed: 0, ended: 0, moved: 0 },
  listRows: 0,
  oddRows: 0,
  oddFields: 0,
  items: { complete: 0, rows: 0, refused: 0, failed: 0 },
  names: { resolved: 0, failed: 0 },
  revalued: 0,
  prunedContracts: 0,
  purgedTags: 0,
  esiRequests: 0,
  queries: 0,
  rowsRead: 0,
  rowsWritten: 0,
});
