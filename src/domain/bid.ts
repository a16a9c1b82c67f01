import type { EpochMs, EpochSeconds } from "../lib/time.ts";

export type Bid = { bidId: number; amount: number; dateBid: EpochSeconds };

/**
 * The bids of an auction as ESI reported them, highest first, and the time until which that answer
 * is valid. `bids` is null if ESI did not tell. We do not ask ESI again before that time.
 */
export type Bids = { bids: Bid[] | null; expiresAt: EpochMs };
