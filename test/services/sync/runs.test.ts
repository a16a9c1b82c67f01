/** A run among others: alone, killed, taken over, out of budget; and what it purges. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { domain, firstContract, theForge } from "../../support/api.ts";
import { expectConsistent, listedIds, rowsOf } from "../../support/database.ts";
import { emptyDatabase } from "../../support/empty-database.ts";
import {
  aTickingApi,
  itemsRoute,
  minuteMs,
  namesRoute,
  type TickingApi,
} from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

const exchanges = (count: number, plan: object = {}) =>
  Array.from({ length: count }, () => aContract(plan));

/** Longer than a run may take, with what is granted to one that is late. */
const leaseMs = 116_000;

const outcomesOf = (reports: readonly { outcome: string }[]) =>
  reports.map(({ outcome }) => outcome).toSorted();

/** What is not there yet, of all that a sync brings. */
const missing = () =>
  rowsOf(
    env.DB,
    `select contract_id as id from contracts where items_status not in ('complete', 'none')
     union all select id from names where name is null`,
  );

/** The database with another way to run batches: all that the sync asks of it. */
const withBatch = (db: D1Database, batch: D1Database["batch"]): D1Database => ({
  prepare: (query) => db.prepare(query),
  batch,
  exec: (query) => db.exec(query),
  dump: () => db.dump(),
  withSession: (constraint) => db.withSession(constraint),
});

/** A database that goes away after so many round trips, and takes the run with it. */
function mortal(db: D1Database, roundTrips: number): D1Database {
  let left = roundTrips;
  return withBatch(db, (statements) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error("Killed.")) : db.batch(statements);
  });
}

describe("two runs at once", () => {
  it("become one run, and the other is told that it is busy", async () => {
    const scene = await aTickingApi({ contracts: exchanges(5) });

    const reports = await Promise.all([scene.sync(), scene.sync()]);

    expect(outcomesOf(reports)).toEqual(["busy", "done"]);
    expect(scene.esi.counters.violations).toEqual([]);
    expect(await rowsOf(env.DB, "select outcome from sync_runs")).toEqual([{ outcome: "done" }]);
  });

  it("become one run even if one is the cron's and the other an operator's", async () => {
    const scene = await aTickingApi({ contracts: exchanges(5) });

    const [cron, admin] = await Promise.all([
      scene.container().sync.run("cron"),
      scene.container().sync.run("admin", [theForge]),
    ]);

    expect(outcomesOf([cron, admin])).toEqual(["busy", "done"]);
  });
});

describe("a lease that was never given back", () => {
  async function withLease(ms: number) {
    const scene = await aTickingApi({ contracts: exchanges(1) });
    await env.DB.prepare("update sync_state set lease_token = 7, lease_expires_at = ?")
      .bind(scene.clock.now() + ms)
      .run();
    return scene.sync();
  }

  it("blocks other runs until it expires", async () => {
    expect(await withLease(1)).toMatchObject({ outcome: "busy", esiRequests: 0, rowsWritten: 0 });
  });

  it("blocks nobody once it has expired", async () => {
    expect(await withLease(0)).toMatchObject({ outcome: "done" });
  });
});

describe("a run that another has taken over from", () => {
  /** Does something before ESI is asked for the first time on a route. */
  function before(scene: TickingApi, path: RegExp, act: () => Promise<void>) {
    let isDone = false;
    return scene.container({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (path.test(request.url) && !isDone) {
          isDone = true;
          await act();
        }
        return scene.esi.fetch(request);
      },
    });
  }

  it.each([
    ["a list", /public\/\d+\?/],
    ["items", /items/],
    ["names", /names/],
  ])("while it waited for %s writes nothing more", async (_what, path) => {
    const scene = await aTickingApi({
      contracts: [...exchanges(3), ...exchanges(3, { region_id: domain })],
      regionIds: [theForge, domain],
    });
    const late = before(scene, path, async () => {
      scene.clock.advance(leaseMs);
      await scene.tick();
      expect(await rowsOf(env.DB, "select outcome from sync_runs")).toHaveLength(1);
      scene.purged.length = 0;
    });

    const report = await late.sync.run("cron");

    expect(report.outcome).toBe("superseded");
    expect(await rowsOf(env.DB, "select outcome from sync_runs")).toEqual([{ outcome: "done" }]);
    // What it changed before it was overtaken is to be seen.
    expect(scene.purged).toEqual([["region-all", `region-${theForge}`, `region-${domain}`]]);
    expect(await scene.json("/v1/contracts")).toMatchObject({ meta: { total: 6 } });
    expect(await missing()).toEqual([]);
  });

  it("records no failure for a list that it could not get", async () => {
    const scene = await aTickingApi({ contracts: exchanges(3) });
    const late = before(scene, /public\/\d+\?/, async () => {
      scene.clock.advance(leaseMs);
      await scene.tick();
      scene.esi.faults.add({ kind: "status", status: 503 });
    });

    const report = await late.sync.run("cron");

    expect(report.outcome).toBe("superseded");
    expect(await scene.json("/v1/status")).toMatchObject({
      regions: [{ status: "live", last_error: null }],
    });
  });

  it("does not release a lease that belongs to another run", async () => {
    const scene = await aTickingApi({ contracts: exchanges(3) });
    let finish = () => {};
    const isFinished = new Promise<void>((resolve) => (finish = resolve));
    let second = Promise.resolve({ outcome: "" });
    const late = before(scene, /items/, async () => {
      scene.clock.advance(leaseMs);
      let isWaiting = () => {};
      const waits = new Promise<void>((resolve) => (isWaiting = resolve));
      second = before(scene, /items/, async () => {
        isWaiting();
        await isFinished;
      }).sync.run("cron");
      await waits;
    });

    const first = await late.sync.run("cron");
    const third = await scene.sync();
    finish();

    expect(outcomesOf([first, third, await second])).toEqual(["busy", "done", "superseded"]);
    expect(await missing()).toEqual([]);
  });
});

