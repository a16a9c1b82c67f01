/** What is read of the rows that ESI sends, and what of them is none. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";

import { contractTypes, type ListedContract } from "../../src/domain/contract.ts";
import { contractTypeOf, parseContractRow } from "../../src/esi/contract-row.ts";
import { itemFromRow } from "../../src/esi/item-row.ts";
import {
  auctionDatesSchema,
  bidsSchema,
  contractRowSchema,
  itemsSchema,
  namesSchema,
  systemSchema,
  typeSchema,
} from "../../src/esi/schema.ts";

type Row = Record<string, unknown>;

/** All that ESI's specification requires of a row. */
const required = {
  contract_id: 230_000_001,
  type: "item_exchange",
  issuer_id: 2_112_000_001,
  issuer_corporation_id: 98_000_001,
  date_issued: "2041-03-01T12:00:00Z",
  date_expired: "2041-03-29T12:00:00Z",
} satisfies Row;

/** Each field that ESI may send, with a value that means something. */
const optional = {
  title: "Rifter, fitted",
  for_corporation: true,
  start_location_id: 60_003_760,
  end_location_id: 60_008_494,
  price: 1_000_000.25,
  buyout: 2_000_000.5,
  reward: 5_000.75,
  collateral: 100_000_000.01,
  volume: 27_289.1,
  days_to_complete: 3,
} satisfies Row;

const full: Row = { ...required, ...optional };

const without = (row: Row, key: string): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));

const bare: ListedContract = {
  contractId: 230_000_001,
  type: "item_exchange",
  title: null,
  price: null,
  reward: null,
  collateral: null,
  volume: null,
  buyout: null,
  daysToComplete: null,
  dateIssued: Date.parse("2041-03-01T12:00:00Z") / 1000,
  dateExpired: Date.parse("2041-03-29T12:00:00Z") / 1000,
  forCorporation: false,
  issuerId: 2_112_000_001,
  issuerCorporationId: 98_000_001,
  startLocationId: null,
  endLocationId: null,
};

describe("a row with what is required and no more", () => {
  it.each([...contractTypes])("is a contract of type %s with little known about it", (type) => {
    expect(parseContractRow({ ...required, type })).toEqual({ ...bare, type });
  });
});

describe("a row with every field", () => {
  const common = {
    ...bare,
    title: "Rifter, fitted",
    volume: 27_289.1,
    forCorporation: true,
    startLocationId: 60_003_760,
  };

  it.each([
    ["item_exchange", { price: 1_000_000.25, reward: 5_000.75 }],
    ["auction", { price: 1_000_000.25, buyout: 2_000_000.5 }],
    [
      "courier",
      {
        reward: 5_000.75,
        collateral: 100_000_000.01,
        daysToComplete: 3,
        endLocationId: 60_008_494,
      },
    ],
    ["loan", { price: 1_000_000.25, reward: 5_000.75 }],
    ["unknown", { price: 1_000_000.25, reward: 5_000.75 }],
  ] as const)("keeps the fields that mean something for type %s", (type, meant) => {
    expect(parseContractRow({ ...full, type })).toEqual({ ...common, ...meant, type });
  });

  it.each([
    ["title", { title: null }],
    ["for_corporation", { forCorporation: false }],
    ["start_location_id", { startLocationId: null }],
    ["end_location_id", { endLocationId: null }],
    ["price", { price: null }],
    ["buyout", { buyout: null }],
    ["reward", { reward: null }],
    ["collateral", { collateral: null }],
    ["volume", { volume: null }],
    ["days_to_complete", { daysToComplete: null }],
  ])("lacks only %s if that is absent", (key, absent) => {
    for (const type of contractTypes) {
      const whole = parseContractRow({ ...full, type });

      expect(parseContractRow({ ...without(full, key), type })).toEqual({ ...whole, ...absent });
    }
  });

  it.each(Object.keys(required))("is not a contract if %s is absent", (key) => {
    expect(parseContractRow(without(full, key))).toBeNull();
  });

  it.each(Object.keys(required))("is not a contract if %s is null", (key) => {
    expect(parseContractRow({ ...full, [key]: null })).toBeNull();
  });

  it.each(Object.keys(optional))("loses only %s if that cannot be read", (key) => {
    const bad: unknown[] = [null, {}, [], key === "title" ? 7 : "many", Number.NaN];
    for (const type of contractTypes) {
      const whole = parseContractRow({ ...without(full, key), type });
      for (const value of bad) {
        let oddFields = 0;
        const read = parseContractRow({ ...full, type, [key]: value }, (fields) => {
          oddFields += fields;
        });

        expect(read).toEqual(whole);
        expect(oddFields).toBe(1);
      }
    }
  });

  it("does not count absent or good fields as odd", () => {
    const told: number[] = [];
    const tell = (fields: number) => told.push(fields);
    parseContractRow(required, tell);
    parseContractRow(full, tell);
    parseContractRow({ ...full, price: -1, volume: -1, title: 7 }, tell);
    parseContractRow({ ...full, price: -1, issuer_id: 0 }, tell);

    expect(told).toEqual([0, 0, 3]);
  });

  it("ignores unknown fields", () => {
    const row = { ...required, availability: "public", nested: { deeper: [1, null] } };

    expect(parseContractRow(row)).toEqual(bare);
  });
});

