import { describe, expect, it } from "vitest";

import { parseHttpDate } from "../../src/lib/http-date.ts";

const now = Date.parse("2026-03-01T12:00:00Z");

/** RFC 9110, section 5.6.7, gives these for one instant. */
const inRfc = Date.parse("1994-11-06T08:49:37Z");

describe("parseHttpDate", () => {
  it.each([
    ["Sun, 06 Nov 1994 08:49:37 GMT", inRfc],
    ["Sunday, 06-Nov-94 08:49:37 GMT", inRfc],
    ["Sun Nov  6 08:49:37 1994", inRfc],
    ["Wed Nov 16 08:49:37 1994", inRfc + 10 * 86_400_000],
    ["Thu, 29 Feb 2024 23:59:59 GMT", Date.parse("2024-02-29T23:59:59Z")],
    ["Sat, 31 Dec 2016 23:59:60 GMT", Date.parse("2017-01-01T00:00:00Z")],
    ["Sunday, 01-Mar-76 12:00:00 GMT", Date.parse("2076-03-01T12:00:00Z")],
    ["Tuesday, 01-Mar-77 12:00:00 GMT", Date.parse("1977-03-01T12:00:00Z")],
  ])("reads %s", (text, expected) => {
    expect(parseHttpDate(text, now)).toBe(expected);
  });

  it("reads what a browser writes", () => {
    expect(parseHttpDate(new Date(now).toUTCString(), now)).toBe(now);
  });

  it.each([
    null,
    "",
    "0",
    "1",
    "-1",
    "yesterday",
    "2026-03-01",
    "2026-03-01T12:00:00Z",
    "1772366400",
    "March 1, 2026",
    "Sun, 01 Mar 2026",
    "Sun, 1 Mar 2026 12:00:00 GMT",
    "Sun, 01 Mar 2026 12:00:00",
    "Sun, 01 Mar 2026 12:00:00 UTC",
    "Sun, 01 Mar 2026 12:00:00 +0100",
    "Sun, 01 Mar 2026 12:00:00 GMT+0100",
    "Sun, 01 Mar 2026 12:00:00 GMT, Mon, 02 Mar 2026 12:00:00 GMT",
    "sun, 01 mar 2026 12:00:00 gmt",
    "Sun, 31 Feb 2026 12:00:00 GMT",
    "Sun, 00 Mar 2026 12:00:00 GMT",
    "Sun, 01 Mar 2026 24:00:00 GMT",
    "Sun, 01 Mar 2026 12:60:00 GMT",
    "Sun, 01-Mar-26 12:00:00 GMT",
    "Sunday, 01 Mar 2026 12:00:00 GMT",
    "Sun Mar 1 12:00:00 2026",
  ])("reads nothing out of %j", (text) => {
    expect(parseHttpDate(text, now)).toBeNull();
  });
});