describe("a run that is killed", () => {
  /** Two synced regions with something new, something gone and somewhere unknown in them. */
  async function changedScene() {
    const scene = await aTickingApi({
      contracts: [...exchanges(6), ...exchanges(2, { region_id: domain })],
      regionIds: [theForge, domain],
    });
    await scene.tick();
    for (const id of scene.world.ids.slice(0, 2)) scene.world.remove(id, scene.clock.date());
    scene.world.add(aContract({ issuer_id: 2_112_000_777 }), scene.clock.date());
    scene.world.add(
      aContract({ region_id: domain, start_location_id: 60_015_200 }),
      scene.clock.date(),
    );
    scene.clock.advance(1_805_000);
    return scene;
  }

  it("at any point leaves a consistent database, and the next run goes on", async () => {
    const whole = await changedScene();
    whole.meter.reset();
    await whole.tick();
    const { roundTrips } = whole.meter.bill();
    const healthy = await listedIds(env.DB);
    const killedAt: number[] = [];

    for (let survived = 1; survived < roundTrips; survived += 1) {
      await emptyDatabase();
      const scene = await changedScene();
      const alive = scene.env.DB;
      scene.env.DB = mortal(alive, survived);
      await scene.tick().catch(() => killedAt.push(survived));
      scene.env.DB = alive;
      await expectConsistent(env.DB);

      await scene.tickLater(leaseMs);

      await expectConsistent(env.DB);
      expect(await listedIds(env.DB)).toEqual(healthy);
      expect(await missing()).toEqual([]);
    }

    expect(killedAt).toEqual(Array.from({ length: roundTrips - 1 }, (_, index) => index + 1));
    expect(roundTrips).toBeGreaterThan(20);
  }, 60_000);
});

describe("a run that is killed while it writes down a list of thousands", () => {
  it("has stored a part, which is counted correctly, and the next run stores the rest", async () => {
    const parts = new Set<number>();

    for (let survived = 8; survived < 17; survived += 1) {
      await emptyDatabase();
      const scene = await aTickingApi({
        contracts: Array.from({ length: 4_001 }, () => aContract({ type: "courier" })),
      });
      const alive = scene.env.DB;
      scene.env.DB = mortal(alive, survived);
      await scene.tick().catch(() => "killed");
      scene.env.DB = alive;
      parts.add((await listedIds(env.DB)).length);
      await expectConsistent(env.DB);

      await scene.tickLater(leaseMs);

      expect(await listedIds(env.DB)).toEqual(scene.world.ids);
    }

    expect(parts).toEqual(new Set([0, 2_000, 4_000, 4_001]));
  }, 60_000);
});

describe("a run that breaks", () => {
  async function broken() {
    const scene = await aTickingApi({ contracts: exchanges(1) });
    const { DB } = scene.env;
    let isBroken = false;
    scene.env.DB = withBatch(DB, (statements) => {
      const breaks = scene.esi.counters.total(itemsRoute) > 0 && !isBroken;
      if (!breaks) return DB.batch(statements);
      isBroken = true;
      return Promise.reject(new Error("D1_ERROR: overloaded"));
    });
    return scene;
  }

  it("looks failed, to the cron and in its report", async () => {
    const scene = await broken();

    await expect(scene.tick()).rejects.toThrow("D1_ERROR: overloaded");

    expect(await scene.lastRun()).toMatchObject({ outcome: "failed", trigger: "cron" });
    expect(scene.logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        event: "job-failed",
        cron: "* * * * *",
        message: "D1_ERROR: overloaded",
      }),
    );
  });

  it("gives its lease back, and the next one goes on", async () => {
    const scene = await broken();
    await scene.tick().catch(() => "failed");

    await scene.tickLater(minuteMs);

    expect(await scene.lastRun()).toMatchObject({ outcome: "done", items: { complete: 1 } });
  });

  it("purges what it changed before it broke", async () => {
    const scene = await broken();
    await scene.tick().catch(() => "failed");

    expect(scene.purged).toEqual([["region-all", `region-${theForge}`]]);
  });
});

