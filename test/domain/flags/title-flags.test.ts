import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { asked, codesOf, flagsOf, hullNames, item, types } from "./hulls.ts";

const other = "title_names_other_item";
const lookalike = "lookalike_hull";
const trit = item("Tritanium");

/** Words of trade, and parts of names. */
const oddWords = (
  "WTS|hull|Navy|Issue|Vexo|Rift|er|PLE|X|ship|1x|10/20|for sale|Shuttle|Night|mare|950m|or|+|" +
  "Guardian|SKIN|Blueprint"
).split("|");

describe("title_names_other_item", () => {
  it.each([
    "Charon",
    "Tengu",
    "Vedmak Hull",
    "https://evepraisal.com/a/12u1xs   Thanatos",
    "PLEX",
    "500 PLEX",
    "500x PLEX - cheap!",
    "WTS Tengu",
    "Tengu 950m",
    "Tengu for sale, 1.5 bil",
    "TENGU only 300,000,000 ISK",
    "Tengu 10% below Jita",
    "Brand new Tengu hull!!!",
    "★ Tengu ★",
    "Tengu, Charon",
    "Tengu or Charon",
    "WTS Nightmare",
    "1x Hound",
    "Probe hull",
    "Nightmare 500m",
    "2x plex",
  ])("is raised by %j if only Tritanium is offered", (title) => {
    expect(codesOf(title, trit)).toEqual([other]);
  });

  it.each([
    ["what else it may say is not known", "Optimal Incursion Nightmare"],
    ["nothing is named", "LOW MILES! ONLY USED ON SUNDAY DRIVES AROUND JITA!"],
    ["nothing is named", "21bil sell http://evepraisal.com/a/12u8mv"],
    ["nothing is named", "OBO."],
    ["the name stands in an address only", "https://zkillboard.com/ship/Tengu"],
    ["it is a blueprint", "9/10 CHARON BPO"],
    ["it is a blueprint", "Charon blueprint"],
    ["it is a blueprint", "Charon bpc 10 runs"],
    ["it is a blueprint", "Charon 10/20"],
    ["it is a blueprint", "Charon ME 10 TE 20"],
    ["it is a blueprint", "Charon copy"],
    ["it is a SKIN", "Tengu SKIN"],
    ["it asks", "WTB Tengu"],
    ["it asks", "want to buy Tengu"],
    ["it asks", "buying Charon"],
    ["it asks", "Looking for Tengu"],
    ["it asks", "Tengu?"],
    ["it compares", "better than a Tengu"],
    ["it compares", "not a Tengu"],
    ["it compares", "Rifter > Tengu"],
    ["things are for the ship", "rigs for Tengu"],
    ["things are for the ship", "for Tengu"],
    ["things are for the ship", "Tengu subs"],
    ["things are for the ship", "Tengu rigs"],
    ["things are for the ship", "Tengu ammo pack"],
    ["things are for the ship", "Tengu fit"],
    ["things are for the ship", "PVP Tengu"],
    ["a rolled value stands beside it", "Tengu 12.14 cpu"],
    ["a rolled value stands beside it", "Tengu 12.14"],
    ["a short name is no full one", "VNI"],
    ["the word is an ordinary one", "Nightmare"],
    ["the word is an ordinary one", "hound"],
    ["the word is an ordinary one", "a nightmare"],
    ["the word is an ordinary one", "My worst nightmare, take it"],
    ["the word is an ordinary one", "Retribution awaits"],
    ["a complex is a plex too", "10/10 plex"],
    ["a complex is a plex too", "plex"],
    ["it is a price", "PLEX price"],
    ["a complex is a plex too", "DED plex loot"],
  ])("is not raised where %s: %j", (_, title) => {
    expect(codesOf(title, trit)).toEqual([]);
  });

  it.each([
    ["Rifter", [item("Rifter")]],
    ["rifter", [item("Rifter"), trit]],
    ["Rifter + Slasher", [item("Rifter"), item("Slasher")]],
    ["Vexor", [item("Vexor Navy Issue")]],
    ["WTS Vexor", [item("Guardian-Vexor")]],
    ["WTS Probe", [item("Core Scanner Probe I")]],
    ["Tengu", [item("Tengu Core - Obfuscation Manifold")]],
    ["WTS Vexor", [item("Vexor Navy Issue IGC SKIN")]],
    ["Charon", [item("Charon Blueprint"), trit]],
    ["Rifter", [item("Rifter Krusual SKIN"), trit]],
  ])("is not raised by %j if what is offered has that in its name", (title, items) => {
    expect(codesOf(title, ...items)).toEqual([]);
  });

  it("is raised for the missing ones of several ships that are sold together", () => {
    expect(flagsOf("Rifter + Slasher", item("Rifter"))).toEqual([
      {
        code: other,
        evidence: {
          named: ["Slasher"],
          named_type_ids: [585],
          offered: ["Rifter"],
          offered_type_ids: [587],
          offered_rows: 1,
        },
      },
    ]);
    expect(codesOf("Rifter and Slasher", item("Rifter"))).toEqual([other]);
    expect(codesOf("Rifter & 2x Slasher", item("Rifter"))).toEqual([other]);
  });

  it.each(["Rifter / Slasher", "Rifter or Slasher", "Rifter, Slasher", "Rifter Slasher"])(
    "is not raised by %j if one of them is there, since the other may be sold elsewhere",
    (title) => {
      expect(codesOf(title, item("Rifter"))).toEqual([]);
    },
  );

  it("counts an ordinary word, or the word fit, only if a ship is offered", () => {
    const fitted = [item("Bestower"), item("Damage Control II")];

    expect(codesOf("Nightmare", item("Bestower"))).toEqual([other]);
    expect(codesOf("WTS Optimal Incursion Nightmare", ...fitted)).toContain(other);
    expect(codesOf("Rifter fit", ...fitted)).toContain(other);
    expect(codesOf("Rifter fit", item("Damage Control II"))).toEqual([]);
    expect(codesOf("Rifter", item("Damage Control II"))).toEqual([other]);
  });

  it("is not raised for what is asked for, or if nothing is offered", () => {
    expect(codesOf("Tengu", trit, asked("Tengu"))).toEqual([]);
    expect(codesOf("Tengu", asked("Tritanium"))).toEqual([]);
    expect(codesOf("Tengu")).toEqual([]);
    expect(codesOf(null, trit)).toEqual([]);
  });

  it("is not raised if the type of an item is unknown", () => {
    expect(codesOf("Tengu", { ...trit, typeId: 1 })).toEqual([]);
  });

  it("lists only the first few of many rows", () => {
    const items = types.slice(0, 8).map(({ name }) => item(name));

    const [flag] = flagsOf("Tengu", ...items);

    expect(flag?.evidence).toMatchObject({ offered_rows: 8 });
    expect(flag?.evidence["offered"]).toHaveLength(5);
  });
});

