/** What a region's next list changes: nothing but what it says, and nothing that it does not prove. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import type { Fault } from "../../esi-stand-in/faults.ts";
import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { esiTime } from "../../esi-stand-in/wire.ts";
import { domain, firstContract, heimatar, theForge } from "../../support/api.ts";
import { contentOf, expectConsistent, listedIds } from "../../support/database.ts";
import { emptyDatabase } from "../../support/empty-database.ts";
import { createClock, noon } from "../../support/harness.ts";
import { noHull } from "../../support/served-contracts.ts";
import {
  aTickingApi,
  itemsRoute,
  listMs,
  listRoute,
  minuteMs,
  type TickingApi,
} from "../../support/ticking-api.ts";
import { loadTestUniverse } from "../../support/universe.ts";

afterEach(() => expectConsistent(env.DB));

const couriers = (count: number, plan: object = {}) =>
  Array.from({ length: count }, () => aContract({ type: "courier", ...plan }));

type Listed = { data: { contract_id: number }[]; meta: { total: number } };

/** The contracts that are served as outstanding, in the order of their ids. */
async function outstanding(scene: TickingApi, query = ""): Promise<number[]> {
  const { data } = await scene.json<Listed>(`/v1/contracts?limit=100&${query}`);
  return data.map(({ contract_id }) => contract_id).toSorted((a, b) => a - b);
}

describe("a sync over lists that ESI has not rebuilt", () => {
  /** ESI's answer expires within a minute, and is the same a minute later. */
  async function syncTwice(contracts: number) {
    const scene = await aTickingApi({
      contracts: [...couriers(contracts), aContract({ region_id: domain })],
      regionIds: [theForge, domain],
      faults: [{ kind: "max-age", seconds: 60, route: listRoute }],
    });
    await scene.tick();
    const before = await contentOf(env.DB);
    scene.esi.counters.reset();
    scene.purged.length = 0;
    await scene.tickLater(66_000);
    return { scene, before };
  }

  it("makes one request per region, however many pages its list has", async () => {
    const { scene } = await syncTwice(1001);

    expect(scene.esi.counters.requests).toEqual({ [listRoute]: { 304: 2 } });
  });

  it("leaves every row of what is served as it was", async () => {
    const { before } = await syncTwice(20);

    expect(await contentOf(env.DB)).toEqual(before);
  });

  it.each([1, 1001])("costs as little for %d contracts as for any number", async (contracts) => {
    const { scene } = await syncTwice(contracts);

    const { rowsWritten, rowsRead } = await scene.lastRun();
    expect(rowsWritten).toBe(3);
    expect(rowsRead).toBeLessThanOrEqual(32);
  });

  it("purges nothing", async () => {
    const { scene } = await syncTwice(1);

    expect(scene.purged).toEqual([]);
  });

  it("asks for them again soon, and then less and less often, up to ten minutes apart", async () => {
    const scene = await aTickingApi({
      contracts: [aContract()],
      faults: [{ kind: "headers", headers: { Expires: new Date(noon + 1_800_000).toUTCString() } }],
      cacheSeconds: { lists: 86_400 },
    });
    const waits: number[] = [];
    for (let asked = 0; asked < 16; asked += 1) {
      await scene.tick();
      const { regions } = await scene.json<{ regions: { next_sync_at: string }[] }>("/v1/status");
      const next = Math.max(...regions.map(({ next_sync_at }) => Date.parse(next_sync_at)));
      waits.push(Math.floor((next - scene.clock.now()) / 1000));
      scene.clock.set(next);
    }

    expect(waits).toEqual([1804, 30, 30, 30, 30, 31, 39, 48, 61, 76, 95, 119, 149, 186, 232, 291]);
    await scene.tickLater(60 * minuteMs);
    expect(await scene.json("/v1/status")).toMatchObject({
      regions: [{ next_sync_at: new Date(scene.clock.now() + 600_000).toISOString() }],
    });
  });
});

