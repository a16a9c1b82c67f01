/** When ESI is not asked: its daily downtime, and its limits. */
import { describe, expect, it } from "vitest";

import { isDowntime } from "../../src/domain/downtime.ts";
import { type EsiLimit, errorLimit, isHeld } from "../../src/domain/esi-limit.ts";
import { Stopped } from "../../src/domain/stopped.ts";
import { newReport } from "../../src/domain/sync-report.ts";

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
const minutes = (hours: number, rest: number) => hours * 60 + rest;

describe("isDowntime", () => {
  const morning = { fromMinute: minutes(10, 58), toMinute: minutes(11, 20) };

  it.each([
    ["10:57:59.999", false],
    ["10:58:00.000", true],
    ["11:19:59.999", true],
    ["11:20:00.000", false],
    ["00:00:00.000", false],
    ["23:59:59.999", false],
  ])("is, at %s, %s of a window by day", (time, expected) => {
    expect(isDowntime(morning, at(time))).toBe(expected);
  });

  const night = { fromMinute: minutes(23, 50), toMinute: minutes(0, 10) };

  it.each([
    ["23:49:59.999", false],
    ["23:50:00.000", true],
    ["23:59:59.999", true],
    ["00:00:00.000", true],
    ["00:09:59.999", true],
    ["00:10:00.000", false],
    ["12:00:00.000", false],
  ])("is, at %s, %s of a window over midnight", (time, expected) => {
    expect(isDowntime(night, at(time))).toBe(expected);
  });

  it("comes on every day", () => {
    const days = ["1970-01-01", "2028-02-29", "2099-12-31"];

    expect(days.map((day) => isDowntime(morning, Date.parse(`${day}T11:00:00Z`)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("never is without a window, nor in one that ends as it begins", () => {
    const empty = { fromMinute: minutes(11, 0), toMinute: minutes(11, 0) };

    expect([isDowntime(null, at("11:00:00")), isDowntime(empty, at("11:00:00"))]).toEqual([
      false,
      false,
    ]);
  });
});

describe("isHeld", () => {
  const aLimit = (fields: Partial<EsiLimit>): EsiLimit => ({
    bucket: errorLimit,
    remaining: 0,
    resetAt: null,
    heldUntil: 1_000,
    ...fields,
  });

  it.each([
    [999, true],
    [1_000, false],
    [1_001, false],
  ])("is, at %i, %s of a hold until 1000", (now, expected) => {
    expect(isHeld([aLimit({})], errorLimit, now)).toBe(expected);
  });

  it("looks only at the bucket it is asked about", () => {
    const limits = [aLimit({ bucket: "status" }), aLimit({ heldUntil: null })];

    expect([isHeld(limits, errorLimit, 0), isHeld(limits, "status", 0)]).toEqual([false, true]);
  });

  it("is false if nothing is known", () => {
    expect(isHeld([], errorLimit, 0)).toBe(false);
  });
});

describe("a run", () => {
  it("that is stopped says why", () => {
    const stopped = new Stopped("held", "ESI's daily downtime");

    expect(stopped).toBeInstanceOf(Error);
    expect([stopped.name, stopped.reason, stopped.message]).toEqual([
      "Stopped",
      "held",
      "ESI's daily downtime",
    ]);
  });

  it("begins with an empty report that it shares with no other run", () => {
    const report = newReport(5);
    report.regions.checked += 1;

    expect(newReport(7)).toEqual({
      outcome: "done",
      startedAt: 7,
      finishedAt: 7,
      regions: { checked: 0, unchanged: 0, accepted: 0, held: 0, failed: 0 },
      contracts: { listed: 0, ended: 0, moved: 0 },
      listRows: 0,
      oddRows: 0,
      oddFields: 0,
      items: { complete: 0, rows: 0, refused: 0, failed: 0 },
      names: { resolved: 0, failed: 0 },
      revalued: 0,
      prunedContracts: 0,
      purgedTags: 0,
      esiRequests: 0,
      queries: 0,
      rowsRead: 0,
      rowsWritten: 0,
    });
  });
});
