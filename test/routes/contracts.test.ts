import { describe, expect, it } from "vitest";

import {
  aBlueprintCopy,
  aBlueprintOriginal,
  aContract,
  anItem,
  type ContractPlan,
} from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, domain, firstContract, heimatar, theForge } from "../support/api.ts";
import { problem, read } from "../support/behaviours.ts";
import {
  aServedBlueprint,
  aServedContract,
  aServedDetail,
  aServedEnd,
  aServedItem,
  inStructure,
  noHull,
  noOffer,
  primaryBlueprint,
} from "../support/served-contracts.ts";

const minute = 60_000;
const day = 86_400_000;

const amarr = 60_008_494;
const rens = 60_004_588;
/** A player's structure: nobody tells where it is. */
const structure = 1_035_466_617_946;

type List = {
  data: { contract_id: number; [field: string]: unknown }[];
  meta: { next_cursor: string | null; total: number } & Record<string, unknown>;
};

/** The numbers of a list's contracts, in the order in which a world was told of them: 1 and up. */
const numbersOf = ({ data }: List): number[] =>
  data.map(({ contract_id: id }) => id - firstContract + 1);

const idOf = (number: number): number => firstContract + number - 1;

describe("GET /v1/contracts", () => {
  it("shows a contract with all that is known of it", async () => {
    const api = await aSyncedApi({
      names: { 2_112_000_001: "Caska Auduin", 98_000_001: "100% Pirates" },
      contracts: [
        aContract({
          title: "<b>Rifter</b> & \"more\" 'cheap' \u{1F680}",
          price: 1_250_000.5,
          reward: 0.01,
          volume: 27_289.05,
          for_corporation: true,
          items: [
            anItem({ quantity: 2 }),
            aBlueprintCopy({ runs: 5, material_efficiency: 10, time_efficiency: 20 }),
            anItem({ type_id: 34, quantity: 9_000_000, is_included: false }),
          ],
        }),
      ],
    });

    const { data, meta } = await api.json<List>("/v1/contracts");

    expect(data).toEqual([
      {
        contract_id: 230_000_001,
        type: "item_exchange",
        status: "outstanding",
        title: "<b>Rifter</b> & \"more\" 'cheap' \u{1F680}",
        price: 1_250_000.5,
        reward: 0.01,
        collateral: null,
        volume: 27_289.05,
        buyout: null,
        days_to_complete: null,
        date_issued: "2026-02-28T12:00:00Z",
        date_expired: "2026-03-28T12:00:00Z",
        for_corporation: true,
        issuer_id: 2_112_000_001,
        issuer_name: "Caska Auduin",
        issuer_corporation_id: 98_000_001,
        issuer_corporation_name: "100% Pirates",
        start_location_id: 60_003_760,
        start_location_name: "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
        start_system_id: 30_000_142,
        start_system_name: "Jita",
        start_security: 0.9,
        start_security_class: "highsec",
        start_location_kind: "npc_station",
        start_is_highsec_island: false,
        jumps: null,
        region_id: 10_000_002,
        region_name: "The Forge",
        end_location_id: null,
        end_location_name: null,
        end_system_id: null,
        end_system_name: null,
        end_security: null,
        end_security_class: null,
        end_location_kind: null,
        route_jumps: null,
        route_jumps_highsec: null,
        reward_per_volume: null,
        reward_per_jump: null,
        items_status: "complete",
        item_count: 2,
        requested_item_count: 1,
        label: "Rifter + 1 more",
        primary_type_id: 587,
        primary_type_name: "Rifter",
        primary_group_id: 25,
        primary_group_name: "Frigate",
        primary_category_id: 6,
        primary_category_name: "Ship",
        is_ship: true,
        has_blueprint_copy: true,
        has_blueprint_original: false,
        wants_items: true,
        blueprint: { is_copy: true, runs: 5, material_efficiency: 10, time_efficiency: 20 },
        value_sell: null,
        value_buy: null,
        priced_ratio: null,
        requested_value: null,
        price_confidence: null,
        cost: null,
        price_to_value: null,
        price_to_partial_value: null,
        priced_at: null,
        hull_rank: null,
        hull_listed: null,
        hull_percentile: null,
        flags: [],
        first_seen_at: "2026-03-01T12:00:00.001Z",
        last_seen_at: "2026-03-01T12:00:00Z",
      },
    ]);
    expect(meta).toEqual({
      total: 1,
      total_by_type: { item_exchange: 1, auction: 0, courier: 0, loan: 0, unknown: 0 },
      next_cursor: null,
      as_of: "2026-03-01T12:00:00Z",
      stale: false,
      items_pending: 0,
      unknown_system_excluded: 0,
      unreachable_excluded: 0,
      relaxations: null,
    });
  });

  it("shows the fields that each type has, and null for the others", async () => {
    const types = ["auction", "courier", "loan", "unknown"] as const;
    const api = await aSyncedApi({ contracts: types.map((type) => aContract({ type })) });

    const { data } = await api.json<List>("/v1/contracts?sort=first_seen_at");

    const itemless = { items_status: "none", ...noOffer };
    expect(data).toEqual([
      aServedContract({
        contract_id: idOf(1),
        type: "auction",
        reward: null,
        ...noHull,
        // An auction's dates are coarse in ESI's lists.
        date_issued: "2026-02-28T00:00:00Z",
        date_expired: "2026-03-16T12:00:00Z",
      }),
      aServedContract({
        contract_id: idOf(2),
        type: "courier",
        price: null,
        reward: 5_000_000,
        collateral: 100_000_000,
        days_to_complete: 3,
        ...aServedEnd,
        route_jumps: 11,
        route_jumps_highsec: 34,
        reward_per_volume: 5_000_000 / 27_289,
        reward_per_jump: 5_000_000 / 11,
        ...itemless,
      }),
      aServedContract({ contract_id: idOf(3), type: "loan", ...itemless }),
      aServedContract({ contract_id: idOf(4), type: "unknown", ...itemless }),
    ]);
  });

  it("shows a blueprint only if it is the only one, and an original's runs as unknown", async () => {
    const api = await aSyncedApi({
      contracts: [
        aContract({ items: [aBlueprintOriginal()] }),
        aContract({ items: [aBlueprintOriginal(), aBlueprintCopy()] }),
      ],
    });

    const { data } = await api.json<List>("/v1/contracts?sort=first_seen_at");

    const blueprints = {
      ...primaryBlueprint,
      is_ship: false,
      ...noHull,
      has_blueprint_original: true,
    };
    expect(data).toEqual([
      aServedContract({
        ...blueprints,
        label: "Rifter Blueprint",
        blueprint: { is_copy: false, runs: null, material_efficiency: 10, time_efficiency: 20 },
      }),
      aServedContract({
        contract_id: idOf(2),
        ...blueprints,
        label: "Rifter Blueprint + 1 more",
        item_count: 2,
        has_blueprint_copy: true,
        blueprint: null,
      }),
    ]);
  });

  it.each([
    ["pending", 503],
    ["unavailable", 403],
  ])(
    "shows contracts whose items are %s, without inventing anything about them",
    async (status, fault) => {
      const api = await aSyncedApi({
        contracts: [aContract()],
        faults: [{ kind: "status", status: fault, route: "/contracts/public/items/{contract_id}" }],
      });

      const { data, meta } = await api.json<List>("/v1/contracts");

      expect(data).toEqual([aServedContract({ items_status: status, ...noOffer })]);
      expect(meta).toMatchObject({ total: 1, items_pending: status === "pending" ? 1 : 0 });
    },
  );

  it("shows a contract in a structure without its system, and issuers without names until they are known", async () => {
    const api = await aSyncedApi({
      names: { 2_112_000_001: null, 98_000_001: null },
      contracts: [aContract({ start_location_id: structure, end_location_id: structure })],
    });

    const { data } = await api.json<List>("/v1/contracts");

    expect(data).toEqual([
      aServedContract({
        issuer_name: null,
        issuer_corporation_name: null,
        start_location_id: structure,
        start_location_name: null,
        start_system_id: null,
        start_system_name: null,
        start_security: null,
        start_security_class: null,
        start_location_kind: "structure",
        start_is_highsec_island: null,
        flags: [inStructure(["start"])],
      }),
    ]);
  });

  it("shows null for what ESI leaves out", async () => {
    const left = {
      price: undefined,
      reward: undefined,
      collateral: undefined,
      volume: undefined,
      title: undefined,
      days_to_complete: undefined,
      for_corporation: undefined,
      start_location_id: undefined,
      end_location_id: undefined,
    };
    const api = await aSyncedApi({ contracts: [aContract(left)] });

    const { data } = await api.json<List>("/v1/contracts");

    expect(data).toEqual([
      aServedContract({
        price: null,
        reward: null,
        volume: null,
        start_location_id: null,
        start_location_name: null,
        start_system_id: null,
        start_system_name: null,
        start_security: null,
        start_security_class: null,
        start_location_kind: null,
        start_is_highsec_island: null,
        // Nothing is compared without a price.
        ...noHull,
      }),
    ]);
  });

  it("answers that nothing is known of regions that were never synced", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });

    const list = await api.json("/v1/contracts?region_id=10000043");

    expect(list).toEqual({
      data: [],
      meta: {
        total: 0,
        total_by_type: { item_exchange: 0, auction: 0, courier: 0, loan: 0, unknown: 0 },
        next_cursor: null,
        as_of: null,
        stale: true,
        items_pending: 0,
        unknown_system_excluded: 0,
        unreachable_excluded: 0,
        relaxations: { region_id: 1 },
      },
    });
  });

  it("has the age of the oldest list it draws on", async () => {
    const api = await aSyncedApi({ regionIds: [theForge, domain] });
    api.clock.set(Date.parse("2026-03-01T12:40:00Z"));
    await api.sync([theForge]);

    const metas = await Promise.all(
      ["", "?region_id=10000002", "?region_id=10000043"].map(async (query) => {
        const { meta } = await api.json<List>(`/v1/contracts${query}`);
        return meta["as_of"];
      }),
    );

    expect(metas).toEqual(["2026-03-01T12:00:00Z", "2026-03-01T12:40:00Z", "2026-03-01T12:00:00Z"]);
  });

  it("is stale once a list is older than twice the half hour that ESI caches it", async () => {
    const api = await aSyncedApi();
    const staleAt = async (time: string) => {
      api.clock.set(Date.parse(time));
      return (await api.json<List>("/v1/contracts")).meta["stale"];
    };

    expect(await staleAt("2026-03-01T13:00:00Z")).toBe(false);
    expect(await staleAt("2026-03-01T13:00:01Z")).toBe(true);
  });
});

