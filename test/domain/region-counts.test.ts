import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { contractTypes } from "../../src/domain/contract.ts";
import { type Countable, count, countAll, noCounts } from "../../src/domain/region-counts.ts";

const anExchange = (fields: Partial<Countable> = {}): Countable => ({
  type: "item_exchange",
  isShip: null,
  isSystemKnown: true,
  isPending: false,
  ...fields,
});

const countable = fc.record({
  type: fc.constantFrom(...contractTypes),
  isShip: fc.constantFrom(true, false, null),
  isSystemKnown: fc.boolean(),
  isPending: fc.boolean(),
});
const countables = fc.array(countable);

const none = { all: 0, ships: 0, shipless: 0 };
const noneByType = { item_exchange: none, auction: none, courier: none, loan: none, unknown: none };

describe("region counts", () => {
  it("start at zero", () => {
    expect(noCounts()).toEqual({
      byType: noneByType,
      unknownSystemByType: noneByType,
      itemsPending: 0,
    });
  });

  it("count ships, the shipless, and what is not known yet", () => {
    const counts = countAll([
      anExchange({ isShip: true }),
      anExchange({ isShip: false }),
      anExchange({ isShip: false }),
      anExchange({ isShip: null, isPending: true }),
    ]);

    expect(counts).toEqual({
      byType: { ...noneByType, item_exchange: { all: 4, ships: 1, shipless: 2 } },
      unknownSystemByType: noneByType,
      itemsPending: 1,
    });
  });

  it("count contracts without a known system in the total, and also apart", () => {
    const counts = countAll([
      anExchange({ type: "courier" }),
      anExchange({ type: "courier", isSystemKnown: false }),
      anExchange({ isShip: true, isSystemKnown: false }),
    ]);

    expect(counts).toEqual({
      byType: {
        ...noneByType,
        item_exchange: { all: 1, ships: 1, shipless: 0 },
        courier: { all: 2, ships: 0, shipless: 0 },
      },
      unknownSystemByType: {
        ...noneByType,
        item_exchange: { all: 1, ships: 1, shipless: 0 },
        courier: { all: 1, ships: 0, shipless: 0 },
      },
      itemsPending: 0,
    });
  });

  it("count many at once as they would one by one", () => {
    const times = fc.integer({ min: 0, max: 20 });

    fc.assert(
      fc.property(countable, times, (contract, many) => {
        const counts = noCounts();
        count(counts, contract, many);
        expect(counts).toEqual(countAll(Array.from({ length: many }, () => contract)));
      }),
    );
  });

  it("return to what they were if everything added is taken out, in any order", () => {
    const withOrder = countables.chain((added) =>
      fc.tuple(
        fc.constant(added),
        fc.shuffledSubarray(added, { minLength: added.length, maxLength: added.length }),
      ),
    );

    fc.assert(
      fc.property(countables, withOrder, (before, [added, removed]) => {
        const counts = countAll(before);
        for (const contract of added) count(counts, contract, 1);
        for (const contract of removed) count(counts, contract, -1);
        expect(counts).toEqual(countAll(before));
      }),
    );
  });

  it("do not depend on the order", () => {
    const shuffled = countables.chain((contracts) =>
      fc.tuple(
        fc.constant(contracts),
        fc.shuffledSubarray(contracts, { minLength: contracts.length }),
      ),
    );

    fc.assert(
      fc.property(shuffled, ([contracts, others]) => {
        expect(countAll(others)).toEqual(countAll(contracts));
      }),
    );
  });

  it("add up to how many there are", () => {
    fc.assert(
      fc.property(countables, (contracts) => {
        const { byType, unknownSystemByType, itemsPending } = countAll(contracts);
        const sum = (tallies: typeof byType) =>
          contractTypes.reduce((total, type) => total + tallies[type].all, 0);
        expect([sum(byType), sum(unknownSystemByType), itemsPending]).toEqual([
          contracts.length,
          contracts.filter(({ isSystemKnown }) => !isSystemKnown).length,
          contracts.filter(({ isPending }) => isPending).length,
        ]);
      }),
    );
  });

  it("are independent of other counts", () => {
    const [one, other] = [noCounts(), noCounts()];

    count(one, anExchange({ isSystemKnown: false }), 1);

    expect(other).toEqual(noCounts());
    expect(one.byType.auction).toEqual(none);
  });
});
