import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  agrees,
  missingFrom,
  movedAuctions,
  needsSecondSnapshot,
  type StoredListing,
} from "../../src/domain/snapshot.ts";

const hour = 3600;
const dateExpired = 1_772_366_400;
const dateIssued = dateExpired - 14 * 24 * hour;

const anAuction = (fields: Partial<StoredListing> = {}): StoredListing => ({
  contractId: 1,
  type: "auction",
  dateExpired,
  ...fields,
});

/** What is written of an auction whose stored expiry is `dateExpired` when a list says another. */
function moved(listed: number, nextDueAt: number) {
  const auctions = new Map([[1, { dateIssued, dateExpired: listed }]]);
  return movedAuctions({ auctions }, [anAuction()], nextDueAt);
}

describe("missingFrom", () => {
  it("returns the contracts we have as listed that the snapshot lacks", () => {
    const stored = [anAuction(), anAuction({ contractId: 2 }), anAuction({ contractId: 3 })];

    expect(missingFrom({ ids: new Set([2, 4]) }, stored)).toEqual([stored[0], stored[2]]);
  });

  it("returns nothing if no contract is missing", () => {
    expect(missingFrom({ ids: new Set([1]) }, [anAuction()])).toEqual([]);
  });
});

describe("movedAuctions", () => {
  const longBefore = dateExpired - 24 * hour;

  it.each([
    ["later", dateExpired + hour],
    ["earlier", dateExpired - hour],
  ])("writes a shift of an hour %s", (_direction, listed) => {
    expect(moved(listed, longBefore)).toEqual([{ contractId: 1, dateIssued, dateExpired: listed }]);
  });

  it.each([
    ["a second less than an hour later", dateExpired + hour - 1],
    ["a second less than an hour earlier", dateExpired - hour + 1],
    ["nothing", dateExpired],
  ])("does not write a shift of %s while there is time", (_shift, listed) => {
    expect(moved(listed, longBefore)).toEqual([]);
  });

  it("does not write a small shift if the list is due a second before the stored date passes", () => {
    expect(moved(dateExpired + 1, dateExpired - 1)).toEqual([]);
  });

  it("writes even the smallest shift if the stored date passes when the list is due", () => {
    expect(moved(dateExpired + 1, dateExpired)).toEqual([
      { contractId: 1, dateIssued, dateExpired: dateExpired + 1 },
    ]);
  });

  it("does not write an earlier date, even if the stored one passes before the list is due", () => {
    expect(moved(dateExpired - 1, dateExpired + hour)).toEqual([]);
  });

  it("leaves auctions alone that the list does not mention", () => {
    const other = new Map([[2, { dateIssued, dateExpired: dateExpired + hour }]]);

    expect(movedAuctions({ auctions: other }, [anAuction()], dateExpired)).toEqual([]);
  });

  it("never lets an auction look expired before its region is due, if the list says it is still running", () => {
    const times = fc.integer({ min: dateExpired - 4 * hour, max: dateExpired + 4 * hour });

    fc.assert(
      fc.property(times, times, (listed, nextDueAt) => {
        const [written] = moved(listed, nextDueAt);
        const stored = written?.dateExpired ?? dateExpired;
        expect(stored > nextDueAt || stored >= listed).toBe(true);
      }),
    );
  });
});

/** Some snapshot that holds something, and read every row. */
const plenty = { ids: new Set([1]), doubtfulRows: 0 };

describe("needsSecondSnapshot", () => {
  it.each([
    [false, 49, 100],
    [true, 50, 100],
    [false, 51, 170],
    [true, 52, 170],
    [true, 50, 166],
    [false, 50, 167],
    [true, 50, 50],
    [false, 0, 1_000],
    [false, 10_200, 34_000],
    [true, 10_201, 34_000],
  ])("is %s if %i of %i contracts are missing", (needs, missing, stored) => {
    expect(needsSecondSnapshot(plenty, stored, missing)).toBe(needs);
  });

  it("is true where everything is missing, be it one contract", () => {
    expect(needsSecondSnapshot({ ids: new Set(), doubtfulRows: 0 }, 1, 1)).toBe(true);
  });

  it("is false if there was nothing before and there is nothing now", () => {
    expect(needsSecondSnapshot({ ids: new Set(), doubtfulRows: 0 }, 0, 0)).toBe(false);
  });

  it("is true if a missing contract may be in a row that could not be read", () => {
    expect(needsSecondSnapshot({ ids: new Set([1]), doubtfulRows: 1 }, 1_000, 1)).toBe(true);
  });

  it("is false if rows could not be read but nothing is missing", () => {
    expect(needsSecondSnapshot({ ids: new Set([1]), doubtfulRows: 7 }, 1_000, 0)).toBe(false);
  });

  it("draws the line at exactly 30 % for any region", () => {
    fc.assert(
      fc.property(fc.integer({ min: 17, max: 10_000 }), (tenth) => {
        expect(needsSecondSnapshot(plenty, tenth * 10, tenth * 3)).toBe(false);
        expect(needsSecondSnapshot(plenty, tenth * 10, tenth * 3 + 1)).toBe(true);
      }),
    );
  });
});

describe("agrees", () => {
  it.each([
    [true, 0, 0],
    [true, 70, 100],
    [false, 69, 100],
    [true, 100, 70],
    [false, 100, 69],
    [false, 0, 1],
    [false, 1, 0],
    [true, 1, 1],
  ])("is %s for lists of %i and %i", (expected, size, heldSize) => {
    expect(agrees(size, heldSize)).toBe(expected);
  });

  it("does not depend on which list came first", () => {
    const size = fc.nat(50_000);

    fc.assert(
      fc.property(size, size, (a, b) => {
        expect(agrees(a, b)).toBe(agrees(b, a));
      }),
    );
  });
});