describe("a tick with nothing due", () => {
  it("asks ESI nothing and writes nothing", async () => {
    const scene = await aTickingApi({ contracts: couriers(3) });
    await scene.tick();
    scene.esi.counters.reset();
    scene.clock.advance(minuteMs);

    const report = await scene.sync();

    expect(report).toMatchObject({ outcome: "idle", esiRequests: 0, queries: 1, rowsWritten: 0 });
    expect(scene.esi.counters.requests).toEqual({});
  });
});

describe("a sync over lists rebuilt", () => {
  it("writes no contract if they say the same", async () => {
    const scene = await aTickingApi({ contracts: [...couriers(3), aContract()] });
    await scene.tick();
    const before = await contentOf(env.DB);
    scene.purged.length = 0;

    await scene.tickLater();

    expect(await contentOf(env.DB)).toEqual(before);
    expect(await scene.lastRun()).toMatchObject({
      regions: { checked: 1, accepted: 1 },
      contracts: { listed: 0, ended: 0, moved: 0 },
      items: { complete: 0 },
    });
    expect(scene.purged).toEqual([]);
  });

  it("records that it saw its contracts again, even if nothing else changed", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      last_seen_at: "2026-03-01T12:30:05Z",
      first_seen_at: "2026-03-01T12:00:00.001Z",
    });
    expect(await scene.json("/v1/contracts")).toMatchObject({
      meta: { as_of: "2026-03-01T12:30:05Z", stale: false },
    });
  });

  it("writes what is new and what is missing, and no other row", async () => {
    const scene = await aTickingApi({ contracts: [...couriers(1001), aContract()] });
    await scene.tick();
    const before = await contentOf(env.DB);
    scene.world.remove(firstContract, scene.clock.date());
    const added = scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater();

    const after = await contentOf(env.DB);
    const changed = after.contracts.filter(
      (row, index) => JSON.stringify(row) !== JSON.stringify(before.contracts[index]),
    );
    expect(changed.map(({ contract_id, is_listed }) => [contract_id, is_listed])).toEqual([
      [firstContract, 0],
      [added, 1],
    ]);
    expect(after.names).toEqual(before.names);
    const { rowsWritten, ...report } = await scene.lastRun();
    expect(report).toMatchObject({
      contracts: { listed: 1, ended: 1, moved: 0 },
      items: { complete: 1 },
    });
    expect(rowsWritten).toBeLessThan(40);
  });

  it("sees what only the last page holds, though page 1 is the same", async () => {
    const scene = await aTickingApi({ contracts: couriers(1001) });
    await scene.tick();
    const added = scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater();

    expect(await listedIds(env.DB)).toContain(added);
  });

  it("takes many thousands of new contracts at once", async () => {
    const scene = await aTickingApi({ contracts: couriers(4001) });

    await scene.tick();

    expect(await scene.json("/v1/contracts?limit=1")).toMatchObject({ meta: { total: 4001 } });
  });
});

describe("a contract that its list lacks", () => {
  it("is gone if it had time left, and is served with its items all the same", async () => {
    const scene = await aTickingApi({ contracts: [aContract(), ...couriers(9)] });
    await scene.tick();
    const { status, last_seen_at, ...before } = await scene.json<Record<string, unknown>>(
      `/v1/contracts/${firstContract}`,
    );
    scene.world.remove(firstContract, scene.clock.date());

    await scene.tickLater();

    expect([status, last_seen_at]).toEqual(["outstanding", "2026-03-01T12:00:00Z"]);
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toEqual({
      ...before,
      ...noHull,
      status: "gone",
      last_seen_at: "2026-03-01T12:00:00Z",
    });
    expect(await outstanding(scene)).not.toContain(firstContract);
  });

  it.each([
    ["expired where its time was up as the list was made", "2026-03-01T12:30:05Z", "expired"],
    ["gone where a second was left", "2026-03-01T12:30:06Z", "gone"],
  ])("is %s", async (_how, date_expired, status) => {
    const scene = await aTickingApi({ contracts: [aContract({ date_expired }), ...couriers(9)] });
    await scene.tick();
    scene.world.remove(firstContract, scene.clock.date());

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({ status });
  });

  it("is asked for no more items", async () => {
    const scene = await aTickingApi({
      contracts: [aContract(), ...couriers(9)],
      faults: [{ kind: "items", how: "gone", route: itemsRoute }],
    });
    await scene.tick();
    scene.world.remove(firstContract, scene.clock.date());
    await scene.tickLater();
    const asked = scene.esi.counters.total(itemsRoute);

    await scene.tickLater();

    expect(scene.esi.counters.total(itemsRoute)).toBe(asked);
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      status: "gone",
      items_status: "unavailable",
    });
  });
});

