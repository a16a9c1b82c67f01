/** How ESI is asked: not before its time, not past its limits, ever less often if it refuses. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import type { Fault } from "../../esi-stand-in/faults.ts";
import { aContract } from "../../esi-stand-in/hand-made.ts";
import { domain, firstContract, theForge } from "../../support/api.ts";
import { expectConsistent, listedIds, rowsOf } from "../../support/database.ts";
import { createClock, noon } from "../../support/harness.ts";
import {
  aTickingApi,
  itemsRoute,
  listMs,
  listRoute,
  minuteMs,
  namesRoute,
  type TickingApi,
} from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

type Status = {
  status: string;
  regions: { next_sync_at: string; status: string }[];
  esi: {
    held_until: string | null;
    error_budget_remaining: number | null;
    error_budget_resets_at: string | null;
  };
  last_run: { outcome: string };
};

const statusOf = (scene: TickingApi) => scene.json<Status>("/v1/status");

/** The minutes, from the first tick on, in whose ticks a route was asked. */
async function minutesAsked(
  scene: TickingApi,
  route: string,
  { upTo, every = 1 }: { upTo: number; every?: number },
): Promise<number[]> {
  const start = scene.clock.now();
  const asked: number[] = [];
  for (let minute = 0; minute <= upTo; minute += every) {
    scene.clock.set(start + minute * minuteMs);
    const before = scene.esi.counters.total(route);
    await scene.tick();
    if (scene.esi.counters.total(route) > before) asked.push(minute);
  }
  return asked;
}

describe("a list is due again", () => {
  async function dueAfter(faults: readonly Fault[]): Promise<number> {
    const scene = await aTickingApi({ contracts: [aContract({ type: "courier" })], faults });
    await scene.tick();
    const [region] = (await statusOf(scene)).regions;
    return (Date.parse(region?.next_sync_at ?? "") - noon) / 1000;
  }
  const expires = (ms: number): Fault => ({
    kind: "headers",
    headers: { Expires: new Date(noon + ms).toUTCString() },
  });

  it.each<[string, Fault[], number]>([
    ["as it expires", [], 1800],
    ["as it expires by ESI's clock, which is early", [{ kind: "clock-skew", seconds: 3600 }], 1800],
    ["as it expires by ESI's clock, which is late", [{ kind: "clock-skew", seconds: -3600 }], 1800],
    ["after max-age, whatever Expires says", [{ kind: "max-age", seconds: 600 }], 600],
    ["after max-age less Age", [{ kind: "max-age", seconds: 600, age: 100 }], 500],
    [
      "after max-age, beside an Expires that is kept for compatibility",
      [{ kind: "max-age", seconds: 600 }, expires(7_200_000)],
      600,
    ],
    [
      "after five minutes where ESI does not say",
      [{ kind: "headers", headers: { Expires: null } }],
      300,
    ],
    ["after five seconds at least", [expires(-3_600_000)], 5],
    ["after a day at most", [expires(864_000_000)], 86_400],
  ])("%s, and five seconds later", async (_when, faults, seconds) => {
    expect(await dueAfter(faults)).toBe(seconds + 5);
  });

  it("not a millisecond before", async () => {
    const scene = await aTickingApi({ contracts: [aContract({ type: "courier" })] });
    await scene.tick();
    const [region] = (await statusOf(scene)).regions;
    const dueAt = Date.parse(region?.next_sync_at ?? "");

    scene.clock.set(dueAt - 1);
    const before = await scene.sync();
    scene.clock.set(dueAt);
    const due = await scene.sync();

    expect([before.outcome, due.outcome]).toEqual(["idle", "done"]);
  });
});