describe("the fillers that ESI sends", () => {
  const zeros = { price: 0, buyout: 0, reward: 0, collateral: 0, volume: 0, days_to_complete: 0 };

  it.each([
    // A price or a reward of nothing is one; a buyout of nothing is none.
    ["item_exchange", { price: 0, reward: 0, volume: 0 }],
    ["auction", { price: 0, volume: 0 }],
    ["courier", { reward: 0, collateral: 0, daysToComplete: 0, volume: 0 }],
    ["loan", { price: 0, reward: 0, volume: 0 }],
    ["unknown", { price: 0, reward: 0, volume: 0 }],
  ] as const)("are told apart from real zeros for type %s", (type, meant) => {
    expect(parseContractRow({ ...required, ...zeros, type })).toEqual({ ...bare, ...meant, type });
  });

  it("do not hide a reward that an item exchange pays", () => {
    const row = { ...required, price: 0, reward: 1_000_000 };

    expect(parseContractRow(row)).toEqual({ ...bare, price: 0, reward: 1_000_000 });
  });

  it("do not hide the smallest possible buyout", () => {
    const row = { ...required, type: "auction", buyout: 0.01 };

    expect(parseContractRow(row)).toEqual({ ...bare, type: "auction", buyout: 0.01 });
  });
});

describe("a type that we do not know", () => {
  it.each(["barter", "", "ITEM_EXCHANGE", "item_exchange ", "__proto__", "constructor"])(
    "becomes unknown, and its contract is still listed: %j",
    (type) => {
      expect(parseContractRow({ ...required, type })).toEqual({ ...bare, type: "unknown" });
    },
  );

  it.each([null, 1, true, ["courier"], {}])(
    "makes the row invalid if it is not text: %j",
    (type) => {
      expect(parseContractRow({ ...required, type })).toBeNull();
    },
  );

  it("is told apart from the types that we know", () => {
    expect(contractTypes.map(contractTypeOf)).toEqual([...contractTypes]);
  });
});

describe("what is no row", () => {
  it.each([null, undefined, 7, "row", [], [required], true])(
    "is not read as a contract: %j",
    (row) => {
      expect(parseContractRow(row)).toBeNull();
    },
  );
});

describe("numbers in a row", () => {
  const idFields = [
    ["contract_id", "contractId"],
    ["issuer_id", "issuerId"],
    ["issuer_corporation_id", "issuerCorporationId"],
    ["start_location_id", "startLocationId"],
  ] as const;

  it.each(idFields)("may be 64-bit ids in %s", (key, name) => {
    const ids = [1, 2 ** 31 - 1, 2 ** 31, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER];

    expect(ids.map((id) => parseContractRow({ ...required, [key]: id })?.[name])).toEqual(ids);
  });

  // No double has the value of 9007199254740993: what was parsed is another id.
  const beyond: unknown = JSON.parse("9007199254740993");
  const badIds = [0, -1, 1.5, beyond, "230000001", Number.NaN, true];

  it.each(idFields.filter(([key]) => key in required))(
    "make the row invalid if they are bad ids in %s",
    (key) => {
      expect(badIds.map((id) => parseContractRow({ ...required, [key]: id }))).toEqual(
        badIds.map(() => null),
      );
    },
  );

  it("leave the place unknown if they are bad ids in start_location_id", () => {
    expect(badIds.map((id) => parseContractRow({ ...required, start_location_id: id }))).toEqual(
      badIds.map(() => bare),
    );
  });

  it.each([
    ["price", "price", "item_exchange"],
    ["reward", "reward", "item_exchange"],
    ["volume", "volume", "item_exchange"],
    ["buyout", "buyout", "auction"],
    ["collateral", "collateral", "courier"],
  ] as const)("are read exactly as amounts in %s", (key, name, type) => {
    const amounts = [0.01, 2.169_999_999_999_998_6, 9_999_999_999_999.99, 1e18];

    expect(
      amounts.map((amount) => parseContractRow({ ...required, type, [key]: amount })?.[name]),
    ).toEqual(amounts);
  });

  it.each(["price", "reward", "volume", "buyout", "collateral"])(
    "are left out if they are bad amounts in %s",
    (key) => {
      const infinite: unknown = JSON.parse("1e400");
      const bad = [-0.01, -1, 1.001e18, 1e300, infinite, "1000", Number.NaN];

      for (const type of contractTypes) {
        expect(bad.map((amount) => parseContractRow({ ...required, type, [key]: amount }))).toEqual(
          bad.map(() => ({ ...bare, type })),
        );
      }
    },
  );

  it.each([
    [0, true],
    [100_000, true],
    [100_001, false],
    [-1, false],
    [1.5, false],
  ])("of days: %d is taken: %s", (days, isTaken) => {
    const row = { ...required, type: "courier", days_to_complete: days };

    expect(parseContractRow(row)).toEqual({
      ...bare,
      type: "courier",
      daysToComplete: isTaken ? days : null,
    });
  });

  it.each([true, false])(
    "are not taken for booleans, while for_corporation %s is one",
    (isForCorporation) => {
      const row = { ...required, for_corporation: isForCorporation };

      expect(parseContractRow(row)).toEqual({ ...bare, forCorporation: isForCorporation });
      expect(parseContractRow({ ...required, for_corporation: Number(isForCorporation) })).toEqual(
        bare,
      );
    },
  );
});

