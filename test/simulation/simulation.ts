/**
 * Days of New Eden, minute by minute: the cron as it is, over a living stand-in, with time injected.
 * Each hour what is served is held against the truth; at the end there is a bill.
 */
import { createContainer } from "../../src/container.ts";
import { runScheduled } from "../../src/scheduled.ts";
import type { Fault } from "../esi-stand-in/faults.ts";
import { createStandIn } from "../esi-stand-in/stand-in.ts";
import type { World } from "../esi-stand-in/world.ts";
import { meteredD1 } from "../support/metered-d1.ts";
import { movingMarket } from "./moving-market.ts";
import { createTruth, type Truthfulness } from "./truth.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * What a round trip to D1 takes of the clock. ESI answers at once: what takes time there is our own
 * pace, which six connections keep up as long as an answer takes less than 300 ms.
 */
const d1Ms = 5;

/** Time that passes only by waiting: whoever waits together, waits once. */
export function createSimulatedClock(start: number) {
  let time = start;
  return {
    now: () => time,
    date: () => new Date(time),
    sleep: async (ms: number): Promise<void> => {
      const end = time + ms;
      await Promise.resolve();
      time = Math.max(time, end);
    },
    set(ms: number): void {
      time = Math.max(time, ms);
    },
  };
}

export type Costs = { runs: number; esiRequests: number; rowsRead: number; rowsWritten: number };

const noCosts = (): Costs => ({ runs: 0, esiRequests: 0, rowsRead: 0, rowsWritten: 0 });

/** An hour, or all of them. */
export type Hour = Costs & {
  /** When it ended. */
  at: string;
  truth: Truthfulness;
  /** The fewest errors that ESI granted before its next window. */
  lowestErrorBudget: number;
};

export type Outcome = {
  hours: Hour[];
  /** Simulated minutes until every list and all items were there; null if that never was. */
  coldStartMinutes: number | null;
  /** Ticks that asked nothing and wrote nothing, and the most that one of them read. */
  idleTicks: { count: number; rowsRead: number };
  /** The most seconds that a run took. */
  longestRunSeconds: number;
  listsBeforeExpiry: number;
  itemsFetchedTwice: number;
  requestsInDowntime: number;
  violations: Record<string, number>;
  lowestErrorBudget: number;
  databaseBytes: { coldStart: number; end: number };
  ended: number;
};

type Options = {
  env: Env;
  world: World;
  startsAt: Date;
  hours: number;
  /** The share of requests that fail, each in a way of its own. */
  faultShare: number;
  seed: number;
};

function randomFaults(share: number): Fault[] {
  const each = share / 8;
  return [
    ...[500, 502, 503, 504].map((status): Fault => ({ kind: "status", status, probability: each })),
    { kind: "timeout", probability: each },
    { kind: "connection-reset", probability: each },
    { kind: "truncated-body", probability: each },
    { kind: "html", probability: each },
  ];
}

/** ESI is away from 11:00 to 11:15, each day. */
const downtimes = (startsAt: Date, hours: number): Fault[] =>
  Array.from({ length: Math.ceil(hours / 24) + 1 }, (_, day): Fault => {
    const midnight = new Date(startsAt.getTime() + day * 24 * hourMs).setUTCHours(0, 0, 0, 0);
    const from = new Date(midnight + 11 * hourMs);
    return { kind: "status", status: 503, from, until: new Date(from.getTime() + 15 * minuteMs) };
  });

const isDowntime = (at: Date): boolean => at.getUTCHours() === 11 && at.getUTCMinutes() < 15;

export type Simulation = ReturnType<typeof createSimulation>;