/** Contracts of which each filter finds some, and not all. */
const market: readonly ContractPlan[] = [
  aContract({ title: "Cheap Rifter", price: 1_000_000, volume: 2_500 }),
  aContract({
    region_id: domain,
    start_location_id: amarr,
    price: 5_000_000,
    issuer_id: 2_112_000_002,
    items: [aBlueprintCopy({ runs: 5, material_efficiency: 10, time_efficiency: 20 })],
  }),
  aContract({
    region_id: heimatar,
    start_location_id: rens,
    price: 50_000_000,
    issuer_corporation_id: 98_000_002,
    items: [aBlueprintOriginal({ type_id: 12006, material_efficiency: 8, time_efficiency: 14 })],
  }),
  aContract({
    type: "auction",
    price: 200_000_000,
    buyout: 300_000_000,
    items: [anItem({ type_id: 12005 })],
  }),
  aContract({ type: "courier", reward: 5_000_000, collateral: 100_000_000, volume: 1_000 }),
  aContract({
    type: "courier",
    start_location_id: structure,
    reward: 1_000_000,
    collateral: 50_000_000,
    volume: 50_000,
    days_to_complete: 7,
  }),
  aContract({
    price: undefined,
    reward: 20_000_000,
    date_issued: "2026-02-27T12:00:00Z",
    items: [
      anItem({ type_id: 34, quantity: 100 }),
      anItem({ type_id: 2048 }),
      anItem({ is_included: false }),
    ],
  }),
  aContract({ type: "loan", date_issued: "2026-02-28T18:00:00Z" }),
];

