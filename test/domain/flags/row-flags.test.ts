import { describe, expect, it } from "vitest";

import { rowFlagCodes } from "../../../src/domain/flags/flag.ts";
import { type RowFacts, rowFlags } from "../../../src/domain/flags/row-flags.ts";

const now = 1_772_366_400;

/** An item exchange in a highsec station of The Forge, of which nothing is wrong. */
const fine: RowFacts = {
  type: "item_exchange",
  status: "outstanding",
  price: 1_000_000,
  reward: 0,
  collateral: null,
  dateExpired: now + 86_400,
  itemCount: 1,
  requestedItemCount: 0,
  valueSell: 1_000_000,
  isFullyPriced: true,
  requestedValue: 0,
  cost: 1_000_000,
  topShare: 1,
  priceConfidence: "firm",
  hasBlueprintOriginal: false,
  hull: null,
  ends: [{ locationKind: "npc_station", securityClass: "highsec", isHighsecIsland: false }],
};

const flagsOf = (fields: Partial<RowFacts>) => rowFlags({ ...fine, ...fields }, now);
const codesOf = (fields: Partial<RowFacts>) => flagsOf(fields).map(({ code }) => code);
const asks = (price: number, fields: Partial<RowFacts> = {}) => ({ price, cost: price, ...fields });

const place = fine.ends[0];
if (!place) throw new Error("It has a place");

const unknown: Partial<RowFacts> = {
  price: null,
  reward: null,
  itemCount: null,
  requestedItemCount: null,
  valueSell: null,
  isFullyPriced: null,
  requestedValue: null,
  cost: null,
  topShare: null,
  priceConfidence: null,
  hasBlueprintOriginal: null,
  ends: [{ locationKind: null, securityClass: null, isHighsecIsland: null }],
};

describe("what is fine, or not known,", () => {
  it("raises no flag", () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf(unknown)).toEqual([]);
    expect(codesOf({ ...unknown, type: "courier", collateral: 5_000_000_000 })).toEqual([]);
    expect(codesOf({ ends: [] })).toEqual([]);
  });
});

describe("price_magnitude", () => {
  const hull = { listed: 5, medianAsk: 1_000_000 };

  it.each([
    ["8 times the median of 5", asks(8_000_000, { hull, isFullyPriced: false }), true],
    ["a little less", asks(7_999_999.99, { hull, isFullyPriced: false }), false],
    ["the median of 4", asks(9_000_000, { hull: { ...hull, listed: 4 } }), false],
    ["a median of 0", asks(5, { hull: { listed: 9, medianAsk: 0 }, isFullyPriced: false }), false],
    ["10 times the value", asks(10_000_000), true],
    ["a little less", asks(9_999_999.99), false],
    ["10 times what is priced of it", asks(10_000_000, { isFullyPriced: false }), false],
    ["anything for a value of 0", asks(1, { valueSell: 0 }), false],
    ["items worth 9 times the value too", asks(1_000_000, { cost: 10_000_000 }), true],
    [
      "items that cannot be priced",
      asks(1_000_000_000, { requestedItemCount: 1, cost: null }),
      false,
    ],
    ["a first bid of 10 times the value", asks(10_000_000, { type: "auction" }), true],
    // Asks 100 M, gives 50 M and a token: a buyer who pays half.
    [
      "items for half their price and a token",
      { price: 0, reward: 50_000_000, cost: 50_000_000, valueSell: 5, requestedItemCount: 1 },
      false,
    ],
    ["10 times the value and the reward", asks(0, { reward: 1_000_000, cost: 19_000_000 }), true],
    ["a little less", asks(0, { reward: 1_000_000, cost: 18_999_999.99 }), false],
  ])("of who asks %s", (_, fields, isRaised) => {
    expect(codesOf(fields)).toEqual(isRaised ? ["price_magnitude"] : []);
  });

  it.each([
    ["thin", "info"],
    ["average", "info"],
    [null, "info"],
    ["firm", "danger"],
  ] as const)("by a value that is %s is %s", (priceConfidence, severity) => {
    expect(flagsOf(asks(10_000_000, { priceConfidence }))).toMatchObject([{ severity }]);
  });

  it("is danger when compared with the median of other asks, however sure the market price is", () => {
    const flags = [true, false].flatMap((isFullyPriced) =>
      flagsOf(asks(80_000_000, { hull, isFullyPriced, priceConfidence: "thin" })),
    );

    expect(flags).toMatchObject([{ severity: "danger" }, { severity: "danger" }]);
  });

  it("shows both comparisons, with their numbers", () => {
    expect(flagsOf(asks(11_500_000, { hull: { listed: 14, medianAsk: 1_250_000 } }))).toEqual([
      {
        code: "price_magnitude",
        severity: "danger",
        detail:
          "Asks 9.2 times the median of 14 asks for this hull, 1,250,000 ISK. Costs 11.5 times what is offered is worth at Jita sell, 1,000,000 ISK",
        evidence: {
          ask: 11_500_000,
          median_ask: 1_250_000,
          listed: 14,
          times_median: 9.2,
          cost: 11_500_000,
          value_sell: 1_000_000,
          times_value: 11.5,
        },
      },
    ]);
  });

  it("tells the reward that it pays", () => {
    expect(flagsOf({ price: 0, reward: 1_000_000, cost: 19_000_000 })).toMatchObject([
      {
        detail:
          "Asks 10 times what it gives: 1,000,000 ISK at Jita sell, and a reward of 1,000,000 ISK",
        evidence: { cost: 19_000_000, value_sell: 1_000_000, reward: 1_000_000, times_value: 10 },
      },
    ]);
  });

  it("is not raised by the market's price of a blueprint original, which may be researched", () => {
    expect(codesOf({ ...asks(10_000_000), hasBlueprintOriginal: false })).toEqual([
      "price_magnitude",
    ]);
    expect(codesOf({ ...asks(10_000_000), hasBlueprintOriginal: true })).toEqual([]);
  });
});

