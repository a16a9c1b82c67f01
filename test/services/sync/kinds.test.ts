/** Each kind of contract, from ESI's list to the API. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import type { Fault } from "../../esi-stand-in/faults.ts";
import {
  aBlueprintCopy,
  aBlueprintOriginal,
  aContract,
  anItem,
  type ContractPlan,
} from "../../esi-stand-in/hand-made.ts";
import { rawJson } from "../../esi-stand-in/json.ts";
import { nameFor } from "../../esi-stand-in/names.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { firstContract } from "../../support/api.ts";
import { expectConsistent } from "../../support/database.ts";
import {
  aServedBlueprint,
  aServedContract,
  aServedDetail,
  aServedEnd,
  aServedItem,
  inStructure,
  noHull,
  noOffer,
  noPrimary,
  primaryBlueprint,
  primaryOf,
} from "../../support/served-contracts.ts";
import { aTickingApi, itemsRoute, listMs, listRoute, minuteMs } from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

/** Syncs a Forge of these contracts with a tick of the cron, and asks the API for them. */
async function serve(contracts: readonly ContractPlan[], faults: readonly Fault[] = []) {
  const scene = await aTickingApi({ contracts, faults });
  await scene.tick();
  const { data } = await scene.json<{ data: { contract_id: number }[] }>("/v1/contracts");
  return { ...scene, data };
}

/** What the API answers of one contract: in the list, and alone. */
async function answersOn(plan: ContractPlan) {
  const { json, esi, data: list } = await serve([plan]);
  const detail = await json(`/v1/contracts/${plan.contract_id ?? firstContract}`);
  return { answers: { list, detail }, esi };
}

/** The answers on a contract that has these fields beside the plain ones. */
const asServed = (contract: object, detail: object) => ({
  list: [aServedContract(contract)],
  detail: { ...aServedContract(contract), ...aServedDetail(detail) },
});

/** What a contract without items looks like. */
const itemless = { items_status: "none", ...noOffer };
const withoutItems = { included_items: [] };