describe("a region whose list fails", () => {
  it("is asked for ever later, half an hour at most", async () => {
    const scene = await aTickingApi({
      contracts: [aContract({ type: "courier" })],
      faults: [{ kind: "status", status: 404, route: listRoute }],
    });

    expect(await minutesAsked(scene, listRoute, { upTo: 130 })).toEqual([
      0, 2, 6, 14, 30, 60, 90, 120,
    ]);
  });

  it("is stale after twice ESI's cache time, and failing after three failed attempts", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    scene.esi.faults.add({ kind: "status", status: 503, route: listRoute });
    const seen: (string | undefined)[][] = [];
    for (const time of ["12:30:06", "12:33:00", "12:38:00", "13:00:00", "13:00:01"]) {
      scene.clock.set(Date.parse(`2026-03-01T${time}Z`));
      await scene.tick();
      const { status, regions } = await statusOf(scene);
      seen.push([time, status, regions[0]?.status]);
    }

    expect(seen).toEqual([
      ["12:30:06", "ok", "live"],
      ["12:33:00", "ok", "live"],
      ["12:38:00", "ok", "failing"],
      ["13:00:00", "ok", "failing"],
      ["13:00:01", "degraded", "failing"],
    ]);
  });

  it("serves the old list, and says how old it is", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    scene.esi.faults.add({ kind: "status", status: 503, route: listRoute });
    for (let tick = 0; tick < 4; tick += 1) await scene.tickLater(30 * minuteMs);

    expect(await scene.json("/v1/contracts")).toMatchObject({
      data: [{ contract_id: firstContract, status: "outstanding" }],
      meta: { total: 1, as_of: "2026-03-01T12:00:00Z", stale: true },
    });
  });
});

describe("items that ESI does not tell", () => {
  async function asked(fault: Fault, upTo: number, every = 1) {
    const scene = await aTickingApi({ contracts: [aContract()], faults: [fault] });
    return { scene, minutes: await minutesAsked(scene, itemsRoute, { upTo, every }) };
  }

  it.each(["gone", "empty"] as const)("are asked for ever later if they are %s", async (how) => {
    const { minutes } = await asked({ kind: "items", how, route: itemsRoute }, 700, 5);

    expect(minutes).toEqual([0, 5, 15, 35, 75, 155, 315, 635]);
  });

  it.each(["not-public", "accepted", "unknown"] as const)(
    "are asked for least often if asking costs an error: %s",
    async (how) => {
      const { minutes } = await asked({ kind: "items", how, route: itemsRoute }, 500, 10);

      expect(minutes).toEqual([0, 30, 90, 210, 450]);
    },
  );

  it("are soon asked for again after a failure, and are unavailable after the third", async () => {
    const { scene, minutes } = await asked({ kind: "status", status: 503, route: itemsRoute }, 3);
    const pending = await scene.json(`/v1/contracts/${firstContract}`);
    await minutesAsked(scene, itemsRoute, { upTo: 1 });

    expect(minutes).toEqual([0, 1, 3]);
    expect(pending).toMatchObject({ items_status: "unavailable" });
  });

  it("are pending until the third failure", async () => {
    const { scene } = await asked({ kind: "status", status: 503, route: itemsRoute }, 2);

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      items_status: "pending",
    });
    expect(await scene.json("/v1/status")).toMatchObject({
      items: { pending: 1, unavailable: 0, oldest_pending_at: "2026-03-01T12:00:00.001Z" },
    });
  });

  it("are counted as unavailable while they are listed", async () => {
    const { scene } = await asked({ kind: "items", how: "gone", route: itemsRoute }, 0);

    expect(await scene.json("/v1/status")).toMatchObject({
      items: { pending: 0, unavailable: 1, oldest_pending_at: null },
    });
    expect(await scene.json("/v1/contracts")).toMatchObject({
      data: [{ contract_id: firstContract, items_status: "unavailable" }],
      meta: { items_pending: 0 },
    });
  });

  it("do not affect the items of other contracts", async () => {
    const scene = await aTickingApi({ contracts: Array.from({ length: 7 }, () => aContract()) });
    scene.esi.faults.add({
      kind: "items",
      how: "not-public",
      route: itemsRoute,
      params: { contract_id: firstContract + 3 },
    });

    await scene.tick();

    expect(await scene.lastRun()).toMatchObject({
      outcome: "done",
      items: { complete: 6, rows: 6, refused: 1, failed: 0 },
    });
  });
});

