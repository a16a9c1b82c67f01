import type { EpochMs } from "../lib/time.ts";

/**
 * What ESI said of one of its limits: the error limit, or one token bucket. Kept in the database, so
 * that the next run, or another isolate, holds off too.
 */
export type EsiLimit = {
  bucket: string;
  remaining: number | null;
  resetAt: EpochMs | null;
  heldUntil: EpochMs | null;
};

/** The limit on errors binds every route, those with buckets of their own too. */
export const errorLimit = "error-limit";

/** The routes of bids, which readers ask: what holds them holds no other. */
export const bidsLimit = "contract-bids";

export const isHeld = (limits: readonly EsiLimit[], bucket: string, at: EpochMs): boolean =>
  limits.some((limit) => limit.bucket === bucket && (limit.heldUntil ?? 0) > at);