describe("an item exchange", () => {
  it("of one item is served with it", async () => {
    const { answers } = await answersOn(aContract());

    expect(answers).toEqual(asServed({}, {}));
  });

  it("of a thousand items has them on one page", async () => {
    const { data, esi } = await serve([aContract({ items: Array(1000).fill(anItem()) })]);

    expect(data).toMatchObject([{ item_count: 1000, label: "Rifter + 999 more" }]);
    expect(esi.counters.total(itemsRoute)).toBe(1);
  });

  it("of a thousand and one items is read from two pages", async () => {
    const items = Array.from({ length: 1001 }, () => anItem());

    const { answers, esi } = await answersOn(aContract({ items }));

    const included_items = items.map((_item, index) =>
      aServedItem({
        record_id: 5_000_000_000 + firstContract * 10 + index,
        item_id: 1_040_000_000_000 + firstContract * 100 + index,
      }),
    );
    expect(answers).toEqual(
      asServed({ item_count: 1001, label: "Rifter + 1000 more", ...noHull }, { included_items }),
    );
    expect(esi.counters.total(itemsRoute)).toBe(2);
  });

  it("that only asks for items has no label", async () => {
    const { answers } = await answersOn(
      aContract({ items: [anItem({ is_included: false, quantity: 3 })] }),
    );

    expect(answers).toEqual(
      asServed(
        {
          item_count: 0,
          requested_item_count: 1,
          label: null,
          ...noPrimary,
          is_ship: false,
          ...noHull,
          wants_items: true,
        },
        { included_items: [], requested_items: [aServedItem({ item_id: null, quantity: 3 })] },
      ),
    );
  });

  it("that offers some items for others keeps the two apart", async () => {
    const damageControl = {
      type_id: 2048,
      type_name: "Damage Control II",
      group_id: 60,
      group_name: "Damage Control",
      category_id: 7,
      category_name: "Module",
    };

    const { answers } = await answersOn(
      aContract({ items: [anItem({ is_included: false }), anItem({ type_id: 2048 })] }),
    );

    expect(answers).toEqual(
      asServed(
        {
          requested_item_count: 1,
          label: "Damage Control II",
          ...primaryOf(damageControl),
          is_ship: false,
          ...noHull,
          wants_items: true,
        },
        {
          included_items: [
            aServedItem({
              ...damageControl,
              record_id: 5_000_000_001 + firstContract * 10,
              item_id: 1_040_000_000_001 + firstContract * 100,
            }),
          ],
          requested_items: [aServedItem({ item_id: null })],
        },
      ),
    );
  });

  it("of two blueprints that ESI sends as the same row twice holds both", async () => {
    const twin = aBlueprintCopy({ record_id: 7, item_id: 70, runs: 3 });

    const { answers, esi } = await answersOn(aContract({ items: [twin, twin] }));

    expect(answers.list).toMatchObject([
      {
        items_status: "complete",
        item_count: 2,
        label: "Rifter Blueprint + 1 more",
        blueprint: null,
      },
    ]);
    expect(answers.detail).toMatchObject({
      included_items: [
        { record_id: 7, item_id: 70, runs: 3, quantity: 1 },
        { record_id: 7, item_id: 70, runs: 3, quantity: 1 },
      ],
    });
    expect(esi.counters.requests[itemsRoute]).toEqual({ 200: 1 });
  });

  it("of a blueprint copy shows its runs and levels", async () => {
    const levels = { runs: 20_000, material_efficiency: 10, time_efficiency: 20 };

    const { answers } = await answersOn(aContract({ items: [aBlueprintCopy(levels)] }));

    expect(answers).toEqual(
      asServed(
        {
          label: "Rifter Blueprint",
          ...primaryBlueprint,
          is_ship: false,
          ...noHull,
          has_blueprint_copy: true,
          blueprint: { is_copy: true, ...levels },
        },
        { included_items: [aServedBlueprint({ is_blueprint_copy: true, ...levels })] },
      ),
    );
  });

  it.each([
    ["without runs, as ESI sends one", {}],
    ["with runs of -1, as ESI's document has one", { runs: -1 }],
  ])("of a blueprint original %s shows no runs", async (_how, runs) => {
    const levels = { material_efficiency: 10, time_efficiency: 20 };

    const { answers } = await answersOn(aContract({ items: [aBlueprintOriginal(runs)] }));

    expect(answers).toEqual(
      asServed(
        {
          label: "Rifter Blueprint",
          ...primaryBlueprint,
          is_ship: false,
          ...noHull,
          has_blueprint_original: true,
          blueprint: { is_copy: false, runs: null, ...levels },
        },
        { included_items: [aServedBlueprint({ is_blueprint_original: true, ...levels })] },
      ),
    );
  });

  it("with two blueprints has no single blueprint to show", async () => {
    const { data } = await serve([
      aContract({ items: [aBlueprintCopy(), aBlueprintOriginal({ quantity: 2 })] }),
    ]);

    expect(data).toMatchObject([
      { has_blueprint_copy: true, has_blueprint_original: true, blueprint: null },
    ]);
  });

  it("that pays whoever accepts it costs nothing and has a reward", async () => {
    const { answers } = await answersOn(aContract({ price: 0, reward: 250_000_000 }));

    expect(answers).toEqual(asServed({ price: 0, reward: 250_000_000 }, {}));
  });

  it.each([0.01, 9_999_999_999_999.99, 2.17])("keeps a price of %d to the cent", async (price) => {
    const { answers } = await answersOn(aContract({ price }));

    expect(answers).toEqual(asServed({ price }, {}));
  });

  it("for a corporation says so", async () => {
    const { answers } = await answersOn(aContract({ for_corporation: true }));

    expect(answers).toEqual(asServed({ for_corporation: true }, {}));
  });
});

