/** What the sync may cost: by the tick, by the run, by the region, and by what changed in it. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { aContract, anItem, type ContractPlan } from "../../esi-stand-in/hand-made.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { domain, heimatar, theForge } from "../../support/api.ts";
import { expectConsistent, rowsOf } from "../../support/database.ts";
import { emptyDatabase } from "../../support/empty-database.ts";
import { noon } from "../../support/harness.ts";
import {
  aTickingApi,
  itemsRoute,
  listMs,
  listRoute,
  minuteMs,
  type TickingApi,
} from "../../support/ticking-api.ts";
import { withoutTimers } from "../../support/timers.ts";

beforeEach(withoutTimers);
afterEach(() => expectConsistent(env.DB));

const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Rows that a run may read and write to be a run at all: what is due, lease, report, ESI's limits. */
const own = { read: 60, written: 10 };

const many = (count: number, plan: ContractPlan = {}) =>
  Array.from({ length: count }, () => aContract(plan));

/** What the next run does, and all that it costs: the batch that writes its report down, too. */
async function nextRun(scene: TickingApi) {
  scene.meter.reset();
  const report = await scene.sync();
  return { report, ...scene.meter.bill() };
}

describe("a tick with nothing to do reads ten rows at most, writes none, and asks nothing", () => {
  const idle: Record<string, () => Promise<TickingApi>> = {
    async "where nothing is due"() {
      const scene = await aTickingApi({ contracts: many(50), regionIds: [theForge, domain] });
      await scene.tick();
      scene.clock.advance(minuteMs);
      return scene;
    },
    async "where thousands are listed, and hundreds have ended"() {
      const scene = await aTickingApi({ contracts: many(2_000, { type: "courier" }) });
      await scene.tick();
      for (const id of scene.world.ids.slice(0, 500)) scene.world.remove(id, scene.clock.date());
      await scene.tickLater();
      scene.clock.advance(minuteMs);
      return scene;
    },
    async "where ESI refused items, whose time has not come again"() {
      const scene = await aTickingApi({
        contracts: many(40),
        faults: [{ kind: "items", how: "not-public", route: itemsRoute }],
      });
      await scene.tick();
      scene.clock.advance(minuteMs);
      return scene;
    },
    async "in ESI's downtime, whatever is due"() {
      const scene = await aTickingApi({ contracts: many(50), regionIds: [theForge, domain] });
      scene.esi.faults.add({ kind: "status", status: 503, route: itemsRoute });
      await scene.tick();
      // Five minutes past eleven the lists are due.
      for (const minutes of [35, 70]) {
        scene.clock.set(noon + 22 * hourMs + minutes * minuteMs);
        if (minutes === 35) await scene.tick();
      }
      return scene;
    },
    async "while ESI has told us to wait, whatever is due"() {
      const scene = await aTickingApi({
        contracts: many(50),
        faults: [{ kind: "error-limited", route: itemsRoute }],
      });
      await scene.tick();
      scene.clock.advance(10_000);
      return scene;
    },
  };

  it.each(Object.entries(idle))("%s", async (_where, begin) => {
    const scene = await begin();
    scene.esi.counters.reset();

    const { report, rowsRead, rowsWritten } = await nextRun(scene);

    expect(report).toMatchObject({ outcome: "idle", esiRequests: 0 });
    expect(rowsRead).toBeLessThanOrEqual(10);
    expect(rowsWritten).toBe(0);
    expect(scene.esi.counters.total()).toBe(0);
  });
});

/** A universe of so many regions, all synced, with some contracts each. */
async function ofRegions(
  count: number,
  contracts: number,
  faults: Parameters<typeof aTickingApi>[0],
) {
  const regionIds = [theForge, domain, heimatar];
  const regions = new Map(smallUniverse.regions);
  for (let regionId = 11_000_001; regionIds.length < count; regionId += 1) {
    regions.set(regionId, { regionId, name: `R${regionId}` });
    regionIds.push(regionId);
  }
  const synced = regionIds.slice(0, count);
  return aTickingApi({
    universe: { ...smallUniverse, regions },
    regionIds: synced,
    contracts: synced.flatMap((region_id) => many(contracts, { region_id, type: "courier" })),
    ...faults,
  });
}

