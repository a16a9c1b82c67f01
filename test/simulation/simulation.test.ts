/** `npm run simulate`, shortened: half a day of a small New Eden; and whether it sees what is wrong. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { universeStatements } from "../../src/cli/universe/statements.ts";
import { createLivingNewEden } from "../esi-stand-in/new-eden/living.ts";
import { shippedUniverse } from "../esi-stand-in/shipped-universe.ts";
import { theForge } from "../support/api.ts";
import { committedExtract } from "../support/committed-extract.ts";
import { expectConsistent } from "../support/database.ts";
import { testEnv } from "../support/harness.ts";
import { withoutTimers } from "../support/timers.ts";
import { brokenPromises } from "./bill.ts";
import { type Profile, free, paid } from "./profiles.ts";
import { createSimulation, type Hour } from "./simulation.ts";

beforeEach(withoutTimers);

beforeEach(async () => {
  const statements = universeStatements(committedExtract, 0);
  await env.DB.batch(statements.map(({ sql }) => env.DB.prepare(sql)));
  const spies = [vi.spyOn(console, "info"), vi.spyOn(console, "warn")];
  for (const spy of spies) spy.mockImplementation(() => {});
  return () => spies.forEach((spy) => spy.mockRestore());
});

type Course = {
  from: string;
  hours: number;
  contracts: number;
  newPerDay: number;
  settings?: Profile["settings"];
  db?: D1Database;
};

const seed = 1;

async function simulated({ from, hours, settings = {}, db, ...size }: Course) {
  const startsAt = new Date(from);
  const world = createLivingNewEden({ universe: shippedUniverse(), seed, startsAt, ...size });
  const bindings = { ...testEnv, ...settings, DB: db ?? env.DB };
  const simulation = createSimulation({
    env: bindings,
    world,
    startsAt,
    hours,
    faultShare: 0.02,
    seed,
  });
  for (let minute = 0; minute < hours * 60; minute += 1) await simulation.tick();
  return simulation.outcome();
}

const sum = (hours: readonly Hour[], of: (hour: Hour) => number) =>
  hours.reduce((total, hour) => total + of(hour), 0);

describe("some hours of New Eden, its downtime and two faults in a hundred among them", () => {
  // Looked at each hour, five minutes after the downtime's end too.
  const from = "2026-03-02T08:25:00Z";
  const size = { from, hours: 4, contracts: 1_500, newPerDay: 600 };

  it("keep all promises", { timeout: 60_000 }, async () => {
    const outcome = await simulated(size);

    expect(brokenPromises(outcome, paid)).toEqual([]);
    await expectConsistent(env.DB);
    const { hours, ended, idleTicks } = outcome;
    expect(hours.map(({ at }) => at.slice(11, 16))).toContain("11:25");
    expect(sum(hours, ({ esiRequests }) => esiRequests)).toBeGreaterThan(1_800);
    expect(hours.at(-1)?.truth.served).toBeGreaterThan(1_300);
    expect(ended).toBeGreaterThan(50);
    expect(idleTicks.count).toBeGreaterThan(50);
  });

  it("keep the promises for one hub on the free plan", { timeout: 60_000 }, async () => {
    const outcome = await simulated({
      ...size,
      contracts: 10_000,
      newPerDay: 4_000,
      settings: free.settings,
    });

    expect(brokenPromises(outcome, free)).toEqual([]);
    expect(outcome.hours.at(-1)?.truth.served).toBeGreaterThan(300);
  });
});

/** D1 with each statement changed before it runs. */
const altered = (alter: (sql: string) => string): D1Database => ({
  prepare: (query) => env.DB.prepare(alter(query)),
  batch: (statements) => env.DB.batch(statements),
  exec: (query) => env.DB.exec(query),
  dump: () => env.DB.dump(),
  withSession: (constraint) => env.DB.withSession(constraint),
});

describe("a sync with a fault of its own is found out", () => {
  const morning = {
    from: "2026-03-02T06:00:00Z",
    hours: 2,
    contracts: 300,
    newPerDay: 600,
    settings: { SYNC_REGION_IDS: `${theForge}` },
  };

  it.each<[string, string, string | RegExp, string]>([
    [
      "one that ends nothing",
      "nothing that ended is served",
      "contracts set is_listed = 0, ended_at = ?1",
      "contracts set is_listed = 1, ended_at = nullif(?1, ?1)",
    ],
    [
      "one that stores nine of ten contracts",
      "nothing is missing",
      /(insert into contracts .*)where true/s,
      "$1where value ->> 'contractId' % 10 <> 0",
    ],
    [
      "one that forgets to ask for the items of some",
      "items are there within ten minutes",
      /then 0 end(\s+from)/,
      "then 9999999999 * (value ->> 'contractId' % 10 = 0) end$1",
    ],
    [
      "one that asks for lists each minute",
      "no list is asked for before it expires",
      /next_due_at = (\?\d+)/,
      "next_due_at = $1 * 0",
    ],
    [
      "one that asks for some items again",
      "no items are asked for twice",
      "items_status = 'complete', items_due_at = null",
      "items_status = 'complete', items_due_at = case when random() % 20 = 0 then 0 end",
    ],
  ])("%s", { timeout: 60_000 }, async (_name, promise, from, to) => {
    let isAltered = false;
    const db = altered((sql) => {
      const other = sql.replace(from, to);
      isAltered ||= other !== sql;
      return other;
    });

    const outcome = await simulated({ ...morning, db });

    expect(isAltered).toBe(true);
    expect(brokenPromises(outcome, paid)).toContain(promise);
  });

  it("one that ignores the downtime", { timeout: 60_000 }, async () => {
    const settings = { ...morning.settings, ESI_DOWNTIME: "" };
    const outcome = await simulated({ ...morning, from: "2026-03-02T11:00:00Z", settings });

    expect(brokenPromises(outcome, paid)).toEqual(["nothing is asked during the downtime"]);
  });
});
