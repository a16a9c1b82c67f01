import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../src/db/client.ts";
import {
  chunksForJson,
  fromJson,
  ftsPhrase,
  jsonChunkLength,
  jsonIds,
  jsonRows,
  maxParameterBytes,
} from "../../src/db/d1.ts";

/** What D1 makes of values that travel as one JSON parameter. */
async function throughD1(values: readonly unknown[]): Promise<unknown[]> {
  const rows = await createDatabase(env.DB).all(sql<{ value: unknown }>`
    select value ->> 'v' as value from ${jsonRows(values.map((v) => ({ v })))}`);
  return rows.map(({ value }) => value);
}

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;

describe("jsonRows", () => {
  it("gives back numbers, text, nothing and flags as SQLite has them", async () => {
    const values = [0, -1, 1.5, "text", "", "1", null, undefined, true, false];

    expect(await throughD1(values)).toEqual([0, -1, 1.5, "text", "", "1", null, null, 1, 0]);
  });

  it("gives no rows of nothing", async () => {
    expect(await throughD1([])).toEqual([]);
  });

  it("loses no hundredth of ISK below ten trillion", { timeout: 30_000 }, async () => {
    const isk = fc.integer({ min: 0, max: 10 ** 15 - 1 }).map((hundredths) => hundredths / 100);

    await fc.assert(
      fc.asyncProperty(fc.array(isk, { minLength: 50, maxLength: 50 }), async (values) => {
        expect(await throughD1(values)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  it("gives back every double that ESI may send", { timeout: 30_000 }, async () => {
    const amount = fc.double({ min: 0, max: 1e18, noNaN: true });

    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 50, maxLength: 50 }), async (values) => {
        expect(await throughD1(values)).toEqual(values.map((value) => value + 0));
      }),
      { numRuns: 50 },
    );
  });

  it("gives back every id that is one", async () => {
    const ids = [1, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1];

    expect(await throughD1(ids)).toEqual(ids);
  });

  it("gives back text as it is, a zero in it too", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary" })), async (texts) => {
        expect(await throughD1(["a\u0000b", ...texts])).toEqual(["a\u0000b", ...texts]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("jsonIds", () => {
  it("takes more ids than D1 takes parameters", async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => index + 1);

    const rows = await createDatabase(env.DB).all(sql<{ many: number }>`
      select count(*) as many from (select 1 as id union all select 10001 union all select 10000)
      where id in ${jsonIds(ids)}`);

    expect(rows).toEqual([{ many: 2 }]);
  });

  it("finds nothing in none", async () => {
    const rows = await createDatabase(env.DB).all(sql`select 1 where 1 in ${jsonIds([])}`);

    expect(rows).toEqual([]);
  });
});

describe("fromJson", () => {
  it("reads what was written as JSON", () => {
    expect(fromJson<{ a: number[] }>('{"a":[1]}')).toEqual({ a: [1] });
  });

  it("throws at what is none", () => {
    expect(() => fromJson("{")).toThrow(SyntaxError);
  });
});

describe("chunksForJson", () => {
  // "aaaa" takes six characters, and a comma.
  const rows = ["aaaa", "bbbb", "cccc"];

  it.each([
    [21, [rows]],
    [20, [["aaaa", "bbbb"], ["cccc"]]],
    [14, [["aaaa", "bbbb"], ["cccc"]]],
    [13, [["aaaa"], ["bbbb"], ["cccc"]]],
    [1, [["aaaa"], ["bbbb"], ["cccc"]]],
  ])("splits three rows by %i characters", (maxLength, expected) => {
    expect(chunksForJson(rows, maxLength)).toEqual(expected);
  });

  it("makes no chunk of no rows", () => {
    expect(chunksForJson([])).toEqual([]);
  });

  it("gives a row that is too long its own chunk", () => {
    expect(chunksForJson(["a", "b".repeat(50), "c"], 20)).toEqual([["a"], ["b".repeat(50)], ["c"]]);
  });

  it("leaves no row out, and none twice, in order", () => {
    const row = fc.record({ id: fc.nat(), text: fc.string({ unit: "binary", maxLength: 40 }) });

    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 1, max: 300 }), (all, maxLength) => {
        const chunks = chunksForJson(all, maxLength);
        const tooLong = chunks.filter(
          (chunk) => chunk.length > 1 && JSON.stringify(chunk).length > maxLength + 1,
        );
        expect(chunks.flat()).toEqual(all);
        expect(tooLong).toEqual([]);
        expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
      }),
    );
  });

  it("makes no more chunks than needed", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 300 }), (all, maxLength) => {
        const length = (row: string) => JSON.stringify(row).length + 1;
        const chunks = chunksForJson(all, maxLength);
        for (const [index, chunk] of chunks.slice(0, -1).entries()) {
          const next = length(chunks[index + 1]?.[0] ?? "");
          expect(chunk.reduce((sum, row) => sum + length(row), next)).toBeGreaterThan(maxLength);
        }
      }),
    );
  });

  it("fits each chunk into one D1 parameter, in any script", async () => {
    // Three bytes each, the most that one character of a string takes in UTF-8.
    const row = "蓝".repeat(99);
    const [chunk = []] = chunksForJson(Array.from({ length: 6_000 }, () => row));

    const parameter = JSON.stringify(chunk);
    const read = await createDatabase(env.DB).first(sql<{ many: number; last: string }>`
      select count(*) as many, max(value) as last from ${jsonRows(chunk)}`);

    expect(chunk.length).toBeLessThan(6_000);
    expect(parameter.length).toBeGreaterThan(jsonChunkLength - 200);
    expect(bytesOf(parameter)).toBeGreaterThan(1_400_000);
    expect(bytesOf(parameter)).toBeLessThan(maxParameterBytes);
    expect(read).toEqual({ many: chunk.length, last: row });
  });
});