describe("many refusals", () => {
  it("stop a run while half of ESI's errors are left, and the next one goes on", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 120 }, () => aContract()),
      faults: [{ kind: "items", how: "not-public", route: itemsRoute }],
    });
    await scene.tick();
    const first = await statusOf(scene);
    for (let tick = 0; tick < 4; tick += 1) await scene.tickLater(minuteMs);

    expect(first).toMatchObject({ status: "degraded", last_run: { outcome: "held" } });
    expect(await scene.json("/v1/status")).toMatchObject({ items: { unavailable: 120 } });
    expect(scene.esi.counters.total(itemsRoute)).toBe(120);
    expect(scene.esi.counters.lowestErrorBudget).toBeGreaterThanOrEqual(50);
    expect(scene.esi.counters.sent420).toBe(0);
  });

  it("show how many of ESI's errors are left, and until when that count holds", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 10 }, () => aContract()),
      faults: [{ kind: "items", how: "not-public", route: itemsRoute }],
    });
    await scene.tick();
    const { esi } = await statusOf(scene);
    scene.clock.advance(minuteMs);

    expect(esi).toEqual({
      held_until: null,
      error_budget_remaining: 90,
      error_budget_resets_at: expect.stringMatching(/^2026-03-01T12:01:00/),
    });
    expect((await statusOf(scene)).esi).toEqual({
      held_until: null,
      error_budget_remaining: null,
      error_budget_resets_at: null,
    });
  });
});