describe("dates in a row", () => {
  it.each([
    ["2003-01-01T00:00:00Z", 1_041_379_200],
    ["2100-01-01T00:00:00Z", 4_102_444_800],
    ["2041-03-01T13:30:00+01:30", Date.parse("2041-03-01T12:00:00Z") / 1000],
    ["2041-03-01T12:00:00.999Z", Date.parse("2041-03-01T12:00:00Z") / 1000],
  ])("are read as moments: %s", (text, seconds) => {
    expect(parseContractRow({ ...required, date_expired: text })).toEqual({
      ...bare,
      dateExpired: seconds,
    });
  });

  it.each([
    "2002-12-31T23:59:59Z",
    "2100-01-01T00:00:01Z",
    "0001-01-01T00:00:00Z",
    "2041-03-01",
    "2041-02-29T12:00:00Z",
    "2041-03-01T12:00:00",
    "2041-03-01 12:00:00Z",
    "soon",
    "",
    1_772_366_400,
  ])("make the row invalid if they cannot be read: %j", (text) => {
    expect(parseContractRow({ ...required, date_issued: text })).toBeNull();
  });

  it("are the only fields read of an auction that we have", () => {
    const { date_issued, date_expired } = required;

    expect(auctionDatesSchema.parse({ date_issued, date_expired, price: "free" })).toEqual({
      date_issued: bare.dateIssued,
      date_expired: bare.dateExpired,
    });
  });
});

describe("titles", () => {
  const titleOf = (title: string) => parseContractRow({ ...required, title })?.title;

  it("are null if they are empty", () => {
    expect(titleOf("")).toBeNull();
  });

  it.each([
    " ",
    "  leading and trailing  ",
    "<script>alert(1)</script>",
    "50% off_100% \"AND\" 'OR' * NEAR",
    "; drop table contracts; --",
    "\\/ \\u0041 \\n",
    "line\none\r\n\ttwo",
    "a\u0000b",
    "\ufeffwith a mark",
    "\u202edetrever",
    "مخطط للبيع",
    "出售蓝图",
    "🚀👨‍👩‍👧",
    "z̸a̸l̸g̸o̸",
    "x".repeat(100_000),
  ])("are kept as they are: %j", (title) => {
    expect(titleOf(title)).toBe(title);
  });

  it("are kept verbatim, whatever characters they have", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (title) => {
        expect(titleOf(title)).toBe(title);
      }),
    );
  });

  it.each([
    ["\ud83d sale", "\ufffd sale"],
    ["sale \ude80", "sale \ufffd"],
    ["\ude80\ud83d", "\ufffd\ufffd"],
  ])("replace half a character, which no real text contains: %j", (title, kept) => {
    expect(titleOf(title)).toBe(kept);
  });
});

