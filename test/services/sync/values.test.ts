/** What contracts are worth: when their items come, and when a new price book does. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import {
  aBlueprintCopy,
  aContract,
  anItem,
  type ContractPlan,
} from "../../esi-stand-in/hand-made.ts";
import type { OrderRow } from "../../esi-stand-in/wire.ts";
import { firstContract } from "../../support/api.ts";
import { expectConsistent, rowsOf } from "../../support/database.ts";
import { noon } from "../../support/harness.ts";
import { aMarket, anOrderRow, type Quotes } from "../../support/market.ts";
import { aTickingApi, itemsRoute, minuteMs, type TickingApi } from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

const hourMs = 60 * minuteMs;
const rifter = 587;
const tritanium = 34;
const antimatter = 222;
const abyssal = 47_702;
const id = firstContract;

const quotes: Quotes = {
  [rifter]: { sell: 500_000, buy: 400_000, average: 450_000 },
  [tritanium]: { sell: 5, buy: 4, average: 4.5 },
  [antimatter]: { average: 10 },
  2456: { sell: 1_000_000 },
  691: { sell: 2_000_000, buy: 1_000_000 },
  [abyssal]: { average: 9_000_000 },
};

type Options = { contracts: readonly ContractPlan[]; given?: Quotes; hours?: string };

async function valued({ contracts, given = quotes, hours = "6" }: Options) {
  const market = aMarket(given);
  const scene = await aTickingApi({
    contracts,
    market: market.esi,
    ports: { sleep: async () => undefined },
    settings: { PRICES_EVERY_HOURS: hours, SYNC_RUN_REQUESTS: "9000" },
  });
  const isAbyssal = "update types set meta_group_id = 15 where type_id = ?";
  await env.DB.prepare(isAbyssal).bind(abyssal).run();
  return { market, scene };
}

/** The book, and what it makes of what is there. */
async function settle(scene: TickingApi, runs = 2): Promise<void> {
  for (let run = 0; run < runs; run += 1) await scene.tickLater(minuteMs);
}

const worthNames = [
  "value_sell",
  "value_buy",
  "priced_ratio",
  "requested_value",
  "cost",
  "price_to_value",
  "price_to_partial_value",
];

type Served = Record<string, unknown> & { included_items: Record<string, unknown>[] };

const detailOf = (scene: TickingApi, contractId = id) =>
  scene.json<Served & { requested_items: Served[] }>(`/v1/contracts/${contractId}`);

async function worthOf(scene: TickingApi, contractId = id) {
  const detail = await detailOf(scene, contractId);
  return Object.fromEntries(worthNames.map((name) => [name, detail[name]]));
}

const nothingKnown = Object.fromEntries(worthNames.map((name) => [name, null]));

const rifterWorth = {
  value_sell: 500_000,
  value_buy: 400_000,
  priced_ratio: 1,
  requested_value: 0,
  cost: 1_000_000,
  price_to_value: 2,
  price_to_partial_value: null,
};

describe("the flags of a price", () => {
  const flagged = async (scene: TickingApi, code: string) => {
    const path = `/v1/contracts?flag=${code}`;
    const { data } = await scene.json<{ data: { contract_id: number }[] }>(path);
    return data.map(({ contract_id }) => contract_id - id).toSorted((a, b) => a - b);
  };

  const shown = async (scene: TickingApi, contractId: number) => {
    const { data } = await scene.json<{ data: { flags: { code: string }[] }[] }>(
      `/v1/contracts?contract_id=${contractId}`,
    );
    return data.flatMap(({ flags }) => flags.map(({ code }) => code));
  };

  it("are for gifts, not for barters, purchases and auctions, in answers and in searches", async () => {
    const wanted = anItem({ type_id: tritanium, quantity: 100_000, is_included: false });
    const { scene } = await valued({
      contracts: [
        aContract({ price: 0 }),
        aContract({ price: 0, items: [anItem(), wanted] }),
        aContract({ price: 0, reward: 600_000, items: [wanted] }),
        aContract({ price: 0, reward: 600_000, items: [anItem({ type_id: antimatter }), wanted] }),
        aContract({ price: 0, reward: 200_000, items: [anItem({ type_id: antimatter }), wanted] }),
        aContract({ price: 0, type: "auction" }),
        aContract({
          price: 0,
          items: [anItem(), anItem({ type_id: abyssal, is_included: false })],
        }),
      ],
    });

    await scene.tick();
    await settle(scene);

    expect(await flagged(scene, "zero_price")).toEqual([0]);
    expect(await flagged(scene, "too_cheap")).toEqual([0]);
    expect(await flagged(scene, "price_magnitude")).toEqual([]);
    expect(await flagged(scene, "requested_unpriced")).toEqual([6]);
    expect(await shown(scene, id)).toEqual(["too_cheap", "zero_price"]);
    for (const index of [1, 2, 3, 4, 5]) expect(await shown(scene, id + index)).toEqual([]);
    expect(await shown(scene, id + 6)).toEqual(["requested_unpriced"]);
  });
});