describe("a region that is unchanged", () => {
  it.each([
    { regions: 1, contracts: 1 },
    { regions: 1, contracts: 2_500 },
    { regions: 3, contracts: 1_001 },
    { regions: 20, contracts: 3 },
  ])(
    "costs at most one request and two rows written per region: $regions of $contracts",
    async ({ regions, contracts }) => {
      const scene = await ofRegions(regions, contracts, {
        faults: [{ kind: "max-age", seconds: 60, route: listRoute }],
      });
      await scene.tick();
      scene.clock.advance(minuteMs + 6_000);
      scene.esi.counters.reset();

      const { report, rowsRead, rowsWritten } = await nextRun(scene);

      expect(report.regions).toMatchObject({ checked: regions, unchanged: regions });
      expect(scene.esi.counters.requests).toEqual({ [listRoute]: { 304: regions } });
      expect(rowsWritten).toBeLessThanOrEqual(own.written + 2 * regions);
      expect(rowsRead).toBeLessThanOrEqual(own.read + 5 * regions);
    },
  );

  it.each([1, 20])("costs no more if ESI made the same list again: %d", async (regions) => {
    const scene = await ofRegions(regions, 20, {});
    await scene.tick();
    scene.clock.advance(listMs);

    const { report, rowsWritten } = await nextRun(scene);

    expect(report.regions).toMatchObject({ checked: regions, accepted: regions });
    expect(rowsWritten).toBeLessThanOrEqual(own.written + 2 * regions);
  });

  it.each([1, 20])("costs no more if ESI fails: %d", async (regions) => {
    const scene = await ofRegions(regions, 3, {});
    await scene.tick();
    scene.clock.advance(listMs);
    scene.esi.faults.add({ kind: "status", status: 403, route: listRoute });

    const { report, rowsWritten } = await nextRun(scene);

    expect(report.regions).toMatchObject({ checked: regions, failed: regions });
    expect(rowsWritten).toBeLessThanOrEqual(own.written + 2 * regions);
  });
});

describe("a run writes ten rows of its own at most", () => {
  /** So many runs that are older than a week, and none that is younger. */
  async function afterAWeek(runs: number) {
    const scene = await aTickingApi({
      contracts: [aContract({ date_expired: "2026-04-01T00:00:00Z" })],
    });
    scene.clock.advance(8 * dayMs);
    await scene.tick();
    const insert = env.DB.prepare(
      "insert into sync_runs (started_at, finished_at, outcome, report) values (?1, ?1, 'done', '{}')",
    );
    await env.DB.batch([
      env.DB.prepare("delete from sync_runs"),
      ...Array.from({ length: runs }, (_, run) => insert.bind(noon + run)),
    ]);
    scene.clock.advance(listMs);
    return scene;
  }

  it("with both of ESI's limits to remember", async () => {
    const scene = await ofRegions(1, 3, {
      faults: [
        { kind: "max-age", seconds: 60, route: listRoute },
        {
          kind: "headers",
          route: listRoute,
          headers: {
            "X-Ratelimit-Group": "contracts",
            "X-Ratelimit-Limit": "600/15m",
            "X-Ratelimit-Remaining": "598",
          },
        },
      ],
    });
    await scene.tick();
    scene.clock.advance(minuteMs + 6_000);

    const { rowsWritten } = await nextRun(scene);

    expect(await rowsOf(env.DB, "select bucket from esi_limits order by bucket")).toEqual([
      { bucket: "contracts" },
      { bucket: "error-limit" },
    ]);
    const ofRegion = 1;
    expect(rowsWritten).toBeLessThanOrEqual(own.written + ofRegion);
  });

  it.each([1, 10, 500])("with %d runs of the week before to forget", async (runs) => {
    const scene = await afterAWeek(runs);

    const { report, rowsWritten } = await nextRun(scene);

    expect(report).toMatchObject({ outcome: "done", contracts: { listed: 0, ended: 0, moved: 0 } });
    const ofRegion = 2;
    expect(rowsWritten).toBeLessThanOrEqual(own.written + ofRegion);
  });
});

type Kind = "ship" | "titled ship" | "goods" | "wanted" | "courier" | "auction" | "ship auction";

const goods = (rows: number) =>
  Array.from({ length: rows }, (_, row) => anItem({ type_id: row % 2 ? 34 : 222, quantity: 7 }));

const planOf: Record<Kind, (rows: number) => ContractPlan> = {
  ship: (rows) => ({ items: [anItem(), ...goods(rows - 1)] }),
  "titled ship": (rows) => ({ title: "Cheap Rifter!", items: [anItem(), ...goods(rows - 1)] }),
  goods: (rows) => ({ items: goods(rows) }),
  wanted: (rows) => ({ items: goods(rows).map((item) => ({ ...item, is_included: false })) }),
  courier: () => ({ type: "courier", title: "To Amarr" }),
  auction: (rows) => ({ type: "auction", items: goods(rows) }),
  "ship auction": (rows) => ({
    type: "auction",
    title: "Bid",
    items: [anItem(), ...goods(rows - 1)],
  }),
};

type Change = { kind: Kind; rows: number };

/** A region of so many contracts, a few lists later. */
async function aRegion(size: number, kinds: readonly Kind[]) {
  const contracts = Array.from({ length: size }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? "goods";
    return aContract(planOf[kind](1));
  });
  // Nobody is new here, and the region is never empty.
  const scene = await aTickingApi({ contracts: [...contracts, aContract({ type: "courier" })] });
  await scene.tick();
  await scene.tickLater();
  return scene;
}

/** Lets contracts end and come, and runs once. */
async function change(scene: TickingApi, ended: number, added: readonly Change[]) {
  const now = scene.clock.date();
  for (const id of scene.world.ids.slice(0, ended)) scene.world.remove(id, now);
  for (const { kind, rows } of added) scene.world.add(aContract(planOf[kind](rows)), now);
  scene.clock.advance(listMs);
  return nextRun(scene);
}

/** The dates of an auction lie in up to nine indexes, and beside its row in the list itself. */
const rowsAMove = 12;

