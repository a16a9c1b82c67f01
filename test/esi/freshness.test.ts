import { describe, expect, it } from "vitest";

import { expiresAt } from "../../src/esi/freshness.ts";
import { isoFromMs, isoFromSeconds, toSeconds } from "../../src/lib/time.ts";

const receivedAt = Date.parse("2041-03-05T12:00:00Z");
const second = 1_000;
const day = 86_400 * second;

const httpDate = (ms: number) => new Date(ms).toUTCString();

/** How long an answer with these headers is good for, in milliseconds. */
const wait = (headers: Record<string, string>): number =>
  expiresAt(new Headers(headers), receivedAt) - receivedAt;

describe("Expires", () => {
  it("is waited for", () => {
    const expires = httpDate(receivedAt + 1_800 * second);

    expect(wait({ "cache-control": "public", expires })).toBe(1_800 * second);
  });

  it.each([
    ["fast", 3_600],
    ["slow", -3_600],
  ])("is read on ESI's clock if that is an hour %s", (_how, skewSeconds) => {
    const theirs = receivedAt + skewSeconds * second;
    const headers = { date: httpDate(theirs), expires: httpDate(theirs + 300 * second) };

    expect(wait(headers)).toBe(300 * second);
  });

  it("is read on our clock if ESI tells no time that is one", () => {
    const expires = httpDate(receivedAt + 300 * second);

    expect(wait({ date: "now", expires })).toBe(300 * second);
  });
});

describe("max-age", () => {
  it.each([
    ["public, max-age=600, must-revalidate, stale-if-error=900", 600],
    ["max-age=7", 7],
    ["Max-Age=600", 600],
  ])("is what is left of %j if no age is given", (cacheControl, seconds) => {
    expect(wait({ "cache-control": cacheControl })).toBe(seconds * second);
  });

  it("goes before Expires, which is kept for compatibility", () => {
    const expires = httpDate(receivedAt + 900 * second);

    expect(wait({ "cache-control": "max-age=600", expires })).toBe(600 * second);
  });

  it("is reduced by the age that a cache gives", () => {
    expect(wait({ "cache-control": "max-age=600", age: "250" })).toBe(350 * second);
  });

  it.each(["", "old", "NaN"])("counts in full if the age is %j", (age) => {
    expect(wait({ "cache-control": "max-age=600", age })).toBe(600 * second);
  });

  it.each(["public", "no-cache", "s-maxage=600", "max-age=soon", "max-age"])(
    "is not found in %j",
    (cacheControl) => {
      const expires = httpDate(receivedAt + 900 * second);

      expect(wait({ "cache-control": cacheControl, expires })).toBe(900 * second);
    },
  );
});

describe("a lifetime", () => {
  it.each([
    ["no header", {}],
    ["an Expires that is no date", { expires: "tomorrow" }],
    ["an empty Expires", { expires: "" }],
    ["a Date alone", { date: httpDate(receivedAt) }],
  ])("is five minutes by %s", (_what, headers) => {
    expect(wait({ ...headers })).toBe(300 * second);
  });

  it.each([
    [0, 5],
    [4, 5],
    [5, 5],
    [6, 6],
  ])("of %i s is waited for %i s: never less than five", (claimed, seconds) => {
    expect(wait({ "cache-control": `max-age=${claimed}` })).toBe(seconds * second);
  });

  it.each([
    [86_399, 86_399],
    [86_400, 86_400],
    [86_401, 86_400],
    [99_999_999_999, 86_400],
  ])("of %i s is waited for %i s: never more than a day", (claimed, seconds) => {
    expect(wait({ "cache-control": `max-age=${claimed}` })).toBe(seconds * second);
  });

  it.each([
    ["Expires", { expires: httpDate(receivedAt - day) }],
    ["Expires, as HTTP may say it", { expires: "0" }],
    ["an age beyond max-age", { "cache-control": "max-age=600", age: "601" }],
  ])("is five seconds if it is already over by %s", (_what, headers) => {
    expect(wait({ ...headers })).toBe(5 * second);
  });

  it("of a month by Expires is a day", () => {
    expect(wait({ expires: httpDate(receivedAt + 30 * day) })).toBe(day);
  });
});

describe("times", () => {
  it.each([
    [1_999, 1],
    [2_000, 2],
    [-1, -1],
  ])("of %i ms are %i s", (ms, seconds) => {
    expect(toSeconds(ms)).toBe(seconds);
  });

  it("are written as ESI writes them, and with milliseconds", () => {
    const seconds = toSeconds(receivedAt);

    expect([isoFromSeconds(seconds), isoFromMs(receivedAt + 7)]).toEqual([
      "2041-03-05T12:00:00Z",
      "2041-03-05T12:00:00.007Z",
    ]);
  });
});