describe("a contract is valued", () => {
  it("by the run that makes the first book, if its items came before that", async () => {
    const { scene } = await valued({ contracts: [aContract()] });

    await scene.tick();

    expect(await worthOf(scene)).toEqual(rifterWorth);
    expect(await detailOf(scene)).toMatchObject({ priced_at: "2026-03-01T12:00:00Z" });
  });

  it("together with its items, if they come after the first book", async () => {
    const { scene } = await valued({ contracts: [] });
    await scene.tick();
    await settle(scene);
    scene.world.add(aContract(), scene.clock.date());

    await scene.tickLater();

    expect(await worthOf(scene)).toEqual(rifterWorth);
    expect((await scene.lastRun()).revalued).toBe(0);
  });

  it("not if there never was a book", async () => {
    const { scene } = await valued({ contracts: [aContract()], hours: "0" });

    await scene.tick();
    await settle(scene);

    expect(await worthOf(scene)).toEqual(nothingKnown);
    const item = { sell: null, buy: null, price_source: "none", unpriced_reason: null };
    expect((await detailOf(scene)).included_items).toMatchObject([item]);
  });

  it.each<[string, ContractPlan, object]>([
    [
      "with all that it offers",
      aContract({ items: [anItem(), anItem({ type_id: tritanium, quantity: 1_000 })] }),
      { ...rifterWorth, value_sell: 505_000, value_buy: 404_000, price_to_value: 1.9802 },
    ],
    [
      "with each of two items that are alike in all",
      aContract({ items: Array(2).fill(anItem({ record_id: 7, item_id: 70 })) }),
      { ...rifterWorth, value_sell: 1_000_000, value_buy: 800_000, price_to_value: 1 },
    ],
    [
      "in part, where a part has a price",
      aContract({ items: [anItem(), aBlueprintCopy(), anItem({ type_id: abyssal })] }),
      { ...rifterWorth, priced_ratio: 1 / 3, price_to_value: null, price_to_partial_value: 2 },
    ],
    [
      "at nothing, where nothing has a price",
      aContract({ items: [aBlueprintCopy()] }),
      {
        ...nothingKnown,
        priced_ratio: 0,
        requested_value: 0,
        cost: 1_000_000,
      },
    ],
    [
      "with what it asks for",
      aContract({
        items: [anItem(), anItem({ type_id: tritanium, quantity: 10_000, is_included: false })],
      }),
      { ...rifterWorth, requested_value: 50_000, cost: 1_050_000, price_to_value: 2.1 },
    ],
    [
      "at no cost that is known, where what it asks for has no price",
      aContract({ items: [anItem(), anItem({ type_id: abyssal, is_included: false })] }),
      { ...rifterWorth, requested_value: null, cost: null, price_to_value: null },
    ],
    [
      "by what it would pay",
      aContract({ price: 0, reward: 400_000, items: [anItem({ is_included: false })] }),
      { ...nothingKnown, requested_value: 500_000, cost: 100_000 },
    ],
    [
      "less its reward",
      aContract({ price: 1_000_000, reward: 250_000 }),
      { ...rifterWorth, cost: 750_000, price_to_value: 1.5 },
    ],
    ["never as a courier", aContract({ type: "courier" }), nothingKnown],
  ])("%s", async (_what, contract, expected) => {
    const { scene } = await valued({ contracts: [contract] });

    await scene.tick();
    await settle(scene);

    const worth = await worthOf(scene);
    const rounded = (value: unknown) =>
      typeof value === "number" ? Math.round(value * 10_000) / 10_000 : value;
    expect(
      Object.fromEntries(Object.entries(worth).map(([key, value]) => [key, rounded(value)])),
    ).toEqual(
      Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, rounded(value)])),
    );
  });
});