describe("a courier", () => {
  it("has two ends and no price, and ESI is asked for no items of it", async () => {
    const { answers, esi } = await answersOn(
      aContract({ type: "courier", volume: 2.169_999_999_999_998_6 }),
    );
    expect(answers).toEqual(
      asServed(
        {
          type: "courier",
          price: null,
          reward: 5_000_000,
          collateral: 100_000_000,
          volume: 2.169_999_999_999_998_6,
          days_to_complete: 3,
          ...aServedEnd,
          route_jumps: 11,
          route_jumps_highsec: 34,
          reward_per_volume: 5_000_000 / 2.169_999_999_999_998_6,
          reward_per_jump: 5_000_000 / 11,
          ...itemless,
        },
        withoutItems,
      ),
    );

    expect(esi.counters.total(itemsRoute)).toBe(0);
  });

  it("from one structure to another is in no known system", async () => {
    const nowhere = { location_name: null, system_id: null, system_name: null, security: null };
    const [start, end] = ["start", "end"].map((prefix) =>
      Object.fromEntries(
        Object.entries({ ...nowhere, security_class: null }).map(([name, value]) => [
          `${prefix}_${name}`,
          value,
        ]),
      ),
    );

    const { answers } = await answersOn(
      aContract({
        type: "courier",
        start_location_id: 1_000_000_000_000,
        end_location_id: 1_046_664_001_931,
      }),
    );

    expect(answers).toEqual(
      asServed(
        {
          type: "courier",
          price: null,
          reward: 5_000_000,
          collateral: 100_000_000,
          days_to_complete: 3,
          ...start,
          ...end,
          start_location_id: 1_000_000_000_000,
          start_location_kind: "structure",
          start_is_highsec_island: null,
          end_location_id: 1_046_664_001_931,
          end_location_kind: "structure",
          reward_per_volume: 5_000_000 / 27_289,
          flags: [inStructure(["start", "end"], "starts and ends")],
          ...itemless,
        },
        withoutItems,
      ),
    );
  });
});

describe("an auction", () => {
  const auction = {
    type: "auction",
    reward: null,
    ...noHull,
    // ESI blurs an auction's dates: 13 days are left, of which it makes 15.
    date_issued: "2026-02-28T00:00:00Z",
    date_expired: "2026-03-16T12:00:00Z",
  };

  it("without a buyout has none, and its bids come highest first", async () => {
    const bids = [3_000_000, 9_000_000.5, 5_000_000].map((amount, index) => ({
      bid_id: index + 1,
      amount,
      date_bid: "2026-03-01T11:00:00Z",
    }));

    const { answers } = await answersOn(aContract({ type: "auction", bids }));

    expect(answers).toEqual(
      asServed(auction, {
        bids: [bids[1], bids[2], bids[0]],
        bids_status: "available",
      }),
    );
  });

  it("with a buyout shows it, and no bids if nobody has bid", async () => {
    const { answers } = await answersOn(
      aContract({ type: "auction", price: 7_000_000, buyout: 7_000_000 }),
    );

    expect(answers).toEqual(
      asServed(
        { ...auction, price: 7_000_000, buyout: 7_000_000 },
        { bids: [], bids_status: "available" },
      ),
    );
  });
});

describe("a contract of another type", () => {
  it.each(["loan", "unknown"] as const)("is listed as what it is: %s", async (type) => {
    const { answers } = await answersOn(aContract({ type }));

    expect(answers).toEqual(asServed({ type, ...itemless }, withoutItems));
  });

  it("that ESI adds later is listed and counted as unknown", async () => {
    const { data, json } = await serve(
      [aContract()],
      [{ kind: "odd-rows", oddity: "unknown-type", index: 0 }],
    );

    expect(data).toEqual([aServedContract({ type: "unknown", ...itemless })]);
    expect(await json("/v1/contracts?type=unknown&limit=1")).toMatchObject({
      meta: { total: 1, total_by_type: { unknown: 1, item_exchange: 0 } },
    });
  });
});