describe("ftsPhrase", () => {
  /** Titles in a full-text index as that of the contracts, and those that hold a phrase. */
  async function found(titles: readonly string[], phrase: string): Promise<string[]> {
    const db = createDatabase(env.DB);
    const documents = titles.map((title, index) => ({ id: index + 1, title }));
    const [, , rows] = await db.batch([
      sql`delete from listed_search`,
      sql`insert into listed_search (rowid, title) select value ->> 'id', value ->> 'title' from ${jsonRows(documents)}`,
      sql<{ id: number }>`
        select rowid as id from listed_search
        where listed_search match ${ftsPhrase(phrase)} order by rowid`,
    ]);
    return rows.map(({ id }) => titles[id - 1] ?? "?");
  }

  it.each([
    "\"AB\" 'fit'",
    '"""',
    "AND OR",
    "NOT NEAR(",
    "rifter AND ishtar",
    "title:rifter",
    "{title} : x",
    "rif*",
    "^rifter",
    "-rifter",
    "50% off_",
    "a + b",
    "(((",
    "; drop table contracts; --",
    "\\\\\\",
    "出售蓝",
    "🚀🔥!",
    "\u202edet",
  ])("finds %j, and nothing that does not contain it", async (phrase) => {
    const titles = [phrase, `before ${phrase} after`, "rifter", "ishtar"];

    expect(await found(titles, phrase)).toEqual(titles.slice(0, 2));
  });

  it("finds letters in either case", async () => {
    expect(await found(["RIFTER", "rIfTeR fit", "Ishtar"], "Rifter")).toEqual([
      "RIFTER",
      "rIfTeR fit",
    ]);
  });

  it("takes every search literally", { timeout: 30_000 }, async () => {
    const signs = "\" ' * ^ : ( ) { } - + % _ \\ ; & | < > ! ~ . a b A B AND OR NOT NEAR".split(
      " ",
    );
    const sign = fc.constantFrom(" ", ...signs);
    const text = (minLength: number, maxLength: number) =>
      fc.array(sign, { minLength, maxLength }).map((parts) => parts.join(""));

    await fc.assert(
      fc.asyncProperty(fc.array(text(1, 12)), text(3, 6), async (others, phrase) => {
        const titles = [...others, `${others[0] ?? ""}${phrase}`];
        const holds = (title: string) => title.toLowerCase().includes(phrase.toLowerCase());
        expect(await found(titles, phrase)).toEqual(titles.filter(holds));
      }),
      { numRuns: 150 },
    );
  });
});
