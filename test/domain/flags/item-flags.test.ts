import { describe, expect, it } from "vitest";

import { itemFlagCodes } from "../../../src/domain/flags/item-flags.ts";
import { asked, codesOf, flagsOf, item } from "./hulls.ts";

describe("asks_for_same_item", () => {
  it("is raised if a type is offered and asked for, with both quantities", () => {
    expect(
      flagsOf(
        null,
        item("Tritanium", { quantity: 10 }),
        item("Tritanium", { quantity: 5 }),
        asked("Tritanium", { quantity: 900 }),
        asked("PLEX"),
      ),
    ).toEqual([
      {
        code: "asks_for_same_item",
        evidence: {
          types: ["Tritanium"],
          type_ids: [34],
          offered_quantities: [15],
          requested_quantities: [900],
        },
      },
    ]);
  });

  it("is raised once for many types, and names the first few", () => {
    const all = ["Rifter", "Slasher", "Vexor", "Ishtar", "Caracal", "Astero", "PLEX"];

    const flags = flagsOf(
      null,
      ...all.map((name) => item(name)),
      ...all.map((name) => asked(name)),
    );

    expect(flags).toHaveLength(1);
    expect(flags[0]?.evidence["types"]).toHaveLength(5);
  });

  it("is not raised if the same item is only offered twice, or only asked for twice", () => {
    expect(codesOf(null, item("Rifter"), item("Rifter"), asked("PLEX"), asked("PLEX"))).toEqual([]);
  });

  it("tells the copy of a blueprint from its original", () => {
    const copy = { isBlueprintCopy: true };

    expect(codesOf(null, item("Rifter Blueprint", copy), asked("Rifter Blueprint"))).toEqual([]);
    expect(codesOf(null, item("Rifter Blueprint", copy), asked("Rifter Blueprint", copy))).toEqual([
      "asks_for_same_item",
    ]);
  });
});

describe("asks_for_same_item of a blueprint", () => {
  it("does not count copies together with the originals that are asked for", () => {
    const copies = item("Rifter Blueprint", { isBlueprintCopy: true, quantity: 5 });

    expect(
      flagsOf(null, item("Rifter Blueprint"), copies, asked("Rifter Blueprint", { quantity: 2 })),
    ).toMatchObject([{ evidence: { offered_quantities: [1], requested_quantities: [2] } }]);
  });
});

describe("modules_with_hull", () => {
  it("is raised by modules and rigs beside a hull, and counts them", () => {
    expect(
      flagsOf(
        null,
        item("Rifter"),
        item("Damage Control II", { quantity: 2 }),
        item("Multispectrum Shield Hardener II"),
        item("Medium Core Defense Field Extender I", { quantity: 3 }),
        item("Hobgoblin II", { quantity: 5 }),
      ),
    ).toEqual([
      {
        code: "modules_with_hull",
        evidence: { hulls: ["Rifter"], hull_type_ids: [587], modules: 3, rigs: 3 },
      },
    ]);
  });

  it.each([
    ["a hull alone", [item("Rifter")]],
    ["modules alone", [item("Damage Control II"), item("Medium Core Defense Field Extender I")]],
    ["a hull with drones, charges or a SKIN", [item("Rifter"), item("Hobgoblin II")]],
    ["a hull, where modules are asked for", [item("Rifter"), asked("Damage Control II")]],
    ["modules, where a hull is asked for", [asked("Rifter"), item("Damage Control II")]],
    ["a blueprint with modules", [item("Rifter Blueprint"), item("Damage Control II")]],
  ])("is not raised by %s", (_, items) => {
    expect(codesOf(null, ...items)).toEqual([]);
  });
});

describe("the flags of items", () => {
  it("come in the order of their bits", () => {
    const codes = codesOf(
      "Vexor Navy Issue",
      item("Vexor"),
      asked("Vexor"),
      item("Damage Control II"),
    );

    expect(codes).toEqual([
      "title_names_other_item",
      "lookalike_hull",
      "asks_for_same_item",
      "modules_with_hull",
    ]);
    expect(codes).toEqual(itemFlagCodes.filter((code) => codes.includes(code)));
  });

  it("keep the bits that are stored", () => {
    expect(itemFlagCodes.slice(0, 6)).toEqual([
      "title_names_other_item",
      "skin_not_ship",
      "blueprint_not_ship",
      "lookalike_hull",
      "asks_for_same_item",
      "modules_with_hull",
    ]);
  });
});
