/**
 * The regions to list public contracts for, unless the settings name others: New Eden and wormhole
 * space. Abyssal and void regions (12, 14 and 19 million) have no contracts.
 */
export const isSyncedByDefault = (regionId: number): boolean =>
  regionId >= 10_000_000 && regionId < 12_000_000;

export const isWormholeRegion = (regionId: number): boolean =>
  regionId >= 11_000_000 && regionId < 12_000_000;

export type RegionStatus = "live" | "stale" | "pending" | "failing";