const aMarket = (): Promise<Api> =>
  aSyncedApi({ contracts: market, regionIds: [theForge, heimatar, domain] });

/** Which contracts of the market each filter finds, in the order of their ids. */
const filters: Record<string, number[]> = {
  "type=courier": [5, 6],
  "type=auction,loan": [4, 8],
  "contract_id=230000003,230000001,1": [1, 3],
  "region_id=10000043": [2],
  "region_id=10000043,10000030": [2, 3],
  "region_id=The%20Forge": [1, 4, 5, 6, 7, 8],
  "region_id=domain,10000030": [2, 3],
  "system_id=30002510": [3],
  "system_id=rens": [3],
  "location_id=60003760": [1, 4, 5, 7, 8],
  "security=highsec": [1, 2, 3, 4, 5, 7, 8],
  "security=nullsec": [],
  "start_location_kind=npc_station": [1, 2, 3, 4, 5, 7, 8],
  "start_location_kind=structure": [6],
  "highsec_island=true": [],
  "highsec_island=false": [1, 2, 3, 4, 5, 7, 8],
  "from_system_id=Jita": [1, 2, 3, 4, 5, 6, 7, 8],
  "from_system_id=Jita&max_jumps=0": [1, 4, 5, 7, 8],
  "from_system_id=30000142&max_jumps=10": [1, 4, 5, 7, 8],
  "from_system_id=Jita&max_jumps=11": [1, 2, 4, 5, 7, 8],
  "from_system_id=jita&max_jumps=100": [1, 2, 3, 4, 5, 7, 8],
  "from_system_id=Jita&max_jumps=25&route=highsec": [1, 3, 4, 5, 7, 8],
  "from_system_id=Amarr&max_jumps=33&route=highsec&ship=false": [2, 3],
  "from_system_id=Amarr&max_jumps=34&route=highsec&ship=false": [2, 3, 7],
  "from_system_id=30002659&max_jumps=30&route=highsec": [1, 2, 3, 4, 5, 7, 8],
  "from_system_id=30002659&max_jumps=24&route=highsec": [1, 3, 4, 5, 7, 8],
  "from_system_id=Thera&max_jumps=100": [],
  "ship=true": [1, 4],
  "ship=false": [2, 3, 7],
  "category_id=9": [2, 3],
  "group_id=25": [1],
  "group_id=25,106": [1, 3],
  "type_id=34": [7],
  "type_id=Rifter": [1],
  "type_id=tritanium,rifter,12005": [1, 4, 7],
  "type_id=34&group_id=60": [],
  "blueprint=copy": [2],
  "blueprint=original": [3],
  "min_runs=5": [2],
  "max_runs=5": [2],
  "max_runs=4": [],
  "min_me=9": [2],
  "max_me=9": [3],
  "min_te=15": [2],
  "max_te=15": [3],
  "min_me=8&max_me=10": [2, 3],
  "wants_items=true": [7],
  "wants_items=false": [1, 2, 3, 4],
  "single_item=true": [1, 2, 3, 4],
  "single_item=false": [7],
  "q=rifter": [1, 2],
  "q=%20CHEAP%20": [1],
  "min_price=5000000": [2, 3, 4],
  "max_price=5000000": [1, 2, 8],
  "min_reward=5000000": [5, 7],
  "max_reward=1000000": [1, 2, 3, 6, 8],
  "min_collateral=50000000.01": [5],
  "max_collateral=50000000": [6],
  "min_volume=50000": [6],
  "max_volume=2500": [1, 5],
  "min_buyout=1": [4],
  "max_buyout=299999999": [],
  "max_days_to_complete=6": [5],
  "max_route_jumps=11": [5],
  "max_route_jumps=10": [],
  "min_reward_per_jump=454545": [5],
  "min_reward_per_jump=454546": [],
  "min_reward_per_volume=20": [5, 6],
  "min_reward_per_volume=20.000001": [5],
  "issuer_id=2112000002": [2],
  "issuer_corporation_id=98000002": [3],
  "issued_after=2026-02-28T12:00:00Z": [8],
  "issued_after=2026-02-28T11:59:59.999Z": [1, 2, 3, 5, 6, 8],
  "issued_after=2026-02-28T18:30:00%2B01:00": [8],
  "expires_before=2026-03-28T12:00:00Z": [4, 7],
  "first_seen_after=2026-03-01T11:59:59.999Z": [1, 2, 3, 4, 5, 6, 7, 8],
  "first_seen_after=2026-03-01T12:01:00Z": [],
  "type=item_exchange&region_id=10000002&min_reward=1&ship=false": [7],
  "status=gone": [],
  "status=outstanding,gone,expired": [1, 2, 3, 4, 5, 6, 7, 8],
};