/** @param hours - how many there will be at most. */
export function createSimulation({
  env,
  world,
  startsAt,
  hours: length,
  faultShare,
  seed,
}: Options) {
  const clock = createSimulatedClock(startsAt.getTime());
  const meter = meteredD1(env.DB);
  const esi = createStandIn({
    world: { ...world, market: movingMarket(world.market, clock.now) },
    now: clock.date,
    seed,
    faults: [...downtimes(startsAt, length), ...randomFaults(faultShare)],
  });
  const truth = createTruth({ db: env.DB, world });
  const outcome: Outcome = {
    hours: [],
    coldStartMinutes: null,
    idleTicks: { count: 0, rowsRead: 0 },
    longestRunSeconds: 0,
    requestsInDowntime: 0,
    databaseBytes: { coldStart: 0, end: 0 },
    ended: 0,
    listsBeforeExpiry: 0,
    itemsFetchedTwice: 0,
    violations: {},
    lowestErrorBudget: 100,
  };
  let minute = 0;
  let requestsBefore = 0;
  let hour = noCosts();

  const db: D1Database = {
    prepare: (query) => meter.db.prepare(query),
    exec: (query) => meter.db.exec(query),
    dump: () => meter.db.dump(),
    withSession: (constraint) => meter.db.withSession(constraint),
    async batch<Row>(statements: D1PreparedStatement[]) {
      const results = await meter.db.batch<Row>(statements);
      await clock.sleep(d1Ms);
      return results;
    },
  };
  const container = () =>
    createContainer(
      { ...env, DB: db },
      {
        now: clock.now,
        sleep: clock.sleep,
        purge: () => Promise.resolve(),
        fetch(input, init) {
          if (isDowntime(clock.date())) outcome.requestsInDowntime += 1;
          return esi.fetch(input instanceof Request ? input : String(input), init);
        },
      },
    );

  /** One tick of the cron, with what it cost. */
  async function run(scheduledTime: number): Promise<void> {
    meter.reset();
    await runScheduled({ cron: "* * * * *", scheduledTime, noRetry: () => {} }, container);
    const { rowsRead, rowsWritten } = meter.bill();
    const esiRequests = esi.counters.total() - requestsBefore;
    requestsBefore += esiRequests;
    const isIdle = rowsWritten === 0 && esiRequests === 0;
    const { idleTicks } = outcome;
    if (isIdle) idleTicks.rowsRead = Math.max(idleTicks.rowsRead, rowsRead);
    idleTicks.count += Number(isIdle);
    const seconds = (clock.now() - scheduledTime) / 1000;
    outcome.longestRunSeconds = Math.max(outcome.longestRunSeconds, seconds);
    hour = {
      runs: hour.runs + Number(!isIdle),
      esiRequests: hour.esiRequests + esiRequests,
      rowsRead: hour.rowsRead + rowsRead,
      rowsWritten: hour.rowsWritten + rowsWritten,
    };
  }

  return {
    /** One minute more; after the last one of an hour, that hour. */
    async tick(): Promise<Hour | null> {
      const tickAt = startsAt.getTime() + minute * minuteMs;
      clock.set(tickAt);
      await run(tickAt);
      minute += 1;
      if (outcome.coldStartMinutes === null && (await truth.isComplete(clock.date()))) {
        outcome.coldStartMinutes = minute;
        outcome.databaseBytes.coldStart = await truth.databaseBytes();
      }
      if (minute % 60 !== 0) return null;

      const at = new Date(tickAt + minuteMs);
      clock.set(at.getTime());
      const { lowestErrorBudget } = esi.counters;
      const done = {
        at: at.toISOString(),
        ...hour,
        truth: await truth.at(at, outcome.coldStartMinutes !== null),
        lowestErrorBudget,
      };
      outcome.hours.push(done);
      hour = noCosts();
      return done;
    },

    async outcome(): Promise<Outcome> {
      const { listsBeforeExpiry, itemsFetchedTwice, violations, lowestErrorBudget } = esi.counters;
      const byRule = Map.groupBy(violations, ({ rule }) => rule);
      return {
        ...outcome,
        databaseBytes: { ...outcome.databaseBytes, end: await truth.databaseBytes() },
        ended: await truth.ended(),
        listsBeforeExpiry,
        itemsFetchedTwice: itemsFetchedTwice.length,
        violations: Object.fromEntries([...byRule].map(([rule, all]) => [rule, all.length])),
        lowestErrorBudget,
      };
    },
  };
}
