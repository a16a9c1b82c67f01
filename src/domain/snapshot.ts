import type { EpochSeconds } from "../lib/time.ts";
import type { ContractType } from "./contract.ts";

/** A complete, consistent walk over one region's list. */
export type Snapshot<Row> = {
  /** `Last-Modified` of every page: when ESI made the list. */
  at: EpochSeconds;
  /** Everything listed, odd rows included where their id could be read. */
  ids: ReadonlySet<number>;
  /** Rows that we did not store yet. */
  unknown: readonly Row[];
  /** What the list says of auctions, whose dates move with each list. */
  auctions: ReadonlyMap<number, AuctionDates>;
  /**
   * Rows that tell of no contract of their own: their id cannot be read, or came before, as where
   * pages have shifted. Any of the missing contracts may be one of them.
   */
  doubtfulRows: number;
};

export type AuctionDates = { dateIssued: EpochSeconds; dateExpired: EpochSeconds };

/** What we have of a contract that the previous list held. */
export type StoredListing = { contractId: number; type: ContractType; dateExpired: EpochSeconds };

const hourSeconds = 3600;

/** Contracts that we have as listed and the snapshot lacks. */
export const missingFrom = <Stored extends StoredListing>(
  snapshot: Pick<Snapshot<unknown>, "ids">,
  stored: readonly Stored[],
): Stored[] => stored.filter(({ contractId }) => !snapshot.ids.has(contractId));

/**
 * Auctions whose dates moved enough to be written. ESI blurs an auction's dates again in each list
 * (seen on real lists), so most shifts say nothing: one counts if it is an hour or more, or if the
 * stored date would pass, and end the auction in our eyes, before the list is seen again.
 */
export function movedAuctions(
  snapshot: Pick<Snapshot<unknown>, "auctions">,
  stored: readonly StoredListing[],
  nextDueAt: EpochSeconds,
): (AuctionDates & { contractId: number })[] {
  return stored.flatMap(({ contractId, dateExpired }) => {
    const dates = snapshot.auctions.get(contractId);
    if (!dates || dates.dateExpired === dateExpired) return [];
    const shiftSeconds = Math.abs(dates.dateExpired - dateExpired);
    const wouldPass = dateExpired <= nextDueAt && dates.dateExpired > dateExpired;
    return shiftSeconds >= hourSeconds || wouldPass ? [{ contractId, ...dates }] : [];
  });
}

/**
 * Whether a snapshot closes so much that a sick ESI is likelier than a quiet region: 50 or more
 * contracts and over 30 % of the region, everything at once, or rows among which a missing contract
 * may hide. Such a snapshot waits until a later one agrees.
 */
export function needsSecondSnapshot(
  snapshot: Pick<Snapshot<unknown>, "ids" | "doubtfulRows">,
  storedCount: number,
  missingCount: number,
): boolean {
  if (missingCount === 0) return false;
  const isMassClosure = missingCount >= 50 && missingCount > storedCount * 0.3;
  return isMassClosure || snapshot.ids.size === 0 || snapshot.doubtfulRows > 0;
}

/**
 * Whether a later snapshot that needs agreement agrees with the one held before it: both list about
 * as much. Two sick lists of different lengths agree on nothing.
 */
export const agrees = (size: number, heldSize: number): boolean =>
  Math.abs(size - heldSize) <= Math.max(size, heldSize) * 0.3;