describe("a contract that comes back", () => {
  it("is outstanding again with its history, and its items are not asked for again", async () => {
    const plan = aContract({ contract_id: firstContract, title: "Back again" });
    const scene = await aTickingApi({ contracts: [plan, ...couriers(9)] });
    await scene.tick();
    const before = await scene.json<object>(`/v1/contracts/${firstContract}`);
    scene.world.remove(firstContract, scene.clock.date());
    await scene.tickLater();
    scene.world.add(plan, new Date(noon - 24 * 60 * minuteMs));

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toEqual({
      ...before,
      last_seen_at: "2026-03-01T13:00:10Z",
    });
    expect(await outstanding(scene, "q=Back")).toEqual([firstContract]);
    expect(scene.esi.counters.itemsFetchedTwice).toEqual([]);
  });

  it("is asked for its items if ESI never gave them", async () => {
    const plan = aContract({ contract_id: firstContract });
    const scene = await aTickingApi({ contracts: [plan, ...couriers(9)] });
    const heal = scene.esi.faults.add({ kind: "items", how: "not-public", route: itemsRoute });
    await scene.tick();
    scene.world.remove(firstContract, scene.clock.date());
    await scene.tickLater();
    scene.world.add(plan, new Date(noon - 24 * 60 * minuteMs));
    heal();

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      status: "outstanding",
      items_status: "complete",
      label: "Rifter",
    });
  });
});

describe("a list that holds what has expired since it was made", () => {
  async function withExpired() {
    const scene = await aTickingApi({
      contracts: [aContract({ date_expired: esiTime(noon - 1000) }), aContract()],
      phase: () => 600,
    });
    await scene.tick();
    return scene;
  }

  it("does not make them look outstanding", async () => {
    const scene = await withExpired();

    expect(await listedIds(env.DB)).toEqual([firstContract, firstContract + 1]);
    expect(await outstanding(scene)).toEqual([firstContract + 1]);
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({ status: "expired" });
    expect(await scene.json("/v1/status")).toMatchObject({
      contracts: { outstanding: 1 },
      items: { pending: 0 },
    });
  });

  it("makes no request for their items", async () => {
    const scene = await withExpired();

    expect(scene.esi.counters.requests[itemsRoute]).toEqual({ 200: 1 });
  });
});

describe("a list that says the same id twice", () => {
  it("holds one contract", async () => {
    const scene = await aTickingApi({
      contracts: [aContract(), aContract()],
      faults: [{ kind: "rows", route: listRoute, change: (rows) => [...rows, ...rows] }],
    });

    await scene.tick();

    expect(await scene.json("/v1/contracts")).toMatchObject({ meta: { total: 2 } });
    expect(await scene.lastRun()).toMatchObject({ contracts: { listed: 2 }, oddRows: 0 });
  });
});

