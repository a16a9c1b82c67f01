/**
 * A market whose true prices are known, with what spoils a real one: lures, jokes, lowballs, thin and
 * empty sides, huge volumes, averages that are wrong or missing. All of it follows from the seed.
 */
import type { Order } from "../../src/domain/price-book.ts";
import { createRandom, type Random } from "../esi-stand-in/random.ts";

export const marketKinds = ["deep", "shallow", "thin"] as const;
export type MarketKind = (typeof marketKinds)[number];

export type MadeType = {
  typeId: number;
  kind: MarketKind;
  orders: Order[];
  average: number | null;
  /** What it truly costs, and truly brings; null if no honest order says so. */
  truth: { sell: number | null; buy: number | null };
};

type Side = { isBuy: boolean; price: number; count: number; spread: number; units: number };
type Draft = Pick<Order, "isBuy" | "price" | "volume">;

const cents = (isk: number) => Math.max(0.01, Math.round(isk * 100) / 100);

/** Honest orders: the best one at the true price, the others ever worse, some of them much. */
function honest({ isBuy, price, count, spread, units }: Side, random: Random): Draft[] {
  let distance = 0;
  return Array.from({ length: count }, () => {
    const draft = {
      isBuy,
      price: cents(price * Math.exp(isBuy ? -distance : distance)),
      volume: random.between(1, units),
    };
    distance += -Math.log(1 - random.next()) * spread * (random.chance(0.1) ? 8 : 1);
    return draft;
  });
}

/** An order or two of a unit or so, far better than the market: bait, or a slip of the keyboard. */
function lures({ isBuy, price }: Side, random: Random): Draft[] {
  const count = random.chance(0.8) ? 1 : 2;
  return Array.from({ length: count }, () => {
    const share = 0.95 * Math.exp(-14 * random.next() ** 2);
    return {
      isBuy,
      price: cents(isBuy ? price / Math.max(share, 0.001) : price * share),
      volume: random.chance(0.8) ? 1 : random.between(1, 3),
    };
  });
}

/** Orders that nobody takes: sellers at many times the price, buyers at next to nothing. */
function jokes({ isBuy, price, count }: Side, random: Random): Draft[] {
  return Array.from({ length: random.between(1, Math.max(1, Math.floor(count / 3))) }, () => {
    const times = Math.exp(1 + random.next() * 8);
    const isHuge = random.chance(0.2);
    return {
      isBuy,
      price: cents(isBuy ? price / times : price * times),
      volume: isHuge ? 2_147_483_647 : random.between(1, 500),
    };
  });
}

function averageOf(value: number, random: Random): number | null {
  const chance = random.next();
  if (chance < 0.15) return null;
  if (chance < 0.18) return 0;
  const wrong = 15 * Math.exp(random.next() * 4);
  if (chance < 0.22) return cents(value / wrong);
  if (chance < 0.26) return cents(value * wrong);
  return cents(random.logNormal(value, 0.3));
}

const sizes: Record<MarketKind, { count: [number, number]; units: number; spread: number }> = {
  deep: { count: [15, 60], units: 2_000, spread: 0.01 },
  shallow: { count: [6, 20], units: 8, spread: 0.03 },
  thin: { count: [0, 4], units: 3, spread: 0.08 },
};

/** What is known of a type beforehand; the market is made around it. */
export type Known = { value: number; average: number | null };

function makeType(typeId: number, random: Random, known?: Known): MadeType {
  const kind = random.weighted<MarketKind>([
    [4, "deep"],
    [3, "shallow"],
    [3, "thin"],
  ]);
  const { count, units, spread } = sizes[kind];
  const value = known?.value ?? Math.exp(random.next() * 20);
  const gap = 0.02 + random.next() ** 3 * 0.6;
  const sides = [false, true].map((isBuy): Side => ({
    isBuy,
    price: cents(isBuy ? value * (1 - gap) : value),
    count: random.chance(0.1) ? 0 : random.between(...count),
    units: Math.max(1, Math.floor(units * (isBuy ? 1.5 : 1))),
    spread,
  }));
  const drafts = sides.flatMap((side) => {
    const isLured = random.chance(0.15);
    const isJoked = random.chance(0.4);
    return [
      ...honest(side, random),
      ...(isLured ? lures(side, random) : []),
      ...(isJoked ? jokes(side, random) : []),
    ];
  });
  const [sell, buy] = sides.map(({ count: orders, price }) => (orders > 0 ? price : null));
  return {
    typeId,
    kind,
    orders: drafts.map((draft, index) => ({ orderId: typeId * 1_000 + index, typeId, ...draft })),
    average: known ? known.average : averageOf(value, random),
    truth: { sell: sell ?? null, buy: buy ?? null },
  };
}

export function makeMarket(seed: number, types: number): MadeType[] {
  const random = createRandom(seed, 71);
  return Array.from({ length: types }, (_, index) => makeType(index + 1, random));
}

/** A market around prices that are known from elsewhere, with the averages that ESI had of them. */
export function makeMarketAround(seed: number, known: readonly Known[]): MadeType[] {
  const random = createRandom(seed, 72);
  return known.map((each, index) => makeType(index + 1, random, each));
}
