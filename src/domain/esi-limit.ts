import type { EpochMs } from "../lib/time.ts";

/**
 * What ESI said about one of its limits: the error limit, or one token bucket. It is kept in the
 * database, so that the next run and other isolates also hold off.
 */
export type EsiLimit = {
  bucket: string;
  remaining: number | null;
  resetAt: EpochMs | null;
  heldUntil: EpochMs | null;
};

/** The error limit applies to every route, including routes with their own buckets. */
export const errorLimit = "error-limit";

/** The routes for bids, which readers request. A hold on them holds no other route. */
export const bidsLimit = "contract-bids";

export const isHeld = (limits: readonly EsiLimit[], bucket: string, at: EpochMs): boolean =>
  limits.some((limit) => limit.bucket === bucket && (limit.heldUntil ?? 0) > at);
