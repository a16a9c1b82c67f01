/** A New Eden that lives: contracts come, are taken, or run out, for as many days as anybody asks. */
import { shareOf } from "../random.ts";
import type { Universe } from "../universe.ts";
import { type World, createWorldFrom } from "../world.ts";
import { type Kind, type Life, createMaker } from "./maker.ts";
import { createNewEdenMarket } from "./market.ts";
import type { MixName } from "./mix.ts";
import { auctionDurations, durations, issuersFor } from "./new-eden.ts";
import { withNewer } from "./newer.ts";

export type LivingOptions = {
  universe: Universe;
  seed: number;
  /** The world's epoch: what is alive at any time follows from it and the seed alone. */
  startsAt: Date;
  /** About how many are outstanding at the start. */
  contracts: number;
  newPerDay: number;
  /** About how many end a day, as the world starts; as many as come, unless told. */
  endedPerDay?: number;
  orders?: number;
  /** How many of its contracts are ships and couriers: `real` unless told. */
  mix?: MixName;
};

const dayMs = 86_400_000;
const longestDays = 28;

type Durations = typeof durations | typeof auctionDurations;

function mean(choices: Durations): number {
  return choices.reduce((sum, [weight, days]) => sum + weight * days, 0);
}

function durationAt(share: number, choices: Durations): number {
  let left = share;
  for (const [weight, days] of choices) {
    left -= weight;
    if (left < 0) return days;
  }
  return choices[0][1];
}

/**
 * When contracts appear: evenly, one in each slot of the day. Those from before the start come as
 * fast as they end then.
 */
function createCalendar(startsAt: number, newPerDay: number, endedPerDay: number, seed: number) {
  const perDay = (day: number) => (day < 0 ? endedPerDay : newPerDay);

  return {
    dayOf: (time: number) => Math.floor((time - startsAt) / dayMs),
    /** The first index of a day; indexes from before the start are negative. */
    firstOf: (day: number) => Math.ceil(day * perDay(day)),
    issuedAt(index: number): number {
      const slotMs = dayMs / perDay(index);
      const time = startsAt + (index + shareOf(seed, index, 22)) * slotMs;
      return Math.floor(time / 1000) * 1000;
    },
  };
}

/** The contracts of one day and region: index, issue and end of each, one after the other. */
type Births = number[];

/**
 * A world in which, from `startsAt` on, contracts appear, are accepted or withdrawn early, or
 * expire, as a function of time alone: any moment can be asked for, in any order. Most are taken
 * within hours; the others, which are most of those outstanding, wait for a buyer until they expire.
 */
export function createLivingNewEden(options: LivingOptions): World {
  const { seed, contracts: population, newPerDay, endedPerDay = newPerDay, mix = "real" } = options;
  const universe = withNewer(options.universe);
  const maker = createMaker({ universe, seed, issuers: issuersFor(population), mix });
  const startsAt = Math.floor(options.startsAt.getTime() / 1000) * 1000;
  const calendar = createCalendar(startsAt, newPerDay, endedPerDay, seed);

  // A few have more than a page of items, and nobody ever takes them: there always is one.
  const giants = Math.max(1, Math.round(population / 12_000));
  const giantEvery = Math.max(1, Math.floor(((longestDays - 1) / giants) * newPerDay));
  const isGiant = (index: number) => (index + giantEvery * 1_000_000) % giantEvery === 17;

  // A contract's mean time outstanding is what keeps the population at its size.
  const meanDays = population / endedPerDay;
  const quickDays = Math.min(1, meanDays / 2);
  const unsoldShare = (meanDays - quickDays) / (mean(durations) - quickDays);
  const auctionShare = Math.min(0.2, (0.015 * meanDays) / mean(auctionDurations));

  function endOf(index: number, kind: Kind, issuedAt: number, expiresAt: number): number {
    if (kind === "auction" || isGiant(index) || shareOf(seed, index, 23) < unsoldShare)
      return expiresAt;
    const days = -quickDays * Math.log(1 - shareOf(seed, index, 24));
    return Math.min(expiresAt, issuedAt + 1000 + Math.floor(days * 86_400) * 1000);
  }

  function lifeOf(index: number): Life {
    const kind = isGiant(index) ? "item_exchange" : maker.kindOf(index, auctionShare);
    const choices = kind === "auction" ? auctionDurations : durations;
    const days = isGiant(index) ? longestDays : durationAt(shareOf(seed, index, 25), choices);
    const issuedAt = calendar.issuedAt(index);
    const expiresAt = issuedAt + days * dayMs;
    const endsAt = endOf(index, kind, issuedAt, expiresAt);
    const regionId = isGiant(index) ? 10_000_002 : maker.regionOf(index, kind);
    const size = isGiant(index) ? 1204 : undefined;
    return { index, kind, regionId, issuedAt, expiresAt, endsAt, size };
  }

  const births = rememberingDays((day) => {
    const byRegion = new Map<number, Births>();
    const [first, next] = [calendar.firstOf(day), calendar.firstOf(day + 1)];
    for (let index = first; index < next; index += 1) {
      const { regionId, issuedAt, endsAt } = lifeOf(index);
      const known = byRegion.get(regionId) ?? [];
      known.push(index, issuedAt, endsAt);
      byRegion.set(regionId, known);
    }
    return byRegion;
  });

  function outstandingAt(regionId: number, at: Date): number[] {
    const time = at.getTime();
    const today = calendar.dayOf(time);
    const ids: number[] = [];
    for (let day = today - longestDays - 1; day <= today; day += 1) {
      const born = births(day).get(regionId) ?? [];
      for (let from = 0; from < born.length; from += 3) {
        const [index = 0, issuedAt = 0, endsAt = 0] = born.slice(from, from + 3);
        if (issuedAt <= time && time < endsAt) ids.push(maker.idOf(index));
      }
    }
    return ids;
  }

  return createWorldFrom({
    universe,
    market: createNewEdenMarket({
      universe,
      seed,
      values: maker.values,
      pools: maker.pools,
      orders: options.orders,
      now: options.startsAt,
    }),
    contract(contractId) {
      const index = maker.indexOf(contractId);
      return index === undefined ? undefined : maker.contractOf(lifeOf(index));
    },
    outstandingAt,
    nameOf: maker.issuers.nameOf,
    named: maker.issuers.named,
  });
}

/** Keeps the days that were asked for last: a month of them is read for every list. */
function rememberingDays<T>(make: (day: number) => T) {
  const kept = new Map<number, T>();

  return function dayOf(day: number): T {
    const known = kept.get(day);
    if (known !== undefined) return known;
    const made = make(day);
    const [oldest] = kept.keys();
    if (kept.size >= 40 && oldest !== undefined) kept.delete(oldest);
    kept.set(day, made);
    return made;
  };
}