describe("too_cheap", () => {
  it.each([
    ["less than a tenth of the value", asks(99_999.99), true],
    ["a tenth", asks(100_000), false],
    ["less than a tenth of what is priced of it", asks(5, { isFullyPriced: false }), false],
    ["a first bid under a tenth", asks(5, { type: "auction" }), false],
    ["little, and items worth more", asks(5, { cost: 900_000 }), false],
    ["items that cannot be priced", asks(5, { cost: null }), false],
    ["nothing for a value of 0", asks(5, { valueSell: 0, cost: -5 }), false],
    ["less than the reward it pays", asks(5, { reward: 10, cost: -5 }), true],
    ["items worth a tenth, for no ISK", asks(0, { cost: 100_000, requestedItemCount: 1 }), false],
    ["items worth less, for no ISK", asks(0, { cost: 99_999, requestedItemCount: 1 }), true],
    // Asks 100 M, gives 110 M and a token: a buyer who pays well.
    [
      "items for more than their price and a token",
      { price: 0, reward: 110_000_000, cost: -10_000_000, valueSell: 5, requestedItemCount: 1 },
      false,
    ],
    ["a tenth of the value and the reward", asks(5, { reward: 1_000_000, cost: -800_000 }), false],
    ["a little less", asks(5, { reward: 1_000_000, cost: -800_001 }), true],
  ])("of who asks %s", (_, fields, isRaised) => {
    expect(codesOf(fields)).toEqual(isRaised ? ["too_cheap"] : []);
  });

  it.each([
    ["thin", "info"],
    ["average", "info"],
    ["firm", "warning"],
  ] as const)("by a value that is %s is %s", (priceConfidence, severity) => {
    expect(flagsOf(asks(99_999, { priceConfidence }))).toMatchObject([{ severity }]);
  });

  it("tells its numbers", () => {
    expect(flagsOf(asks(5.5))).toMatchObject([
      {
        severity: "warning",
        detail: "Costs 5.5 ISK; what is offered is worth 1,000,000 ISK at Jita sell",
        evidence: { cost: 5.5, value_sell: 1_000_000 },
      },
    ]);
  });
});