describe("a budget", () => {
  type Budget = "SYNC_RUN_REQUESTS" | "SYNC_RUN_QUERIES" | "SYNC_RUN_SECONDS";

  /** Ticks, a minute each, until nothing is left to do. */
  async function runsUnder(setting: Budget, limit: number, contracts: number) {
    const scene = await aTickingApi({
      contracts: [
        ...exchanges(contracts),
        ...exchanges(3, { region_id: domain, issuer_id: 2_112_000_777 }),
      ],
      regionIds: [theForge, domain],
      settings: { [setting]: String(limit) },
    });
    const runs = [];
    for (let tick = 0; tick < 40; tick += 1) {
      scene.meter.reset();
      const startedAt = scene.clock.now();
      const { outcome, esiRequests } = await scene.sync();
      const seconds = (scene.clock.now() - startedAt) / 1000;
      if (outcome === "idle") break;
      runs.push({ outcome, esiRequests, seconds, statements: scene.meter.bill().statements });
      scene.clock.advance(minuteMs);
    }
    return { scene, runs };
  }

  it("of requests ends a run, and the next run goes on with the rest", async () => {
    const { scene, runs } = await runsUnder("SYNC_RUN_REQUESTS", 40, 117);

    expect(runs.map(({ outcome, esiRequests }) => [outcome, esiRequests])).toEqual([
      ["budget", 40],
      ["budget", 40],
      ["budget", 40],
      ["done", 3],
    ]);
    expect(await missing()).toEqual([]);
    expect(scene.esi.counters.violations).toEqual([]);
  });

  it("of requests that is just large enough does not end the run early", async () => {
    const { runs } = await runsUnder("SYNC_RUN_REQUESTS", 40, 34);

    expect(runs.map(({ outcome, esiRequests }) => [outcome, esiRequests])).toEqual([["done", 40]]);
  });

  it("of queries ends a run before D1 would stop it, and the next run goes on", async () => {
    const { scene, runs } = await runsUnder("SYNC_RUN_QUERIES", 50, 250);

    expect(runs.at(-1)?.outcome).toBe("done");
    expect(new Set(runs.slice(0, -1).map(({ outcome }) => outcome))).toEqual(new Set(["budget"]));
    expect(Math.max(...runs.map(({ statements }) => statements))).toBeLessThanOrEqual(50);
    expect(await missing()).toEqual([]);
    expect(scene.esi.counters.violations).toEqual([]);
  });

  it("of queries too small for a list of thousands takes each list in parts", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 4_500 }, () => aContract({ type: "courier" })),
      settings: { SYNC_RUN_QUERIES: "45" },
    });
    const outcomes = new Set<string>();
    for (let tick = 0; tick < 70; tick += 1) {
      outcomes.add((await scene.sync()).outcome);
      scene.clock.advance(minuteMs);
    }

    expect(outcomes).toContain("budget");
    expect(scene.esi.counters.violations).toEqual([]);
    const { meta } = await scene.json<{ meta: unknown }>("/v1/contracts?limit=1");
    expect(meta).toMatchObject({ total: 4_500, as_of: expect.any(String), stale: false });
  });

  it("of seconds ends a run, and everything fetched so far is stored", async () => {
    const { scene, runs } = await runsUnder("SYNC_RUN_SECONDS", 5, 250);

    expect(runs.map(({ outcome }) => outcome)).toEqual(["budget", "budget", "done"]);
    expect(Math.max(...runs.map(({ seconds }) => seconds))).toBeLessThanOrEqual(5.3);
    expect(await missing()).toEqual([]);
    expect(scene.esi.counters.violations).toEqual([]);
  });

  it("that is used up keeps serving what is there, and says what is pending", async () => {
    const { scene, runs } = await runsUnder("SYNC_RUN_REQUESTS", 40, 42);
    expect(runs.length).toBe(2);
    for (let count = 0; count < 45; count += 1) scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater();

    expect(await scene.json("/v1/status")).toMatchObject({
      contracts: { outstanding: 90 },
      items: { pending: 7 },
      last_run: { outcome: "budget" },
    });
  });

  it("is spent on the newest contracts first", async () => {
    const { scene } = await runsUnder("SYNC_RUN_REQUESTS", 40, 42);
    const ids = Array.from({ length: 45 }, () => scene.world.add(aContract(), scene.clock.date()));

    await scene.tickLater();

    const newest = ids.slice(-38).toReversed();
    expect([...scene.esi.counters.items.keys()].slice(-38)).toEqual(newest);
  });
});

