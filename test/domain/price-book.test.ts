import { describe, expect, it } from "vitest";

import { type Order, priceBookOf } from "../../src/domain/price-book.ts";

let lastId = 6_900_000_000;

/** A seller of a hundred Rifters for a million, except for what is told. */
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

describe("priceBookOf", () => {
  it("leaves out and counts prices a thousand times above or below the average", () => {
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
      sellDepth: { orders: 1, units: 100, isFirm: false },
      buyDepth: { orders: 1, units: 100, isFirm: false },
      outliers: 2,
    });
  });

  it("takes only one of two sellers if there is no average", () => {
    const orders = [anOrder({ price: 1_100_000 }), anOrder({ price: 1_000, volume: 10_000 })];

    expect(priceOfRifter(orders)).toMatchObject({ sell: 1_000, buy: null, outliers: 1 });
  });

  it("has no price for a side of outliers alone", () => {
    expect(priceOfRifter([anOrder({ price: 1 })], 1_000_000)).toEqual({
      sell: null,
      buy: null,
      average: 1_000_000,
      outliers: 1,
    });
  });

  it("counts an order once even if it came on two pages, and an outlier too", () => {
    const [cheap, dear] = [anOrder({ price: 10, volume: 2 }), anOrder({ price: 20, volume: 98 })];
    const outlier = anOrder({ price: 1 });

    const once = priceOfRifter([cheap, dear, outlier], 20);
    const twice = priceOfRifter([cheap, outlier, cheap, dear, outlier, cheap], 20);

    expect(twice).toEqual(once);
    expect(once).toMatchObject({ sell: 16, outliers: 1 });
  });

  it("keeps types apart, and buyers apart from sellers", () => {
    const orders = [
      anOrder({ price: 5, isBuy: true }),
      anOrder({ price: 6 }),
      anOrder({ price: 7, typeId: 34 }),
    ];

    const { prices } = priceBookOf(orders, new Map([[12_005, 9]]));

    const sides = Array.from(prices, ([typeId, { sell, buy, average }]) => [
      typeId,
      [sell, buy, average],
    ]);
    expect(Object.fromEntries(sides)).toEqual({
      34: [7, null, null],
      587: [6, 5, null],
      12005: [null, null, 9],
    });
  });

  it("is not moved by a bait order of one unit", () => {
    const market = Array.from({ length: 20 }, () => anOrder({ price: 1_000_000, volume: 100 }));

    const { sell } = priceOfRifter([...market, anOrder({ price: 100_000, volume: 1 })], 1_000_000);

    expect(sell).toBe(1_000_000);
  });
});
