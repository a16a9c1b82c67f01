/** Where contracts are: regions, locations, security. */
import { describe, expect, it } from "vitest";

import { isStation, isStructure } from "../../src/domain/location.ts";
import { isSyncedByDefault, isWormholeRegion } from "../../src/domain/region.ts";
import { displayedSecurity, securityClass } from "../../src/domain/security.ts";

const kSpace = 10_000_002;
const wormholes = 11_000_031;

/** Every security status from -1 to 1, in thousandths. */
const securities = Array.from({ length: 2001 }, (_, index) => (index - 1000) / 1000);

describe("securityClass", () => {
  it.each([
    [1, "highsec"],
    [0.45, "highsec"],
    [0.449_999, "lowsec"],
    [0.05, "lowsec"],
    [0.049_999, "lowsec"],
    [Number.MIN_VALUE, "lowsec"],
    [0, "nullsec"],
    [-0, "nullsec"],
    [-0.000_001, "nullsec"],
    [-1, "nullsec"],
  ])("calls %d in known space %s", (security, expected) => {
    expect(securityClass(security, kSpace)).toBe(expected);
  });

  it.each([1, 0.45, 0.1, 0, -0.99])("calls %d in a wormhole region wormhole", (security) => {
    expect(securityClass(security, wormholes)).toBe("wormhole");
  });
});

describe("displayedSecurity", () => {
  it.each([
    [0.945_913_116_665, 0.9],
    [0.95, 1],
    [0.949_999, 0.9],
    [0.45, 0.5],
    [0.449_999, 0.4],
    [0.15, 0.2],
    [0.149_999, 0.1],
    [0.05, 0.1],
    [0.049_999, 0.1],
    [0.000_001, 0.1],
    [0, 0],
    [-0.05, 0],
    [-0.050_001, -0.1],
    [-0.35, -0.3],
    [-0.99, -1],
  ])("shows %d as %d", (security, shown) => {
    expect(displayedSecurity(security)).toBe(shown);
  });

  it.each([-0, -0.000_001, -0.04, -0.05])("shows %d as 0, not as -0", (security) => {
    expect(Object.is(displayedSecurity(security), 0)).toBe(true);
  });

  it("shows 0.5 and more for highsec, 0.1 to 0.4 for lowsec, 0.0 and less for nullsec", () => {
    const classByShown = (shown: number) => {
      if (shown >= 0.5) return "highsec";
      return shown >= 0.1 ? "lowsec" : "nullsec";
    };

    expect(securities.map((security) => classByShown(displayedSecurity(security)))).toEqual(
      securities.map((security) => securityClass(security, kSpace)),
    );
  });

  it("shows one decimal", () => {
    const shown = securities.map((security) => displayedSecurity(security));

    expect(shown.filter((value) => value !== Number(value.toFixed(1)))).toEqual([]);
  });
});

describe("regions", () => {
  it.each([
    [9_999_999, false, false],
    [10_000_000, true, false],
    [10_999_999, true, false],
    [11_000_000, true, true],
    [11_999_999, true, true],
    [12_000_000, false, false],
    [14_000_001, false, false],
  ])("has %i synced by default: %s, in wormhole space: %s", (regionId, isSynced, isWormhole) => {
    expect([isSyncedByDefault(regionId), isWormholeRegion(regionId)]).toEqual([
      isSynced,
      isWormhole,
    ]);
  });
});

describe("locations", () => {
  it.each([
    [59_999_999, "neither"],
    [60_000_000, "station"],
    [60_003_760, "station"],
    [63_999_999, "station"],
    [64_000_000, "neither"],
    [30_000_142, "neither"],
    [999_999_999_999, "neither"],
    [1_000_000_000_000, "structure"],
    [1_035_466_617_946, "structure"],
    [Number.MAX_SAFE_INTEGER, "structure"],
  ])("takes %i for a %s", (locationId, kind) => {
    expect({ isStation: isStation(locationId), isStructure: isStructure(locationId) }).toEqual({
      isStation: kind === "station",
      isStructure: kind === "structure",
    });
  });
});
