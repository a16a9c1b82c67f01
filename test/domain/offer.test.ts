import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ContractItem } from "../../src/domain/item.ts";
import { isBlueprintOriginal } from "../../src/domain/item.ts";
import { type Offer, offerOf } from "../../src/domain/offer.ts";
import {
  aContractItem,
  hobgoblin,
  ishtar,
  rifter,
  rifterBlueprint,
  tritanium,
  typeOf,
} from "../support/contract-builders.ts";

const offer = (...items: Partial<ContractItem>[]): Offer =>
  offerOf(
    items.map((item, index) => aContractItem({ recordId: index + 1, ...item })),
    typeOf,
  );

const aCopy = (fields: Partial<ContractItem> = {}): Partial<ContractItem> => ({
  typeId: rifterBlueprint.typeId,
  isBlueprintCopy: true,
  runs: 5,
  materialEfficiency: 10,
  timeEfficiency: 20,
  ...fields,
});

const anOriginal = (fields: Partial<ContractItem> = {}): Partial<ContractItem> => ({
  ...aCopy(),
  isBlueprintCopy: false,
  runs: null,
  ...fields,
});

const nothingOffered: Offer = {
  itemCount: 0,
  requestedItemCount: 0,
  label: null,
  primaryTypeId: null,
  isShip: false,
  blueprintCount: 0,
  hasBlueprintCopy: false,
  hasBlueprintOriginal: false,
  blueprint: null,
  blueprints: [],
  hullTypeId: null,
  types: [],
};

describe("offerOf", () => {
  it("makes a ship of a contract for one ship", () => {
    expect(offer({ typeId: rifter.typeId })).toEqual({
      ...nothingOffered,
      itemCount: 1,
      label: "Rifter",
      primaryTypeId: rifter.typeId,
      isShip: true,
      hullTypeId: rifter.typeId,
      types: [rifter],
    });
  });

  it("makes no offer of nothing", () => {
    expect(offer()).toEqual(nothingOffered);
  });

  it("throws if a type is not resolved, even if it is only asked for", () => {
    expect(() => offer({}, { typeId: 99, isIncluded: false })).toThrow("Type 99 is not resolved");
  });

  it("tells each offered type once, in the order of what comes first", () => {
    const { types } = offer(
      { typeId: tritanium.typeId, quantity: 3 },
      { typeId: hobgoblin.typeId, quantity: 5 },
      { typeId: tritanium.typeId, quantity: 9 },
    );

    expect(types).toEqual([tritanium, hobgoblin]);
  });

  it("reads items without changing them", () => {
    const items = Object.freeze([
      Object.freeze(aContractItem({ recordId: 2, typeId: tritanium.typeId })),
      Object.freeze(aContractItem({ recordId: 1 })),
    ]);

    expect(offerOf(items, typeOf).primaryTypeId).toBe(rifter.typeId);
  });

  it("is the same whatever order the items come in", () => {
    const item = fc.record({
      recordId: fc.nat(1_000),
      typeId: fc.constantFrom(587, 12_005, 691, 34, 2456),
      quantity: fc.integer({ min: 1, max: 3 }),
      isIncluded: fc.boolean(),
      isBlueprintCopy: fc.boolean(),
    });
    const items = fc.uniqueArray(item, { selector: ({ recordId }) => recordId });
    const shuffled = items.chain((original) =>
      fc.tuple(
        fc.constant(original),
        fc.shuffledSubarray(original, { minLength: original.length }),
      ),
    );

    fc.assert(
      fc.property(shuffled, ([original, other]) => {
        expect(offerOf(other.map(aContractItem), typeOf)).toEqual(
          offerOf(original.map(aContractItem), typeOf),
        );
      }),
    );
  });
});

describe("the item that labels a contract", () => {
  it.each([
    ["the only one", [{ typeId: tritanium.typeId }], "Tritanium"],
    [
      "a ship before a larger quantity of something else",
      [{ typeId: tritanium.typeId, quantity: 1_000_000 }, { typeId: rifter.typeId }],
      "Rifter + 1 more",
    ],
    [
      "the larger quantity of two ships",
      [{ typeId: rifter.typeId }, { typeId: ishtar.typeId, quantity: 2 }],
      "Ishtar + 1 more",
    ],
    [
      "the larger quantity where there is no ship",
      [
        { typeId: tritanium.typeId, quantity: 4 },
        { typeId: hobgoblin.typeId, quantity: 5 },
      ],
      "Hobgoblin II + 1 more",
    ],
    [
      "the lower record id of equal quantities",
      [
        { typeId: ishtar.typeId, recordId: 8 },
        { typeId: rifter.typeId, recordId: 7 },
      ],
      "Rifter + 1 more",
    ],
  ])("is %s", (_what, items, label) => {
    expect(offer(...items).label).toBe(label);
  });

  it("counts rows, not quantities, into how many more there are", () => {
    const items = Array.from({ length: 13 }, () => ({ typeId: tritanium.typeId, quantity: 70 }));

    expect(offer(...items).label).toBe("Tritanium + 12 more");
  });
});

