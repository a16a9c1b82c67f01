import type { EpochSeconds } from "../lib/time.ts";
import type { ContractType } from "./contract.ts";

/** A complete, consistent walk over one region's list. */
export type Snapshot<Row> = {
  /** `Last-Modified` of every page: when ESI made the list. */
  at: EpochSeconds;
  /** The ids of all listed contracts, including odd rows if their id could be read. */
  ids: ReadonlySet<number>;
  /** Rows that are not stored yet. */
  unknown: readonly Row[];
  /** The listed dates of auctions, which change with each list. */
  auctions: ReadonlyMap<number, AuctionDates>;
  /**
   * Rows that do not stand for a contract of their own. Their id cannot be read, or appeared
   * before, for example because pages shifted. Any missing contract may be one of them.
   */
  doubtfulRows: number;
};

export type AuctionDates = { dateIssued: EpochSeconds; dateExpired: EpochSeconds };

/** What is stored about a contract that was on the previous list. */
export type StoredListing = { contractId: number; type: ContractType; dateExpired: EpochSeconds };

const hourSeconds = 3600;

/** Contracts that are stored as listed but missing from the snapshot. */
export const missingFrom = <Stored extends StoredListing>(
  snapshot: Pick<Snapshot<unknown>, "ids">,
  stored: readonly Stored[],
): Stored[] => stored.filter(({ contractId }) => !snapshot.ids.has(contractId));

/**
 * Auctions with dates that moved enough to be written. ESI blurs an auction's dates again in each
 * list (seen on real lists), so most shifts mean nothing. A shift counts if it is an hour or more.
 * It also counts if the stored date would pass before the list is fetched again, because we would
 * then treat the auction as ended.
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
 * Whether a snapshot closes so much that a faulty ESI is more likely than a quiet region. That is
 * so if it closes 50 or more contracts and over 30 % of the region, or if it is empty, or if a
 * missing contract may be among its unreadable or repeated rows. Such a snapshot waits until a
 * later one agrees.
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
 * Whether a later snapshot that needs agreement agrees with the held one. They agree if both list
 * about the same number of contracts. Two faulty lists with different lengths do not agree.
 */
export const agrees = (size: number, heldSize: number): boolean =>
  Math.abs(size - heldSize) <= Math.max(size, heldSize) * 0.3;
