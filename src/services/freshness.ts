import type { RegionState } from "../db/region-repository.ts";
import type { RegionStatus } from "../domain/region.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../lib/time.ts";

/** A region is failing after this many failures in a row. */
const failuresUntilFailing = 3;

/** How old the data of some regions is. */
export type Freshness = {
  /** The oldest of the regions' snapshots; null if one was never synced. */
  asOf: EpochSeconds | null;
  /** Whether a region's list is older than twice the time that ESI caches it. */
  isStale: boolean;
};

const isStale = ({ snapshotAt, cacheSeconds }: RegionState, now: EpochMs): boolean =>
  snapshotAt === null || toSeconds(now) > snapshotAt + 2 * (cacheSeconds ?? 0);

export function freshnessOf(states: readonly RegionState[], now: EpochMs): Freshness {
  const snapshots = states.map(({ snapshotAt }) => snapshotAt);
  const known = snapshots.filter((at) => at !== null);
  const isCovered = states.length > 0 && known.length === states.length;
  return {
    asOf: isCovered ? Math.min(...known) : null,
    isStale: !isCovered || states.some((state) => isStale(state, now)),
  };
}

export function regionStatus(state: RegionState, now: EpochMs): RegionStatus {
  if (state.failures >= failuresUntilFailing) return "failing";
  if (state.snapshotAt === null) return "pending";
  return isStale(state, now) ? "stale" : "live";
}