describe("the detail of a contract", () => {
  const noOrders = { sell_orders: 0, sell_units: 0, buy_orders: 0, buy_units: 0 };
  const unpriced = (reason: string) => ({
    sell: null,
    buy: null,
    price_source: "none",
    buy_price_source: "none",
    price_confidence: null,
    buy_price_confidence: null,
    ...noOrders,
    unpriced_reason: reason,
  });

  it.each<[string, object, object]>([
    [
      "Jita's",
      { type_id: rifter, quantity: 7 },
      {
        sell: 500_000,
        buy: 400_000,
        price_source: "jita",
        buy_price_source: "jita",
        price_confidence: "thin",
        buy_price_confidence: "thin",
        sell_orders: 1,
        sell_units: 100,
        buy_orders: 1,
        buy_units: 100,
        unpriced_reason: null,
      },
    ],
    [
      "the average",
      { type_id: antimatter },
      {
        sell: 10,
        buy: 10,
        price_source: "average",
        buy_price_source: "average",
        price_confidence: "average",
        buy_price_confidence: "average",
        ...noOrders,
        unpriced_reason: null,
      },
    ],
    [
      "Jita's on the one side, and none on the other",
      { type_id: 2456 },
      {
        sell: 1_000_000,
        buy: null,
        price_source: "jita",
        buy_price_source: "none",
        price_confidence: "thin",
        buy_price_confidence: null,
        ...noOrders,
        sell_orders: 1,
        sell_units: 100,
        unpriced_reason: null,
      },
    ],
    ["none of a copy", aBlueprintCopy(), unpriced("blueprint_copy")],
    ["none of an abyssal module", { type_id: abyssal }, unpriced("abyssal")],
    ["none of what no market knows", { type_id: 31_788 }, unpriced("no_market")],
  ])("says which price an item has: %s", async (_what, item, expected) => {
    const { scene } = await valued({
      contracts: [aContract({ items: [anItem(item), anItem({ ...item, is_included: false })] })],
    });
    await scene.tick();
    await settle(scene);

    const {
      included_items: [offered],
      requested_items: [wanted],
    } = await detailOf(scene);

    expect(offered).toMatchObject(expected);
    expect(wanted).toMatchObject(expected);
  });

  it("says that a price is firm where many orders agree", async () => {
    const { market, scene } = await valued({ contracts: [aContract()] });
    market.orders = [500_000, 501_000, 502_000, 503_000, 504_000].map((price) =>
      anOrderRow({ type_id: rifter, price }),
    );
    await scene.tick();
    await settle(scene);

    expect((await detailOf(scene)).included_items).toMatchObject([
      {
        price_source: "jita",
        price_confidence: "firm",
        sell_orders: 5,
        sell_units: 500,
        buy_price_source: "average",
        buy_price_confidence: "average",
        buy_orders: 0,
        buy_units: 0,
      },
    ]);
  });

  it("prices a blueprint original by the market", async () => {
    const { scene } = await valued({
      contracts: [aContract({ items: [anItem({ type_id: 691, material_efficiency: 10 })] })],
    });
    await scene.tick();
    await settle(scene);

    expect((await detailOf(scene)).included_items).toMatchObject([
      { is_blueprint_original: true, sell: 2_000_000, buy: 1_000_000, price_source: "jita" },
    ]);
  });

  it("has another ETag with a new book and shows its prices, even if the values did not change", async () => {
    const { market, scene } = await valued({ contracts: [aContract()] });
    await scene.tick();
    await settle(scene);
    const path = `/v1/contracts/${id}`;
    const etag = (await scene.get(path)).headers.get("etag") ?? "";
    market.quote({ ...quotes, [rifter]: { sell: 504_000, buy: 401_000, average: 450_000 } });

    await scene.tickLater(5 * minuteMs);
    const before = await scene.get(path, { "if-none-match": etag });
    await scene.tickLater(6 * hourMs);
    await settle(scene);
    const after = await scene.get(path, { "if-none-match": etag });

    expect([before.status, after.status]).toEqual([304, 200]);
    expect(await after.json()).toMatchObject({
      value_sell: 500_000,
      included_items: [{ sell: 504_000, buy: 401_000 }],
    });
  });
});

