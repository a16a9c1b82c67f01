import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../src/db/client.ts";
import { jsonRows } from "../../src/db/d1.ts";
import {
  allSearches,
  type FtsExpression,
  idTermOf,
  mentions,
  offersAny,
  searchNames,
  searchTypeIds,
} from "../../src/db/search/search-document.ts";
import { folded } from "../../src/domain/folded-text.ts";
import type { ItemType } from "../../src/domain/item.ts";
import { hobgoblin, rifter, rifterBlueprint, tritanium } from "../support/contract-builders.ts";

/** The largest id that has a term: 4,096³ - 1. */
const largest = 68_719_476_735;

type Document = { title?: string | null; types?: readonly ItemType[] };

/** Fills the index of what is listed again, with one document a contract, from 1 on. */
async function index(...documents: Document[]): Promise<void> {
  const rows = documents.map(({ title = null, types = [] }, position) => ({
    id: position + 1,
    title,
    names: searchNames(types),
    typeIds: searchTypeIds(types),
  }));
  await createDatabase(env.DB).batch([
    sql`delete from listed_search`,
    sql`insert into listed_search (rowid, title, names, type_ids)
      select value ->> 'id', value ->> 'title', value ->> 'names', value ->> 'typeIds'
      from ${jsonRows(rows)}`,
  ]);
}

async function found(expression: FtsExpression): Promise<number[]> {
  const rows = await createDatabase(env.DB).all(sql<{ id: number }>`
    select rowid as id from listed_search where listed_search match ${expression} order by rowid`);
  return rows.map(({ id }) => id);
}

const aType = (fields: Partial<ItemType>): ItemType => ({ ...rifter, ...fields });

const kinds = ["type", "group", "category"] as const;
const idOf = ({ typeId, groupId, categoryId }: ItemType, kind: (typeof kinds)[number]) =>
  ({ type: typeId, group: groupId, category: categoryId })[kind];