/** What an auction of a ship takes more: its title, and indexes of all but item exchanges. */
const moreForAShipAuction = 3;

/** What a hull's asks take once one of them changed: its row, the region's, and the version. */
const writtenForHulls = 3;
/** A region's contracts lie in two row groups: one row to mark each, two to write it again. */
const writtenForRowGroups = 2 * (1 + 2);
/** They are made of all ships that are listed, by way of an index. */
const readForAShip = 2;

const isOfShip = (kind: Kind): boolean => kind.includes("ship");

describe("a region with changes", () => {
  const kinds = fc.constantFrom<Kind>(
    "ship",
    "titled ship",
    "goods",
    "wanted",
    "courier",
    "auction",
    "ship auction",
  );
  const changes = fc.record({
    size: fc.integer({ min: 0, max: 400 }),
    of: fc.array(kinds, { minLength: 1, maxLength: 7 }),
    endedShare: fc.double({ min: 0, max: 0.25, noNaN: true }),
    added: fc.array(fc.record({ kind: kinds, rows: fc.integer({ min: 1, max: 6 }) }), {
      maxLength: 60,
      size: "max",
    }),
  });

  it("costs only what its changes cost, whatever they are", { timeout: 60_000 }, async () => {
    let changed = 0;

    await fc.assert(
      fc.asyncProperty(changes, async ({ size, of, endedShare, added }) => {
        await emptyDatabase();
        const scene = await aRegion(size, of);
        const ended = Math.min(49, Math.floor(size * endedShare));

        const { report, rowsRead, rowsWritten } = await change(scene, ended, added);

        const { moved, ...counts } = report.contracts;
        expect([report.outcome, counts]).toEqual(["done", { listed: added.length, ended }]);
        const shipAuctions = added.filter(({ kind }) => kind === "ship auction").length;
        expect(rowsWritten).toBeLessThanOrEqual(
          20 * added.length +
            3 * report.items.rows +
            4 * ended +
            10 +
            rowsAMove * moved +
            moreForAShipAuction * shipAuctions +
            writtenForHulls +
            writtenForRowGroups,
        );
        const k = added.length + ended + moved;
        const listed = Array.from({ length: size }, (_, index) => of[index % of.length] ?? "goods");
        const ships = [...listed, ...added.map(({ kind }) => kind)].filter(isOfShip).length;
        const forHulls = readForAShip * ships;
        // The row groups are made of all their contracts; a change looks at its group's mark.
        const forRowGroups = size + added.length + 4 * k + 20;
        expect(rowsRead).toBeLessThanOrEqual(
          size + 25 * k + report.items.rows + 100 + forHulls + forRowGroups,
        );
        // A change reads up to 30 rows, and a run some whatever happens: a region that is large
        // beside its changes outweighs both.
        const isLarge = size >= 200 && 8 * k <= size;
        expect(rowsRead).toBeLessThanOrEqual(isLarge ? 4 * size + 20 * k + forHulls : Infinity);
        changed += k;
      }),
      { numRuns: 30 },
    );

    expect(changed).toBeGreaterThan(1_000);
  });

  it.each<[Kind, number, number]>([
    ["ship", 40, 400],
    ["ship", 150, 3_000],
    ["titled ship", 40, 400],
    ["goods", 40, 400],
    ["wanted", 40, 400],
    ["courier", 900, 1_500],
    ["auction", 40, 400],
  ])("of only %s costs what is promised: %i new of %i", async (kind, count, size) => {
    const scene = await aRegion(size, ["courier"]);
    const added = Array.from({ length: count }, () => ({ kind, rows: 1 }));

    const { report, rowsRead, rowsWritten } = await change(scene, 40, added);

    expect(report.contracts).toEqual({ listed: count, ended: 40, moved: 0 });
    expect(rowsWritten).toBeLessThanOrEqual(
      20 * count + 3 * report.items.rows + 4 * 40 + 10 + writtenForHulls + writtenForRowGroups,
    );
    expect(rowsRead).toBeLessThanOrEqual(4 * size + 20 * (count + 40));
  });

  it("writes one row an item if a contract has thousands", async () => {
    const scene = await aRegion(50, ["courier"]);

    const { report, rowsWritten } = await change(scene, 0, [{ kind: "goods", rows: 2_500 }]);

    expect(report.items).toMatchObject({ complete: 1, rows: 2_500 });
    expect(rowsWritten).toBeLessThanOrEqual(2_500 + 20 + 10);
  });

  it("writes three rows for the name of an issuer who is new, and three for a corporation", async () => {
    const scene = await aRegion(50, ["courier"]);
    const issuers = 30;
    for (let issuer = 1; issuer <= issuers; issuer += 1) {
      const names = {
        issuer_id: 2_112_001_000 + issuer,
        issuer_corporation_id: 98_001_000 + issuer,
      };
      scene.world.add(aContract({ ...planOf.ship(1), ...names }), scene.clock.date());
    }

    const { rowsWritten } = await change(scene, 0, []);

    expect(rowsWritten).toBeLessThanOrEqual((20 + 3) * issuers + 10 + 2 * 3 * issuers);
  });
});
