/** What ships are asked for, as a caller reads it. */
import { describe, expect, it } from "vitest";

import { aContract, anItem, type ContractPlan } from "../esi-stand-in/hand-made.ts";
import { smallUniverse } from "../esi-stand-in/small-universe.ts";
import type { Type } from "../esi-stand-in/universe.ts";
import { anApi, domain, firstContract, heimatar, theForge } from "../support/api.ts";
import { faults, problem, read } from "../support/behaviours.ts";
import { aMarket } from "../support/market.ts";

const shipNames: Record<number, [name: string, groupId: number]> = {
  587: ["Rifter", 25],
  12005: ["Ishtar", 358],
  583: ["Condor", 25],
  584: ["Griffin", 25],
  585: ["Slasher", 25],
  589: ["Executioner", 25],
  594: ["Incursus", 25],
};

const universe = {
  ...smallUniverse,
  types: new Map<number, Type>([
    ...smallUniverse.types,
    ...Object.entries(shipNames).map(
      ([typeId, [name, groupId]]) =>
        [
          Number(typeId),
          {
            typeId: Number(typeId),
            name,
            groupId,
            isPublished: true,
            marketGroupId: 1,
            volume: 1,
          },
        ] as const,
    ),
  ]),
};

const hull = (typeId: number, price: number, plan: ContractPlan = {}): ContractPlan =>
  aContract({ price, items: [anItem({ type_id: typeId })], ...plan });

/** Ten asks for six hulls in three regions. */
const contracts = [
  hull(587, 1_000),
  hull(587, 500, { region_id: domain }),
  hull(587, 4_000),
  hull(587, 2_000, { region_id: domain }),
  hull(587, 10_000),
  hull(12_005, 250_000_000),
  hull(583, 700),
  hull(584, 700),
  hull(585, 90, { region_id: heimatar }),
  hull(589, 50_000, { region_id: heimatar }),
];

async function synced(options: Parameters<typeof anApi>[0] = {}) {
  const market = aMarket({ 587: { sell: 450_000, average: 400_000 }, 583: { average: 300_000 } });
  const api = await anApi({
    universe,
    contracts,
    market: market.esi,
    regionIds: [theForge, domain, heimatar],
    settings: { PRICES_EVERY_HOURS: "6" },
    ports: { sleep: async () => undefined },
    ...options,
  });
  await api.sync();
  api.clock.advance(60_000);
  await api.sync();
  return api;
}

type Hull = { type_id: number; name: string };
type List = { data: Hull[]; meta: { total: number; next_cursor: string | null } };

const rifter = {
  type_id: 587,
  name: "Rifter",
  group_id: 25,
  group_name: "Frigate",
  listed: 5,
  lowest_ask: 500,
  p25_ask: 1_000,
  median_ask: 2_000,
  jita_sell: 450_000,
  price_confidence: "thin",
  sell_orders: 1,
  sell_units: 100,
  gone_30d: 0,
};

const names = ({ data }: List) => data.map(({ name }) => name);