/** How the market is sorted by each key; what is unknown comes last either way. */
const sorts: Record<string, number[]> = {
  date_issued: [7, 4, 1, 2, 3, 5, 6, 8],
  "-date_issued": [8, 6, 5, 3, 2, 1, 4, 7],
  date_expired: [4, 7, 1, 2, 3, 5, 6, 8],
  "-date_expired": [8, 6, 5, 3, 2, 1, 7, 4],
  price: [1, 8, 2, 3, 4, 5, 6, 7],
  "-price": [4, 3, 2, 8, 1, 7, 6, 5],
  reward: [1, 2, 3, 8, 6, 5, 7, 4],
  "-reward": [7, 5, 6, 8, 3, 2, 1, 4],
  collateral: [6, 5, 1, 2, 3, 4, 7, 8],
  "-collateral": [5, 6, 8, 7, 4, 3, 2, 1],
  volume: [5, 1, 2, 3, 4, 7, 8, 6],
  "-volume": [6, 8, 7, 4, 3, 2, 1, 5],
  buyout: [4, 1, 2, 3, 5, 6, 7, 8],
  "-buyout": [4, 8, 7, 6, 5, 3, 2, 1],
  days_to_complete: [5, 6, 1, 2, 3, 4, 7, 8],
  "-days_to_complete": [6, 5, 8, 7, 4, 3, 2, 1],
  reward_per_volume: [6, 5, 1, 2, 3, 4, 7, 8],
  "-reward_per_volume": [5, 6, 8, 7, 4, 3, 2, 1],
  reward_per_jump: [5, 1, 2, 3, 4, 6, 7, 8],
  "-reward_per_jump": [5, 8, 7, 6, 4, 3, 2, 1],
  route_jumps: [5, 1, 2, 3, 4, 6, 7, 8],
  "-route_jumps": [5, 8, 7, 6, 4, 3, 2, 1],
  "jumps&from_system_id=Jita": [1, 4, 5, 7, 8, 2, 3, 6],
  "-jumps&from_system_id=Jita": [3, 2, 8, 7, 5, 4, 1, 6],
  "jumps&from_system_id=Jita&route=highsec": [1, 4, 5, 7, 8, 3, 2, 6],
  "jumps&from_system_id=Rens": [3, 2, 1, 4, 5, 7, 8, 6],
  "jumps&from_system_id=Thera": [1, 2, 3, 4, 5, 6, 7, 8],
  label: [4, 3, 1, 2, 7, 5, 6, 8],
  "-label": [7, 2, 1, 3, 4, 8, 6, 5],
};

const inOrder = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

async function answersTo(api: Api, queries: readonly string[]): Promise<[string, List][]> {
  return Promise.all(
    queries.map(async (query): Promise<[string, List]> => [
      query,
      await api.json<List>(`/v1/contracts?${query}`),
    ]),
  );
}