describe("the ids in a document", () => {
  it("are found by kind", async () => {
    await index(
      { types: [aType({ typeId: 25, groupId: 6, categoryId: 587 })] },
      { types: [rifter] },
    );

    expect([
      await found(offersAny("type", [25])),
      await found(offersAny("type", [587])),
      await found(offersAny("group", [25])),
      await found(offersAny("group", [6])),
      await found(offersAny("category", [6])),
      await found(offersAny("category", [587])),
    ]).toEqual([[1], [2], [2], [1], [2], [1]]);
  });

  it("are found if any of them is asked for", async () => {
    await index({ types: [rifter] }, { types: [tritanium] }, { types: [hobgoblin] });

    expect(await found(offersAny("type", [rifter.typeId, 1, hobgoblin.typeId]))).toEqual([1, 3]);
  });

  it("go from the least to the largest", async () => {
    const [least, most] = [0, largest].map((id) =>
      aType({ typeId: id, groupId: id, categoryId: id }),
    );
    await index(
      { types: [aType({})] },
      ...[least, most].map((type) => ({ types: type ? [type] : [] })),
    );

    for (const kind of kinds) {
      expect([await found(offersAny(kind, [0])), await found(offersAny(kind, [largest]))]).toEqual([
        [2],
        [3],
      ]);
    }
  });

  it.each([largest + 1, -1, 0.5, Number.NaN])("cannot be a number such as %d", (id) => {
    expect(() => searchTypeIds([aType({ typeId: id })])).toThrow(RangeError);
  });

  it("match nothing if no document can have them", async () => {
    await index({ types: [rifter] }, { title: "untyped" });

    expect([
      await found(offersAny("type", [largest + 1])),
      await found(offersAny("type", [Number.MAX_SAFE_INTEGER, rifter.typeId])),
      await found(`(${offersAny("type", [largest + 1])}) AND (${offersAny("group", [25])})`),
      await found(`(${offersAny("type", [largest + 1])}) OR (${offersAny("group", [25])})`),
    ]).toEqual([[], [1], [], [1]]);
  });

  it("are written once, even if offered several times", () => {
    const once = searchTypeIds([rifter]);

    expect(searchTypeIds([rifter, rifter, { ...rifter, name: "Other" }])).toBe(once);
    expect(once?.length).toBe(3 + 1 + 3 + 1 + 3);
  });

  it("are empty without types", () => {
    expect([searchTypeIds([]), searchNames([])]).toEqual([null, null]);
  });

  it("have each a term of their own, whatever their kind", () => {
    const id = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: largest }));
    const key = fc.tuple(fc.constantFrom(...kinds), id);

    fc.assert(
      fc.property(key, key, (one, other) => {
        const isSame = one[0] === other[0] && one[1] === other[1];
        expect(offersAny(one[0], [one[1]]) === offersAny(other[0], [other[1]])).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it("have the same term in SQL", { timeout: 30_000 }, async () => {
    const id = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: largest }));

    await fc.assert(
      fc.asyncProperty(fc.array(id, { minLength: 20, maxLength: 20 }), async (ids) => {
        const rows = await createDatabase(env.DB).all(sql<{ type: string; both: string }>`
          select ${idTermOf("type", sql`value`)} as type,
            ${idTermOf("group", sql`value`)} || ${idTermOf("category", sql`value`)} as both
          from ${jsonRows([0, largest, ...ids])}`);
        const terms = [0, largest, ...ids].map((typeId) =>
          searchTypeIds([aType({ typeId, groupId: typeId, categoryId: typeId })]),
        );
        expect(
          rows.map(({ type, both }) => `${type} ${both.slice(0, 3)} ${both.slice(3)}`),
        ).toEqual(terms);
      }),
      { numRuns: 30 },
    );
  });

  it("never form another id where two terms meet, in any order", { timeout: 30_000 }, async () => {
    // Few characters, so that what ends one term and begins the next is likely to be a third.
    const digit = fc.constantFrom(0, 1, 4095);
    const id = fc
      .tuple(digit, digit, digit)
      .map(([first, second, third]) => (first * 4096 + second) * 4096 + third);
    const type = fc.record({
      name: fc.constant("Rifter"),
      typeId: id,
      groupId: id,
      categoryId: id,
    });
    const document = fc.array(type, { maxLength: 12 });

    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 4 }),
        id,
        async (all, asked) => {
          await index(...all.map((types) => ({ types })));
          for (const kind of kinds) {
            const offers = (types: ItemType[]) => types.some((one) => idOf(one, kind) === asked);
            const expected = all.flatMap((types, at) => (offers(types) ? [at + 1] : []));
            expect(await found(offersAny(kind, [asked]))).toEqual(expected);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("are never found as text, and text is never found as ids", async () => {
    const terms = searchTypeIds([rifter]) ?? "";
    await index(
      { title: terms },
      { types: [aType({ ...tritanium, name: terms })] },
      { types: [rifter] },
    );

    expect(await found(offersAny("type", [rifter.typeId]))).toEqual([3]);
    expect(await found(mentions(terms.slice(0, 3)))).toEqual([1, 2]);
  });
});

describe("the text in a document", () => {
  it("is the title and the names of what is offered", async () => {
    await index(
      { title: "cheap rifters", types: [tritanium] },
      { title: null, types: [rifter, hobgoblin] },
      { title: "ishtar", types: [rifterBlueprint] },
      { title: null, types: [tritanium] },
    );

    expect([
      await found(mentions("RIFTER")),
      await found(mentions("goblin ii")),
      await found(mentions("blueprint rifter")),
    ]).toEqual([[1, 2, 3], [2], []]);
  });

  it("holds no phrase that begins in one name and ends in the next", async () => {
    await index({ types: [rifter, hobgoblin] }, { title: "Rifter", types: [hobgoblin] });

    expect([
      await found(mentions("Rifter Hobgoblin")),
      await found(mentions("RifterHobgoblin")),
      await found(mentions("terHob")),
    ]).toEqual([[], [], []]);
  });

  it.each([
    "type_ids : x",
    '") OR (title : "',
    "} : (",
    "listed_search",
    "'; drop table listed_search; --",
    "rank MATCH",
    "100% \"legit\" * AND 'free'",
  ])("is literal in a title, in a name and in a question: %j", async (text) => {
    await index(
      { title: `before ${text} after` },
      { types: [aType({ name: text })] },
      { title: "something else", types: [rifter] },
    );

    expect(await found(mentions(text))).toEqual([1, 2]);
  });

  it("is found in what one document says, and in no other", { timeout: 30_000 }, async () => {
    const word = fc
      .array(fc.constantFrom(...'abAB"*() '.split(""), "\n", "AND", "é"), { maxLength: 10 })
      .map((parts) => parts.join(""));
    const document = fc.record({
      title: fc.option(word),
      types: fc.array(
        word.map((name) => aType({ name })),
        { maxLength: 3 },
      ),
    });
    const question = word.filter((text) => text.length >= 3 && !text.includes("\n"));

    await fc.assert(
      fc.asyncProperty(fc.array(document, { maxLength: 6 }), question, async (all, text) => {
        // Titles are stored folded, as the sync stores them.
        await index(...all.map((each) => ({ ...each, title: each.title && folded(each.title) })));
        const holds = (said: string | null) =>
          said?.toLowerCase().includes(text.toLowerCase()) === true;
        const expected = all.flatMap(({ title, types }, at) =>
          holds(title) || types.some(({ name }) => holds(name)) ? [at + 1] : [],
        );
        expect(await found(mentions(text))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});

describe("allSearches", () => {
  it("asks for all that is asked for", async () => {
    await index({ title: "cheap", types: [rifter] }, { title: "cheap" }, { types: [rifter] });

    const both = allSearches([mentions("cheap"), undefined, offersAny("type", [rifter.typeId])]);

    expect(await found(both ?? "")).toEqual([1]);
  });

  it("asks for nothing if there is nothing to ask for", () => {
    expect([allSearches([]), allSearches([undefined])]).toEqual([undefined, undefined]);
  });
});