describe("zero_price", () => {
  const wanted = { price: 0, requestedItemCount: 2, requestedValue: 5_000_000, cost: 5_000_000 };
  const gift = { price: 0, isFullyPriced: false };

  it.each([
    ["items for items", { ...wanted, valueSell: 5_000_000 }, false],
    ["items that cannot be priced", { ...wanted, requestedItemCount: 1, cost: null }, false],
    ["items for nothing", { ...wanted, valueSell: null }, false],
    ["items for a reward", { ...wanted, reward: 0.01, valueSell: null }, false],
    ["nothing for something priced", { ...gift, valueSell: 0.01 }, true],
    ["nothing, where no reward is told", { ...gift, reward: null, valueSell: 0.01 }, true],
    ["nothing, and pays a reward", { ...gift, reward: 0.01, valueSell: 5 }, false],
    ["what is not known yet", { ...gift, requestedItemCount: null }, false],
    ["nothing for what has no price", { ...gift, valueSell: null }, false],
    ["nothing for a value of 0", { ...gift, valueSell: 0 }, false],
    ["a cent", { ...gift, price: 0.01 }, false],
    ["an unknown price", { ...gift, price: null }, false],
    ["a first bid of 0", { ...gift, type: "auction" as const }, false],
  ])("of who asks %s", (_, fields, isRaised) => {
    expect(codesOf({ ...fields, isFullyPriced: false })).toEqual(isRaised ? ["zero_price"] : []);
  });

  it("tells what is offered", () => {
    expect(flagsOf({ ...gift, valueSell: 1_000_000 })).toMatchObject([
      {
        detail:
          "Has the price 0, asks for nothing, and offers what is worth 1,000,000 ISK at Jita sell",
        evidence: { price: 0, value_sell: 1_000_000 },
      },
    ]);
  });
});

describe("requested_unpriced", () => {
  it.each([
    ["items that cannot be priced", { requestedItemCount: 1, requestedValue: null }, true],
    ["items that can", { requestedItemCount: 1, requestedValue: 5 }, false],
    ["nothing", { requestedItemCount: 0, requestedValue: null }, false],
    ["what is not known yet", { requestedItemCount: null, requestedValue: null }, false],
  ])("of who asks for %s", (_, fields, isRaised) => {
    expect(codesOf({ ...fields, cost: null })).toEqual(isRaised ? ["requested_unpriced"] : []);
  });
});

describe("many_fillers", () => {
  it.each([
    [20, 0.9, true],
    [19, 0.9, false],
    [20, 0.8999, false],
    [1, 1, false],
    [1000, 1, true],
    [null, 1, false],
    [20, null, false],
  ])("of %s rows, one of which carries %s of the value", (itemCount, topShare, isRaised) => {
    expect(codesOf({ itemCount, topShare })).toEqual(isRaised ? ["many_fillers"] : []);
  });

  it("is not raised if a row has no price: it may be worth the most", () => {
    expect(codesOf({ itemCount: 48, topShare: 1, isFullyPriced: false })).toEqual([]);
  });

  it("shows the number of rows and the top share", () => {
    expect(flagsOf({ itemCount: 120, topShare: 0.955 })).toMatchObject([
      {
        detail: "One of 120 rows carries 95.5% of the value",
        evidence: { items: 120, top_share: 0.955 },
      },
    ]);
  });
});