describe("a search", () => {
  it("finds and counts exactly what each filter asks for", async () => {
    const api = await aMarket();

    const lists = await answersTo(api, Object.keys(filters));

    const found = lists.map(([query, list]) => [query, inOrder(numbersOf(list))]);
    const totals = lists.map(([query, { meta }]) => [query, meta.total]);
    expect(Object.fromEntries(found)).toEqual(filters);
    expect(Object.fromEntries(totals)).toEqual(
      Object.fromEntries(Object.entries(filters).map(([query, ids]) => [query, ids.length])),
    );
  });

  it("sorts by each key in both directions", async () => {
    const api = await aMarket();
    const keys = Object.keys(sorts);

    const lists = await answersTo(
      api,
      keys.map((sort) => `sort=${sort}`),
    );

    const found = lists.map(([query, list]) => [query.replace("sort=", ""), numbersOf(list)]);
    expect(Object.fromEntries(found)).toEqual(sorts);
  });

  it("is sorted by latest issue date by default", async () => {
    const api = await aMarket();

    const [given, told] = await answersTo(api, ["", "sort=-date_issued"]);

    expect(given?.[1]).toEqual(told?.[1]);
  });

  it("counts each type without the filter on types, but with all other filters", async () => {
    const api = await aMarket();

    const lists = await answersTo(api, ["", "type=courier", "type=loan&min_volume=2500"]);

    const metas = lists.map(([, { meta }]) => ({
      total: meta.total,
      total_by_type: meta["total_by_type"],
    }));
    const all = { item_exchange: 4, auction: 1, courier: 2, loan: 1, unknown: 0 };
    expect(metas).toEqual([
      { total: 8, total_by_type: all },
      { total: 2, total_by_type: all },
      { total: 1, total_by_type: { ...all, courier: 1 } },
    ]);
  });

  it("counts what a filter on systems leaves out because the system is unknown", async () => {
    const api = await aMarket();
    const queries = ["security=highsec", "system_id=30000142", "type=courier&security=highsec", ""];

    const lists = await answersTo(api, queries);

    const counts = lists.map(([, { meta }]) => meta["unknown_system_excluded"]);
    expect(counts).toEqual([1, 1, 1, 0]);
  });

  it("shows the jumps to each contract from the given system, by the given kind of route", async () => {
    const api = await aMarket();
    const queries = ["", "from_system_id=Jita", "from_system_id=jita&route=highsec"];

    const lists = await answersTo(api, queries);

    const byId = ({ data }: List) => data.toSorted((a, b) => a.contract_id - b.contract_id);
    const jumps = lists.map(([, list]) => byId(list).map((contract) => contract["jumps"]));
    expect(jumps).toEqual([
      [null, null, null, null, null, null, null, null],
      [0, 11, 15, 0, 0, null, 0, 0],
      [0, 34, 24, 0, 0, null, 0, 0],
    ]);
  });

  it("counts what a filter on jumps leaves out because there is no way", async () => {
    const api = await aMarket();
    const counts = {
      "from_system_id=Jita": 0,
      "from_system_id=Jita&max_jumps=100": 1,
      "from_system_id=Jita&max_jumps=0": 1,
      "from_system_id=Jita&max_jumps=0&type=courier": 1,
      "from_system_id=Jita&max_jumps=0&type=auction": 0,
      "from_system_id=Thera&max_jumps=5": 8,
      "from_system_id=Thera&max_jumps=5&ship=true": 2,
      // Those without a system are counted by unknown_system_excluded.
      "from_system_id=Jita&max_jumps=0&security=highsec": 0,
    };

    const lists = await answersTo(api, Object.keys(counts));

    const found = lists.map(([query, { meta }]) => [query, meta["unreachable_excluded"]]);
    expect(Object.fromEntries(found)).toEqual(counts);
  });

  it("says what would match without the filter on jumps, if nothing does", async () => {
    const api = await aMarket();

    const { meta } = await api.json<List>(
      "/v1/contracts?from_system_id=Thera&max_jumps=5&type=auction",
    );

    expect(meta).toMatchObject({ total: 0, relaxations: { max_jumps: 1, type: 0 } });
  });

  it("neither shows nor counts as live what has expired since the last list", async () => {
    const api = await aSyncedApi({
      contracts: [aContract({ date_expired: "2026-03-01T12:10:00Z" }), aContract()],
    });
    api.clock.set(Date.parse("2026-03-01T12:10:00Z"));

    const [live, over] = await answersTo(api, ["", "status=expired"]);

    expect(live && [numbersOf(live[1]), live[1].meta.total]).toEqual([[2], 1]);
    expect(over && [numbersOf(over[1]), over[1].meta.total]).toEqual([[1], 1]);
  });

  it("takes hostile text literally", async () => {
    const titles = ["100% off", "1000 off", 'say "hi"', "a*b*c", "rifter OR ishtar", "x_y_z"];
    const api = await aSyncedApi({
      contracts: titles.map((title) => aContract({ title, items: [anItem({ type_id: 34 })] })),
    });
    const texts = ["00% o", '"hi"', "*b*", "OR ishtar", "_y_", "NEAR(", "title:", "' or 1=1 --"];

    const lists = await answersTo(
      api,
      texts.map((text) => `q=${encodeURIComponent(text)}`),
    );

    expect(lists.map(([, list]) => numbersOf(list))).toEqual([[1], [3], [4], [5], [6], [], [], []]);
  });
});

