/** Columns of JSON that a bug or a hand has spoilt: each harms one row, until the upkeep has mended it. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { firstContract, theForge } from "../../support/api.ts";
import { expectConsistent, rowsOf } from "../../support/database.ts";
import { aMarket } from "../../support/market.ts";
import { aTickingApi, listMs, minuteMs, type TickingApi } from "../../support/ticking-api.ts";

/** What no column of ours holds: no JSON, and JSON of other shapes. */
const garbage = ["", "garbage", "{", '{"a":', "null", "7", "[1]", "[[1]]", "{}", "[{}]", '["x"]'];

const update = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .run();

/** Contracts that are flagged for their items, and two that are lone hulls. */
async function aSpoilable(settings: Partial<Env> = {}) {
  const same = [
    anItem({ type_id: 34, quantity: 5 }),
    anItem({ type_id: 34, quantity: 9, is_included: false }),
  ];
  const market = aMarket({ 34: { sell: 5, buy: 4 }, 587: { sell: 500_000, buy: 400_000 } });
  const scene = await aTickingApi({
    contracts: [
      aContract({ price: 0, items: same }),
      aContract({ price: 0, items: same }),
      aContract({ price: 700_000 }),
      aContract({ price: 900_000 }),
      aContract({
        type: "auction",
        bids: [{ bid_id: 1, amount: 5, date_bid: "2026-02-28T13:00:00Z" }],
      }),
    ],
    market: market.esi,
    ports: { sleep: async () => undefined },
    settings: { PRICES_EVERY_HOURS: "6", SYNC_RUN_REQUESTS: "9000", ...settings },
  });
  await scene.tick();
  for (let run = 0; run < 3; run += 1) await scene.tickLater(minuteMs);
  return scene;
}

type Flagged = { contract_id: number; flags: { code: string }[]; hull_rank: number | null };
type List = { data: Flagged[]; meta: { total: number } };

const listOf = async (scene: TickingApi) => {
  const { data, meta } = await scene.json<List>("/v1/contracts?sort=date_issued");
  return { data: data.toSorted((a, b) => a.contract_id - b.contract_id), meta };
};

const unreadable = ({ logged }: TickingApi) =>
  logged
    .map((line): { event: string; column?: string; row?: number } => JSON.parse(line))
    .filter(({ event }) => event === "unreadable-column")
    .map(({ column, row }) => `${column} ${row}`);

/** Row numbers that no other test has spoilt: the log says each once an isolate. */
const repaired = async (scene: TickingApi) => {
  await scene.tickLater(minuteMs);
  return scene.lastRun();
};

describe("flags of items that cannot be read", () => {
  it.each(garbage)("are left out, said once in the log, and judged again: %j", async (text) => {
    const scene = await aSpoilable();
    const before = await listOf(scene);
    expect(before.data[0]?.flags).toMatchObject([{ code: "asks_for_same_item" }]);
    await update("update contracts set item_flags = ? where contract_id = ?", text, firstContract);

    const spoilt = await listOf(scene);
    await listOf(scene);
    const detail = await scene.get(`/v1/contracts/${firstContract}`);

    expect(spoilt.data[0]).toEqual({ ...before.data[0], flags: [] });
    expect(spoilt.data.slice(1)).toEqual(before.data.slice(1));
    expect(spoilt.meta).toEqual(before.meta);
    expect(detail.status).toBe(200);
    expect(unreadable(scene).length).toBeLessThanOrEqual(1);

    await repaired(scene);
    expect((await listOf(scene)).data).toEqual(before.data);
  });

  it("are logged once for each contract", async () => {
    const scene = await aSpoilable();
    const ids = [firstContract + 1, firstContract + 2];
    await update("update contracts set item_flags = 'x' where contract_id in (?, ?)", ...ids);

    for (let request = 0; request < 3; request += 1) await listOf(scene);

    expect(unreadable(scene).toSorted()).toEqual(ids.map((id) => `contracts.item_flags ${id}`));
  });

  it("are repaired for a hundred contracts a run, and searches find the same", async () => {
    const scene = await aTickingApi({
      contracts: Array.from({ length: 130 }, () =>
        aContract({ items: [anItem(), anItem({ is_included: false })] }),
      ),
    });
    await scene.tick();
    await scene.tickLater(minuteMs);
    await update("update contracts set item_flags = '{'");
    const left = async () =>
      (await rowsOf(env.DB, "select 1 from contracts where not json_valid(item_flags)")).length;

    await repaired(scene);
    expect(await left()).toBe(30);
    await repaired(scene);
    expect(await left()).toBe(0);
    expect(await scene.json("/v1/contracts?flag=asks_for_same_item")).toMatchObject({
      meta: { total: 130 },
    });
    await expectConsistent(env.DB);
  });
});

