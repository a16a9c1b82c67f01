import { beforeEach, describe, expect, it } from "vitest";

import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { loadTestUniverse } from "../../support/universe.ts";
import type { OracleContract } from "./oracle.ts";
import { createSearching } from "./searching.ts";

const searching = createSearching();

function titled(title: string): OracleContract {
  return {
    regionId: 10_000_002,
    firstSeenAt: searching.clock.now(),
    items: [{ record_id: 1, type_id: 34, quantity: 1, is_included: true }],
    row: {
      contract_id: 1,
      type: "item_exchange",
      title,
      issuer_id: 1,
      issuer_corporation_id: 2,
      date_issued: "2026-03-01T00:00:00Z",
      date_expired: "2026-03-20T00:00:00Z",
      start_location_id: 60_003_760,
    },
  };
}

const finds = async (q: string): Promise<boolean> =>
  (await searching.list(new URLSearchParams({ q }))).meta.total === 1;

beforeEach(() => loadTestUniverse());

describe("q", () => {
  it.each([
    ["RIFTER", "rifter", true],
    ["rifter", "RIFTER", true],
    ["Дешёвый Рифтер", "дешёвый рифтер", true],
    ["ΝΑΥΣ", "ναυσ", true],
    ["ÄÖÜ ship", "äöü", true],
    ["Ñandú", "nandu", true],
    ["cafe\u0301 bar", "caf\u00E9", true],
    ["stra\u00DFe", "STRASSE", true],
    ["Hakim’s Modified Magnetic Field Stabilizer", "hakim's", true],
    ["hakim's", "HAKIM’S", true],
    ["İSTANBUL", "istanbul", true],
    ["ＷＴＳ Ｔｅｎｇｕ", "wts tengu", true],
    ["cheap — fast", "cheap - fast", true],
    ["cheap\u00a0Rif\u200bter", "cheap rifter", true],
    ["cheap - fast", "cheap fast", false],
    ["便宜的船", "便宜的", true],
    ["🚀🚀🚀", "🚀🚀🚀", true],
    ["a\u202Eb\u202Ec", "a\u202Eb", true],
  ])("of %j finds %j: %s", async (title, q, isFound) => {
    await searching.store([titled(title)], smallUniverse);

    expect(await finds(q)).toBe(isFound);
  });

  it.each([
    "100%",
    "50_off",
    '"quoted"',
    "AND *",
    "a*b",
    "NEAR(",
    "(col)",
    "col:umn",
    "^start",
    "-minus",
    "'; --",
    "\\\\x",
    "{a}",
    "<script>",
    "title names",
    "OR OR OR",
  ])("takes %j literally", async (q) => {
    await searching.store([titled(`before ${q} after`)], smallUniverse);

    expect(await finds(q)).toBe(true);
    expect(await finds(`${q}zz`)).toBe(false);
  });

  it("does not run from one name into the next, or from the title into a name", async () => {
    const bundle = titled("Rifter");
    const items = [34, 222].map((type_id, index) => ({
      record_id: index,
      type_id,
      quantity: 1,
      is_included: true,
    }));
    await searching.store([{ ...bundle, items }], smallUniverse);

    expect(await finds("tritanium")).toBe(true);
    expect(await finds("antimatter charge s")).toBe(true);
    expect(await finds("tritanium antimatter")).toBe(false);
    expect(await finds("riftertritanium")).toBe(false);
    expect(await finds("rifter tritanium")).toBe(false);
  });

  it("does not find what is only asked for", async () => {
    const wanted = { record_id: 2, type_id: 587, quantity: 1, is_included: false };
    const offered = { record_id: 1, type_id: 34, quantity: 1, is_included: true };
    await searching.store([{ ...titled(""), items: [offered, wanted] }], smallUniverse);

    expect(await finds("tritanium")).toBe(true);
    expect(await finds("rifter")).toBe(false);
  });

  it("finds the characters that ids are written in only if a title has them", async () => {
    await searching.store([titled("一一偋 ship")], smallUniverse);
    expect(await finds("一一偋")).toBe(true);

    // The same three stand for a Rifter in the index of ids.
    const rifter = { record_id: 1, type_id: 587, quantity: 1, is_included: true };
    await searching.store([{ ...titled("cheap"), items: [rifter] }], smallUniverse);
    expect(await finds("一一偋")).toBe(false);
  });

  it("takes 3 to 100 code points after trimming, and no control characters", async () => {
    await searching.store([titled("x")], smallUniverse);
    const status = async (q: string) =>
      (await searching.get(`/v1/contracts?${String(new URLSearchParams({ q }))}`)).status;

    expect(await status("  ab  ")).toBe(400);
    expect(await status("  abc ")).toBe(200);
    expect(await status("🚀🚀")).toBe(400);
    expect(await status("x".repeat(100))).toBe(200);
    expect(await status("🚀".repeat(100))).toBe(200);
    expect(await status("x".repeat(101))).toBe(400);
    // Two letters and an accent are two characters.
    expect(await status("ab\u0301")).toBe(400);
    expect(await status("abc\u0000")).toBe(400);
    expect(await status("ab\u0007c")).toBe(400);
  });
});