describe("a list that lacks much", () => {
  async function closing(count: number, of: number) {
    const scene = await aTickingApi({ contracts: couriers(of) });
    await scene.tick();
    for (const id of scene.world.ids.slice(0, count)) scene.world.remove(id, scene.clock.date());
    await scene.tickLater();
    return scene;
  }

  it.each([
    { count: 49, of: 100, left: 51 },
    { count: 50, of: 167, left: 117 },
    { count: 60, of: 200, left: 140 },
  ])("is accepted if it lacks $count of $of", async ({ count, of, left }) => {
    const scene = await closing(count, of);

    expect(await scene.json("/v1/contracts?limit=1")).toMatchObject({ meta: { total: left } });
    expect(await scene.lastRun()).toMatchObject({ regions: { accepted: 1, held: 0 } });
  });

  it.each([
    { count: 50, of: 100 },
    { count: 50, of: 166 },
    { count: 61, of: 200 },
    { count: 1, of: 1 },
  ])("waits for a second list if it lacks $count of $of", async ({ count, of }) => {
    const scene = await closing(count, of);

    expect(await scene.json("/v1/contracts?limit=1")).toMatchObject({
      meta: { total: of, as_of: "2026-03-01T12:00:00Z" },
    });
    expect(await scene.json("/v1/status")).toMatchObject({
      regions: [{ last_error: "held", status: "live", outstanding: of }],
      last_run: { outcome: "done", regions: { accepted: 0, held: 1 } },
    });
  });

  it("is accepted once a later list has about the same size", async () => {
    const scene = await closing(60, 100);

    await scene.tickLater();

    expect(await listedIds(env.DB)).toEqual(scene.world.ids.slice(60));
    expect(await scene.json("/v1/status")).toMatchObject({ regions: [{ last_error: null }] });
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      status: "gone",
      last_seen_at: "2026-03-01T12:00:00Z",
    });
  });

  it("does not confirm itself when the same list is fetched again", async () => {
    const scene = await aTickingApi({
      contracts: couriers(100),
      faults: [{ kind: "max-age", seconds: 60, route: listRoute }],
      cacheSeconds: { lists: 90 },
    });
    await scene.tick();
    for (const id of scene.world.ids.slice(0, 60)) scene.world.remove(id, scene.clock.date());
    await scene.tickLater(90_000);
    await scene.tickLater(66_000);

    expect(scene.esi.counters.requests[listRoute]).toEqual({ 200: 3 });
    expect((await listedIds(env.DB)).length).toBe(100);
  });

  it.each([
    { rows: 114, left: 114, does: "agrees" },
    { rows: 115, left: 200, does: "does not agree" },
  ])("of 80 rows $does with another of $rows", async ({ rows: second, left }) => {
    const scene = await aTickingApi({ contracts: couriers(200) });
    await scene.tick();
    for (const length of [80, second]) {
      const heal = scene.esi.faults.add({
        kind: "rows",
        route: listRoute,
        change: (rows) => rows.slice(0, length),
      });
      await scene.tickLater();
      heal();
    }

    expect((await listedIds(env.DB)).length).toBe(left);
  });

  it("is never confirmed if each list has a different length, and a full list ends the wait", async () => {
    const scene = await aTickingApi({ contracts: couriers(200) });
    await scene.tick();
    for (const share of [0, 0.5, 0.1, 0.65]) {
      const heal = scene.esi.faults.add({ kind: "short-list", share });
      await scene.tickLater();
      heal();
      expect((await listedIds(env.DB)).length).toBe(200);
    }

    await scene.tickLater();

    expect((await listedIds(env.DB)).length).toBe(200);
    expect(await scene.json("/v1/status")).toMatchObject({ regions: [{ last_error: null }] });
  });

  it("is held again if a full list came after the first one that was held", async () => {
    const scene = await aTickingApi({ contracts: couriers(200) });
    await scene.tick();
    for (const share of [0.4, 1, 0.4]) {
      const heal = scene.esi.faults.add({ kind: "short-list", share });
      await scene.tickLater();
      heal();
    }

    expect((await listedIds(env.DB)).length).toBe(200);
  });

  it("adds its new contracts once it is accepted, and not before", async () => {
    const scene = await aTickingApi({ contracts: couriers(100) });
    await scene.tick();
    for (const id of scene.world.ids) scene.world.remove(id, scene.clock.date());
    const added = scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater();
    const held = await listedIds(env.DB);
    await scene.tickLater();

    expect(held).toEqual(scene.world.ids);
    expect(await listedIds(env.DB)).toEqual([added]);
  });
});