describe("skin_not_ship", () => {
  it("is raised if the title names a hull, and only its SKIN is offered", () => {
    expect(flagsOf("Rifter", item("Rifter Krusual SKIN"))).toEqual([
      {
        code: "skin_not_ship",
        evidence: {
          named: ["Rifter"],
          named_type_ids: [587],
          offered: ["Rifter Krusual SKIN"],
          offered_type_ids: [70_001],
          offered_rows: 1,
        },
      },
    ]);
    expect(codesOf("Vexor Navy Issue", item("Vexor Navy Issue IGC SKIN"))).toEqual([
      "skin_not_ship",
    ]);
    expect(codesOf("2x Rifter", item("Rifter Krusual SKIN", { quantity: 2 }))).toEqual([
      "skin_not_ship",
    ]);
  });

  it.each([
    ["Rifter SKIN", [item("Rifter Krusual SKIN")]],
    ["Rifter Krusual", [item("Rifter Krusual SKIN")]],
    ["Rifter", [item("Rifter Krusual SKIN"), item("Rifter")]],
    ["Rifter", [item("Rifter Krusual SKIN"), trit]],
    ["Vexor", [item("Vexor Navy Issue IGC SKIN")]],
    ["WTB Rifter", [item("Rifter Krusual SKIN")]],
  ])("is not raised by %j otherwise", (title, items) => {
    expect(codesOf(title, ...items)).toEqual([]);
  });
});

describe("blueprint_not_ship", () => {
  it.each([
    ["Charon", [item("Charon Blueprint")]],
    ["Charon", [item("Charon Blueprint", { isBlueprintCopy: true })]],
    ["Charon - 900m", [item("Charon Blueprint"), item("Charon Blueprint")]],
    ["WTS Charon!", [item("Charon Blueprint")]],
  ])("is raised by %j if only its blueprint is offered", (title, items) => {
    expect(codesOf(title, ...items)).toEqual(["blueprint_not_ship"]);
  });

  it.each([
    "9/10 CHARON BPO",
    "Charon BPC",
    "Charon Blue print",
    "Charon 10/20",
    "10 Charon",
    "Charon x5",
    "Charon 10 runs",
    "Charon, perfect original",
    "Charon 90%",
  ])("is not raised by %j, which may mean a blueprint", (title) => {
    expect(codesOf(title, item("Charon Blueprint"))).toEqual([]);
  });

  it("is not raised if anything else is offered too", () => {
    expect(codesOf("Charon", item("Charon Blueprint"), item("Charon"))).toEqual([]);
    expect(codesOf("Charon", item("Charon Blueprint"), item("Rifter Blueprint"))).toEqual([]);
    expect(codesOf("Vexor", item("Vexor Navy Issue Blueprint"))).toEqual([]);
  });
});

