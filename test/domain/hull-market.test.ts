import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  type Ask,
  liveAsks,
  percentile,
  standingOf,
  statisticsOf,
} from "../../src/domain/hull-market.ts";

const priced = (...prices: number[]) => prices.map((price) => ({ price }));

/** Hyndman and Fan's seventh, word for word: of n numbers, h = (n - 1) p + 1, and x counts from 1. */
function slowPercentile(numbers: readonly number[], share: number): number {
  const x = [Number.NaN, ...numbers.toSorted((a, b) => a - b)];
  const h = (numbers.length - 1) * share + 1;
  let below = 1;
  while (below + 1 <= h) below += 1;
  const low = x[below] ?? Number.NaN;
  const high = x[Math.min(below + 1, numbers.length)] ?? Number.NaN;
  return low + (h - below) * (high - low);
}

describe("percentile", () => {
  it.each<[number[], number, number | null]>([
    [[], 0.5, null],
    [[7], 0.25, 7],
    [[1, 2], 0.5, 1.5],
    [[1, 2, 3], 0.5, 2],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4, 10], 0.25, 2],
    [[1, 2, 3, 4, 10], 1, 10],
    [[1, 2, 3, 4, 10], 0, 1],
    [[1, 2, 3, 4, 10], 0.9, 7.6],
  ])("of %j at %d is %d, as R's quantile says", (numbers, share, expected) => {
    const found = percentile(numbers, share);

    expect(found === null).toBe(expected === null);
    expect(found ?? 0).toBeCloseTo(expected ?? 0, 12);
  });

  it("matches R's quantile type 7 for any numbers", () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 10 ** 12 }), {
      minLength: 1,
      maxLength: 40,
    });
    const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

    fc.assert(
      fc.property(numbers, share, (values, at) => {
        const sorted = values.toSorted((a, b) => a - b);
        const found = percentile(sorted, at) ?? Number.NaN;
        const expected = slowPercentile(values, at);

        expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected * 1e-9 + 1e-6);
        expect(found).toBeGreaterThanOrEqual(sorted[0] ?? 0);
        expect(found).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
      }),
    );
  });
});

describe("statisticsOf", () => {
  it("counts, and tells the lowest, the quarter and the middle, in whatever order asks come", () => {
    expect(statisticsOf(priced(10, 1, 4, 3, 2))).toEqual({
      listed: 5,
      lowestAsk: 1,
      p25Ask: 2,
      medianAsk: 3,
    });
  });

  it("has no statistics if there are no asks", () => {
    expect(statisticsOf([])).toEqual({
      listed: 0,
      lowestAsk: null,
      p25Ask: null,
      medianAsk: null,
    });
  });
});

describe("standingOf", () => {
  const asks = priced(5, 10, 10, 20);

  it.each([
    [5, 1, 0],
    [10, 2, 0.25],
    [20, 4, 0.75],
    [7, 2, 0.25],
    [99, 5, 1],
  ])("of %d among 5, 10, 10 and 20 is rank %d, with %d lower", (price, rank, share) => {
    expect(standingOf(price, asks)).toEqual({ rank, listed: 4, percentile: share });
  });

  it("is none if there are no asks", () => {
    expect(standingOf(5, [])).toBeNull();
  });

  it("is its place among the sorted asks, and equal asks share the first place", () => {
    const prices = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 30 });

    fc.assert(
      fc.property(prices, (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        for (const value of values) {
          const lower = sorted.indexOf(value);
          expect(standingOf(value, priced(...values))).toEqual({
            rank: lower + 1,
            listed: values.length,
            percentile: lower / values.length,
          });
        }
      }),
    );
  });
});

describe("liveAsks", () => {
  it("leaves out asks that end at this exact time or earlier", () => {
    const ask = (contractId: number, dateExpired: number): Ask => ({
      contractId,
      price: 1,
      dateExpired,
      regionId: 10_000_002,
    });
    const asks = [ask(1, 99), ask(2, 100), ask(3, 101)];

    const idsAt = (now: number) => liveAsks(asks, now).map(({ contractId }) => contractId);

    expect([idsAt(99_999), idsAt(100_000), idsAt(100_001)]).toEqual([[2, 3], [3], [3]]);
  });
});