describe("a title", () => {
  it.each([
    ["in several scripts", "Rifter 🚀 裂谷级 Разлом ريفتر לקרוע é"],
    ["with quotes and backslashes", String.raw`"it's" \ \\ \n \u0041 ''`],
    ["with markup", "<script>alert(1)</script><!-- & &amp; --> https://evil.example/?a=1"],
    ["with wildcards and operators", "100%_ AND NOT * OR (NEAR) title:x ^ -- ; drop table"],
    ["with a NUL and other control characters", "a\u0000b\u0007\t\u2028\u202E"],
    ["of white space", "   "],
    ["longer than the game allows", "x".repeat(5000)],
  ])("%s is served exactly as it is", async (_what, title) => {
    const { answers } = await answersOn(aContract({ title }));

    expect(answers).toEqual(asServed({ title }, {}));
  });

  it("with half a surrogate pair, which UTF-8 cannot hold, loses only that", async () => {
    const { data } = await serve([aContract({ title: "a\uD800b" }), aContract()]);

    expect(data).toMatchObject([{ title: null }, { title: expect.stringMatching(/^a\uFFFD+b$/) }]);
  });

  it("is found by any part of it that has three characters", async () => {
    const { json } = await serve([aContract({ title: `50% off: "Δ' <b>裂谷级` }), aContract()]);

    for (const part of [`"Δ'`, "0% o", "<b>", "裂谷级"]) {
      expect(await json(`/v1/contracts?q=${encodeURIComponent(part)}`)).toMatchObject({
        data: [{ contract_id: firstContract }],
        meta: { total: 1 },
      });
    }
  });
});

describe("a row with nothing but what ESI must send", () => {
  const absent = { title: undefined, volume: undefined, price: undefined, reward: undefined };
  const nowhere = {
    location_id: null,
    location_name: null,
    system_id: null,
    system_name: null,
    security: null,
    security_class: null,
    location_kind: null,
    is_highsec_island: null,
  };
  const bare = {
    ...aContract(),
    ...absent,
    collateral: undefined,
    buyout: undefined,
    days_to_complete: undefined,
    start_location_id: undefined,
    end_location_id: undefined,
  };
  const unknown = {
    price: null,
    reward: null,
    volume: null,
    // Nothing is compared without a price.
    ...noHull,
    ...Object.fromEntries(Object.entries(nowhere).map(([name, value]) => [`start_${name}`, value])),
  };

  it.each([
    ["item_exchange", {}, {}],
    ["courier", itemless, withoutItems],
    ["loan", itemless, withoutItems],
  ] as const)("is a %s of which the rest is unknown", async (type, contract, detail) => {
    const { answers } = await answersOn({ ...bare, type });

    expect(answers).toEqual(asServed({ type, ...unknown, ...contract }, detail));
  });

  it("is an auction of which the rest is unknown", async () => {
    const dates = { date_issued: "2026-02-28T00:00:00Z", date_expired: "2026-03-16T12:00:00Z" };

    const { answers } = await answersOn({ ...bare, type: "auction" });

    expect(answers).toEqual(
      asServed({ type: "auction", ...unknown, ...dates }, { bids: [], bids_status: "available" }),
    );
  });
});

describe("an id", () => {
  it("beyond 2^31 works like any other id", async () => {
    const ids = {
      contract_id: 2 ** 33 + 5,
      issuer_id: 2 ** 40 + 1,
      issuer_corporation_id: 2 ** 40 + 2,
    };

    const { answers } = await answersOn(aContract(ids));

    const names = {
      issuer_name: nameFor(ids.issuer_id).name,
      issuer_corporation_name: nameFor(ids.issuer_corporation_id).name,
    };
    const item = aServedItem({
      record_id: 5_000_000_000 + ids.contract_id * 10,
      item_id: 1_040_000_000_000 + ids.contract_id * 100,
    });
    expect(answers).toEqual(asServed({ ...ids, ...names }, { included_items: [item] }));
  });

  it("that makes no sense loses only its field, not the contract", async () => {
    const { data, json } = await serve(
      [aContract(), aContract({ items: [aBlueprintCopy({ runs: -5 })] })],
      [
        {
          kind: "rows",
          change: (rows) =>
            rows.map((row, index) =>
              index === 0 ? { ...Object(row), volume: -1, price: -1 } : row,
            ),
          route: listRoute,
        },
      ],
    );

    expect(data.toSorted((a, b) => a.contract_id - b.contract_id)).toMatchObject([
      { contract_id: firstContract, volume: null, price: null, item_count: 1, flags: [] },
      { price: 1_000_000, blueprint: { is_copy: true, runs: null } },
    ]);
    expect(await json("/v1/status")).toMatchObject({ last_run: { odd_rows: 0, odd_fields: 3 } });
  });

  it("that is too large for a double makes only its own row odd", async () => {
    const { data, json } = await serve(
      [aContract(), aContract()],
      [
        {
          kind: "rows",
          change: (rows) =>
            rows.map((row, index) =>
              index === 0 && typeof row === "object"
                ? { ...row, issuer_id: rawJson("9007199254740993") }
                : row,
            ),
          route: listRoute,
        },
      ],
    );

    expect(data).toMatchObject([{ contract_id: firstContract + 1 }]);
    expect(await json("/v1/status")).toMatchObject({ last_run: { odd_rows: 1 } });
  });
});

