/** Decides which of The Forge's orders trade at Jita IV - Moon 4. */

import { type Order, priceLocationId } from "./price-book.ts";
import type { Stargates } from "./stargates.ts";

/** An order in a region, with the fields that decide whether it trades. */
export type RegionOrder = Order & {
  locationId: number;
  systemId: number;
  /** `station`, `solarsystem`, `region`, or a number of jumps from 1 to 40. */
  range: string;
  /** The smallest number of units that a buyer takes. */
  minVolume: number;
};

const priceSystemId = 30_000_142;

/**
 * The Forge's systems, as the first and last id of each run. Source: `mapSolarSystems` of CCP's
 * static data export. A test checks them against the shipped extract.
 */
export const priceRegionSystems: readonly (readonly [first: number, last: number])[] = [
  [30_000_119, 30_000_156],
  [30_000_158, 30_000_191],
  [30_000_193, 30_000_205],
  [30_000_207, 30_000_207],
  [30_021_407, 30_021_407],
  [30_030_141, 30_030_141],
];

export const isInPriceRegion = (systemId: number): boolean =>
  priceRegionSystems.some(([first, last]) => systemId >= first && systemId <= last);

/** Jumps to Jita from each system that has a route there through The Forge alone. */
function jumpsToJita(stargates: Stargates): ReadonlyMap<number, number> {
  const jumps = new Map([[priceSystemId, 0]]);
  for (const [systemId, distance] of jumps) {
    for (const neighbour of stargates.neighbours(systemId)) {
      if (isInPriceRegion(neighbour) && !jumps.has(neighbour)) jumps.set(neighbour, distance + 1);
    }
  }
  return jumps;
}

/**
 * Tells whether one unit can trade at Jita IV - Moon 4 by an order in The Forge. A seller's goods
 * are where the order is placed. A buyer takes goods anywhere within the order's range: the
 * station, the system, a number of jumps, or the whole region. No range leaves the region, so jumps
 * are counted inside it. A buyer who does not take a single unit sets no price for one.
 */
export function createOrderReach(stargates: Stargates) {
  let jumps: ReadonlyMap<number, number> | undefined;

  function isInRange({ locationId, systemId, range }: RegionOrder): boolean {
    if (locationId === priceLocationId || range === "region") return true;
    if (range === "station") return false;
    if (systemId === priceSystemId) return true;
    jumps ??= jumpsToJita(stargates);
    // `Number("solarsystem")` is NaN. Every comparison with NaN is false.
    return (jumps.get(systemId) ?? Infinity) <= Number(range);
  }

  return (order: RegionOrder): boolean =>
    order.isBuy ? order.minVolume <= 1 && isInRange(order) : order.locationId === priceLocationId;
}

export type OrderReach = ReturnType<typeof createOrderReach>;