/** Follows `next` from a first page to the last one, as a caller does. */
async function walk(
  api: Api,
  path: string,
  next: (response: Response, list: List) => string | null,
): Promise<List[]> {
  const lists: List[] = [];
  for (let at: string | null = path; at !== null;) {
    const response = await api.get(at);
    const list = await response.json<List>();
    lists.push(list);
    if (lists.length > 50) throw new Error("A walk without an end");
    at = next(response, list);
  }
  return lists;
}

const byLink = (response: Response): string | null =>
  /^<(.+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1] ?? null;

const byCursor =
  (path: string) =>
  (_response: Response, { meta }: List) =>
    meta.next_cursor === null ? null : `${path}&cursor=${meta.next_cursor}`;

describe("a walk over pages", () => {
  it.each([1, 3])("of %d visits each contract once and in order, by any sort", async (limit) => {
    const api = await aMarket();
    const keys = Object.keys(sorts);

    const walks = await Promise.all(
      keys.map((sort) => {
        const path = `/v1/contracts?limit=${limit}&sort=${sort}`;
        return walk(api, path, byCursor(path));
      }),
    );

    const visited = walks.map((lists, index) => [keys[index], lists.flatMap(numbersOf)]);
    const lengths = new Set(walks.map((lists) => lists.length));
    expect(Object.fromEntries(visited)).toEqual(sorts);
    expect(lengths).toEqual(new Set([Math.ceil(market.length / limit)]));
  });

  it("works by following links as well as cursors", async () => {
    const api = await aMarket();

    const lists = await walk(api, "/v1/contracts?limit=3&type=item_exchange,courier", byLink);

    expect(lists.map(numbersOf)).toEqual([
      [6, 5, 3],
      [2, 1, 7],
    ]);
  });

  it("has no next page after the last one, even if that is full", async () => {
    const api = await aMarket();

    const response = await api.get("/v1/contracts?limit=8");

    expect(response.headers.get("link")).toBeNull();
    expect(await response.json()).toMatchObject({ meta: { next_cursor: null, total: 8 } });
  });

  it("has the same totals on each page", async () => {
    const api = await aMarket();

    const lists = await walk(api, "/v1/contracts?limit=3", byLink);

    expect(lists.map(({ meta }) => meta.total)).toEqual([8, 8, 8]);
  });

  it("visits contracts that stay exactly once, while others come and go", async () => {
    const contracts = Array.from({ length: 6 }, () => aContract());
    const api = await aSyncedApi({ contracts });
    const first = await api.get("/v1/contracts?limit=2");
    api.world.remove(idOf(6), api.clock.date());
    api.world.remove(idOf(5), api.clock.date());
    api.world.add(aContract(), api.clock.date());
    api.clock.advance(31 * minute);
    await api.sync();

    const rest = await walk(api, byLink(first) ?? "", byLink);

    expect(numbersOf(await first.json())).toEqual([6, 5]);
    expect(rest.map(numbersOf)).toEqual([
      [4, 3],
      [2, 1],
    ]);
  });

  it("may go on with a different page size", async () => {
    const api = await aMarket();
    const { meta } = await api.json<List>("/v1/contracts?limit=2&sort=price");

    const list = await api.json<List>(
      `/v1/contracts?limit=100&sort=price&cursor=${meta.next_cursor}`,
    );

    expect(numbersOf(list)).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe("the link to the next page", () => {
  const linkOf = async (api: Api, query: string) => {
    const response = await api.get(`/v1/contracts?${query}`);
    const { meta } = await response.json<List>();
    return response.headers.get("link")?.replace(meta.next_cursor ?? "", "CURSOR");
  };

  it.each([
    ["limit=1", "cursor=CURSOR&limit=1"],
    ["sort=price&limit=1", "cursor=CURSOR&limit=1&sort=price"],
    ["sort=-date_issued&status=outstanding&limit=1", "cursor=CURSOR&limit=1"],
    ["type=courier&type=auction&limit=1", "cursor=CURSOR&limit=1&type=auction%2Ccourier"],
    [
      "type=courier,auction&min_volume=1&limit=1&issued_after=2026-01-01T00:00:00%2B01:00",
      "cursor=CURSOR&issued_after=2025-12-31T23%3A00%3A00Z&limit=1&min_volume=1&type=auction%2Ccourier",
    ],
    [
      "region_id=The%20Forge&sort=jumps&from_system_id=Jita&limit=1",
      "cursor=CURSOR&from_system_id=30000142&limit=1&region_id=10000002&sort=jumps",
    ],
  ])("of %s is always written in the same standard form", async (query, canonical) => {
    const api = await aMarket();

    const link = await linkOf(api, query);

    expect(link).toBe(`<http://localhost/v1/contracts?${canonical}>; rel="next"`);
  });

  it("leaves out the default limit", async () => {
    const api = await aSyncedApi({ contracts: Array.from({ length: 51 }, () => aContract()) });

    const links = [await linkOf(api, "limit=50"), await linkOf(api, "")];

    const link = `<http://localhost/v1/contracts?cursor=CURSOR>; rel="next"`;
    expect(links).toEqual([link, link]);
  });
});

describe("GET /v1/contracts/{contract_id}", () => {
  const path = `/v1/contracts/${firstContract}`;
  const bidsRoute = "/contracts/public/bids/{contract_id}";

  it("shows what the list shows, and all items in order of record id", async () => {
    const api = await aSyncedApi({
      contracts: [
        aContract({
          items: [
            anItem({ record_id: 30, item_id: 900 }),
            aBlueprintCopy({ record_id: 10, item_id: 902, runs: 5 }),
            aBlueprintOriginal({ record_id: 20, item_id: 901 }),
            anItem({ record_id: 40, is_included: false, quantity: 3 }),
            anItem({ record_id: 5, is_included: false, type_id: 34 }),
          ],
        }),
      ],
    });

    const detail = await api.json(path);

    const contract = aServedContract({
      item_count: 3,
      requested_item_count: 2,
      label: "Rifter + 2 more",
      has_blueprint_copy: true,
      has_blueprint_original: true,
      wants_items: true,
      ...noHull,
      flags: [
        {
          code: "asks_for_same_item",
          severity: "danger",
          detail: "Offers and asks for the same: Rifter",
          evidence: {
            types: ["Rifter"],
            type_ids: [587],
            offered_quantities: [1],
            requested_quantities: [3],
          },
        },
      ],
    });
    expect(await api.json("/v1/contracts")).toMatchObject({ data: [contract] });
    expect(detail).toEqual({
      ...contract,
      included_items: [
        aServedBlueprint({
          record_id: 10,
          item_id: 902,
          is_blueprint_copy: true,
          runs: 5,
          material_efficiency: 0,
          time_efficiency: 0,
        }),
        aServedBlueprint({
          record_id: 20,
          item_id: 901,
          is_blueprint_original: true,
          material_efficiency: 10,
          time_efficiency: 20,
        }),
        aServedItem({ record_id: 30, item_id: 900 }),
      ],
      requested_items: [
        aServedItem({
          record_id: 5,
          item_id: null,
          type_id: 34,
          type_name: "Tritanium",
          group_id: 18,
          group_name: "Mineral",
          category_id: 4,
          category_name: "Material",
        }),
        aServedItem({ record_id: 40, item_id: null, quantity: 3 }),
      ],
      bids: null,
      bids_status: null,
    });
  });

  it.each(["courier", "loan", "unknown"] as const)(
    "shows a %s without items, and without bids",
    async (type) => {
      const api = await aSyncedApi({ contracts: [aContract({ type })] });

      const detail = await api.json(path);

      const { data } = await api.json<List>("/v1/contracts");
      const rest = aServedDetail({ included_items: [] });
      expect(detail).toEqual({ ...data[0], ...rest });
      expect(api.esi.counters.total(bidsRoute)).toBe(0);
    },
  );

  it("shows a contract whose items are not known yet", async () => {
    const api = await aSyncedApi({
      contracts: [aContract()],
      faults: [{ kind: "status", status: 503, route: "/contracts/public/items/{contract_id}" }],
    });

    const detail = await api.json(path);

    expect(detail).toEqual({
      ...aServedContract({ items_status: "pending", ...noOffer }),
      ...aServedDetail({ included_items: [] }),
    });
  });

  it("shows an expired contract as expired, with everything it had", async () => {
    const expires = { date_expired: "2026-03-01T12:10:00Z" };
    const api = await aSyncedApi({ contracts: [aContract(expires)] });

    api.clock.set(Date.parse("2026-03-01T12:10:00Z"));

    const response = await api.get(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ...aServedContract({ ...expires, status: "expired", ...noHull }),
      ...aServedDetail(),
    });
  });

  it("shows a contract that left its list as gone, for as long as it is kept", async () => {
    const api = await aSyncedApi({
      contracts: [aContract(), aContract()],
      settings: { RETENTION_DAYS: "1" },
    });
    api.world.remove(firstContract, api.clock.date());
    api.clock.advance(31 * minute);
    await api.sync();

    const gone = await api.get(path);
    api.clock.advance(2 * day);
    await api.sync();
    const forgotten = await api.get(path);

    expect(gone.status).toBe(200);
    expect(await gone.json()).toEqual({
      ...aServedContract({ status: "gone", ...noHull }),
      ...aServedDetail(),
    });
    expect(forgotten.status).toBe(404);
  });

  it("answers 404 for a contract that was never seen", async () => {
    const api = await aSyncedApi();

    const response = await api.get("/v1/contracts/9007199254740991");

    expect(await read(response)).toEqual(
      problem(response, "contract-not-found", "/v1/contracts/9007199254740991", {
        detail: "No contract 9007199254740991 is known.",
      }),
    );
  });

  describe("of an auction", () => {
    const aBid = (number: number, amount: number) => ({
      bid_id: number,
      amount,
      date_bid: `2026-03-01T11:0${number}:00Z`,
    });
    const bids = [aBid(1, 2_000_000), aBid(2, 2_500_000.01), aBid(3, 2_500_000)];
    const highestFirst = [aBid(2, 2_500_000.01), aBid(3, 2_500_000), aBid(1, 2_000_000)];
    const anAuction = (plan: ContractPlan = {}) => aContract({ type: "auction", bids, ...plan });

    const bidsIn = async (api: Api, at = path) => {
      const { bids: found, bids_status: status } = await api.json<Record<string, unknown>>(at);
      return { bids: found, bids_status: status };
    };
    const unavailable = { bids: null, bids_status: "unavailable" };

    it("shows its bids, the highest first", async () => {
      const api = await aSyncedApi({ contracts: [anAuction()] });

      const found = await bidsIn(api);

      expect(found).toEqual({ bids: highestFirst, bids_status: "available" });
    });

    it("shows that there are none", async () => {
      const api = await aSyncedApi({ contracts: [anAuction({ bids: [] })] });

      const found = await bidsIn(api);

      expect(found).toEqual({ bids: [], bids_status: "available" });
    });

    it("asks ESI for them once in the 300 s that they are cached", async () => {
      const api = await aSyncedApi({ contracts: [anAuction()] });
      await bidsIn(api);
      api.clock.advance(299_000);

      const found = await bidsIn(api);

      expect(found).toEqual({ bids: highestFirst, bids_status: "available" });
      expect(api.esi.counters.requests[bidsRoute]).toEqual({ 200: 1 });
    });

    it("asks ESI again after that", async () => {
      const api = await aSyncedApi({ contracts: [anAuction()] });
      await bidsIn(api);
      api.clock.advance(300_000);

      await bidsIn(api);

      expect(api.esi.counters.requests[bidsRoute]).toEqual({ 200: 2 });
    });

    it.each([
      ["is too slow", { kind: "timeout" }],
      ["does not answer", { kind: "connection-reset" }],
      ["breaks off", { kind: "truncated-body" }],
      ["fails", { kind: "status", status: 503 }],
      ["refuses", { kind: "status", status: 403 }],
      ["has lost it", { kind: "status", status: 404 }],
      ["talks nonsense", { kind: "html" }],
      ["says that there were too many errors", { kind: "error-limited" }],
      ["says that there were too many requests", { kind: "rate-limited" }],
    ] as const)("is served without bids if ESI %s", async (_, fault) => {
      const api = await aSyncedApi({ contracts: [anAuction()] });
      api.esi.faults.add({ ...fault, route: bidsRoute });

      const response = await api.get(path);

      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ ...unavailable, contract_id: firstContract });
    });

    it("gives ESI two seconds", async () => {
      const asked: (AbortSignal | null | undefined)[] = [];
      const api = await aSyncedApi({ contracts: [anAuction()] });
      const container = api.container({
        fetch: async (_input, init) => {
          asked.push(init?.signal);
          api.clock.advance(2_000);
          throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
        },
      });

      const response = await api.requestWith(container)(path);

      expect(await response.json()).toMatchObject(unavailable);
      expect(asked).toHaveLength(1);
      expect(asked[0]).toBeInstanceOf(AbortSignal);
    });

    it.each([
      ["420", { kind: "error-limited" }],
      ["429", { kind: "rate-limited", retryAfterSeconds: 60 }],
      ["few errors left", { kind: "headers", headers: { "X-Esi-Error-Limit-Remain": "10" } }],
    ] as const)("does not ask ESI again, nor of any other, after %s", async (_, fault) => {
      const api = await aSyncedApi({ contracts: [anAuction(), anAuction()] });
      api.esi.faults.add({ ...fault, route: bidsRoute, times: 1 });
      await bidsIn(api);
      const before = api.esi.counters.total();

      const found = await bidsIn(api, `/v1/contracts/${idOf(2)}`);

      expect(found).toEqual(unavailable);
      expect(api.esi.counters.total()).toBe(before);
    });

    it("asks ESI again when it may", async () => {
      const api = await aSyncedApi({ contracts: [anAuction()] });
      api.esi.faults.add({
        kind: "rate-limited",
        retryAfterSeconds: 60,
        route: bidsRoute,
        times: 1,
      });
      await bidsIn(api);
      api.clock.advance(minute);

      const found = await bidsIn(api);

      expect(found).toEqual({ bids: highestFirst, bids_status: "available" });
    });

    it("does not ask ESI in its downtime", async () => {
      const api = await aSyncedApi({
        contracts: [anAuction()],
        settings: { ESI_DOWNTIME: "12:01-12:30" },
      });

      const found = await bidsIn(api);

      expect(found).toEqual(unavailable);
      expect(api.esi.counters.total(bidsRoute)).toBe(0);
    });

    it("does not ask ESI for the bids of an auction that is over", async () => {
      const api = await aSyncedApi({ contracts: [anAuction(), aContract()] });
      api.world.remove(firstContract, api.clock.date());
      api.clock.advance(31 * minute);
      await api.sync();

      const detail = await api.json(path);

      expect(detail).toMatchObject({ status: "gone", ...unavailable });
      expect(api.esi.counters.total(bidsRoute)).toBe(0);
    });

    it("breaks none of ESI's rules", async () => {
      const api = await aSyncedApi({ contracts: [anAuction()] });

      await bidsIn(api);

      expect(api.esi.counters.violations).toEqual([]);
    });
  });
});