describe("a list with a row that tells of no contract of its own", () => {
  const change = (index: number, row: (rows: readonly unknown[]) => unknown): Fault => ({
    kind: "rows",
    route: listRoute,
    change: (rows) => rows.with(index, row(rows)),
  });
  const doubtful = [
    { what: "without an id", oddRows: 1, fault: change(0, () => ({ type: "courier" })) },
    { what: "with the id of another", oddRows: 0, fault: change(0, (rows) => rows[1]) },
  ];

  it.each(doubtful)(
    "$what ends nothing, since it may be any of the missing contracts",
    async ({ fault, oddRows }) => {
      const scene = await aTickingApi({ contracts: couriers(10) });
      await scene.tick();
      scene.esi.faults.add({ ...fault, times: 1 });

      await scene.tickLater();

      expect(await listedIds(env.DB)).toEqual(scene.world.ids);
      expect(await scene.json("/v1/status")).toMatchObject({
        regions: [{ last_error: "held" }],
        last_run: { odd_rows: oddRows },
      });
    },
  );

  it.each(doubtful)("$what ends what a second list lacks too", async ({ fault }) => {
    const scene = await aTickingApi({ contracts: couriers(10) });
    await scene.tick();
    scene.esi.faults.add(fault);

    await scene.tickLater();
    await scene.tickLater();

    expect(await listedIds(env.DB)).toEqual(scene.world.ids.slice(1));
  });

  it("is accepted at once if nothing is missing", async () => {
    const scene = await aTickingApi({ contracts: couriers(10) });
    await scene.tick();
    scene.esi.faults.add({
      kind: "rows",
      route: listRoute,
      change: (rows) => [...rows, "row", null, 5, { contract_id: -1 }, { contract_id: "7" }],
    });
    scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater();

    expect((await listedIds(env.DB)).length).toBe(11);
    expect(await scene.lastRun()).toMatchObject({ oddRows: 5, regions: { accepted: 1 } });
  });
});

describe("an auction whose dates move", () => {
  /** An auction whose two lists say these expiries. */
  async function moving(first: string, second: string) {
    let says = first;
    const scene = await aTickingApi({
      contracts: [aContract({ type: "auction" })],
      faults: [
        {
          kind: "rows",
          route: listRoute,
          change: (rows) =>
            rows.map((row) => ({ ...Object(row), date_expired: says, date_issued: says })),
        },
      ],
    });
    await scene.tick();
    says = second;
    await scene.tickLater();
    const { date_expired, date_issued } = await scene.json<Record<string, string>>(
      `/v1/contracts/${firstContract}`,
    );
    return { dates: [date_expired, date_issued], moved: (await scene.lastRun()).contracts.moved };
  }

  it.each([
    ["an hour later", "2026-03-09T12:00:00Z", "2026-03-09T13:00:00Z"],
    ["an hour earlier", "2026-03-09T12:00:00Z", "2026-03-09T11:00:00Z"],
    [
      "less, where the old date passes before its list is due again",
      "2026-03-01T13:00:10Z",
      "2026-03-01T13:00:11Z",
    ],
  ])("by %s gets the new dates", async (_shift, first, second) => {
    expect(await moving(first, second)).toEqual({ dates: [second, second], moved: 1 });
  });

  it.each([
    ["a second less than an hour later", "2026-03-09T12:00:00Z", "2026-03-09T12:59:59Z"],
    ["a second less than an hour earlier", "2026-03-09T12:00:00Z", "2026-03-09T11:00:01Z"],
    ["less, where the old date outlasts this list", "2026-03-01T13:00:11Z", "2026-03-01T13:00:12Z"],
  ])("by %s keeps the old dates", async (_shift, first, second) => {
    expect(await moving(first, second)).toEqual({ dates: [first, first], moved: 0 });
  });

  it("stays outstanding for as long as lists hold it", async () => {
    const scene = await aTickingApi({
      contracts: [aContract({ type: "auction", date_expired: esiTime(noon + 5 * 60 * minuteMs) })],
    });
    const seen: number[][] = [];
    for (let tick = 0; tick < 60 * 4; tick += 5) {
      await scene.tickLater(5 * minuteMs);
      seen.push(await outstanding(scene));
    }

    expect(new Set(seen.flat())).toEqual(new Set([firstContract]));
    expect(seen.flat().length).toBe(48);
  });
});