describe("asks of a hull that cannot be read", () => {
  it.each(garbage)("cost a contract its rank, but keep every hull listed: %j", async (text) => {
    const scene = await aSpoilable();
    const hulls = await scene.json("/v1/hulls");
    const hull = await scene.json("/v1/hulls/587");
    const before = await listOf(scene);
    expect(before.data[2]).toMatchObject({ hull_rank: 1, hull_listed: 2 });
    await update("update hulls set asks = ?", text);

    const spoilt = await listOf(scene);

    expect(await scene.json("/v1/hulls")).toEqual(hulls);
    expect(await scene.json("/v1/hulls/587")).toMatchObject({ listed: 2, lowest_ask: 700_000 });
    expect(spoilt.data[2]).toMatchObject({ hull_rank: null, hull_listed: null });
    expect(spoilt.data.slice(0, 2)).toEqual(before.data.slice(0, 2));

    await repaired(scene);
    expect(await scene.json("/v1/hulls/587")).toEqual(hull);
    expect((await listOf(scene)).data).toEqual(before.data);
  });
});

describe("counts of a region that cannot be read", () => {
  it.each([...garbage, '{"byType":{},"unknownSystemByType":{},"itemsPending":0}'])(
    "are counted again for each answer, until they are repaired: %j",
    async (text) => {
      const scene = await aSpoilable();
      const paths = ["/v1/contracts", "/v1/contracts?type=auction", "/v1/regions"];
      const before = await Promise.all(paths.map((path) => scene.json(path)));
      const { regions } = await scene.json<{ regions: object[] }>("/v1/status");
      expect(before[0]).toMatchObject({ meta: { total: 5 } });
      await update("update region_states set counts = ?", text);

      expect(await Promise.all(paths.map((path) => scene.json(path)))).toEqual(before);
      expect((await scene.json<{ regions: object[] }>("/v1/status")).regions).toEqual(regions);

      await repaired(scene);
      await expectConsistent(env.DB);
    },
  );

  it("do not stop lists or items from being stored", async () => {
    const scene = await aSpoilable();
    await update("update region_states set counts = 'x'");
    scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater(listMs);

    expect((await listOf(scene)).meta).toMatchObject({ total: 6, items_pending: 0 });
    await expectConsistent(env.DB);
  });
});

describe("prices that cannot be read", () => {
  const spoilPrices = (text: string) =>
    update("update price_parts set prices = ? where part = 34 % 8", text);

  it.each(garbage)("count as missing, and a new book is made: %j", async (text) => {
    const scene = await aSpoilable();
    const detail = () => scene.json<{ included_items: object[] }>(`/v1/contracts/${firstContract}`);
    const before = await detail();
    expect(before.included_items).toMatchObject([{ sell: 5, price_source: "jita" }]);
    await spoilPrices(text);

    expect(await detail()).toMatchObject({
      value_sell: 25,
      included_items: [{ sell: null, price_source: "none", unpriced_reason: null }],
    });

    for (let run = 0; run < 4; run += 1) await scene.tickLater(minuteMs);
    expect(await detail()).toMatchObject({ included_items: before.included_items });
  });

  it("never give a contract less than its true value", async () => {
    const scene = await aSpoilable();
    await spoilPrices("x");
    const added = scene.world.add(
      aContract({ items: [anItem(), anItem({ type_id: 34, quantity: 100 })] }),
      scene.clock.date(),
    );

    await scene.sync([theForge]);
    scene.clock.advance(listMs);
    await scene.sync([theForge]);

    const { value_sell: value } = await scene.json<{ value_sell: number | null }>(
      `/v1/contracts/${added}`,
    );
    expect([null, 500_500]).toContain(value);
  });

  it("are not fetched again and again if prices are turned off", async () => {
    const scene = await aSpoilable();
    await spoilPrices("x");
    scene.configure({ PRICES_EVERY_HOURS: "0" });

    await scene.tickLater(listMs);
    scene.clock.advance(minuteMs);

    expect((await scene.sync()).outcome).toBe("idle");
  });
});

