/** What lone hulls are asked for: which asks count, where each stands, and what is written down of a day. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import { aContract, anItem, type ContractPlan } from "../../esi-stand-in/hand-made.ts";
import { domain, firstContract, theForge } from "../../support/api.ts";
import { expectConsistent, rowsOf } from "../../support/database.ts";
import { createClock } from "../../support/harness.ts";
import { aTickingApi, itemsRoute, listMs, type TickingApi } from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

const rifter = 587;
const ishtar = 12_005;

const asking = (price: number, plan: ContractPlan = {}) => aContract({ price, ...plan });

type Hull = { type_id: number; listed: number } & Record<string, unknown>;
type HullList = { data: Hull[]; meta: { total: number } };
type Day = { date: string; listed: number; new: number; gone: number } & Record<string, unknown>;

const hullsOf = async (scene: TickingApi) => (await scene.json<HullList>("/v1/hulls")).data;

const historyOf = async (scene: TickingApi, typeId = rifter) =>
  (await scene.json<{ history: Day[] }>(`/v1/hulls/${typeId}`)).history;

const standing = async (scene: TickingApi, contractId: number) => {
  const { hull_rank, hull_listed, hull_percentile } = await scene.json<Record<string, unknown>>(
    `/v1/contracts/${contractId}`,
  );
  return [hull_rank, hull_listed, hull_percentile];
};

describe("an ask counts", () => {
  it("where an item exchange offers exactly one hull, and asks for nothing but ISK", async () => {
    const scene = await aTickingApi({ contracts: [asking(5), asking(7)] });

    await scene.tick();

    expect(await hullsOf(scene)).toMatchObject([
      { type_id: rifter, listed: 2, lowest_ask: 5, median_ask: 6 },
    ]);
  });

  it.each<[string, ContractPlan]>([
    ["an auction", { type: "auction" }],
    ["a courier", { type: "courier" }],
    ["a bundle", { items: [anItem(), anItem({ type_id: ishtar })] }],
    ["one hull twice", { items: [anItem(), anItem()] }],
    ["two of a hull", { items: [anItem({ quantity: 2 })] }],
    ["a hull with what may be its fit", { items: [anItem(), anItem({ type_id: 2048 })] }],
    ["a hull that is wanted", { items: [anItem({ is_included: false })] }],
    ["a hull for another", { items: [anItem(), anItem({ type_id: ishtar, is_included: false })] }],
    ["no hull", { items: [anItem({ type_id: 34 })] }],
    ["a hull's blueprint", { items: [anItem({ type_id: 691 })] }],
    ["a hull without a price", { price: undefined }],
  ])("not if it is %s", async (_what, plan) => {
    const scene = await aTickingApi({ contracts: [asking(5), aContract({ price: 1, ...plan })] });

    await scene.tick();

    expect(await hullsOf(scene)).toMatchObject([{ type_id: rifter, listed: 1, lowest_ask: 5 }]);
    expect(await standing(scene, firstContract + 1)).toEqual([null, null, null]);
  });

  it("no longer once it has left its list, and the others move up", async () => {
    const scene = await aTickingApi({ contracts: [asking(5), asking(7), asking(9)] });
    await scene.tick();
    const before = await standing(scene, firstContract + 2);
    scene.world.remove(firstContract, scene.clock.date());

    await scene.tickLater();

    expect(before).toEqual([3, 3, 2 / 3]);
    expect(await standing(scene, firstContract + 2)).toEqual([2, 2, 0.5]);
    expect(await standing(scene, firstContract)).toEqual([null, null, null]);
    expect(await hullsOf(scene)).toMatchObject([{ listed: 2, lowest_ask: 7 }]);
  });

  it("no longer once it has expired, even before a list says so", async () => {
    const soon = "2026-03-01T12:10:00Z";
    const scene = await aTickingApi({ contracts: [asking(5, { date_expired: soon }), asking(7)] });
    await scene.tick();
    const etag = (await scene.get("/v1/hulls")).headers.get("etag") ?? "";
    scene.clock.set(Date.parse(soon));

    expect(await hullsOf(scene)).toMatchObject([{ listed: 1, lowest_ask: 7, median_ask: 7 }]);
    expect((await scene.get("/v1/hulls", { "if-none-match": etag })).status).toBe(200);
    expect(await standing(scene, firstContract + 1)).toEqual([1, 1, 0]);
  });

  it("again once a contract is listed again", async () => {
    const scene = await aTickingApi({ contracts: [asking(5), asking(7)] });
    await scene.tick();
    scene.world.remove(firstContract, scene.clock.date());
    await scene.tickLater();
    scene.world.add(asking(5, { contract_id: firstContract }), scene.clock.date());

    await scene.tickLater();

    expect(await hullsOf(scene)).toMatchObject([{ listed: 2, lowest_ask: 5 }]);
  });
});

describe("an ask stands", () => {
  it("at its rank among the asks of all regions, where equal asks share a rank", async () => {
    const scene = await aTickingApi({
      regionIds: [theForge, domain],
      contracts: [
        asking(10),
        asking(5, { region_id: domain }),
        asking(10),
        asking(20, { region_id: domain }),
        asking(1, { items: [anItem({ type_id: ishtar })] }),
      ],
    });

    await scene.tick();

    const found = await Promise.all(
      [0, 1, 2, 3, 4].map(async (index) => standing(scene, firstContract + index)),
    );
    expect(found).toEqual([
      [2, 4, 0.25],
      [1, 4, 0],
      [2, 4, 0.25],
      [4, 4, 0.75],
      [1, 1, 0],
    ]);
  });

  it("lower once another region has a cheaper one, and its own region's answers change too", async () => {
    const scene = await aTickingApi({ regionIds: [theForge, domain], contracts: [asking(10)] });
    await scene.tick();
    const path = `/v1/contracts?region_id=${theForge}`;
    const etag = (await scene.get(path)).headers.get("etag") ?? "";
    scene.world.add(asking(5, { region_id: domain }), scene.clock.date());
    scene.purged.length = 0;

    await scene.tickLater();

    const after = await scene.get(path, { "if-none-match": etag });
    expect(after.status).toBe(200);
    expect(await after.json()).toMatchObject({ data: [{ hull_rank: 2, hull_listed: 2 }] });
    expect(scene.purged.flat()).toContain(`region-${theForge}`);
  });

  it("where it was while nothing about its hull changes, and nothing is written", async () => {
    const scene = await aTickingApi({ contracts: [asking(10)] });
    await scene.tick();
    const stored = () => rowsOf(env.DB, "select * from hulls");
    const before = await stored();
    scene.world.add(aContract({ type: "courier" }), scene.clock.date());
    scene.meter.reset();

    await scene.tickLater();

    expect(await stored()).toEqual(before);
    expect(scene.meter.statements().filter((text) => /insert into hulls/.test(text))).toEqual([]);
  });
});

/** The first minute of a day, and the scene that began on it. */
async function since(
  start: string,
  contracts: readonly ContractPlan[],
  cacheSeconds: { lists?: number } = {},
) {
  const clock = createClock(Date.parse(start));
  const ports = { sleep: async () => undefined };
  const scene = await aTickingApi({ contracts, clock, cacheSeconds, ports });
  await scene.tick();
  return scene;
}

