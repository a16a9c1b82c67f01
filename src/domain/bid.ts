import type { EpochMs, EpochSeconds } from "../lib/time.ts";

export type Bid = { bidId: number; amount: number; dateBid: EpochSeconds };

/**
 * What ESI said of an auction's bids, highest first, and until when that is what it would say; null
 * if it did not tell, and is not asked again before that.
 */
export type Bids = { bids: Bid[] | null; expiresAt: EpochMs };
