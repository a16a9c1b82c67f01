/** Which of The Forge's orders trade at Jita IV - Moon 4. */

import { type Order, priceLocationId } from "./price-book.ts";
import type { Stargates } from "./stargates.ts";

/** An order of a region, with what decides whether it trades. */
export type RegionOrder = Order & {
  locationId: number;
  systemId: number;
  /** `station`, `solarsystem`, `region`, or a number of jumps from 1 to 40. */
  range: string;
  /** Units that a buyer takes at least. */
  minVolume: number;
};

const priceSystemId = 30_000_142;

/**
 * The Forge's systems, as the first and the last id of each run. Source: `mapSolarSystems` of CCP's
 * static data export; a test holds them against the extract that ships.
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

/** Jumps to Jita from each system that has a way there through The Forge alone. */
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
 * Says of The Forge's orders whether one unit changes hands by them at Jita IV - Moon 4. A seller's
 * goods lie where the order stands. A buyer takes them wherever the order's range reaches: within the
 * station, within the system, within so many jumps, or anywhere in the region. No range leaves the
 * region, so its jumps are counted inside it. A buyer who takes no single unit sets no price of one.
 */
export function createOrderReach(stargates: Stargates) {
  let jumps: ReadonlyMap<number, number> | undefined;

  function isInRange({ locationId, systemId, range }: RegionOrder): boolean {
    if (locationId === priceLocationId || range === "region") return true;
    if (range === "station") return false;
    if (systemId === priceSystemId) return true;
    jumps ??= jumpsToJita(stargates);
    // NaN, as of `solarsystem`, is no number of jumps: no comparison with it holds.
    return (jumps.get(systemId) ?? Infinity) <= Number(range);
  }

  return (order: RegionOrder): boolean =>
    order.isBuy ? order.minVolume <= 1 && isInRange(order) : order.locationId === priceLocationId;
}

export type OrderReach = ReturnType<typeof createOrderReach>;
