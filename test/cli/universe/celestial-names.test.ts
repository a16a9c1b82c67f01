import { describe, expect, it } from "vitest";

import {
  moonName,
  planetName,
  romanNumeral,
  stationName,
} from "../../../src/cli/universe/celestial-names.ts";

describe("romanNumeral", () => {
  it.each([
    [1, "I"],
    [3, "III"],
    [4, "IV"],
    [5, "V"],
    [8, "VIII"],
    [9, "IX"],
    [14, "XIV"],
    [26, "XXVI"],
    [40, "XL"],
    [99, "XCIX"],
    [444, "CDXLIV"],
    [1987, "MCMLXXXVII"],
    [3999, "MMMCMXCIX"],
  ])("writes %i as %s", (number, numeral) => {
    expect(romanNumeral(number)).toBe(numeral);
  });

  it.each([0, -1, 1.5, 4000, Number.NaN])("has none for %d", (number) => {
    expect(() => romanNumeral(number)).toThrow(RangeError);
  });
});

describe("the names of celestials", () => {
  it("calls a planet by its system and its place", () => {
    expect(planetName({ systemName: "Jita", celestialIndex: 4 })).toBe("Jita IV");
  });

  it("calls a moon by its planet and its number", () => {
    expect(moonName({ planet: "Amarr VIII (Oris)", orbitIndex: 3 })).toBe(
      "Amarr VIII (Oris) - Moon 3",
    );
  });

  it("calls a station by its orbit, its owner and what it does", () => {
    const station = { orbit: "Jita IV - Moon 4", corporation: "Caldari Navy" };

    expect(stationName({ ...station, operation: "Assembly Plant" })).toBe(
      "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
    );
  });

  it("leaves out what a station does where CCP says so", () => {
    const station = { orbit: "Yulai X", corporation: "The Scope", operation: undefined };

    expect(stationName(station)).toBe("Yulai X - The Scope");
  });
});