describe("what is asked for", () => {
  const asked = { typeId: ishtar.typeId, quantity: 9, isIncluded: false, itemId: null };

  it("is counted and has no other effect", () => {
    expect(offer(asked, asked)).toEqual({ ...nothingOffered, requestedItemCount: 2 });
  });

  it("neither labels a contract nor makes it a ship contract", () => {
    expect(offer(asked, { typeId: tritanium.typeId })).toEqual({
      ...nothingOffered,
      itemCount: 1,
      requestedItemCount: 1,
      label: "Tritanium",
      primaryTypeId: tritanium.typeId,
      types: [tritanium],
    });
  });

  it("is no blueprint on offer", () => {
    const copy = aCopy({ isIncluded: false });

    expect(offer(copy, anOriginal({ isIncluded: false }))).toEqual({
      ...nothingOffered,
      requestedItemCount: 2,
    });
  });

  it("does not stop the offered blueprint from being the only one", () => {
    expect(offer(anOriginal({ isIncluded: false }), aCopy()).blueprint).toEqual({
      isCopy: true,
      runs: 5,
      materialEfficiency: 10,
      timeEfficiency: 20,
    });
  });
});

describe("a lone hull", () => {
  const ship = { typeId: rifter.typeId };

  it.each<[string, Partial<ContractItem>[], number | null]>([
    ["is the ship that is all there is", [ship], rifter.typeId],
    ["is no ship of which there are two in a row", [{ ...ship, quantity: 2 }], null],
    ["is none of two rows", [ship, ship], null],
    ["comes with nothing else", [ship, { typeId: tritanium.typeId }], null],
    ["asks for nothing", [ship, { typeId: tritanium.typeId, isIncluded: false }], null],
    ["is not asked for", [{ ...ship, isIncluded: false }], null],
    ["is a ship", [{ typeId: tritanium.typeId }], null],
  ])("%s", (_what, items, expected) => {
    expect(offer(...items).hullTypeId).toBe(expected);
  });
});

describe("blueprints on offer", () => {
  it("know a copy by its flag, with runs and levels", () => {
    expect(offer(aCopy())).toEqual({
      itemCount: 1,
      requestedItemCount: 0,
      label: "Rifter Blueprint",
      primaryTypeId: rifterBlueprint.typeId,
      isShip: false,
      blueprintCount: 1,
      hasBlueprintCopy: true,
      hasBlueprintOriginal: false,
      blueprint: { isCopy: true, runs: 5, materialEfficiency: 10, timeEfficiency: 20 },
      blueprints: [
        {
          type: rifterBlueprint,
          isCopy: true,
          runs: 5,
          materialEfficiency: 10,
          timeEfficiency: 20,
        },
      ],
      hullTypeId: null,
      types: [rifterBlueprint],
    });
  });

  it("know an original by its category, without the flag", () => {
    const { hasBlueprintCopy, hasBlueprintOriginal, blueprintCount, blueprint } =
      offer(anOriginal());

    expect({ hasBlueprintCopy, hasBlueprintOriginal, blueprintCount, blueprint }).toEqual({
      hasBlueprintCopy: false,
      hasBlueprintOriginal: true,
      blueprintCount: 1,
      blueprint: { isCopy: false, runs: null, materialEfficiency: 10, timeEfficiency: 20 },
    });
  });

  it("have no runs if they are originals, even if runs were stored", () => {
    expect(offer(anOriginal({ runs: 3 })).blueprint?.runs).toBeNull();
  });

  it("are none if neither flag nor category says so", () => {
    const { blueprintCount, blueprint } = offer({ typeId: rifter.typeId, materialEfficiency: 10 });

    expect({ blueprintCount, blueprint }).toEqual({ blueprintCount: 0, blueprint: null });
  });

  it("count as the only blueprint beside items that are not blueprints", () => {
    const { blueprintCount, blueprint } = offer(aCopy(), { typeId: rifter.typeId });

    expect({ blueprintCount, runs: blueprint?.runs }).toEqual({ blueprintCount: 1, runs: 5 });
  });

  it.each([
    ["two copies", [aCopy(), aCopy({ runs: 7 })], true, false],
    ["a copy and an original", [aCopy(), anOriginal()], true, true],
    ["two originals", [anOriginal(), anOriginal()], false, true],
  ])("have no single blueprint to show if there are %s", (_what, items, hasCopy, hasOriginal) => {
    const { blueprintCount, blueprint, hasBlueprintCopy, hasBlueprintOriginal } = offer(...items);

    expect({ blueprintCount, blueprint, hasBlueprintCopy, hasBlueprintOriginal }).toEqual({
      blueprintCount: 2,
      blueprint: null,
      hasBlueprintCopy: hasCopy,
      hasBlueprintOriginal: hasOriginal,
    });
  });

  it.each([
    [true, false, rifterBlueprint],
    [false, true, rifterBlueprint],
    [false, false, rifter],
  ])("are original: %s with the flag %s on %o", (isOriginal, isBlueprintCopy, type) => {
    expect(isBlueprintOriginal({ isBlueprintCopy }, type)).toBe(isOriginal);
  });
});
