import type { EpochMs } from "../lib/time.ts";

/**
 * How a run ended. `done`: all that was due. `budget`: it took all it may, and the next run goes on.
 * `held`: ESI must not be asked for now. `unreachable`: ESI does not answer; the next run tries again.
 * `idle`: nothing was due. `busy`: another run was at it.
 * `superseded`: another run took the lease from this one. `failed`: something broke.
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

/** What the runs of a day have cost. */
export type SyncCosts = {
  date: string;
  runs: number;
  esiRequests: number;
  queries: number;
  rowsRead: number;
  rowsWritten: number;
};

/**
 * What one run did, and what it cost: all but the batch that writes this down, which cannot know its
 * own.
 */
export type SyncReport = {
  outcome: SyncOutcome;
  startedAt: EpochMs;
  finishedAt: EpochMs;
  regions: { checked: number; unchanged: number; accepted: number; held: number; failed: number };
  contracts: { listed: number; ended: number; moved: number };
  /** Rows of the lists that were read whole: most of what a run computes. */
  listRows: number;
  /** Rows of lists that made no sense, counted and passed over. */
  oddRows: number;
  /** Optional fields of new contracts and their items that made no sense: the rows are kept without them. */
  oddFields: number;
  items: { complete: number; rows: number; refused: number; failed: number };
  names: { resolved: number; failed: number };
  /** Contracts whose items a new price book values otherwise. */
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