describe("what is purged", () => {
  const twoRegions = { regionIds: [theForge, domain] };
  const inDomain = aContract({ region_id: domain });

  it("is each region that changed, and the tag of all regions", async () => {
    const scene = await aTickingApi({ contracts: exchanges(1), ...twoRegions });
    await scene.tick();
    scene.world.add(
      aContract({ region_id: domain, items: [anItem({ type_id: 34 })] }),
      scene.clock.date(),
    );
    scene.purged.length = 0;

    await scene.tickLater();

    expect(scene.purged).toEqual([["region-all", `region-${domain}`]]);
    expect(await scene.lastRun()).toMatchObject({ purgedTags: 2 });
  });

  it.each([
    ["comes", 3, (scene: TickingApi) => scene.world.add(inDomain, scene.clock.date())],
    ["goes", 1, (scene: TickingApi) => scene.world.remove(firstContract + 1, scene.clock.date())],
  ])(
    "is each region with asks for a hull if one of them %s, since all ranks change",
    async (_, hull_rank, act) => {
      // A list that lost most of itself would have to say so twice.
      const others = exchanges(9, { region_id: domain, type: "courier" });
      const contracts = [aContract({ price: 9_000_000 }), inDomain, ...others];
      const scene = await aTickingApi({ contracts, ...twoRegions });
      await scene.tick();
      const path = `/v1/contracts?region_id=${theForge}`;
      const before = await scene.request(path);
      act(scene);
      scene.purged.length = 0;

      await scene.tickLater();

      const after = await scene.request(path, {
        headers: { "If-None-Match": before.headers.get("etag") ?? "" },
      });
      expect(scene.purged).toEqual([["region-all", `region-${domain}`, `region-${theForge}`]]);
      expect(await before.json()).toMatchObject({ data: [{ hull_rank: 2, hull_listed: 2 }] });
      expect(await after.json()).toMatchObject({ data: [{ hull_rank, hull_listed: hull_rank }] });
    },
  );

  it("is nothing if nothing changed", async () => {
    const scene = await aTickingApi({ contracts: exchanges(1), ...twoRegions });
    await scene.tick();
    scene.purged.length = 0;

    await scene.tickLater();

    expect(scene.purged).toEqual([]);
  });

  it("includes the region of a contract whose items came later", async () => {
    const scene = await aTickingApi({ contracts: exchanges(1), ...twoRegions });
    const heal = scene.esi.faults.add({ kind: "status", status: 503, route: itemsRoute });
    await scene.tick();
    heal();
    scene.purged.length = 0;

    await scene.tickLater(minuteMs + 1000);

    expect(scene.purged).toEqual([["region-all", `region-${theForge}`]]);
  });

  it("includes the region of a contract whose issuer's name came later", async () => {
    const scene = await aTickingApi({
      contracts: [aContract({ type: "courier", region_id: domain })],
      ...twoRegions,
    });
    const heal = scene.esi.faults.add({ kind: "status", status: 503, route: namesRoute });
    await scene.tick();
    heal();
    scene.purged.length = 0;

    await scene.tickLater(minuteMs + 1000);

    expect(scene.purged).toEqual([["region-all", `region-${domain}`]]);
  });

  it("is purged only after everything is in the database", async () => {
    const listed: number[][] = [];
    const scene = await aTickingApi({
      contracts: exchanges(2),
      ports: { purge: async () => void listed.push(await listedIds(env.DB)) },
    });

    await scene.tick();

    expect(listed).toEqual([[firstContract, firstContract + 1]]);
    expect(await missing()).toEqual([]);
  });

  it("that fails does not fail the run, is logged, and is tried again by the next run", async () => {
    const tried: (readonly string[])[] = [];
    const scene = await aTickingApi({
      contracts: exchanges(1),
      ...twoRegions,
      ports: {
        purge: async (tags) => {
          tried.push(tags);
          if (tried.length === 1) throw new Error("Purge rate exceeded");
        },
      },
    });
    await scene.tick();
    const failed = await scene.lastRun();
    const logged = scene.logged.map((line) => JSON.parse(line));
    scene.world.add(aContract({ region_id: domain }), scene.clock.date());
    await scene.tickLater();
    await scene.tickLater();

    const both = ["region-all", `region-${theForge}`, `region-${domain}`];
    expect(failed).toMatchObject({ outcome: "done", purgedTags: 0 });
    expect(logged).toContainEqual({
      event: "purge-failed",
      tags: 3,
      error: "Error: Purge rate exceeded",
    });
    expect(tried).toEqual([both, both]);
  });
});