type List = { data: { contract_id: number; price_to_value: number | null }[] };

type Valued = { contract_id: number; value_sell: number; priced_at: number };

const storedValues = () =>
  rowsOf<Valued>(
    env.DB,
    "select contract_id, value_sell, priced_at from contracts order by contract_id",
  );

describe("a new book", () => {
  /** Rifters, and heaps of Tritanium. */
  const mixed = (each: number) =>
    Array.from({ length: each * 2 }, (_, index) =>
      aContract({
        items: [
          index % 2 === 0 ? anItem() : anItem({ type_id: tritanium, quantity: 1_000 + index }),
        ],
      }),
    );

  /** Contracts whose items are all there and valued, an hour before the next book. */
  async function settled(contracts: readonly ContractPlan[]) {
    const { market, scene } = await valued({ contracts });
    await scene.tick();
    await settle(scene, 4);
    // The lists, so that nothing but the book is due at the sixth hour.
    scene.clock.set(noon + 5.9 * hourMs);
    await scene.tick();
    scene.clock.set(noon + 6 * hourMs);
    return { market, scene };
  }

  it("writes a price of higher confidence, and flags then depend on it", async () => {
    const { market, scene } = await settled([aContract({ price: 5_000_000 }), aContract()]);
    const before = await detailOf(scene);
    const hidden = await scene.json<List>("/v1/contracts?max_severity=warning&sort=price");
    market.orders = [
      ...market.orders.filter((order) => order.type_id !== rifter || order.is_buy_order),
      ...[500_000, 501_000, 502_000, 503_000, 504_000].map((price) =>
        anOrderRow({ type_id: rifter, price }),
      ),
    ];

    await scene.tick();
    await settle(scene);

    const flagged = (severity: string) => [
      { code: "price_magnitude", severity, evidence: { times_value: 10 } },
    ];
    expect(before).toMatchObject({ price_confidence: "thin", flags: flagged("info") });
    expect(await detailOf(scene)).toMatchObject({
      value_sell: 500_000,
      price_confidence: "firm",
      flags: flagged("danger"),
    });
    const shown = await scene.json<List>("/v1/contracts?max_severity=warning&sort=price");
    expect([hidden, shown].map(({ data }) => data.length)).toEqual([2, 1]);
    const firm = await scene.json<List>("/v1/contracts?price_confidence=firm");
    const thin = await scene.json<List>("/v1/contracts?price_confidence=thin,average");
    expect([firm, thin].map(({ data }) => data.length)).toEqual([2, 0]);
  });

  it("writes only values that moved by more than 1%", async () => {
    const { market, scene } = await settled(mixed(10));
    market.quote({
      ...quotes,
      [rifter]: { sell: 505_000, buy: 404_000, average: 450_000 },
      [tritanium]: { sell: 5.06, buy: 4, average: 4.5 },
    });

    await scene.tick();
    scene.meter.reset();
    scene.clock.advance(minuteMs);
    await scene.tick();

    const rows = await storedValues();
    const renewedAt = (noon + 6 * hourMs) / 1000;
    const isRifter = (index: number) => index % 2 === 0;
    expect(rows.map((row) => row.priced_at >= renewedAt)).toEqual(
      rows.map((_, index) => !isRifter(index)),
    );
    expect(rows.map((row) => row.value_sell)).toEqual(
      rows.map((_, index) => (isRifter(index) ? 500_000 : (506 * (1_000 + index)) / 100)),
    );
    const report = await scene.lastRun();
    expect(report.revalued).toBe(10);
    // Ten contracts, their region, how far it got (twice), the version, and the run's own end.
    expect(scene.meter.bill().rowsWritten).toBeLessThanOrEqual(10 + 12);
  });

  it("writes no contract if it is the same", async () => {
    const { scene } = await settled(mixed(10));
    const before = await storedValues();

    await scene.tick();
    scene.meter.reset();
    scene.clock.advance(minuteMs);
    await scene.tick();

    expect(await storedValues()).toEqual(before);
    expect((await scene.lastRun()).revalued).toBe(0);
    expect(scene.meter.bill().rowsWritten).toBeLessThanOrEqual(8);
    scene.meter.reset();
    scene.clock.advance(minuteMs);
    await scene.tick();
    expect(scene.meter.bill().rowsWritten).toBe(0);
  });

  it("asks ESI for no contract's items again", async () => {
    const { market, scene } = await settled(mixed(3));
    market.quote({ [rifter]: { sell: 1 } });
    const before = scene.esi.counters.total(itemsRoute);

    await scene.tick();
    await settle(scene);

    expect(scene.esi.counters.total(itemsRoute)).toBe(before);
    expect(await worthOf(scene)).toMatchObject({ value_sell: 1, value_buy: null });
  });

  it("never changes a label, or how a contract is found", async () => {
    const items = [anItem(), anItem({ type_id: tritanium, quantity: 1_000 })];
    const { market, scene } = await settled([aContract({ items, title: "Cheap" })]);
    const columns = "label, primary_type_id, is_ship, search_names, search_type_ids, item_flags";
    const derived = () => rowsOf(env.DB, `select ${columns} from contracts`);
    const before = await derived();
    market.quote({ [rifter]: { sell: 1 }, [tritanium]: { sell: 1e9 } });

    await scene.tick();
    await settle(scene);

    expect(await worthOf(scene)).toMatchObject({ value_sell: 1e12 + 1 });
    expect(await derived()).toEqual(before);
    expect((await detailOf(scene))["label"]).toBe("Rifter + 1 more");
  });

  it("removes prices that are no longer known", async () => {
    const { market, scene } = await settled([aContract()]);
    market.quote({});

    await scene.tick();
    await settle(scene);

    expect(await worthOf(scene)).toMatchObject({ value_sell: null, priced_ratio: 0 });
    expect(await detailOf(scene)).toMatchObject({
      included_items: [{ price_source: "none", unpriced_reason: "no_market" }],
    });
  });

  it("values no contract that has ended", async () => {
    const { market, scene } = await settled([aContract(), aContract()]);
    scene.world.remove(id, scene.clock.date());
    await scene.tickLater(0.6 * hourMs);
    market.quote({ [rifter]: { sell: 9 } });

    await scene.tickLater(6 * hourMs);
    await settle(scene);

    expect(await storedValues()).toMatchObject([{ value_sell: 500_000 }, { value_sell: 9 }]);
  });

  it("values 2,000 contracts per run, and goes on in the next run", async () => {
    const { market, scene } = await settled(mixed(1_050));
    market.quote({ [rifter]: { sell: 1_000_000 }, [tritanium]: { sell: 50 } });
    const valuedByNow = async () => {
      const renewedAt = (noon + 6 * hourMs) / 1000;
      return (await storedValues()).filter((row) => row.priced_at >= renewedAt).length;
    };

    const found: [number, number][] = [];
    for (let run = 0; run < 2; run += 1) {
      await scene.tick();
      const { revalued, rowsWritten } = await scene.lastRun();
      found.push([revalued, await valuedByNow()]);
      expect(rowsWritten).toBeLessThan(revalued + 60);
      scene.clock.advance(minuteMs);
    }

    expect(found).toEqual([
      [2_000, 2_000],
      [100, 2_100],
    ]);
  }, 60_000);

  it("starts again from the first contract if the last book is not finished", async () => {
    const { market, scene } = await settled(mixed(1_050));
    market.quote({ [rifter]: { sell: 1_000_000 }, [tritanium]: { sell: 50 } });
    await scene.tick();
    scene.clock.advance(minuteMs);
    await scene.tick();
    await env.DB.prepare("update price_book set due_at = 0").run();
    market.quote({ [rifter]: { sell: 2_000_000 }, [tritanium]: { sell: 50 } });

    await settle(scene, 4);

    const rows = await storedValues();
    expect(
      new Set(rows.filter((_, index) => index % 2 === 0).map((row) => row.value_sell)),
    ).toEqual(new Set([2_000_000]));
    expect(rows.every((row) => row.value_sell > 49_000)).toBe(true);
  }, 60_000);
});

