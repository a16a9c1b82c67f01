/** What can wait: what is kept no longer, and what newer rules make of what is stored. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { firstContract, theForge } from "../../support/api.ts";
import { contentOf, expectConsistent, rowsOf } from "../../support/database.ts";
import { noon } from "../../support/harness.ts";
import {
  aTickingApi,
  itemsRoute,
  listMs,
  minuteMs,
  type TickingApi,
} from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

const dayMs = 86_400_000;

describe("a contract that ended", () => {
  /** An auction with a bid and a title that ended at 12:30:05, kept for two days. */
  async function withEnded() {
    const scene = await aTickingApi({
      contracts: [
        aContract({
          type: "auction",
          title: "Ended",
          bids: [{ bid_id: 1, amount: 5, date_bid: "2026-02-28T13:00:00Z" }],
        }),
        aContract({ title: "Still there", date_expired: "2026-04-01T12:00:00Z" }),
      ],
      settings: { RETENTION_DAYS: "2" },
    });
    await scene.tick();
    await scene.json(`/v1/contracts/${firstContract}`);
    scene.world.remove(firstContract, scene.clock.date());
    await scene.tickLater();
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({ status: "gone" });
    return scene;
  }
  const endedAt = Date.parse("2026-03-01T12:30:05Z");

  it("is kept until the last second of its time", async () => {
    const scene = await withEnded();

    scene.clock.set(endedAt + 2 * dayMs);
    await scene.tick();

    expect(await scene.json("/v1/contracts?status=gone")).toMatchObject({ meta: { total: 1 } });
    expect((await contentOf(env.DB)).contract_bids.length).toBe(1);
  });

  it("is forgotten after that, with its items, its bids and what is searched of it", async () => {
    const scene = await withEnded();
    const before = await contentOf(env.DB);

    scene.clock.set(endedAt + 2 * dayMs + 1000);
    await scene.tick();

    const after = await contentOf(env.DB);
    const others = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.filter(({ contract_id, rowid }) => (contract_id ?? rowid) !== firstContract);
    expect(await scene.lastRun()).toMatchObject({ prunedContracts: 1 });
    expect({ ...after, contracts: others(after.contracts) }).toEqual({
      ...before,
      contracts: others(before.contracts),
      contract_items: others(before.contract_items),
      contract_bids: [],
      ended_search: [],
    });
    expect((await scene.request(`/v1/contracts/${firstContract}`)).status).toBe(404);
  });

  it("is forgotten though ESI may not be asked", async () => {
    const scene = await withEnded();
    scene.clock.set(Date.parse("2026-03-04T11:00:00Z"));
    const asked = scene.esi.counters.total();

    await scene.tick();

    expect(await scene.lastRun()).toMatchObject({ outcome: "held", prunedContracts: 1 });
    expect(scene.esi.counters.total()).toBe(asked);
  });

  it("counts as new if it comes back after that", async () => {
    const scene = await withEnded();
    scene.clock.set(endedAt + 3 * dayMs);
    await scene.tick();
    scene.world.add(
      aContract({ contract_id: firstContract, title: "Back" }),
      new Date(noon - dayMs),
    );

    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      status: "outstanding",
      title: "Back",
      items_status: "complete",
      first_seen_at: expect.stringMatching(/^2026-03-04T13:00:/),
    });
  });

  it("is forgotten with at most five hundred a run, oldest first", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 501 }, () => aContract({ type: "courier" })),
      settings: { RETENTION_DAYS: "1" },
    });
    await scene.tick();
    const [youngest = 0, ...older] = scene.world.ids;
    for (const id of older) scene.world.remove(id, scene.clock.date());
    await scene.tickLater();
    await scene.tickLater();
    scene.world.remove(youngest, scene.clock.date());
    await scene.tickLater();
    await scene.tickLater();
    scene.clock.advance(2 * dayMs);

    await scene.tick();
    const left = await rowsOf(env.DB, "select contract_id from contracts");
    await scene.tickLater(minuteMs);

    expect(left).toEqual([{ contract_id: youngest }]);
    expect(await rowsOf(env.DB, "select contract_id from contracts")).toEqual([]);
  });
});

describe("a contract that is listed", () => {
  it("is kept however long that is", async () => {
    const scene = await aTickingApi({
      contracts: [aContract({ date_expired: "2027-03-01T12:00:00Z" })],
      settings: { RETENTION_DAYS: "1" },
    });
    await scene.tick();

    await scene.tickLater(300 * dayMs);

    expect(await scene.json("/v1/contracts")).toMatchObject({ meta: { total: 1 } });
    expect(await scene.lastRun()).toMatchObject({ prunedContracts: 0 });
  });
});