describe("a limit that is reached", () => {
  /** Two regions are synced, and then ESI answers so to one request. */
  async function limited(fault: Fault) {
    const scene = await aTickingApi({
      contracts: [aContract(), aContract({ region_id: domain })],
      regionIds: [theForge, domain],
    });
    await scene.tick();
    scene.esi.faults.add({ ...fault, times: 1 });
    scene.esi.counters.reset();
    await scene.tickLater();
    return scene;
  }

  const headersOf420 = { kind: "headers", headers: { "X-Esi-Error-Limit-Reset": "39" } } as const;

  it.each<[string, Fault, number]>([
    ["420 with a reset in 39 s", { kind: "error-limited", route: listRoute }, 39],
    ["420 that says no more", { kind: "error-limited", isBare: true, route: listRoute }, 60],
    ["429 to retry after 600 s", { kind: "rate-limited", retryAfterSeconds: 600 }, 600],
    ["429 that says no more", { kind: "rate-limited", isBare: true }, 60],
  ])("%s holds off all runs until then, and none after that", async (_what, fault, seconds) => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    scene.esi.faults.add({ ...fault, times: 1 });
    if (seconds === 39) scene.esi.faults.add({ ...headersOf420, times: 1 });
    scene.clock.set(noon + listMs);
    await scene.tick();
    const heldAt = scene.clock.now();
    const { total } = scene.esi.counters;
    const asked = total();

    scene.clock.set(heldAt + seconds * 1000 - 1);
    await scene.tick();
    const before = total() - asked;
    scene.clock.set(heldAt + seconds * 1000);
    await scene.tick();

    expect([before, total() - asked]).toEqual([0, 1]);
    expect((await statusOf(scene)).last_run.outcome).toBe("done");
  });

  it("stops the run at once", async () => {
    const scene = await limited({ kind: "error-limited" });

    expect(scene.esi.counters.total()).toBeLessThanOrEqual(2);
    expect(await scene.lastRun()).toMatchObject({ outcome: "held", regions: { failed: 0 } });
  });

  it("is said, with its time, and the service is degraded", async () => {
    const scene = await limited({ kind: "rate-limited", retryAfterSeconds: 600 });

    expect(await statusOf(scene)).toMatchObject({
      status: "degraded",
      esi: { held_until: expect.stringMatching(/^2026-03-01T12:40:05/) },
      last_run: { outcome: "held" },
    });
  });

  it("costs a region no failure", async () => {
    await limited({ kind: "error-limited" });

    const states = await rowsOf(env.DB, "select failures, last_error from region_states");
    expect(states).toEqual([
      { failures: 0, last_error: null },
      { failures: 0, last_error: null },
    ]);
  });

  it("for lists does not stop requests for items and names", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    const heal = scene.esi.faults.add({ kind: "items", how: "not-public", route: itemsRoute });
    await scene.tick();
    heal();
    scene.esi.faults.add({ kind: "rate-limited", retryAfterSeconds: 3600, route: listRoute });

    await scene.tickLater();
    const stopped = await scene.json(`/v1/contracts/${firstContract}`);
    await scene.tickLater(minuteMs);

    expect(stopped).toMatchObject({ items_status: "unavailable" });
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      items_status: "complete",
    });
    expect(await scene.lastRun()).toMatchObject({ outcome: "held", regions: { failed: 0 } });
    expect(scene.esi.counters.requests[listRoute]).toEqual({ 200: 1, 429: 1 });
  });

  it("for items does not stop requests for lists and names", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    scene.esi.faults.add({
      kind: "rate-limited",
      retryAfterSeconds: 7200,
      route: itemsRoute,
      times: 1,
    });
    await scene.tick();
    const issuer_id = 2_112_000_777;
    const added = scene.world.add(aContract({ issuer_id }), scene.clock.date());

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${added}`)).toMatchObject({
      items_status: "pending",
      issuer_name: expect.any(String),
    });
    expect(scene.esi.counters.requests[itemsRoute]).toEqual({ 429: 1 });
  });

  it("for errors stops all requests", async () => {
    const scene = await limited({ kind: "error-limited", route: listRoute });
    await env.DB.prepare("update names set name = null, resolve_at = 0").run();
    const asked = scene.esi.counters.total();

    const report = await scene.sync();

    expect(report).toMatchObject({ outcome: "idle" });
    expect(scene.esi.counters.total()).toBe(asked);
  });
});

describe("ESI's daily downtime", () => {
  const day = "2026-03-01";

  it.each([
    ["10:57:59", "done"],
    ["10:58:00", "idle"],
    ["11:19:59", "idle"],
    ["11:20:00", "done"],
  ])("at %s makes a run %s", async (time, outcome) => {
    const scene = await aTickingApi({
      contracts: [aContract({ type: "courier" })],
      clock: createClock(Date.parse(`${day}T10:00:00Z`)),
    });
    await scene.tick();
    scene.clock.set(Date.parse(`${day}T${time}Z`));
    scene.esi.counters.reset();

    const report = await scene.sync();

    expect(report.outcome).toBe(outcome);
    expect(scene.esi.counters.total() > 0).toBe(outcome === "done");
  });

  it("ends a run that it interrupts, keeps its work, and lets the next run go on", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 60 }, () => aContract()),
      clock: createClock(Date.parse(`${day}T10:57:59Z`)),
    });
    await scene.tick();
    const paused = await scene.lastRun();
    scene.clock.set(Date.parse(`${day}T11:20:00Z`));
    await scene.tick();

    expect(paused).toMatchObject({ outcome: "held", items: { complete: 19, failed: 0 } });
    expect(await scene.lastRun()).toMatchObject({ outcome: "done", items: { complete: 41 } });
    expect(scene.esi.counters.itemsFetchedTwice).toEqual([]);
  });

  it("does not count as a failure, and ends on time", async () => {
    const scene = await aTickingApi({
      contracts: [aContract()],
      clock: createClock(Date.parse(`${day}T10:30:00Z`)),
      faults: [
        {
          kind: "status",
          status: 503,
          from: `${day}T11:00:00Z`,
          until: `${day}T11:15:00Z`,
        },
      ],
    });
    for (let minute = 0; minute < 60; minute += 1) await scene.tickLater(minuteMs);

    expect(scene.esi.counters.total(undefined, 503)).toBe(0);
    expect(await statusOf(scene)).toMatchObject({ status: "ok", regions: [{ status: "live" }] });
  });

  it("is absent if the settings turn it off", async () => {
    const scene = await aTickingApi({
      contracts: [aContract({ type: "courier" })],
      clock: createClock(Date.parse(`${day}T11:00:00Z`)),
      settings: { ESI_DOWNTIME: "" },
    });

    await scene.tick();

    expect(await listedIds(env.DB)).toEqual([firstContract]);
  });
});

describe("names of issuers", () => {
  const issuers = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      aContract({ type: "courier", issuer_id: 2_112_000_100 + index }),
    );
  const unnamed = () => rowsOf<{ id: number }>(env.DB, "select id from names where name is null");

  it("are asked for a thousand at once, and each once", async () => {
    const scene = await aTickingApi({ contracts: issuers(1_001) });

    await scene.tick();
    await scene.tickLater();

    expect(await unnamed()).toEqual([]);
    expect(scene.esi.counters.requests[namesRoute]).toEqual({ 200: 2 });
    expect(await scene.json("/v1/contracts?limit=1&sort=date_issued")).toMatchObject({
      data: [{ issuer_name: expect.any(String), issuer_corporation_name: expect.any(String) }],
    });
  });

  it("are still found if ESI does not know one of them, with a few more requests", async () => {
    const scene = await aTickingApi({ contracts: issuers(999), names: { 2_112_000_400: null } });

    await scene.tick();

    expect(await unnamed()).toEqual([{ id: 2_112_000_400 }]);
    expect(scene.esi.counters.requests[namesRoute]).toEqual({ 200: 10, 404: 11 });
  });

  it("that ESI does not know are not asked for again for a day", async () => {
    const scene = await aTickingApi({ contracts: issuers(2), names: { 2_112_000_101: null } });
    await scene.tick();
    const asked = scene.esi.counters.total(namesRoute);
    for (let tick = 0; tick < 46; tick += 1) await scene.tickLater(30 * minuteMs);
    const askedWithinTheDay = scene.esi.counters.total(namesRoute) - asked;
    await scene.tickLater(65 * minuteMs);

    expect(askedWithinTheDay).toBe(0);
    expect(scene.esi.counters.total(namesRoute) - asked).toBe(1);
  });

  it("cost no more errors than ESI allows, even if many are unknown", async () => {
    const names = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [2_112_000_100 + index * 2, null]),
    );
    const scene = await aTickingApi({ contracts: issuers(120), names });

    for (let tick = 0; tick < 6; tick += 1) await scene.tickLater(minuteMs);

    expect((await unnamed()).length).toBe(60);
    expect(scene.esi.counters.lowestErrorBudget).toBeGreaterThanOrEqual(50);
    expect(scene.esi.counters.sent420).toBe(0);
  });

  it("stay as they are once they are known, whatever ESI says later", async () => {
    const scene = await aTickingApi({ contracts: issuers(1) });
    await scene.tick();
    const before = await rowsOf(env.DB, "select * from names order by id");
    scene.esi.faults.add({ kind: "status", status: 404, route: namesRoute });
    scene.world.add(aContract({ type: "courier", issuer_id: 2_112_000_100 }), scene.clock.date());

    await scene.tickLater();

    expect(await rowsOf(env.DB, "select * from names order by id")).toEqual(before);
  });
});

describe("every request", () => {
  it("says who asks, in which version, and is one of six at most", async () => {
    const asked: (string | null)[][] = [];
    const scene = await aTickingApi({
      contracts: Array.from({ length: 40 }, () => aContract()),
      faults: [
        {
          kind: "status",
          status: 500,
          when: ({ request }) => {
            asked.push(["user-agent", "x-compatibility-date"].map((h) => request.headers.get(h)));
            return false;
          },
        },
      ],
    });

    await scene.tick();

    expect([...new Set(asked.map(String))]).toEqual([
      "HangarBay/test (tests@hangar-bay.test),2026-08-18",
    ]);
    expect(scene.esi.counters.maxInFlight).toBeLessThanOrEqual(6);
    expect(scene.esi.counters.violations).toEqual([]);
  });

  it("waits for its turn at a fixed rate", async () => {
    const scene = await aTickingApi({ contracts: Array.from({ length: 39 }, () => aContract()) });

    await scene.tick();

    const { startedAt, finishedAt, esiRequests } = await scene.lastRun();
    expect(esiRequests).toBe(41);
    expect(finishedAt - startedAt).toBeGreaterThanOrEqual((40 * 1000) / 20);
  });
});