describe("a contract for a Rifter", () => {
  const million = 1_000_000;
  const sells = (units: number, prices: readonly number[]) =>
    prices.map((price) => anOrderRow({ price, volume_remain: units }));
  const steps = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
  const stocked = [
    ...sells(5, steps(50 * million, 51.9 * million, 20)),
    ...sells(5, steps(45 * million, 43.1 * million, 20)).map((row) => ({
      ...row,
      is_buy_order: true,
    })),
  ];
  const firm = { price_confidence: "firm", value_sell: 50 * million, value_buy: 45 * million };
  const fair = { price_to_value: 0.96, flags: [] };
  const dear = { price_to_value: 10, flags: [{ code: "price_magnitude", severity: "danger" }] };

  it.each<[string, OrderRow[], number | undefined, number, object]>([
    ["a fair price, and an average far below", stocked, 2_400_000, 48, { ...firm, ...fair }],
    ["a fair price, and an average far above", stocked, 1_000 * million, 48, { ...firm, ...fair }],
    [
      "ten times too much, and such an average",
      stocked,
      1_000 * million,
      500,
      { ...firm, ...dear },
    ],
    [
      "a fair price, beside bait of one unit",
      sells(1, [10_100_000, ...steps(100 * million, 108 * million, 9)]),
      100 * million,
      105,
      { price_confidence: "thin", value_sell: 100 * million, price_to_value: 1.05, flags: [] },
    ],
    [
      "a fair price, beside a seller for 1 ISK, and no average",
      sells(1, [1, ...Array.from({ length: 9 }, () => 30 * million)]),
      undefined,
      30,
      { price_confidence: "thin", value_sell: 30 * million, price_to_value: 1, flags: [] },
    ],
  ])("is valued by what orders agree on: %s", async (_what, orders, average, price, expected) => {
    const { market, scene } = await valued({
      contracts: [aContract({ price: price * million })],
      given: average === undefined ? {} : { [rifter]: { average } },
    });
    market.orders = orders;
    await scene.tick();
    await settle(scene);

    expect(await detailOf(scene)).toMatchObject(expected);
  });
});