describe("a row of items", () => {
  const anItem = { record_id: 1, type_id: 587, quantity: 1, is_included: true };
  const whole = {
    ...anItem,
    item_id: 1_040_000_000_001,
    is_blueprint_copy: true,
    material_efficiency: 10,
    time_efficiency: 20,
    runs: 5,
  };
  const read = (row: Row) => {
    const result = itemsSchema.safeParse([row]);
    return result.success ? result.data.map(itemFromRow) : null;
  };
  const plain = {
    recordId: 1,
    typeId: 587,
    quantity: 1,
    isIncluded: true,
    itemId: null,
    isBlueprintCopy: false,
    runs: null,
    materialEfficiency: null,
    timeEfficiency: null,
  };

  it("may have only the required fields: an absent one means no, or unknown", () => {
    expect(read(anItem)).toEqual([plain]);
  });

  it("may have every field", () => {
    expect(read(whole)).toEqual([
      {
        ...plain,
        itemId: 1_040_000_000_001,
        isBlueprintCopy: true,
        materialEfficiency: 10,
        timeEfficiency: 20,
        runs: 5,
      },
    ]);
  });

  it("has no runs if ESI's specification says -1", () => {
    expect(read({ ...whole, runs: -1 })?.[0]?.runs).toBeNull();
  });

  it.each([
    { quantity: 0 },
    { runs: 0 },
    { runs: 20_000 },
    { material_efficiency: 0 },
    { material_efficiency: 100 },
    { time_efficiency: 100 },
    { item_id: Number.MAX_SAFE_INTEGER },
    { is_included: false },
    { is_singleton: true },
  ])("may have %j", (fields) => {
    expect(read({ ...whole, ...fields })).toHaveLength(1);
  });

  it.each([
    { record_id: undefined },
    { type_id: undefined },
    { quantity: undefined },
    { is_included: undefined },
    { is_included: 1 },
    { record_id: "1" },
    { type_id: 0 },
    { quantity: -1 },
    { quantity: 1.5 },
    { is_blueprint_copy: null },
    { is_blueprint_copy: 1 },
    { is_blueprint_copy: "true" },
  ])("is invalid with %j", (fields) => {
    expect(read({ ...whole, ...fields })).toBeNull();
  });

  it.each([
    [{ runs: -2 }, { runs: null }],
    [{ runs: 1.5 }, { runs: null }],
    [{ runs: null }, { runs: null }],
    [{ material_efficiency: -1 }, { materialEfficiency: null }],
    [{ material_efficiency: 101 }, { materialEfficiency: null }],
    [{ time_efficiency: 101 }, { timeEfficiency: null }],
    [{ item_id: 2 ** 53 }, { itemId: null }],
  ])("loses only what cannot be read, and stays a copy: %j", (fields, lost) => {
    expect(read({ ...whole, ...fields })).toEqual([{ ...read(whole)?.[0], ...lost }]);
  });
});

describe("other bodies", () => {
  const isTaken = (schema: z.ZodType, body: unknown) => schema.safeParse(body).success;

  it.each([
    [{ bid_id: 1, amount: 0.01, date_bid: required.date_issued }, true],
    [{ bid_id: 1, amount: -0.01, date_bid: required.date_issued }, false],
    [{ bid_id: "1", amount: 1, date_bid: required.date_issued }, false],
    [{ bid_id: 1, amount: 1, date_bid: "now" }, false],
    [{ bid_id: 1, amount: 1 }, false],
  ])("are bids: %j %s", (bid, expected) => {
    expect(isTaken(bidsSchema, [bid])).toBe(expected);
  });

  it("are kept verbatim, except for half of a surrogate pair", () => {
    const names = [
      { id: 1, name: "O'Neill <b>\u202e", category: "character" },
      { id: 2, name: "\ud83d" },
    ];

    expect(namesSchema.parse(names)).toEqual([
      { id: 1, name: "O'Neill <b>\u202e" },
      { id: 2, name: "\ufffd" },
    ]);
  });

  it("are types, with or without a market group and a volume", () => {
    const type = { type_id: 1, name: "A", published: true, group_id: 0 };

    expect(
      [type, { ...type, market_group_id: 4, volume: 0.01 }].map((row) => typeSchema.parse(row)),
    ).toEqual([type, { ...type, market_group_id: 4, volume: 0.01 }]);
  });

  it("lose only what cannot be read of a market group or a volume", () => {
    const type = { type_id: 1, name: "A", published: true, group_id: 0 };

    expect(typeSchema.parse({ ...type, market_group_id: 0, volume: "1" })).toEqual({
      ...type,
      market_group_id: null,
      volume: null,
    });
    expect(isTaken(typeSchema, { ...type, name: 7 })).toBe(false);
  });

  it("are systems of any security", () => {
    const system = { system_id: 1, name: "J", constellation_id: 2, security_status: -0.99 };

    expect(isTaken(systemSchema, system)).toBe(true);
    expect(isTaken(systemSchema, { ...system, security_status: undefined })).toBe(false);
  });

  it.each([null, {}, { error: "Not found" }, "[]", [null]])("are no list: %j", (body) => {
    expect([itemsSchema, bidsSchema, namesSchema].map((schema) => isTaken(schema, body))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("never make a parser throw an error", () => {
    const schemas = [contractRowSchema, itemsSchema, bidsSchema, namesSchema, typeSchema];

    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(schemas.map((schema) => typeof isTaken(schema, body))).toEqual(
          schemas.map(() => "boolean"),
        );
        expect(parseContractRow(body)).toBeNull();
      }),
    );
  });
});