/** Ticks until then, whenever something may be due. */
async function upTo(scene: TickingApi, end: string): Promise<void> {
  while (scene.clock.now() + listMs < Date.parse(end)) await scene.tickLater();
  scene.clock.set(Date.parse(end));
  await scene.tick();
}

const everyDay = () => rowsOf<Day>(env.DB, "select * from hull_days order by date, hull_type_id");

describe("a day is written down", () => {
  it("from the first full day on, and what was there at the start does not count as new", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [asking(5), asking(7)]);

    await upTo(scene, "2026-03-02T01:00:00Z");
    const first = await everyDay();
    await upTo(scene, "2026-03-03T01:00:00Z");

    expect(first).toEqual([]);
    expect(await historyOf(scene)).toEqual([
      {
        date: "2026-03-02",
        listed: 2,
        new: 0,
        gone: 0,
        median_ask: 6,
        median_gone_ask: null,
      },
    ]);
  }, 60_000);

  it.each(["2026-03-01T00:30:00Z", "2026-03-01T01:00:00Z", "2026-03-01T23:59:00Z"])(
    "from the first full day on if the first run was at %s",
    async (start) => {
      const scene = await since(start, [asking(5)]);

      await upTo(scene, "2026-03-03T01:30:00Z");

      expect((await everyDay()).map(({ date }) => date)).toEqual(["2026-03-02"]);
    },
    60_000,
  );

  it("an hour after its end, when the items of the last contracts are known", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [asking(5), asking(7)], { lists: 300 });
    await upTo(scene, "2026-03-02T23:40:00Z");
    scene.world.remove(firstContract, scene.clock.date());
    scene.world.add(asking(9), scene.clock.date());
    const recover = scene.esi.faults.add({ kind: "status", status: 502, route: itemsRoute });
    await upTo(scene, "2026-03-02T23:58:00Z");
    recover();

    await upTo(scene, "2026-03-03T00:59:00Z");
    const before = await everyDay();
    await upTo(scene, "2026-03-03T01:00:00Z");

    expect(before).toEqual([]);
    expect(await historyOf(scene)).toMatchObject([
      { date: "2026-03-02", listed: 2, new: 1, gone: 1, median_ask: 8, median_gone_ask: 5 },
    ]);
  }, 60_000);

  it("with what came, what left, and what the contracts that left had asked for", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [asking(5), asking(7), asking(20)]);
    await upTo(scene, "2026-03-02T10:00:00Z");
    for (const index of [0, 1]) scene.world.remove(firstContract + index, scene.clock.date());
    scene.world.add(asking(11), scene.clock.date());
    const brief = scene.world.add(asking(13), scene.clock.date());
    scene.world.add(asking(99, { items: [anItem({ type_id: ishtar })] }), scene.clock.date());
    await upTo(scene, "2026-03-02T15:00:00Z");
    scene.world.remove(brief, scene.clock.date());

    await upTo(scene, "2026-03-03T01:00:00Z");

    expect(await historyOf(scene)).toEqual([
      {
        date: "2026-03-02",
        listed: 2,
        new: 2,
        gone: 3,
        median_ask: 15.5,
        median_gone_ask: 7,
      },
    ]);
    expect(await historyOf(scene, ishtar)).toMatchObject([{ listed: 1, new: 1, gone: 0 }]);
    expect(await hullsOf(scene)).toMatchObject([
      { type_id: ishtar, gone_30d: 0 },
      { type_id: rifter, gone_30d: 3 },
    ]);
  }, 60_000);

  it("without asks that only expired, and without a row if there were no others", async () => {
    const ends = "2026-03-02T13:00:00Z";
    const scene = await since("2026-03-01T12:00:00Z", [
      asking(5, { date_expired: ends }),
      asking(9, { items: [anItem({ type_id: ishtar })], date_expired: ends }),
      asking(7),
    ]);

    await upTo(scene, "2026-03-03T01:00:00Z");

    expect(await everyDay()).toMatchObject([
      { hull_type_id: rifter, listed: 1, new: 0, gone: 0, median_ask: 7, median_gone_ask: null },
    ]);
  }, 60_000);

  it("without a row for asks that have expired but that no list has ended yet", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [
      asking(5, { date_expired: "2026-03-03T00:58:00Z" }),
      asking(7, { items: [anItem({ type_id: ishtar })] }),
    ]);
    await upTo(scene, "2026-03-03T00:50:00Z");
    scene.esi.faults.add({ kind: "status", status: 500 });

    await upTo(scene, "2026-03-03T01:00:00Z");

    expect((await everyDay()).map((day) => day["hull_type_id"])).toEqual([ishtar]);
  }, 60_000);

  it("once, however often the run of that minute is repeated", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [asking(5)]);
    await upTo(scene, "2026-03-02T12:00:00Z");
    scene.world.add(asking(3), scene.clock.date());
    await upTo(scene, "2026-03-03T01:00:00Z");
    const [days, totals] = [await everyDay(), await rowsOf(env.DB, "select * from hull_totals")];
    scene.meter.reset();

    await scene.tick();
    expect(scene.meter.bill().rowsWritten).toBe(0);
    await env.DB.prepare("update sync_state set hulls_recorded_on = '2026-03-01'").run();
    await scene.tick();

    expect(await everyDay()).toEqual(days);
    expect(await rowsOf(env.DB, "select * from hull_totals")).toEqual(totals);
    await upTo(scene, "2026-03-03T20:00:00Z");
    expect(await everyDay()).toEqual(days);
  }, 60_000);

  it("day by day, latest first, and thirty days make up `gone_30d`", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [asking(5), asking(7)]);
    await upTo(scene, "2026-03-02T02:00:00Z");
    const row = "insert into hull_days values (587, ?, 1, 0, 1, 5, 5)";
    await env.DB.batch(
      ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-28"].map((date) =>
        env.DB.prepare(row).bind(date),
      ),
    );

    await upTo(scene, "2026-03-03T01:00:00Z");
    expect(await hullsOf(scene)).toMatchObject([{ gone_30d: 2 }]);
    await upTo(scene, "2026-03-04T01:00:00Z");

    expect(await hullsOf(scene)).toMatchObject([{ gone_30d: 1 }]);
    expect((await historyOf(scene)).map(({ date }) => date)).toEqual([
      "2026-03-03",
      "2026-03-02",
      "2026-02-28",
      "2026-02-01",
      "2026-01-31",
      "2026-01-30",
    ]);
  }, 60_000);

  it("at a cost of a row or two per hull", async () => {
    const scene = await since("2026-03-01T12:00:00Z", [
      asking(5),
      asking(9, { items: [anItem({ type_id: ishtar })] }),
    ]);
    await upTo(scene, "2026-03-03T00:50:00Z");
    scene.meter.reset();

    await upTo(scene, "2026-03-03T01:00:00Z");

    expect(await everyDay()).toHaveLength(2);
    // Two of each hull, its index being one, and twelve of the run.
    expect(scene.meter.bill().rowsWritten).toBeLessThanOrEqual(2 * 2 + 12);
  }, 60_000);
});

it("nothing claims that anything was sold", async () => {
  const scene = await aTickingApi({ contracts: [asking(5)] });
  await scene.tick();
  const paths = ["/v1/hulls", "/v1/hulls/587", "/openapi.json", "/docs"];

  const texts = await Promise.all(paths.map(async (path) => (await scene.get(path)).text()));

  expect(texts.map((text) => /\bsold\b/i.test(text))).toEqual(paths.map(() => false));
});