describe("a region that the settings name no more", () => {
  const contracts = [
    aContract({ title: "In The Forge" }),
    aContract({ region_id: domain, title: "In Domain", items: [anItem({ type_id: 34 })] }),
  ];
  const inDomain = firstContract + 1;

  async function withDomain() {
    const scene = await aTickingApi({ contracts, regionIds: [theForge, domain] });
    await scene.tick();
    return scene;
  }

  async function withoutDomain() {
    const scene = await withDomain();
    scene.purged.length = 0;
    scene.configure({ SYNC_REGION_IDS: `${theForge}` });
    await scene.tickLater(minuteMs);
    return scene;
  }

  it("is no longer served as live", async () => {
    const scene = await withoutDomain();

    expect(await outstanding(scene)).toEqual([firstContract]);
    expect(await outstanding(scene, `region_id=${domain}`)).toEqual([]);
    expect(await scene.json("/v1/regions")).toMatchObject({
      data: [{ region_id: theForge }],
      meta: { total: 1 },
    });
    expect((await scene.request(`/v1/regions/${domain}`)).status).toBe(404);
  });

  it("is no longer asked for", async () => {
    const scene = await withoutDomain();
    scene.esi.counters.reset();

    await scene.tickLater();

    expect(scene.esi.counters.requests).toEqual({ [listRoute]: { 200: 1 } });
  });

  it("no longer has its contracts served, since nobody knows what becomes of them", async () => {
    const scene = await withoutDomain();

    expect((await scene.request(`/v1/contracts/${inDomain}`)).status).toBe(404);
  });

  it("no longer has its contracts served, not even as expired ones", async () => {
    const scene = await withDomain();
    const { date_expired: expiry } = await scene.json<{ date_expired: string }>(
      `/v1/contracts/${inDomain}`,
    );
    scene.configure({ SYNC_REGION_IDS: `${theForge}` });
    await scene.tickLater(minuteMs);

    scene.clock.set(Date.parse(expiry));

    expect((await scene.request(`/v1/contracts/${inDomain}`)).status).toBe(404);
    expect(await scene.json("/v1/contracts?status=outstanding,expired,gone")).toMatchObject({
      data: [{ region_id: theForge }],
    });
  });

  it("is purged, and no other region is", async () => {
    const scene = await withoutDomain();

    expect(scene.purged).toEqual([["region-all", `region-${domain}`]]);
  });

  it("is live again after its next list, with its history", async () => {
    const scene = await withDomain();
    const before = await scene.json<object>(`/v1/contracts/${inDomain}`);
    scene.configure({ SYNC_REGION_IDS: `${theForge}` });
    await scene.tickLater(minuteMs);
    scene.configure({ SYNC_REGION_IDS: `${theForge},${domain}` });

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${inDomain}`)).toEqual({
      ...before,
      status: "outstanding",
      last_seen_at: "2026-03-01T12:31:05Z",
    });
    expect(await outstanding(scene, "q=In Domain")).toEqual([inDomain]);
    expect(scene.esi.counters.itemsFetchedTwice).toEqual([]);
  });

  it("is live again before the list that we have expires", async () => {
    const scene = await withoutDomain();
    scene.configure({ SYNC_REGION_IDS: `${theForge},${domain}` });

    await scene.tickLater(minuteMs);
    await scene.tickLater();

    expect(await outstanding(scene)).toEqual([firstContract, inDomain]);
    expect(scene.esi.counters.violations).toEqual([]);
  });

  it("is live again even if ESI still has the same list", async () => {
    const scene = await aTickingApi({
      contracts,
      regionIds: [theForge, domain],
      faults: [{ kind: "headers", headers: { Expires: new Date(noon + 1_800_000).toUTCString() } }],
      cacheSeconds: { lists: 86_400 },
    });
    await scene.tick();
    scene.configure({ SYNC_REGION_IDS: `${theForge}` });
    await scene.tickLater(minuteMs);
    scene.configure({ SYNC_REGION_IDS: `${theForge},${domain}` });
    await scene.tickLater(minuteMs);
    const before = await scene.json("/v1/status");

    await scene.tickLater();

    expect(before).toMatchObject({
      regions: [{ status: "live" }, { status: "pending", as_of: null, outstanding: 0 }],
    });
    expect(await outstanding(scene)).toEqual([firstContract, inDomain]);
    expect(await scene.json("/v1/status")).toMatchObject({
      regions: [
        { as_of: "2026-03-01T12:00:00Z" },
        { status: "live", as_of: "2026-03-01T12:00:00Z" },
      ],
    });
  });

  it("loses the contracts that left meanwhile with its next list", async () => {
    const scene = await withoutDomain();
    scene.world.remove(inDomain, scene.clock.date());
    scene.configure({ SYNC_REGION_IDS: `${theForge},${domain}` });

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${inDomain}`)).toMatchObject({ status: "gone" });
  });
});

