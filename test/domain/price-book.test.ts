import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bestPrice, isOutlier, type Order, priceBookOf } from "../../src/domain/price-book.ts";

let lastId = 6_900_000_000;

/** A seller of a hundred Rifters for a million, but for what is told. */
function anOrder(fields: Partial<Order> = {}): Order {
  lastId += 1;
  return {
    orderId: lastId,
    typeId: 587,
    isBuy: false,
    price: 1_000_000,
    volume: 100,
    ...fields,
  };
}

const priceOfRifter = (orders: readonly Order[], average?: number) => {
  const averages = new Map(average === undefined ? [] : [[587, average]]);
  const { prices, outliers } = priceBookOf(orders, averages);
  return { ...prices.get(587), outliers };
};

/** In cents, as all prices of the market are. */
const isk = fc.integer({ min: 1, max: 10 ** 13 }).map((cents) => cents / 100);
const someOrders = fc.array(
  fc
    .record({ price: isk, volume: fc.integer({ min: 0, max: 2_147_483_647 }) })
    .map((fields) => anOrder(fields)),
  { minLength: 1, maxLength: 30 },
);

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
    expect(
      bestPrice(
        orders.map((order) => anOrder(order)),
        false,
      ),
    ).toBe(expected);
  });

  it("of buyers takes those who pay most", () => {
    const orders = [
      { price: 10, volume: 98 },
      { price: 20, volume: 2 },
    ].map((order) => anOrder({ ...order, isBuy: true }));

    expect(bestPrice(orders, true)).toBe(14);
  });

  it.each([
    ["no orders", []],
    ["orders of which nothing is left", [anOrder({ volume: 0 }), anOrder({ volume: 0 })]],
  ])("is null of %s", (_what, orders) => {
    expect(bestPrice(orders, false)).toBeNull();
  });

  it("is in whole cents", () => {
    const orders = [anOrder({ price: 0.1, volume: 1 }), anOrder({ price: 0.2, volume: 59 })];

    expect(bestPrice(orders, false)).toBe(0.17);
  });

  it("is never better than the best order with volume, nor worse than the worst", () => {
    fc.assert(
      fc.property(someOrders, fc.boolean(), (orders, isBuy) => {
        const price = bestPrice(orders, isBuy);
        const prices = orders.filter(({ volume }) => volume > 0).map((order) => order.price);

        const isWithin =
          price !== null && price >= Math.min(...prices) && price <= Math.max(...prices);
        expect(prices.length === 0 ? price === null : isWithin).toBe(true);
      }),
    );
  });

  it("is what taking piece after piece says", () => {
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

          const price = bestPrice(
            orders.map((each) => anOrder({ ...each, isBuy })),
            isBuy,
          );

          expect(price).toBeCloseTo(expected, 2);
        },
      ),
    );
  });

  it("does not depend on the order of orders", () => {
    const shuffled = someOrders.chain((orders) =>
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

describe("isOutlier", () => {
  it.each([
    [10, false],
    [9.99, true],
    [1000, false],
    [1000.01, true],
    [100, false],
  ])("of %d beside an average of 100 is %s", (price, expected) => {
    expect(isOutlier(price, 100)).toBe(expected);
  });

  it.each([null, 0])("cannot be said beside an average of %s", (average) => {
    expect([0.01, 1e15].map((price) => isOutlier(price, average))).toEqual([false, false]);
  });
});

describe("priceBookOf", () => {
  it("leaves out, and counts, what is a thousandth or a thousand times the average", () => {
    const orders = [
      anOrder({ price: 1_100_000 }),
      anOrder({ price: 1_000 }),
      anOrder({ price: 900_000, isBuy: true }),
      anOrder({ price: 1_000_000_000, isBuy: true }),
    ];

    expect(priceOfRifter(orders, 1_000_000)).toEqual({
      sell: 1_100_000,
      buy: 900_000,
      average: 1_000_000,
      outliers: 2,
    });
  });

  it("takes what it finds where there is no average", () => {
    const orders = [anOrder({ price: 1_100_000 }), anOrder({ price: 1_000, volume: 10_000 })];

    expect(priceOfRifter(orders)).toEqual({ sell: 1_000, buy: null, average: null, outliers: 0 });
  });

  it("has no price for a side of outliers alone", () => {
    expect(priceOfRifter([anOrder({ price: 1 })], 1_000_000)).toEqual({
      sell: null,
      buy: null,
      average: 1_000_000,
      outliers: 1,
    });
  });

  it("counts an order once that came on two pages, be it an outlier", () => {
    const [cheap, dear] = [anOrder({ price: 10, volume: 2 }), anOrder({ price: 20, volume: 98 })];
    const outlier = anOrder({ price: 1 });

    const once = priceOfRifter([cheap, dear, outlier], 20);
    const twice = priceOfRifter([cheap, outlier, cheap, dear, outlier, cheap], 20);

    expect(twice).toEqual(once);
    expect(once).toMatchObject({ sell: 16, outliers: 1 });
  });

  it("keeps types and sides apart", () => {
    const orders = [
      anOrder({ price: 5, isBuy: true }),
      anOrder({ price: 6 }),
      anOrder({ price: 7, typeId: 34 }),
    ];

    expect(Object.fromEntries(priceBookOf(orders, new Map([[12_005, 9]])).prices)).toEqual({
      34: { sell: 7, buy: null, average: null },
      587: { sell: 6, buy: 5, average: null },
      12005: { sell: null, buy: null, average: 9 },
    });
  });

  it("is moved by one small order no further than its part of the best 5%", () => {
    const market = Array.from({ length: 20 }, () => anOrder({ price: 1_000_000, volume: 100 }));

    const { sell } = priceOfRifter([...market, anOrder({ price: 100_000, volume: 1 })], 1_000_000);

    // One of 100.05 pieces.
    expect(sell).toBe(991_004.5);
  });
});
