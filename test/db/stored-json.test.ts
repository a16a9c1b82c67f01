import { describe, expect, it, onTestFinished, vi } from "vitest";

import { isNumber, isText, like, listOf, readJson } from "../../src/db/stored-json.ts";
import { noCounts } from "../../src/domain/region-counts.ts";

/** Lines of the log from now on. */
function logged(): string[] {
  const lines: string[] = [];
  const spy = vi.spyOn(console, "error").mockImplementation((line: string) => {
    lines.push(line);
  });
  onTestFinished(() => spy.mockRestore());
  return lines;
}

const areNumbers = listOf(isNumber);

describe("readJson", () => {
  it("returns what is stored, and logs nothing", () => {
    const lines = logged();

    expect(readJson("[1,2.5]", areNumbers, { column: "a.b", row: 1 })).toEqual([1, 2.5]);
    expect(readJson("[]", areNumbers, { column: "a.b", row: 1 })).toEqual([]);
    expect(lines).toEqual([]);
  });

  it.each([
    null,
    undefined,
    7,
    new Uint8Array(2),
    "",
    "[1",
    "1",
    "{}",
    "[null]",
    '["1"]',
    "[1e400]",
  ])("gives nothing of %j", (text) => {
    logged();

    expect(readJson(text, areNumbers, { column: "a.c", row: String(text) })).toBeUndefined();
  });

  it("logs each unreadable row and column once", () => {
    const lines = logged();
    const read = (column: string, row: number) => readJson("x", areNumbers, { column, row });

    for (const row of [1, 2, 1, 2, 2]) read("d.e", row);
    read("d.f", 1);

    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { event: "unreadable-column", column: "d.e", row: 1 },
      { event: "unreadable-column", column: "d.e", row: 2 },
      { event: "unreadable-column", column: "d.f", row: 1 },
    ]);
  });

  it("stops logging after a thousand rows", () => {
    const lines = logged();
    for (let row = 0; row < 2_000; row += 1) readJson("x", areNumbers, { column: "g.h", row });

    expect(lines.length).toBeLessThanOrEqual(1_000);
    expect(lines.length).toBeGreaterThan(900);
  });
});

describe("what a column may hold", () => {
  it.each([
    [isText, "", true],
    [isText, 1, false],
    [isNumber, 0, true],
    [isNumber, Number.NaN, false],
    [like({ a: 1, b: { c: "" } }), { a: 0, b: { c: "x" }, more: 1 }, true],
    [like({ a: 1, b: { c: "" } }), { a: 0, b: { c: 1 } }, false],
    [like({ a: 1, b: { c: "" } }), { a: 0, b: null }, false],
    [like({ a: 1 }), [], false],
    [like(noCounts()), noCounts(), true],
    [like(noCounts()), { ...noCounts(), itemsPending: null }, false],
    [like(noCounts()), { ...noCounts(), byType: {} }, false],
  ])("is told: %s %j %s", (isOne, value, expected) => {
    expect(isOne(value)).toBe(expected);
  });
});