describe("settings that name regions", () => {
  it("may name one twice", async () => {
    const scene = await aTickingApi({ contracts: [aContract()], regionIds: [theForge, theForge] });

    await scene.tick();

    expect(await scene.json("/v1/regions")).toMatchObject({ meta: { total: 1 } });
    expect(scene.esi.counters.requests[listRoute]).toEqual({ 200: 1 });
  });

  it("may name one that ESI does not know: it fails, and the others do not", async () => {
    const scene = await aTickingApi({
      contracts: [aContract()],
      regionIds: [10_000_099, theForge],
    });

    await scene.tick();

    expect(await scene.json("/v1/status")).toMatchObject({
      regions: [
        { region_id: theForge, region_name: "The Forge", status: "live", last_error: null },
        { region_id: 10_000_099, region_name: null, status: "pending", last_error: "status-404" },
      ],
    });
  });
});

describe("without settings that name regions", () => {
  it("all of New Eden and wormhole space is synced, and nothing beyond", async () => {
    const beyond = [12_000_001, 9_999_999, 10_000_000, 11_999_999];
    const regions = new Map(smallUniverse.regions);
    for (const regionId of beyond) regions.set(regionId, { regionId, name: `R${regionId}` });
    const scene = await aTickingApi({ universe: { ...smallUniverse, regions }, regionIds: [] });
    for (const regionId of beyond) {
      await env.DB.prepare("insert into regions (region_id, name) values (?, 'x')")
        .bind(regionId)
        .run();
    }

    await scene.tick();

    const { data } = await scene.json<{ data: { region_id: number }[] }>("/v1/regions");
    expect(data.map(({ region_id }) => region_id)).toEqual([
      10_000_000,
      theForge,
      heimatar,
      domain,
      11_000_031,
      11_999_999,
    ]);
  });

  it("nothing is synced before a universe is loaded, and everything after that", async () => {
    const scene = await aTickingApi({ contracts: [aContract()], regionIds: [] });
    await emptyDatabase();
    await scene.tick();
    const before = await scene.json("/v1/status");
    await loadTestUniverse();

    await scene.tickLater(minuteMs);

    expect(before).toMatchObject({ status: "empty", universe_version: null, regions: [] });
    expect(await scene.json("/v1/contracts")).toMatchObject({ meta: { total: 1 } });
  });

  it("a region of a newer universe is synced once that is loaded", async () => {
    const regions = new Map(smallUniverse.regions);
    regions.set(10_000_070, { regionId: 10_000_070, name: "Pochven" });
    const scene = await aTickingApi({ universe: { ...smallUniverse, regions }, regionIds: [] });
    await scene.tick();
    await env.DB.batch([
      env.DB.prepare("insert into regions (region_id, name) values (10000070, 'Pochven')"),
      env.DB.prepare("update universe set version = 'newer'"),
    ]);

    await scene.tickLater(minuteMs);

    expect(await scene.json("/v1/regions/10000070")).toMatchObject({ status: "live" });
  });
});

describe("a contract that two regions list", () => {
  it.each([
    ["at once", 0],
    ["one after the other", 1],
  ])("%s is one contract, and disturbs neither region", async (_when, late) => {
    const scene = await aTickingApi({
      contracts: [aContract({ title: "Where am I?" }), aContract({ region_id: domain })],
      regionIds: [theForge, domain],
      clock: createClock(noon - late * listMs),
    });
    if (late) await scene.tick();
    scene.esi.faults.add({
      kind: "rows",
      route: listRoute,
      params: { region_id: domain },
      change: (rows) => [{ ...Object(rows[0]), contract_id: firstContract }, ...rows],
    });
    await scene.tickLater();

    expect(await outstanding(scene)).toEqual([firstContract, firstContract + 1]);
    expect(await scene.lastRun()).toMatchObject({ outcome: "done", regions: { accepted: 2 } });
  });
});
