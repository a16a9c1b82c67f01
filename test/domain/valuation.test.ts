import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { TypePrice } from "../../src/domain/price-book.ts";
import {
  confidenceOf,
  isRevalued,
  type ItemPrice,
  type Priceable,
  type PriceConfidence,
  priceOf,
  type Valuation,
  valuationOf,
} from "../../src/domain/valuation.ts";

const aThing: Priceable = { isBlueprintCopy: false, isAbyssal: false };
const aMarket: TypePrice = { sell: 110, buy: 90, average: 100 };

const none = { sell: null, buy: null, sellSource: "none", buySource: "none" };

describe("priceOf", () => {
  it("is Jita's", () => {
    expect(priceOf(aThing, aMarket)).toEqual({
      sell: 110,
      buy: 90,
      sellSource: "jita",
      buySource: "jita",
      unpricedReason: null,
    });
  });

  it.each<[string, Partial<TypePrice>, Partial<ItemPrice>]>([
    [
      "nobody sells",
      { sell: null },
      { sell: 100, sellSource: "average", buy: 90, buySource: "jita" },
    ],
    [
      "nobody buys",
      { buy: null },
      { sell: 110, sellSource: "jita", buy: 100, buySource: "average" },
    ],
    [
      "nobody sells, and it is below what Jita pays: it is raised to that",
      { sell: null, buy: 120 },
      { sell: 120, sellSource: "average", buy: 120, buySource: "jita" },
    ],
    [
      "nobody buys, and it is above what Jita asks: it is lowered to that",
      { sell: 95, buy: null },
      { sell: 95, sellSource: "jita", buy: 95, buySource: "average" },
    ],
    [
      "nobody does either",
      { sell: null, buy: null },
      { sell: 100, sellSource: "average", buy: 100, buySource: "average" },
    ],
    [
      "nobody buys, and there is no average",
      { buy: null, average: null },
      { sell: 110, sellSource: "jita", buy: null, buySource: "none" },
    ],
  ])("says for each side that it is the average, if %s", (_where, market, expected) => {
    expect(priceOf(aThing, { ...aMarket, ...market })).toEqual({
      unpricedReason: null,
      ...expected,
    });
  });

  it.each<[string, Partial<Priceable>, TypePrice | undefined, string]>([
    ["a copy of a blueprint", { isBlueprintCopy: true }, aMarket, "blueprint_copy"],
    [
      "a copy of an unknown blueprint",
      { isBlueprintCopy: true, isAbyssal: null },
      aMarket,
      "blueprint_copy",
    ],
    ["an abyssal module", { isAbyssal: true }, aMarket, "abyssal"],
    ["a type that nobody knows", { isAbyssal: null }, aMarket, "unknown_type"],
    ["what no market knows", {}, undefined, "no_market"],
    ["what has no orders", {}, { sell: null, buy: null, average: null }, "no_market"],
    ["what has an average of zero", {}, { sell: null, buy: null, average: 0 }, "no_market"],
    // One buyer, whom nothing says not to be a trap.
    ["what only buyers know", {}, { sell: null, buy: 9e12, average: null }, "no_market"],
  ])("is none of %s", (_what, item, market, unpricedReason) => {
    expect(priceOf({ ...aThing, ...item }, market)).toEqual({ ...none, unpricedReason });
  });
});

describe("confidenceOf", () => {
  const depth = { orders: 5, units: 10, isFirm: true };

  it.each([
    ["jita", depth, "firm"],
    ["jita", { ...depth, isFirm: false }, "thin"],
    ["jita", undefined, "thin"],
    ["average", undefined, "average"],
    ["average", depth, "average"],
    ["none", undefined, null],
  ] as const)("of %s with %o is %s", (source, behind, expected) => {
    expect(confidenceOf(source, behind)).toBe(expected);
  });
});

type Item = { isIncluded: boolean; quantity: number; price: [number | null, number | null] };

const offered = (price: Item["price"], quantity = 1): Item => ({
  isIncluded: true,
  quantity,
  price,
});
const wanted = (price: Item["price"], quantity = 1): Item => ({
  isIncluded: false,
  quantity,
  price,
});

const valued = (...items: Item[]) =>
  valuationOf(items, ({ price: [sell, buy] }) => ({
    sell,
    buy,
    sellSource: sell === null ? "none" : "jita",
    buySource: buy === null ? "none" : "jita",
    unpricedReason: sell === null ? "no_market" : null,
  }));

const nothing: Valuation = {
  valueSell: null,
  valueBuy: null,
  pricedCount: 0,
  requestedValue: 0,
  topShare: null,
  priceConfidence: null,
};

