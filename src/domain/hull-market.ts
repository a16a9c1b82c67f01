import type { EpochMs, EpochSeconds } from "../lib/time.ts";

/**
 * The price of a lone hull: an item exchange that offers one ship and nothing else, and asks only
 * for ISK. Only such asks can be compared by price alone.
 */
export type Ask = {
  contractId: number;
  price: number;
  dateExpired: EpochSeconds;
  regionId: number;
};

/** The asks that have not expired. */
export const liveAsks = (asks: readonly Ask[], now: EpochMs): Ask[] =>
  asks.filter(({ dateExpired }) => dateExpired * 1000 > now);

/**
 * The value at a percentile (between 0 and 1) of sorted numbers. It interpolates linearly between
 * neighbours (R's type 7). Null if there are no numbers.
 */
export function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - below);
}

export type AskStatistics = {
  listed: number;
  lowestAsk: number | null;
  p25Ask: number | null;
  medianAsk: number | null;
};

export function statisticsOf(asks: readonly Pick<Ask, "price">[]): AskStatistics {
  const prices = asks.map(({ price }) => price).toSorted((a, b) => a - b);
  return {
    listed: prices.length,
    lowestAsk: prices[0] ?? null,
    p25Ask: percentile(prices, 0.25),
    medianAsk: percentile(prices, 0.5),
  };
}

/** Where a price ranks among asks. Null if there are none. */
export type HullStanding = {
  /** 1 is the lowest; equal asks share a rank. */
  rank: number;
  listed: number;
  /** Share of the asks that are strictly lower. */
  percentile: number;
};

export function standingOf(
  price: number,
  asks: readonly Pick<Ask, "price">[],
): HullStanding | null {
  if (asks.length === 0) return null;
  const lower = asks.filter((ask) => ask.price < price).length;
  return { rank: lower + 1, listed: asks.length, percentile: lower / asks.length };
}
