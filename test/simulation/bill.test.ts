/** Each promise of the simulation by itself: what breaks it is named, and nothing else. */
import { describe, expect, it } from "vitest";

import { brokenPromises } from "./bill.ts";
import { paid } from "./profiles.ts";
import type { Hour, Outcome } from "./simulation.ts";

describe("what was promised", () => {
  const anHour: Hour = {
    at: "2026-03-02T09:00:00.000Z",
    runs: 5,
    esiRequests: 700,
    rowsRead: 150_000,
    rowsWritten: 16_000,
    lowestErrorBudget: 80,
    truth: {
      outstanding: 48_000,
      served: 48_000,
      wronglyServed: 0,
      missing: 0,
      itemsPending: 3,
      itemsLate: 0,
      itemsUnavailable: 1,
      heldRegions: 0,
    },
  };
  const aDay = (hour: Partial<Hour> = {}): Hour[] =>
    Array.from({ length: 25 }, () => ({ ...anHour, ...hour }));
  const aTruth = (truth: Partial<Hour["truth"]>): Hour[] =>
    aDay().with(24, { ...anHour, truth: { ...anHour.truth, ...truth } });
  const anOutcome: Outcome = {
    hours: aDay(),
    coldStartMinutes: 46,
    idleTicks: { count: 900, rowsRead: 10 },
    longestRunSeconds: 55,
    listsBeforeExpiry: 0,
    itemsFetchedTwice: 0,
    requestsInDowntime: 0,
    violations: {},
    lowestErrorBudget: 50,
    databaseBytes: { coldStart: 1, end: 1 },
    ended: 0,
  };

  it("is reported as kept if nothing is wrong", () => {
    expect(brokenPromises(anOutcome, paid)).toEqual([]);
  });

  it.each<[string, Partial<Outcome>]>([
    ["the cold start comes to an end", { coldStartMinutes: null }],
    ["the cold start takes 60 minutes at most", { coldStartMinutes: 61 }],
    ["nothing that ended is served", { hours: aTruth({ wronglyServed: 1 }) }],
    ["nothing is missing", { hours: aTruth({ missing: 1 }) }],
    ["items are there within ten minutes", { hours: aTruth({ itemsLate: 1 }) }],
    ["no list is asked for before it expires", { listsBeforeExpiry: 1 }],
    ["no items are asked for twice", { itemsFetchedTwice: 1 }],
    ["nothing is asked during the downtime", { requestsInDowntime: 1 }],
    ["ESI has nothing to complain of", { violations: { "no-user-agent": 1 } }],
    ["50 errors are always left", { lowestErrorBudget: 49 }],
    ["a tick with nothing due reads ten rows at most", { idleTicks: { count: 1, rowsRead: 11 } }],
    ["rows read stay within their share", { hours: aDay({ rowsRead: 700_000 }) }],
    ["rows written stay within their share", { hours: aDay({ rowsWritten: 25_000 }) }],
  ])("is reported as broken: %s", (promise, wrong) => {
    expect(brokenPromises({ ...anOutcome, ...wrong }, paid)).toEqual([promise]);
  });
});