describe("valuationOf", () => {
  it.each<[string, Item[], Partial<Valuation>]>([
    [
      "sums what is offered, piece by piece",
      [offered([10, 8]), offered([2, 1], 15)],
      { valueSell: 40, valueBuy: 23, pricedCount: 2, topShare: 0.75 },
    ],
    [
      "sums what has a price",
      [offered([10, 8]), offered([null, null])],
      { valueSell: 10, valueBuy: 8, pricedCount: 1, topShare: 1 },
    ],
    ["is null where nothing has a price", [offered([null, null]), offered([null, null])], {}],
    [
      "has no value at buy where nobody buys",
      [offered([10, null])],
      { valueSell: 10, pricedCount: 1, topShare: 1 },
    ],
    [
      "has the value at buy of what somebody buys",
      [offered([10, null]), offered([10, 8])],
      { valueSell: 20, valueBuy: 8, pricedCount: 2, topShare: 0.5 },
    ],
    [
      "takes what is asked for at sell",
      [offered([10, 8]), wanted([3, 2], 5), wanted([1, 1])],
      { valueSell: 10, valueBuy: 8, pricedCount: 1, requestedValue: 16, topShare: 1 },
    ],
    [
      "is null of what is asked for where one has no price",
      [wanted([3, 2]), wanted([null, null]), wanted([4, 2])],
      { requestedValue: null },
    ],
    ["is nothing of a contract without items", [], {}],
    [
      "has no noise of sums",
      [offered([0.1, 0.1], 3), offered([0.1, 0.2])],
      { valueSell: 0.4, valueBuy: 0.5, pricedCount: 2, topShare: 0.75 },
    ],
  ])("%s", (_name, items, expected) => {
    const { topShare, ...valuation } = valued(...items);

    const { topShare: expectedShare, ...rest } = {
      ...nothing,
      priceConfidence: expected.pricedCount ? "thin" : null,
      ...expected,
    };
    expect(valuation).toEqual(rest);
    expect(topShare === null).toBe(expectedShare === null);
    expect(topShare ?? 0).toBeCloseTo(expectedShare ?? 0, 12);
  });

  it.each<[string, boolean, PriceConfidence, PriceConfidence]>([
    ["offered", true, "firm", "firm"],
    ["offered", true, "thin", "thin"],
    ["offered", true, "average", "average"],
    ["asked for", false, "firm", "firm"],
    ["asked for", false, "thin", "thin"],
  ])("is as sure as its least sure price, next to one that is firm: %s, %s, %s", (...row) => {
    const [_what, isIncluded, confidence, expected] = row;
    const firm = { ...offered([10, 8]), confidence: "firm" };
    const other = { ...offered([1, 1]), isIncluded, confidence };

    const { priceConfidence } = valuationOf([firm, other], ({ price, confidence: how }) => ({
      sell: price[0],
      buy: price[1],
      sellSource: how === "average" ? "average" : "jita",
      buySource: "none",
      sellDepth: { orders: 5, units: 5, isFirm: how === "firm" },
      unpricedReason: null,
    }));

    expect(priceConfidence).toBe(expected);
  });

  it("never gives a lower value for one more item", () => {
    const price = fc.option(fc.integer({ min: 0, max: 10 ** 9 }), { nil: null });
    const item = fc
      .record({ sell: price, quantity: fc.integer({ min: 1, max: 1000 }) })
      .map(({ sell, quantity }) => offered([sell, sell], quantity));

    fc.assert(
      fc.property(fc.array(item, { maxLength: 10 }), item, (items, another) => {
        const [before, after] = [valued(...items), valued(...items, another)];
        expect(after.valueSell ?? 0).toBeGreaterThanOrEqual(before.valueSell ?? 0);
        expect(after.valueSell === null).toBe(after.pricedCount === 0);
        // No row is less than the average row.
        expect((after.topShare ?? 1) * Math.max(after.pricedCount, 1)).toBeGreaterThanOrEqual(
          1 - 1e-9,
        );
      }),
    );
  });
});

describe("isRevalued", () => {
  const before: Valuation = {
    valueSell: 1000,
    valueBuy: 500,
    pricedCount: 2,
    requestedValue: 200,
    topShare: 0.9,
    priceConfidence: "firm",
  };

  it.each<[string, Partial<Valuation>, boolean]>([
    ["nothing", {}, false],
    ["the value at sell up by 1%", { valueSell: 1010 }, false],
    ["the value at sell up by more", { valueSell: 1010.01 }, true],
    ["the value at sell down by 1%", { valueSell: 990 }, false],
    ["the value at sell down by more", { valueSell: 989.99 }, true],
    ["the value at buy by 1%", { valueBuy: 505 }, false],
    ["the value at buy by more", { valueBuy: 505.01 }, true],
    ["what is asked for by 1%", { requestedValue: 198 }, false],
    ["what is asked for by more", { requestedValue: 197.99 }, true],
    ["a value gone", { valueSell: null }, true],
    ["what is asked for without a price", { requestedValue: null }, true],
    ["how many have a price", { pricedCount: 1 }, true],
    ["how sure the prices are", { priceConfidence: "thin" }, true],
    ["only the share of the first", { topShare: 0.1 }, false],
  ])("of %s is %s", (_what, after, expected) => {
    expect(isRevalued(before, { ...before, ...after })).toBe(expected);
  });

  it.each([
    [null, null, false],
    [null, 1, true],
    [0, 0, false],
    [0, 0.01, true],
  ])("from %s to %s is %s", (from, to, expected) => {
    const of = (valueSell: number | null): Valuation => ({ ...before, valueSell });

    expect(isRevalued(of(from), of(to))).toBe(expected);
  });

  it("does not drift through a series of small steps, since each is compared with the stored value", () => {
    const steps = fc.array(fc.double({ min: 0.991, max: 1.009, noNaN: true }), { maxLength: 50 });

    fc.assert(
      fc.property(steps, (factors) => {
        let stored = before;
        let current = before;
        for (const factor of factors) {
          current = { ...current, valueSell: (current.valueSell ?? 0) * factor };
          if (isRevalued(stored, current)) stored = current;
        }
        const [kept, real] = [stored.valueSell ?? 0, current.valueSell ?? 0];
        expect(Math.abs(kept - real)).toBeLessThanOrEqual(kept * 0.01 + 1e-9);
      }),
    );
  });
});