describe("GET /v1/hulls", () => {
  it("lists the asks of each hull on offer, sorted by name", async () => {
    const api = await synced();

    const { data, meta } = await api.json<List>("/v1/hulls");

    expect(names({ data, meta })).toEqual([
      "Condor",
      "Executioner",
      "Griffin",
      "Ishtar",
      "Rifter",
      "Slasher",
    ]);
    expect(meta).toEqual({ total: 6, next_cursor: null });
    expect(data[4]).toEqual(rifter);
  });

  it("shows Jita's sell price, and never the average instead", async () => {
    const api = await synced();

    const { data } = await api.json<List>("/v1/hulls?q=condor");

    expect(data).toMatchObject([
      { type_id: 583, jita_sell: null, price_confidence: null, sell_orders: 0, sell_units: 0 },
    ]);
  });

  it("has no Jita price before there is a price book", async () => {
    const api = await synced({ settings: { PRICES_EVERY_HOURS: "0" } });

    const { data } = await api.json<List>("/v1/hulls?q=rifter");

    expect(data).toEqual([
      { ...rifter, jita_sell: null, price_confidence: null, sell_orders: 0, sell_units: 0 },
    ]);
  });

  it.each([
    ["group_id=358", ["Ishtar"]],
    ["group_id=25,358&sort=-lowest_ask&limit=2", ["Ishtar", "Executioner"]],
    [`region_id=${heimatar}`, ["Executioner", "Slasher"]],
    ["region_id=heimatar", ["Executioner", "Slasher"]],
    ["region_id=Domain,Heimatar", ["Executioner", "Rifter", "Slasher"]],
    ["q=ER", ["Executioner", "Rifter", "Slasher"]],
    ["q=if", ["Griffin", "Rifter"]],
    ["q=if&region_id=Domain", ["Rifter"]],
    ["q=%25", []],
    ["group_id=999", []],
    ["sort=-label", ["Slasher", "Rifter", "Ishtar", "Griffin", "Executioner", "Condor"]],
    ["sort=listed", ["Condor", "Griffin", "Slasher", "Executioner", "Ishtar", "Rifter"]],
    ["sort=-listed", ["Rifter", "Ishtar", "Executioner", "Slasher", "Griffin", "Condor"]],
    ["sort=lowest_ask", ["Slasher", "Rifter", "Condor", "Griffin", "Executioner", "Ishtar"]],
    ["sort=-median_ask", ["Ishtar", "Executioner", "Rifter", "Griffin", "Condor", "Slasher"]],
  ])("%s", async (query, expected) => {
    const api = await synced();

    expect(names(await api.json<List>(`/v1/hulls?${query}`))).toEqual(expected);
  });

  it("counts the asks of the regions asked for", async () => {
    const api = await synced();

    const { data } = await api.json<List>("/v1/hulls?region_id=Domain&q=rifter");

    expect(data).toEqual([
      { ...rifter, listed: 2, lowest_ask: 500, p25_ask: 875, median_ask: 1_250 },
    ]);
  });

  it.each(
    ["label", "listed", "lowest_ask", "median_ask"].flatMap((sort) =>
      [1, 2, 4].flatMap((limit) => [
        [sort, limit],
        [`-${sort}`, limit],
      ]),
    ),
  )("by %s, %d a page, shows each hull exactly once", async (sort, limit) => {
    const api = await synced();
    const whole = names(await api.json<List>(`/v1/hulls?sort=${sort}`));

    const seen: string[] = [];
    let path: string | null = `/v1/hulls?sort=${sort}&limit=${limit}`;
    for (let page = 0; path !== null && page < 10; page += 1) {
      const response = await api.get(path);
      const list: List = await response.json();
      seen.push(...names(list));
      const { next_cursor: cursor } = list.meta;
      const next: string | null =
        cursor && `/v1/hulls?sort=${sort}&limit=${limit}&cursor=${cursor}`;
      expect(response.headers.has("link")).toBe(next !== null);
      expect(list.meta.total).toBe(6);
      path = next;
    }

    expect(seen).toEqual(whole);
  });

  it("goes on from its place, even if hulls came and went meanwhile", async () => {
    const api = await synced();
    const { meta } = await api.json<List>("/v1/hulls?limit=3");
    api.world.remove(firstContract + 7, api.clock.date());
    api.world.add(hull(594, 1), api.clock.date());
    api.clock.advance(1_805_000);
    await api.sync();

    const rest = await api.json<List>(`/v1/hulls?limit=10&cursor=${meta.next_cursor}`);

    expect(names(rest)).toEqual(["Incursus", "Ishtar", "Rifter", "Slasher"]);
  });

  it("refuses a cursor made for another query", async () => {
    const api = await synced();
    const { meta } = await api.json<List>("/v1/hulls?limit=2");

    const response = await api.get(`/v1/hulls?sort=listed&cursor=${meta.next_cursor}`);

    expect(await faults(response)).toEqual([["cursor", expect.any(String)]]);
  });

  it.each([
    ["sort=price", "sort"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["group_id=frigate", "group_id"],
    ["region_id=Nowhere", "region_id"],
    ["q=", "q"],
    ["colour=red", "colour"],
    ["cursor=nonsense", "cursor"],
  ])("refuses %s", async (query, parameter) => {
    const api = await anApi({});

    const found = await faults(await api.get(`/v1/hulls?${query}`));

    expect(found.map(([name]) => name)).toEqual([parameter]);
  });

  it("is empty before the first sync", async () => {
    const api = await anApi({});

    expect(await api.json("/v1/hulls")).toEqual({
      data: [],
      meta: { total: 0, next_cursor: null },
    });
  });

  it("is the same until something changes", async () => {
    const api = await synced();
    const first = await api.get("/v1/hulls");
    const etag = first.headers.get("etag") ?? "";

    const same = await api.get("/v1/hulls", { "if-none-match": etag });
    const other = await api.get("/v1/hulls?q=rifter", { "if-none-match": etag });
    api.world.remove(firstContract, api.clock.date());
    api.clock.advance(1_805_000);
    await api.sync();
    const changed = await api.get("/v1/hulls", { "if-none-match": etag });

    expect([same.status, other.status, changed.status]).toEqual([304, 200, 200]);
    expect(first.headers.get("cache-tag")).toBe("contracts,region-all");
  });

  it("reads a few rows a hull", async () => {
    const api = await synced();
    api.meter.reset();

    await api.get("/v1/hulls");

    // Each with its type, its group and what is gone of it; the regions' names; the book; the version.
    expect(api.meter.bill().rowsRead).toBeLessThanOrEqual(6 * 4 + 40);
  });
});

type Detail = Record<string, unknown> & {
  cheapest: { contract_id: number; price: number }[];
  by_region: object[];
};

describe("GET /v1/hulls/{type_id}", () => {
  it("shows what the list shows, the cheapest asks, where they are, and the history", async () => {
    const api = await synced();

    const { cheapest, ...detail } = await api.json<Detail>("/v1/hulls/587");

    expect(detail).toEqual({
      ...rifter,
      by_region: [
        {
          region_id: theForge,
          region_name: "The Forge",
          listed: 3,
          lowest_ask: 1_000,
          p25_ask: 2_500,
          median_ask: 4_000,
        },
        {
          region_id: domain,
          region_name: "Domain",
          listed: 2,
          lowest_ask: 500,
          p25_ask: 875,
          median_ask: 1_250,
        },
      ],
      history: [],
    });
    expect(cheapest.map(({ price }) => price)).toEqual([500, 1_000, 2_000, 4_000, 10_000]);
  });

  it("is found by name, too", async () => {
    const api = await synced();

    const response = await api.get("/v1/hulls/rifter");

    const target = response.headers.get("location");
    const body = await (target ? await api.get(target) : response).json();
    expect(body).toMatchObject({ type_id: 587 });
  });

  it("shows each of the cheapest as the list of contracts does", async () => {
    const api = await synced();

    const { cheapest } = await api.json<Detail>("/v1/hulls/12005");

    const { data } = await api.json<{ data: object[] }>("/v1/contracts?type_id=12005");
    expect(cheapest).toEqual(data);
    expect(cheapest).toMatchObject([{ hull_rank: 1, hull_listed: 1, hull_percentile: 0 }]);
  });

  it("shows the ten cheapest asks, leaving out those with a danger flag", async () => {
    const many = Array.from({ length: 14 }, (_, index) => hull(587, 300_000 + index));
    const liar = hull(587, 100_000, { title: "Ishtar" });
    const api = await synced({ contracts: [...many, liar] });

    const detail = await api.json<Detail>("/v1/hulls/587");

    const { flags } = await api.json<{ flags: { severity: string }[] }>(
      `/v1/contracts/${firstContract + 14}`,
    );
    expect(flags.map(({ severity }) => severity)).toContain("danger");
    expect(detail).toMatchObject({ listed: 15, lowest_ask: 100_000 });
    expect(detail.cheapest.map(({ price }) => price)).toEqual(
      Array.from({ length: 10 }, (_, index) => 300_000 + index),
    );
  });

  it.each(["691", "34", "594", "999999"])("answers 404 if nobody offers %s", async (typeId) => {
    const api = await synced();
    const path = `/v1/hulls/${typeId}`;

    const response = await api.get(path);

    const detail = `No hull ${typeId} is on offer alone.`;
    expect(await read(response)).toEqual(problem(response, "hull-not-found", path, { detail }));
  });

  it("answers 404 once its last ask has expired", async () => {
    const soon = "2026-03-01T12:30:00Z";
    const api = await synced({ contracts: [hull(587, 5, { date_expired: soon }), hull(583, 7)] });
    const etag = (await api.get("/v1/hulls/587")).headers.get("etag") ?? "";

    api.clock.set(Date.parse(soon));

    const response = await api.get("/v1/hulls/587", { "if-none-match": etag });
    expect(response.status).toBe(404);
    expect(await api.json("/v1/hulls")).toMatchObject({ data: [{ type_id: 583 }] });
  });

  it("is the same until something changes", async () => {
    const api = await synced();
    const etag = (await api.get("/v1/hulls/587")).headers.get("etag") ?? "";

    const same = await api.get("/v1/hulls/587", { "if-none-match": etag });
    api.world.add(hull(587, 5, { region_id: domain }), api.clock.date());
    api.clock.advance(1_805_000);
    await api.sync();
    const changed = await api.get("/v1/hulls/587", { "if-none-match": etag });

    expect([same.status, changed.status]).toEqual([304, 200]);
    expect(await changed.json()).toMatchObject({ listed: 6, lowest_ask: 5 });
  });

  it("refuses an unknown parameter", async () => {
    const api = await anApi({});

    expect(await faults(await api.get("/v1/hulls/587?sort=price"))).toEqual([
      ["sort", expect.any(String)],
    ]);
  });
});
