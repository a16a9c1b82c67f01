import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  bestPrice,
  type Lot,
  type MarketPrice,
  marketPriceOf,
} from "../../src/domain/price-rule.ts";

/** Lots of so many units each. */
const lots = (prices: readonly number[], volume = 1): Lot[] =>
  prices.map((price) => ({ price, volume }));

/** So many prices from one to another, in equal steps. */
const from = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + ((last - first) * index) / (count - 1));

type Market = Parameters<typeof marketPriceOf>[0];
const priced = ({ sells = [], buys = [] }: Partial<Market>, average: number | null = null) =>
  marketPriceOf({ sells, buys }, average);

const pricesOf = ({ sell, buy, average }: MarketPrice) => ({
  sell: sell?.price ?? null,
  buy: buy?.price ?? null,
  average,
});

const million = 1_000_000;

/** In cents, as all prices of the market are. */
const isk = fc.integer({ min: 1, max: 10 ** 13 }).map((amount) => amount / 100);
const someLots = fc.array(
  fc.record({ price: isk, volume: fc.integer({ min: 0, max: 2_147_483_647 }) }),
  { maxLength: 30 },
);
const someMarket = fc.record({ sells: someLots, buys: someLots });
const someAverage = fc.option(isk, { nil: null });

describe("bestPrice", () => {
  it.each<[string, { price: number; volume: number }[], number]>([
    ["one order, however small", [{ price: 7, volume: 1 }], 7],
    [
      "an order that is more than the best 5% alone",
      [
        { price: 10, volume: 6 },
        { price: 20, volume: 94 },
      ],
      10,
    ],
    [
      "exactly the best 5%",
      [
        { price: 10, volume: 5 },
        { price: 20, volume: 95 },
      ],
      10,
    ],
    // 5 of 100: 2 for 10, and 3 of those for 20.
    [
      "the order at the boundary in part",
      [
        { price: 20, volume: 98 },
        { price: 10, volume: 2 },
      ],
      16,
    ],
    // 10 of 200: 1 for 10, 3 for 20, 6 of those for 30.
    [
      "several orders, the last in part",
      [
        { price: 30, volume: 100 },
        { price: 10, volume: 1 },
        { price: 40, volume: 96 },
        { price: 20, volume: 3 },
      ],
      25,
    ],
    // 0.55 of 11: less than one piece.
    [
      "less than a piece",
      [
        { price: 3, volume: 1 },
        { price: 5, volume: 10 },
      ],
      3,
    ],
    // 1 of 20: nothing of the order without volume.
    [
      "nothing of an order of which nothing is left",
      [
        { price: 1, volume: 0 },
        { price: 3, volume: 20 },
      ],
      3,
    ],
  ])("of sellers takes %s", (_what, orders, expected) => {
    expect(bestPrice(orders, false)).toBe(expected);
  });

  it("of buyers takes those who pay most", () => {
    const orders = [
      { price: 10, volume: 98 },
      { price: 20, volume: 2 },
    ];

    expect(bestPrice(orders, true)).toBe(14);
  });

  it.each([
    ["no orders", []],
    [
      "orders of which nothing is left",
      [
        { price: 1, volume: 0 },
        { price: 2, volume: 0 },
      ],
    ],
  ])("is null of %s", (_what, orders) => {
    expect(bestPrice(orders, false)).toBeNull();
  });

  it("is rounded to whole cents", () => {
    const orders = [
      { price: 0.1, volume: 1 },
      { price: 0.2, volume: 59 },
    ];

    expect(bestPrice(orders, false)).toBe(0.17);
  });

  it("is never better than the best order with volume, nor worse than the worst", () => {
    fc.assert(
      fc.property(someLots, fc.boolean(), (orders, isBuy) => {
        const price = bestPrice(orders, isBuy);
        const prices = orders.filter(({ volume }) => volume > 0).map((order) => order.price);

        const isWithin =
          price !== null && price >= Math.min(...prices) && price <= Math.max(...prices);
        expect(prices.length === 0 ? price === null : isWithin).toBe(true);
      }),
    );
  });

  it("equals the price of buying or selling unit by unit", () => {
    const order = fc.record({
      price: fc.integer({ min: 1, max: 1000 }),
      volume: fc.integer({ min: 1, max: 40 }),
    });

    fc.assert(
      fc.property(
        fc.array(order, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (orders, isBuy) => {
          // Each piece in twenty parts: the best 5% are as many parts as there are pieces.
          const parts = orders.flatMap(({ price, volume }) =>
            Array.from({ length: volume * 20 }, () => price),
          );
          const best = parts
            .toSorted((a, b) => (isBuy ? b - a : a - b))
            .slice(0, parts.length / 20);
          const expected = best.reduce((sum, price) => sum + price, 0) / best.length;

          const price = bestPrice(orders, isBuy);

          expect(price).toBeCloseTo(expected, 2);
        },
      ),
    );
  });

  it("does not depend on the order in which orders come", () => {
    const shuffled = someLots.chain((orders) =>
      fc.tuple(
        fc.constant(orders),
        fc.shuffledSubarray(orders, { minLength: orders.length, maxLength: orders.length }),
      ),
    );

    fc.assert(
      fc.property(shuffled, fc.boolean(), ([orders, others], isBuy) => {
        expect(bestPrice(others, isBuy)).toBe(bestPrice(orders, isBuy));
      }),
    );
  });
});

describe("a well-stocked market", () => {
  const market = {
    sells: lots(from(50 * million, 51.9 * million, 20), 5),
    buys: lots(from(45 * million, 43.1 * million, 20), 5),
  };

  it.each([
    ["far below", 2_400_000],
    ["far above", 1_000 * million],
  ])("is trusted over an average that is %s", (_where, average) => {
    expect(priced(market, average)).toEqual({
      sell: { price: 50 * million, orders: 20, units: 100, isFirm: true },
      buy: { price: 45 * million, orders: 20, units: 100, isFirm: true },
      average: null,
      outliers: 0,
    });
  });

  it("keeps an average that it does not contradict", () => {
    expect(pricesOf(priced(market, 48 * million))).toEqual({
      sell: 50 * million,
      buy: 45 * million,
      average: 48 * million,
    });
  });

  it("rejects an average more than ten times above or below its middle price", () => {
    const sells = lots([1_000, 1_000, 1_000, 1_000, 1_000], 20);

    const averages = [100, 99.99, 10_000, 10_000.01];

    expect(averages.map((average) => priced({ sells }, average).average)).toEqual([
      100,
      null,
      10_000,
      null,
    ]);
  });

  it("does not reject an average just because buyers pay little", () => {
    const buys = lots(from(5, 4, 6), 100);

    expect(pricesOf(priced({ buys }, 1_000))).toEqual({ sell: null, buy: 5, average: 1_000 });
    expect(priced({ buys: lots(from(5, 4, 3), 100) }, 1_000).average).toBe(1_000);
    expect(priced({ buys: lots(from(50, 49, 6), 100) }, 4).average).toBeNull();
    expect(priced({ buys: lots(from(50, 49, 3), 100) }, 4).average).toBeNull();
  });

  it("is not moved by a huge order far from the others", () => {
    const huge = 2_147_483_647;

    expect(
      pricesOf(
        priced({
          sells: [...market.sells, { price: 500 * million, volume: huge }],
          buys: [...market.buys, { price: 0.01, volume: huge }],
        }),
      ),
    ).toEqual({ sell: 50 * million, buy: 45 * million, average: null });
  });
});

describe("one order of one unit", () => {
  it("does not set the price of nine others", () => {
    const sells = lots([10_100_000, ...from(100 * million, 108 * million, 9)]);

    const { sell, outliers } = priced({ sells }, 100 * million);

    expect(sell).toEqual({ price: 100 * million, orders: 9, units: 9, isFirm: false });
    expect(outliers).toBe(1);
  });

  it("does not set the price of nine others if there is no average", () => {
    const sells = lots([1, ...Array.from({ length: 9 }, () => 30 * million)]);

    expect(priced({ sells }).sell).toMatchObject({ price: 30 * million, orders: 9 });
  });

  it("sets the price of a thin side only if the next order is within 10%", () => {
    const sellOf = (best: number) => priced({ sells: lots([best, 110, 111, 112]) }).sell?.price;
    const buyOf = (best: number) => priced({ buys: lots([best, 100, 99, 98]) }).buy?.price;

    expect([100, 99.99].map(sellOf)).toEqual([100, 110]);
    expect([110, 110.01].map(buyOf)).toEqual([110, 100]);
  });

  it("sets the price of a side if it is the only order there", () => {
    expect(pricesOf(priced({ sells: lots([110]), buys: lots([90]) }, 100))).toEqual({
      sell: 110,
      buy: 90,
      average: 100,
    });
  });

  it("moves the price of a well-stocked side by at most a fifth", () => {
    const stocked = fc.record({
      price: fc.integer({ min: 100, max: 10 ** 9 }),
      lots: fc.array(
        fc.record({
          share: fc.integer({ min: 0, max: 30 }),
          volume: fc.integer({ min: 10, max: 5_000 }),
        }),
        { minLength: 10, maxLength: 40 },
      ),
    });

    fc.assert(
      fc.property(stocked, fc.boolean(), isk, someAverage, (side, isBuy, bait, average) => {
        const honest = side.lots.map(({ share, volume }) => ({
          price: side.price * (isBuy ? 1 - share / 100 : 1 + share / 100),
          volume,
        }));
        const priceOf = (those: readonly Lot[]) => {
          const market = isBuy ? { buys: those } : { sells: those };
          return priced(market, average)[isBuy ? "buy" : "sell"]?.price ?? Number.NaN;
        };

        const [before, after] = [priceOf(honest), priceOf([...honest, { price: bait, volume: 1 }])];

        expect(Math.abs(after / before - 1)).toBeLessThanOrEqual(0.2);
      }),
      { numRuns: 500 },
    );
  });
});

describe("an average", () => {
  it("decides which orders count on a side with fewer than five", () => {
    const sells = (count: number) => lots([...Array.from({ length: count }, () => 5), 90], 100);

    expect(priced({ sells: sells(3) }, 100).sell?.price).toBe(90);
    expect(priced({ sells: sells(4) }, 100).sell?.price).toBe(5);
  });

  it("decides which orders count on a side of any size if no three agree", () => {
    const sells = (third: number) => lots([2_000, 2_500, third, 20_000, 60_000, 180_000], 100);

    expect(pricesOf(priced({ sells: sells(9_000) }, 100))).toMatchObject({
      sell: null,
      average: 100,
    });
    expect(pricesOf(priced({ sells: sells(3_000) }, 100))).toMatchObject({
      sell: 2_000,
      average: null,
    });
  });

  it("prefers orders within three times its value if there are few", () => {
    const sellOf = (price: number) => priced({ sells: lots([price, 110], 100) }, 100).sell?.price;
    const buyOf = (price: number) => priced({ buys: lots([price, 90], 100) }, 100).buy?.price;

    expect([33.34, 33.33].map(sellOf)).toEqual([33.34, 110]);
    expect([300, 300.01].map(buyOf)).toEqual([300, 90]);
    expect(priced({ sells: lots([33.33], 100) }, 100).sell?.price).toBe(33.33);
  });

  it.each([
    [10, 10],
    [9.99, null],
    [1_000, 1_000],
    [1_000.01, null],
  ])("of 100 makes of one order at %d the price %s", (price, expected) => {
    expect(priced({ sells: lots([price]) }, 100).sell?.price ?? null).toBe(expected);
  });

  it("is overruled by three orders that agree, but not by two", () => {
    const market = (sells: number) => ({
      sells: lots(from(50, 52, sells)),
      buys: lots([45]),
    });

    expect(priced(market(2), 2).average).toBeNull();
    expect(pricesOf(priced({ sells: lots([50, 51]) }, 2))).toEqual({
      sell: null,
      buy: null,
      average: 2,
    });
  });

  it("is not overruled if sellers and buyers disagree", () => {
    const market = (buy: number) => ({ sells: lots([300, 301]), buys: lots([buy]) });

    expect(priced(market(100), 2).average).toBeNull();
    expect(priced(market(99), 2).average).toBe(2);
  });

  it.each([null, 0])("of %s is none", (average) => {
    expect(pricesOf(priced({ sells: lots([1]) }, average))).toEqual({
      sell: 1,
      buy: null,
      average: null,
    });
  });
});

describe("a firm price", () => {
  it.each<[string, Lot[], boolean]>([
    ["five orders of ten units", lots([10, 11, 12, 12, 12], 2), true],
    ["four orders", lots([10, 11, 12, 12], 100), false],
    ["nine units", [...lots([10, 11, 12, 12], 2), { price: 12, volume: 1 }], false],
    ["two prices", lots([10, 10, 10, 11, 11], 100), false],
    ["three prices, one of them not believed", lots([10, 10, 10, 11, 11, 90], 100), false],
  ])("has %s: it is %s", (_what, sells, expected) => {
    expect(priced({ sells }).sell?.isFirm).toBe(expected);
  });
});

describe("sellers and buyers", () => {
  it("never have prices that cross: the less certain side gives way", () => {
    const firm = lots([100, 101, 102, 103, 104], 100);

    const dearBuyer = priced({ sells: firm, buys: lots([150]) });
    const cheapSeller = priced({ sells: lots([50]), buys: firm });
    const both = priced({ sells: lots([50]), buys: lots([60]) });

    expect([dearBuyer, cheapSeller, both].map((each) => pricesOf(each))).toEqual([
      { sell: 100, buy: 100, average: null },
      { sell: cheapSeller.buy?.price, buy: cheapSeller.buy?.price, average: null },
      { sell: 50, buy: 50, average: null },
    ]);
    expect(cheapSeller.buy?.price).toBe(104);
  });

  it("never have prices that cross, in any market", () => {
    fc.assert(
      fc.property(someMarket, someAverage, (market, average) => {
        const { sell, buy } = marketPriceOf(market, average);

        expect((buy?.price ?? 0) <= (sell?.price ?? Infinity)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the prices of a market", () => {
  it("do not depend on the order in which orders come", () => {
    const shuffled = (each: fc.Arbitrary<Lot[]>) =>
      each.chain((those) =>
        fc.tuple(
          fc.constant(those),
          fc.shuffledSubarray(those, { minLength: those.length, maxLength: those.length }),
        ),
      );

    fc.assert(
      fc.property(
        shuffled(someLots),
        shuffled(someLots),
        someAverage,
        ([sells, otherSells], [buys, otherBuys], average) => {
          expect(marketPriceOf({ sells: otherSells, buys: otherBuys }, average)).toEqual(
            marketPriceOf({ sells, buys }, average),
          );
        },
      ),
    );
  });

  it("scale with all prices", () => {
    // Powers of two multiply doubles without rounding them, so that every comparison stays as it is.
    const times = fc.integer({ min: 1, max: 10 }).map((power) => 2 ** power);
    const grown = (those: readonly Lot[], by: number) =>
      those.map(({ price, volume }) => ({ price: price * by, volume }));

    fc.assert(
      fc.property(someMarket, someAverage, times, ({ sells, buys }, average, by) => {
        const once = marketPriceOf({ sells, buys }, average);
        const many = marketPriceOf(
          { sells: grown(sells, by), buys: grown(buys, by) },
          average === null ? null : average * by,
        );

        // Both are rounded to cents.
        const isScaled = (small: number | undefined, large: number | undefined) =>
          small === undefined ||
          Math.abs((large ?? 0) - small * by) <= 0.005 * (by + 1) + small * by * 1e-12;
        expect(isScaled(once.sell?.price, many.sell?.price)).toBe(true);
        expect(isScaled(once.buy?.price, many.buy?.price)).toBe(true);
        expect({ ...many, sell: many.sell?.orders, buy: many.buy?.orders, average: null }).toEqual({
          ...once,
          sell: once.sell?.orders,
          buy: once.buy?.orders,
          average: null,
        });
      }),
    );
  });
});
