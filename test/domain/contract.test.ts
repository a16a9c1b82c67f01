import { describe, expect, it } from "vitest";

import { contractStatus, contractTypes, countByType, hasItems } from "../../src/domain/contract.ts";

const dateExpired = 1_772_366_400;
const expiresAtMs = dateExpired * 1000;

describe("the status of a contract that is listed", () => {
  it.each([
    ["outstanding", "a millisecond before it expires", expiresAtMs - 1],
    ["expired", "at the very millisecond it expires", expiresAtMs],
    ["expired", "a millisecond after it expires", expiresAtMs + 1],
    ["outstanding", "a month before", expiresAtMs - 30 * 86_400_000],
  ])("is %s %s", (status, _when, now) => {
    expect(contractStatus({ dateExpired, endedAt: null }, now)).toBe(status);
  });
});

describe("the status of a contract that a list lacked", () => {
  it.each([
    ["gone", "a second before its time was up", dateExpired - 1],
    ["expired", "at the very second its time was up", dateExpired],
    ["expired", "a second after", dateExpired + 1],
  ])("is %s if the list was made %s", (status, _when, endedAt) => {
    expect(contractStatus({ dateExpired, endedAt }, expiresAtMs - 3_600_000)).toBe(status);
  });

  it("stays gone even after it would have expired", () => {
    const lifetime = { dateExpired, endedAt: dateExpired - 1 };

    expect(contractStatus(lifetime, expiresAtMs + 86_400_000)).toBe("gone");
  });
});

describe("the types of contracts", () => {
  it("says that only item exchanges and auctions hold items", () => {
    expect(contractTypes.filter(hasItems)).toEqual(["item_exchange", "auction"]);
  });

  it("counts by every type there is", () => {
    const counts = countByType((type) => contractTypes.indexOf(type));

    expect(counts).toEqual({ item_exchange: 0, auction: 1, courier: 2, loan: 3, unknown: 4 });
    expect(Object.keys(counts)).toEqual([...contractTypes]);
  });
});