describe("lookalike_hull", () => {
  it("is raised if a variant is named but its base or a sister ship is offered", () => {
    expect(flagsOf("Vexor Navy Issue", item("Vexor"), trit)).toContainEqual({
      code: lookalike,
      evidence: {
        named: ["Vexor Navy Issue"],
        named_type_ids: [17_843],
        offered: ["Vexor"],
        offered_type_ids: [626],
        offered_rows: 1,
        base_type_id: 626,
      },
    });
    expect(codesOf("Vexor Navy Issue", item("Ishtar"))).toEqual([other, lookalike]);
    expect(codesOf("Caracal Navy Issue PVP fit", item("Caracal"))).toEqual([other, lookalike]);
    expect(codesOf("Rifter + Vexor Navy Issue", item("Rifter"), item("Vexor"))).toEqual([
      other,
      lookalike,
    ]);
  });

  it.each([
    ["Vexor Navy Issue", [item("Vexor Navy Issue")]],
    ["Vexor Navy Issue", [item("Vexor Navy Issue"), item("Vexor")]],
    ["Vexor Navy Issue / Vexor", [item("Vexor")]],
    ["cheaper than a Vexor Navy Issue", [item("Vexor")]],
    ["Vexor Navy", [item("Vexor")]],
    ["VNI", [item("Vexor")]],
    ["Vexor", [item("Vexor Navy Issue")]],
  ])("is not raised by %j over what it says", (title, items) => {
    expect(codesOf(title, ...items)).toEqual([]);
  });

  it("is not raised for a ship of another family", () => {
    expect(codesOf("Vexor Navy Issue", item("Caracal"))).toEqual([other]);
    expect(codesOf("Rifter", item("Slasher"))).toEqual([other]);
  });
});

describe("titles", () => {
  const holdsFullName = (title: string) =>
    hullNames.some((name) => title.toLowerCase().includes(name.toLowerCase()));
  const word = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.constantFrom(...oddWords),
  );
  const randomTitle = fc
    .array(word, { maxLength: 8 })
    .map((words) => words.join(" "))
    .filter((title) => !holdsFullName(title));
  const someItems = fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 5 });

  it("raise no flag without the full name of a ship", () => {
    fc.assert(
      fc.property(randomTitle, someItems, (title, offered) => {
        const items = offered.map(({ name }) => item(name));
        expect(codesOf(title, ...items)).toEqual(codesOf(null, ...items));
      }),
      { numRuns: 500 },
    );
  });

  it("raise no flag if they contain a word that is not about trade", () => {
    const stranger = fc.stringMatching(/^[a-z]{3,8}q$/);
    fc.assert(
      fc.property(fc.constantFrom(...hullNames), stranger, someItems, (name, odd, offered) => {
        const items = offered.map((type) => item(type.name));
        for (const title of [`${odd} ${name}`, `${name} ${odd}`, `WTS ${name} - ${odd}!`]) {
          expect(codesOf(title, ...items)).toEqual(codesOf(null, ...items));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("raise no flag if they name everything that is offered", () => {
    fc.assert(
      fc.property(someItems, fc.constantFrom(" + ", " / ", ", "), (offered, joint) => {
        const items = offered.map(({ name }) => item(name));
        const title = offered.map(({ name }) => name).join(joint);
        expect(codesOf(title, ...items)).toEqual(codesOf(null, ...items));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    `<script>alert("Tengu")</script>`,
    "'; drop table contracts; -- Tengu",
    '%Tengu_ AND "*',
    "Tengu\u202Eevil",
    "ТENGU",
    "Теngu",
    "Tengu\u0000\u0000x\u0007y",
    "\uD800Tengu\uDFFF ok",
    `Tengu ${"a".repeat(10_000)}`,
    "(".repeat(10_000),
    `${"1".repeat(5000)}.${"1".repeat(5000)} Tengu m`,
    "__proto__",
    "constructor",
    "toString hasOwnProperty",
  ])("raise no flag and break nothing if their text is hostile: %#", (title) => {
    expect(codesOf(title, trit)).toEqual([]);
  });

  it.each(["Tengu ", "1 ", "1.", "1,", "for ", "http://", "+", "' ", "x1", "\u0301", "million"])(
    "are handled in good time even if they repeat %j many times",
    (part) => {
      expect(codesOf(`Tengu ?${part.repeat(20_000)}`, trit)).toEqual([]);
    },
    2000,
  );
});
