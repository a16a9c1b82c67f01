/** A New Eden of any size at one moment, shaped like the real one. */
import { shareOf } from "../random.ts";
import type { Universe } from "../universe.ts";
import { type World, createWorldFrom } from "../world.ts";
import { type Life, createMaker } from "./maker.ts";
import { createNewEdenMarket } from "./market.ts";
import type { MixName } from "./mix.ts";
import { withNewer } from "./newer.ts";

export type NewEdenOptions = {
  universe: Universe;
  seed: number;
  /** How many are outstanding at `now`. */
  contracts: number;
  now: Date;
  /** How many orders The Forge has; 6,000 unless told. */
  orders?: number;
  /** How many of its contracts are ships and couriers: `real` unless told. */
  mix?: MixName;
};

const dayMs = 86_400_000;

/** 28 days are the default, and what nearly everybody takes. */
export const durations = [
  [0.84, 28],
  [0.06, 14],
  [0.05, 7],
  [0.03, 3],
  [0.02, 1],
] as const;

export const auctionDurations = [
  [0.6, 14],
  [0.2, 7],
  [0.12, 3],
  [0.08, 1],
] as const;

type Durations = typeof durations | typeof auctionDurations;

/** A duration of more than `age`, the longest if only that is left. */
function durationOver(age: number, choices: Durations, share: number): number {
  const possible = choices.filter(([, days]) => days > age);
  let left = share * possible.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, days] of possible) {
    left -= weight;
    if (left < 0) return days;
  }
  return choices[0][1];
}

/** The share of contracts younger than the longest auction lasts. */
const [ageBias, youngShare] = [1.3, 0.5 ** (1 / 1.3)];

/**
 * `contracts` of them are outstanding at `now`, and run out one by one; none is accepted and none is
 * new. The same seed makes the same world, to the byte.
 */
export function createNewEden(options: NewEdenOptions): World {
  const { seed, contracts: count, now, mix = "real" } = options;
  const universe = withNewer(options.universe);
  const maker = createMaker({ universe, seed, issuers: issuersFor(count), mix });
  const isLarge = count >= 500;

  /** The largest have two pages of items, or exactly one. */
  function sizeAt(index: number): number | undefined {
    const middle = Math.floor(count / 2);
    if (!isLarge || index < middle || index > middle + 1) return undefined;
    return index === middle ? 1204 : 1000;
  }

  function lifeOf(index: number): Life {
    const place = (index + shareOf(seed, index, 18)) / count;
    const age = 28 * (1 - place) ** ageBias;
    const auctionShare = age < 13.9 ? 0.015 / youngShare : 0;
    const size = sizeAt(index);
    const kind = size === undefined ? maker.kindOf(index, auctionShare) : "item_exchange";
    const choices = kind === "auction" ? auctionDurations : durations;
    const days = durationOver(age, choices, shareOf(seed, index, 19));
    const issuedAt = Math.ceil((now.getTime() - age * dayMs) / 1000) * 1000 - 1000;
    const expiresAt = Math.max(
      issuedAt + days * dayMs,
      Math.floor(now.getTime() / 1000) * 1000 + 1000,
    );
    const regionId = size === undefined ? maker.regionOf(index, kind) : 10_000_002;
    return { index, kind, regionId, issuedAt, expiresAt, endsAt: expiresAt, size };
  }

  const byRegion = new Map<number, { index: number; issuedAt: number; endsAt: number }[]>();
  for (let index = 0; index < count; index += 1) {
    const { regionId, issuedAt, endsAt } = lifeOf(index);
    const known = byRegion.get(regionId);
    if (known === undefined) byRegion.set(regionId, [{ index, issuedAt, endsAt }]);
    else known.push({ index, issuedAt, endsAt });
  }

  return createWorldFrom({
    universe,
    market: createNewEdenMarket({
      universe,
      seed,
      values: maker.values,
      pools: maker.pools,
      orders: options.orders,
      now,
    }),
    contract(contractId) {
      const index = maker.indexOf(contractId);
      if (index === undefined || index < 0 || index >= count) return undefined;
      return maker.contractOf(lifeOf(index));
    },
    outstandingAt(regionId, at) {
      const time = at.getTime();
      return (byRegion.get(regionId) ?? [])
        .filter(({ issuedAt, endsAt }) => issuedAt <= time && time < endsAt)
        .map(({ index }) => maker.idOf(index));
    },
    nameOf: maker.issuers.nameOf,
    named: maker.issuers.named,
  });
}

export function issuersFor(contracts: number): number {
  return Math.min(5_000, Math.max(20, Math.ceil(contracts / 8)));
}