describe("orders of a book underway that cannot be read", () => {
  it("end that book, and the next one is complete", async () => {
    const scene = await aSpoilable();
    await update("insert into order_pages values (0, '[]'), (1, 'x')");
    await update(
      "update price_book set due_at = 0, begun_at = ?, next_page = 2",
      scene.clock.now(),
    );

    await scene.tickLater(minuteMs);
    expect(await rowsOf(env.DB, "select * from order_pages")).toEqual([]);
    await scene.tickLater(6 * 60 * minuteMs);

    expect(await rowsOf(env.DB, "select failures, begun_at from price_book")).toEqual([
      { failures: 0, begun_at: null },
    ]);
  });
});

describe("what else cannot be read", () => {
  it.each(garbage)(
    "leaves an answer without those times and reports, and nothing else: %j",
    async (text) => {
      const scene = await aSpoilable();
      const before = await listOf(scene);
      await update("update sync_state set stale_times = ?, unpurged_tags = ?", text, text);
      await update("update sync_runs set report = ?", text);

      expect(await listOf(scene)).toEqual(before);
      const { regions, ...status } = await scene.json<{ regions: object[]; last_run: unknown }>(
        "/v1/status",
      );
      expect(regions).toHaveLength(1);
      expect(status.last_run).toBeNull();

      await scene.tickLater(listMs);
      expect(await scene.json("/v1/status")).toMatchObject({ last_run: { outcome: "done" } });
      const [state] = await rowsOf<{ stale_times: string }>(
        env.DB,
        "select stale_times, unpurged_tags from sync_state",
      );
      expect(state).toEqual({
        stale_times: expect.stringMatching(/^\[\d+\]$/),
        unpurged_tags: null,
      });
    },
  );

  it.each(garbage)("is fetched from ESI again if it is bids: %j", async (text) => {
    const scene = await aSpoilable();
    const path = `/v1/contracts/${firstContract + 4}`;
    const before = await scene.json<{ bids: object[] }>(path);
    expect(before.bids).toHaveLength(1);
    await update("update contract_bids set bids = ?", text);

    expect((await scene.json<{ bids: object[] }>(path)).bids).toEqual(before.bids);
  });

  it("counts as 0 if an older report lacks a count", async () => {
    const scene = await aSpoilable();
    await update("update sync_runs set report = json_remove(report, '$.oddFields')");

    expect(await scene.json("/v1/status")).toMatchObject({ last_run: { odd_fields: 0 } });
  });
});

describe("where nothing is wrong", () => {
  it("checking for damage costs nothing, and starts no run", async () => {
    const scene = await aSpoilable();
    const idle = await repaired(scene).then(() => scene.sync());

    expect(idle).toMatchObject({ outcome: "idle", rowsWritten: 0 });
    expect(idle.rowsRead).toBe(8);
  });
});

describe("a row group that cannot be read", () => {
  it.each(garbage)("changes no search result and no count: %j", async (text) => {
    const scene = await aSpoilable();
    const paths = ["/v1/contracts?min_value_sell=1&sort=label", "/v1/types?q=rifter"];
    const answers = () => Promise.all(paths.map((path) => scene.json<List>(path)));
    const before = await answers();
    expect(before[0]?.meta.total).toBeGreaterThan(1);
    await update("update row_group_columns set value_sell = ?, offered_type_id = ?", text, text);
    await update("update row_groups set stamp = stamp + 1");

    expect(await answers()).toEqual(before);
    expect(await answers()).toEqual(before);
    expect(unreadable(scene).length).toBeLessThanOrEqual(2);
  });
});