describe("reports of runs", () => {
  it("are kept for a week", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    const kept = () => rowsOf(env.DB, "select started_at from sync_runs order by run_id");
    const [first] = await kept();
    scene.clock.set(noon + 7 * dayMs);
    await scene.tick();
    const afterAWeek = await kept();
    await scene.tickLater();

    expect(afterAWeek[0]).toEqual(first);
    expect(await kept()).not.toContainEqual(first);
  });
});

describe("titles that were indexed as they were written", () => {
  it("are folded by the run after a release, 500 at a time, and found then", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 501 }, () =>
        aContract({ type: "courier", title: "İzmir’s" }),
      ),
    });
    await scene.tick();
    const total = async () =>
      (await scene.json<{ meta: { total: number } }>("/v1/contracts?q=izmir's")).meta.total;
    const before = await contentOf(env.DB);
    await env.DB.batch([
      env.DB.prepare("update sync_state set derived_by = 'older rules'"),
      env.DB.prepare("update contracts set search_title = null"),
      env.DB.prepare("delete from listed_search"),
    ]);
    expect(await total()).toBe(0);

    await scene.tickLater(minuteMs);

    expect(await total()).toBe(501);
    expect(await contentOf(env.DB)).toEqual(before);
  });
});

describe("what older rules made of items", () => {
  /** A release with newer rules: what the old ones made is in the database. */
  async function outdate(scene: TickingApi): Promise<void> {
    await env.DB.batch([
      env.DB.prepare("update sync_state set derived_by = 'older rules'"),
      env.DB.prepare(
        `update contracts set label = 'Old', search_names = 'Old', is_ship = 0
         where items_status = 'complete'`,
      ),
      env.DB.prepare(
        `update region_states set counts = json_set(counts, '$.byType.item_exchange.ships', 0,
           '$.byType.item_exchange.shipless', counts ->> '$.byType.item_exchange.all')`,
      ),
    ]);
    scene.esi.counters.reset();
    scene.purged.length = 0;
  }
  const derivation = () =>
    rowsOf(env.DB, "select derived_by, deriving_by, derived_up_to from sync_state");
  const outdated = () =>
    rowsOf<{ contract_id: number }>(
      env.DB,
      "select contract_id from contracts where label = 'Old' order by contract_id",
    );

  it("is rebuilt from what is stored, of listed and ended ones, without asking ESI", async () => {
    const scene = await aTickingApi({
      contracts: [
        aContract({ items: [anItem(), anItem({ type_id: 34, quantity: 5 })] }),
        aContract({ items: [anItem({ is_included: false }), anItem({ type_id: 12_005 })] }),
        ...Array.from({ length: 8 }, () => aContract({ type: "courier" })),
      ],
    });
    await scene.tick();
    scene.world.remove(firstContract, scene.clock.date());
    await scene.tickLater();
    const before = await contentOf(env.DB);
    await outdate(scene);

    await scene.tickLater(minuteMs);

    expect(await contentOf(env.DB)).toEqual(before);
    expect(scene.esi.counters.requests).toEqual({});
    expect(scene.purged).toEqual([["region-all", `region-${theForge}`]]);
    expect(await scene.json("/v1/contracts?q=Ishtar&ship=true")).toMatchObject({
      data: [{ label: "Ishtar" }],
    });
    expect(await scene.json("/v1/contracts?q=Rifter&status=gone")).toMatchObject({
      data: [{ label: "Rifter + 1 more" }],
    });
  });

  it("is rebuilt once", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    await outdate(scene);
    await scene.tickLater(minuteMs);
    scene.clock.advance(minuteMs);

    expect(await scene.sync()).toMatchObject({ outcome: "idle" });
  });

  it("is left alone if the newest rules already made the same", async () => {
    const scene = await aTickingApi({ contracts: [aContract(), aContract()] });
    await scene.tick();
    const [derived] = await derivation();
    await env.DB.prepare("update sync_state set derived_by = 'older rules'").run();
    const before = await contentOf(env.DB);
    scene.purged.length = 0;

    await scene.tickLater(minuteMs);

    expect(await contentOf(env.DB)).toEqual(before);
    expect(scene.purged).toEqual([]);
    expect(await derivation()).toEqual([derived]);
  });

  it("is rebuilt for a thousand contracts a run at most, and the next run goes on", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 1_101 }, () => aContract()),
      settings: { ESI_REQUESTS_PER_SECOND: "1000" },
    });
    await scene.tick();
    await outdate(scene);

    await scene.tickLater(minuteMs);
    const left = await outdated();
    await scene.tickLater(minuteMs);

    expect(left.map(({ contract_id }) => contract_id)).toEqual(scene.world.ids.slice(1_000));
    expect(await outdated()).toEqual([]);
    expect(scene.esi.counters.total(itemsRoute)).toBe(0);
  });

  it("is rebuilt within a run's queries, and the next run goes on", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 350 }, () => aContract()),
      settings: { ESI_REQUESTS_PER_SECOND: "1000" },
    });
    await scene.tick();
    await outdate(scene);
    scene.configure({ SYNC_RUN_QUERIES: "50" });
    const left: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      scene.meter.reset();
      await scene.tickLater(minuteMs);
      expect(scene.meter.bill().statements).toBeLessThanOrEqual(50);
      left.push((await outdated()).length);
    }

    expect(left.slice(0, 3)).toEqual([150, 0, 0]);
  });

  it("is rebuilt from the first contract on if the rules change while that is under way", async () => {
    const scene = await aTickingApi({ contracts: Array.from({ length: 3 }, () => aContract()) });
    await scene.tick();
    await outdate(scene);
    await env.DB.prepare("update sync_state set deriving_by = 'old rules', derived_up_to = ?")
      .bind(firstContract)
      .run();

    await scene.tickLater(minuteMs);

    expect(await outdated()).toEqual([]);
  });

  it("is rebuilt once the universe has another name for a type", async () => {
    const scene = await aTickingApi({ contracts: [aContract(), aContract({ type: "courier" })] });
    await scene.tick();
    await env.DB.batch([
      env.DB.prepare("update types set name = 'Rifter Navy Issue' where name = 'Rifter'"),
      env.DB.prepare("update universe set version = version || '-next'"),
    ]);

    await scene.tickLater(minuteMs);

    expect(await scene.json("/v1/contracts?q=navy")).toMatchObject({
      data: [{ label: "Rifter Navy Issue" }],
    });
    scene.clock.advance(minuteMs);
    expect(await scene.sync()).toMatchObject({ outcome: "idle" });
  });

  it.each([
    ["the systems that no way leads through", "'-not-through-30100000'"],
    ["the stargates that ship", "'stargates sde-'"],
  ])("counts couriers' jumps again once %s change", async (_, part) => {
    const scene = await aTickingApi({ contracts: [aContract({ type: "courier" })] });
    await scene.tick();
    const [derived] = await derivation();
    await env.DB.batch([
      env.DB.prepare("update contracts set route_jumps = 2, route_jumps_highsec = 45"),
      env.DB.prepare(
        `update sync_state set derived_by = replace(derived_by, ${part}, ''),
           deriving_by = replace(deriving_by, ${part}, '')`,
      ),
    ]);
    expect(await derivation()).not.toEqual([derived]);

    await scene.tickLater(minuteMs);

    expect(await scene.json("/v1/contracts")).toMatchObject({
      data: [{ route_jumps: 11, route_jumps_highsec: 34 }],
    });
    expect(await derivation()).toEqual([derived]);
  });

  it("is rebuilt once the universe learns where a station is, or moves it", async () => {
    const unknownStation = 60_015_200;
    const scene = await aTickingApi({
      contracts: [
        aContract({ start_location_id: unknownStation }),
        aContract({ type: "courier", start_location_id: unknownStation }),
        aContract(),
      ],
      faults: [{ kind: "status", status: 503, route: "/universe/stations/{station_id}" }],
    });
    await scene.tick();
    await env.DB.batch([
      env.DB.prepare(
        `update stations set name = 'Found', system_id = (select system_id from systems where name = 'Jita'),
           resolve_at = null where station_id = ${unknownStation}`,
      ),
      env.DB.prepare("update systems set security = 0.3 where name = 'Jita'"),
      env.DB.prepare("update universe set version = version || '-next'"),
    ]);

    await scene.tickLater(minuteMs);

    expect(await scene.json("/v1/contracts?system_id=30000142&security=lowsec")).toMatchObject({
      meta: { total: 3, unknown_system_excluded: 0 },
    });
    expect(await scene.json("/v1/contracts?security=highsec")).toMatchObject({
      meta: { total: 0 },
    });
  });

  it("does not wait for a list, and is rebuilt even while ESI is down", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    await outdate(scene);
    scene.esi.faults.add({ kind: "connection-reset" });

    await scene.tickLater(listMs);

    expect(await outdated()).toEqual([]);
  });
});