describe("GET /v1/contracts by worth", () => {
  async function found(query: string): Promise<number[]> {
    const { scene } = await valued({
      contracts: [
        aContract({ price: 400_000 }),
        aContract({ price: 1_500_000 }),
        aContract({ price: 450_000, items: [anItem(), aBlueprintCopy()] }),
        aContract({ price: 100, items: [aBlueprintCopy()] }),
        aContract({ price: 1_000, items: [anItem({ type_id: tritanium, quantity: 1_000 })] }),
        aContract({ type: "courier" }),
      ],
    });
    await scene.tick();
    await settle(scene);
    const { data } = await scene.json<List>(`/v1/contracts?${query}`);
    return data.map(({ contract_id }) => contract_id - id);
  }

  it.each<[string, number[]]>([
    ["max_price_to_value=0.8&sort=price_to_value", [4, 0]],
    ["max_price_to_value=0.799&sort=price_to_value", [4]],
    ["min_value_sell=5000&sort=value_sell", [4, 0, 1, 2]],
    ["min_value_sell=5000.01&sort=-value_sell", [2, 1, 0]],
    ["fully_priced=true&sort=price", [4, 0, 1]],
    ["fully_priced=false&sort=price", [3, 2]],
    ["fully_priced=true&max_price_to_value=0.9&min_value_sell=100000", [0]],
    ["sort=price_to_value&limit=3", [4, 0, 1]],
    ["sort=-value_sell&limit=4", [2, 1, 0, 4]],
  ])("%s", async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });
});