describe("the flags of places", () => {
  it.each([
    ["structure_access_unknown", { locationKind: "structure" }],
    ["nullsec_location", { securityClass: "nullsec" }],
    ["wormhole_location", { securityClass: "wormhole" }],
    ["highsec_island", { isHighsecIsland: true }],
  ] as const)(
    "%s applies to the start, and to either end of a courier contract",
    (code, change) => {
      const there = { ...place, ...change };
      const evidenceOf = (...ends: RowFacts["ends"]) => flagsOf({ ends });

      expect(evidenceOf(there)).toMatchObject([{ code, evidence: { ends: ["start"] } }]);
      expect(evidenceOf(place, there)).toMatchObject([{ code, evidence: { ends: ["end"] } }]);
      expect(evidenceOf(there, place)).toMatchObject([{ code, evidence: { ends: ["start"] } }]);
      expect(evidenceOf(there, there)).toMatchObject([
        { code, evidence: { ends: ["start", "end"] } },
      ]);
      expect(evidenceOf(place, place)).toEqual([]);
    },
  );

  it("say in words where it is, and are not raised for lowsec", () => {
    const nullsec = { ...place, securityClass: "nullsec" as const };

    expect(flagsOf({ ends: [nullsec] })[0]?.detail).toBe("It is in nullsec");
    expect(flagsOf({ ends: [nullsec, place] })[0]?.detail).toBe("It starts in nullsec");
    expect(flagsOf({ ends: [nullsec, nullsec] })[0]?.detail).toBe("It starts and ends in nullsec");
    expect(codesOf({ ends: [{ ...place, securityClass: "lowsec" }] })).toEqual([]);
  });

  it("can be raised together, one of each kind", () => {
    const far = { locationKind: "structure", securityClass: "wormhole" } as const;

    expect(codesOf({ ends: [{ ...place, ...far }] })).toEqual([
      "structure_access_unknown",
      "wormhole_location",
    ]);
  });
});

describe("collateral_over_value", () => {
  const courier = (collateral: number | null, reward: number | null): Partial<RowFacts> => ({
    ...unknown,
    type: "courier",
    collateral,
    reward,
  });

  it.each([
    ["50 times the reward", courier(50_000_000, 1_000_000), false],
    ["a little more", courier(50_000_000.01, 1_000_000), true],
    ["anything without a reward", courier(1, 0), true],
    ["nothing without a reward", courier(0, 0), false],
    ["anything for what is not known", courier(1, null), false],
    ["what no courier has", { ...courier(9_000_000, 1), type: "item_exchange" as const }, false],
  ])("of a collateral of %s", (_, fields, isRaised) => {
    expect(codesOf(fields)).toEqual(isRaised ? ["collateral_over_value"] : []);
  });

  it("tells the ratio if there is one", () => {
    expect(flagsOf(courier(1_000_000_000, 4_000_000))).toMatchObject([
      {
        detail: "Has a collateral of 250 times the reward, 4,000,000 ISK",
        evidence: { collateral: 1_000_000_000, reward: 4_000_000, times_reward: 250 },
      },
    ]);
    expect(flagsOf(courier(5, 0))[0]?.evidence).toEqual({ collateral: 5, reward: 0 });
  });
});

describe("expires_soon", () => {
  it.each([
    ["3,599 s left", { dateExpired: now + 3599 }, true],
    ["an hour left", { dateExpired: now + 3600 }, false],
    ["little left, but gone", { dateExpired: now + 5, status: "gone" as const }, false],
    ["nothing left", { dateExpired: now - 5, status: "expired" as const }, false],
  ])("of who has %s", (_, fields, isRaised) => {
    expect(codesOf(fields)).toEqual(isRaised ? ["expires_soon"] : []);
  });

  it("tells the time left", () => {
    expect(flagsOf({ dateExpired: now + 754 })).toEqual([
      {
        code: "expires_soon",
        severity: "info",
        detail: "Expires in 12 min",
        evidence: { seconds_left: 754 },
      },
    ]);
  });
});

describe("the flags of a row", () => {
  it.each([
    ["a gift", { cost: 0, requestedItemCount: 0 }, 6],
    ["a barter", { cost: null, requestedItemCount: 1, requestedValue: null }, 5],
  ])("come in their one order, of %s", (_, fields, count) => {
    const nowhere = { locationKind: "structure", securityClass: "nullsec" } as const;
    const codes = codesOf({
      price: 0,
      ...fields,
      itemCount: 30,
      ends: [{ ...nowhere, isHighsecIsland: false }],
      dateExpired: now + 60,
    });

    expect(codes).toEqual(rowFlagCodes.filter((code) => codes.includes(code)));
    expect(codes).toHaveLength(count);
  });
});