describe("what is newer than the universe that was loaded", () => {
  const typeRoute = "/universe/types/{type_id}";
  const groupRoute = "/universe/groups/{group_id}";
  const categoryRoute = "/universe/categories/{category_id}";
  const stationRoute = "/universe/stations/{station_id}";
  const systemRoute = "/universe/systems/{system_id}";
  const constellationRoute = "/universe/constellations/{constellation_id}";

  const newType = {
    typeId: 90_001,
    name: "Skua",
    groupId: 25,
    isPublished: true,
    marketGroupId: null,
    volume: 1,
  };
  const newStation = {
    stationId: 60_015_200,
    name: "Jita V - New Station",
    systemId: 30_000_142,
    typeId: 52_678,
  };
  const newConstellation = { constellationId: 20_001_000, name: "Yasna", regionId: 10_000_002 };
  const newSystem = {
    systemId: 30_100_001,
    name: "Zarzakh II",
    security: -1,
    constellationId: 20_001_000,
    regionId: 10_000_002,
  };

  /** A table of ESI's universe, with what was added since ours was loaded. */
  const plus = <T>(table: ReadonlyMap<number, T>, id: number, row: T) =>
    new Map([...table, [id, row]]);
  const { types, groups, categories, stations, systems, constellations } = smallUniverse;

  const skua = {
    type_id: 90_001,
    type_name: "Skua",
    group_id: 25,
    group_name: "Frigate",
    category_id: 6,
    category_name: "Ship",
  };

  it("is, for a type, asked of ESI only once", async () => {
    const universe = { ...smallUniverse, types: plus(types, 90_001, newType) };
    const scene = await aTickingApi({
      universe,
      contracts: [aContract({ items: [anItem({ type_id: 90_001 })] })],
    });
    await scene.tick();
    scene.world.add(aContract({ items: [anItem({ type_id: 90_001 })] }), scene.clock.date());
    await scene.tickLater();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      label: "Skua",
      ...primaryOf(skua),
      is_ship: true,
      included_items: [aServedItem(skua)],
    });
    expect(await scene.json("/v1/contracts?ship=true")).toMatchObject({ meta: { total: 2 } });
    expect(scene.esi.counters.requests[typeRoute]).toEqual({ 200: 1 });
  });

  it("is, for a type in a new group and category, asked of ESI one level at a time", async () => {
    const skyCarrier = { groupId: 9001, name: "Sky Carrier", categoryId: 901, isPublished: true };
    const airship = { categoryId: 901, name: "Airship", isPublished: true };
    const universe = {
      ...smallUniverse,
      types: plus(types, 90_001, { ...newType, groupId: 9001 }),
      groups: plus(groups, 9001, skyCarrier),
      categories: plus(categories, 901, airship),
    };
    const scene = await aTickingApi({
      universe,
      contracts: [aContract({ items: [anItem({ type_id: 90_001 })] })],
    });
    await scene.tick();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      ...primaryOf({
        type_id: 90_001,
        type_name: "Skua",
        group_id: 9001,
        group_name: "Sky Carrier",
        category_id: 901,
        category_name: "Airship",
      }),
      is_ship: false,
    });
    expect(
      [typeRoute, groupRoute, categoryRoute].map((route) => scene.esi.counters.requests[route]),
    ).toEqual([{ 200: 1 }, { 200: 1 }, { 200: 1 }]);
  });

  it("is, for a type that ESI does not know yet, asked for again within hours, and its items are kept", async () => {
    const known = new Map(types);
    const scene = await aTickingApi({
      universe: { ...smallUniverse, types: known },
      contracts: [aContract({ items: [anItem({ type_id: 90_001 })] })],
    });
    await scene.tick();
    const before = await scene.json(`/v1/contracts/${firstContract}`);
    known.set(90_001, newType);
    await scene.tickLater(30 * minuteMs);
    const askedTooSoon = scene.esi.counters.total(typeRoute) - 1;
    await scene.tickLater(41 * minuteMs);

    expect(before).toMatchObject({ items_status: "pending", ...noOffer, included_items: [] });
    expect(askedTooSoon).toBe(0);
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      items_status: "complete",
      label: "Skua",
    });
    expect(scene.esi.counters.requests[itemsRoute]).toEqual({ 200: 1 });
  });

  it("is, for a station, asked of ESI only once, and then its contracts have a place", async () => {
    const scene = await aTickingApi({
      universe: { ...smallUniverse, stations: plus(stations, 60_015_200, newStation) },
      contracts: [aContract({ start_location_id: 60_015_200 })],
    });
    await scene.tick();
    scene.world.add(aContract({ start_location_id: 60_015_200 }), scene.clock.date());
    await scene.tickLater();

    expect(await scene.json("/v1/contracts?system_id=30000142&sort=-date_issued")).toMatchObject({
      data: [firstContract + 1, firstContract].map((contract_id) => ({
        contract_id,
        start_location_name: "Jita V - New Station",
        start_system_name: "Jita",
        start_security_class: "highsec",
      })),
      meta: { total: 2, unknown_system_excluded: 0 },
    });
    expect(scene.esi.counters.requests[stationRoute]).toEqual({ 200: 1 });
  });

  it("is, for a station in a new system and constellation, asked of ESI one level at a time", async () => {
    const scene = await aTickingApi({
      universe: {
        ...smallUniverse,
        stations: plus(stations, 60_015_200, { ...newStation, systemId: 30_100_001 }),
        systems: plus(systems, 30_100_001, newSystem),
        constellations: plus(constellations, 20_001_000, newConstellation),
      },
      contracts: [aContract({ start_location_id: 60_015_200 })],
    });
    await scene.tick();

    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      start_location_name: "Jita V - New Station",
      start_system_id: 30_100_001,
      start_system_name: "Zarzakh II",
      start_security: -1,
      start_security_class: "nullsec",
    });
    expect(
      [stationRoute, systemRoute, constellationRoute].map(
        (route) => scene.esi.counters.requests[route],
      ),
    ).toEqual([{ 200: 1 }, { 200: 1 }, { 200: 1 }]);
  });

  it("is, for a station that ESI does not know, asked for again after an hour and no sooner", async () => {
    const scene = await aTickingApi({ contracts: [aContract({ start_location_id: 60_015_200 })] });
    await scene.tick();
    await scene.tickLater(59 * minuteMs);
    const soon = scene.esi.counters.total(stationRoute);
    await scene.tickLater(2 * minuteMs);

    expect([soon, scene.esi.counters.total(stationRoute)]).toEqual([1, 2]);
    expect(await scene.json(`/v1/contracts/${firstContract}`)).toMatchObject({
      start_location_id: 60_015_200,
      start_location_name: null,
      start_system_id: null,
    });
  });

  it.each([
    ["a structure", 1_000_000_000_000],
    ["the id after the last station's", 64_000_000],
    ["the id before the first station's", 59_999_999],
  ])("is, for %s, never asked of ESI", async (_what, start_location_id) => {
    const scene = await aTickingApi({ contracts: [aContract({ start_location_id })] });
    await scene.tick();
    await scene.tickLater(listMs);

    expect(scene.esi.counters.total(stationRoute)).toBe(0);
  });
});
