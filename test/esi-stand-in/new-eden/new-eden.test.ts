import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { createAsk } from "../asking.ts";
import { shippedUniverse } from "../shipped-universe.ts";
import { createStandIn } from "../stand-in.ts";
import type { ContractRow, ItemRow } from "../wire.ts";
import type { World, WorldContract } from "../world.ts";
import { createDistances } from "./distances.ts";
import { createNewEden } from "./new-eden.ts";
import { newerIds } from "./newer.ts";

const now = new Date("2041-03-05T09:00:00Z");
const size = 8_000;

const make = (seed: number, contracts = size) =>
  createNewEden({ universe: shippedUniverse(), seed, contracts, now });

function allOf(world: World): WorldContract[] {
  const ids = [...world.universe.regions.keys()].flatMap((id) => world.outstandingAt(id, now));
  return ids.map((id) => world.contract(id)).filter((contract) => contract !== undefined);
}

describe("createNewEden", () => {
  let world: World;
  let contracts: WorldContract[];
  let rows: ContractRow[];
  let itemSets: readonly (readonly ItemRow[])[];
  let averages: ReadonlyMap<number, number | undefined>;

  beforeAll(() => {
    world = make(7);
    averages = new Map(world.market.prices().map((row) => [row.type_id, row.average_price]));
    contracts = allOf(world);
    rows = contracts.map(({ row }) => row);
    itemSets = contracts.map((contract) => contract.items());
  });

  const categoryOf = (typeId: number) => {
    const groupId = world.universe.types.get(typeId)?.groupId ?? -1;
    return world.universe.groups.get(groupId)?.categoryId;
  };
  const isCopy = (item: ItemRow) => item.is_blueprint_copy === true;
  const isOriginal = (item: ItemRow) => item.material_efficiency !== undefined && !isCopy(item);
  const isShip = (item: ItemRow) => item.is_included && categoryOf(item.type_id) === 6;
  const isInForge = (row: ContractRow) => world.contract(row.contract_id)?.regionId === 10_000_002;
  const isStructure = (row: ContractRow) => (row.start_location_id ?? 0) >= 1e12;
  const lasts28Days = (row: ContractRow) =>
    Date.parse(row.date_expired) - Date.parse(row.date_issued) === 28 * 86_400_000;

  it("has as many contracts as it was told, each outstanding", () => {
    expect(contracts).toHaveLength(size);
  });

  it.each([
    ["in The Forge", 0.75, 0.02, isInForge],
    ["couriers", 0.005, 0.003, (row: ContractRow) => row.type === "courier"],
    ["auctions", 0.015, 0.005, (row: ContractRow) => row.type === "auction"],
    ["titled", 0.28, 0.04, (row: ContractRow) => row.title !== ""],
    ["in a structure", 0.08, 0.02, isStructure],
    ["for 28 days", 0.9, 0.06, lasts28Days],
    ["for a corporation", 0.22, 0.03, (row: ContractRow) => row.for_corporation === true],
  ])("has its share of contracts %s: %d ± %d", (_what, share, tolerance, is) => {
    const found = rows.filter((row) => is(row)).length / size;

    expect(found).toBeGreaterThan(share - tolerance);
    expect(found).toBeLessThan(share + tolerance);
  });

  it.each([
    ["a blueprint copy", 0.49, 0.02, (items: readonly ItemRow[]) => items.some(isCopy)],
    ["an original", 0.05, 0.01, (items: readonly ItemRow[]) => items.some(isOriginal)],
    ["a ship", 0.012, 0.006, (items: readonly ItemRow[]) => items.some(isShip)],
    ["one item", 0.87, 0.02, (items: readonly ItemRow[]) => items.length === 1],
    [
      "something asked for",
      0.03,
      0.008,
      (items: readonly ItemRow[]) => items.some((item) => !item.is_included),
    ],
    [
      "nothing offered",
      0.0135,
      0.006,
      (items: readonly ItemRow[]) => items.length > 0 && items.every((item) => !item.is_included),
    ],
  ])("has its share of contracts with %s: %d ± %d", (_what, share, tolerance, has) => {
    const found = itemSets.filter((items) => has(items)).length / size;

    expect(found).toBeGreaterThan(share - tolerance);
    expect(found).toBeLessThan(share + tolerance);
  });

  it("has about four items a contract, and bundles of exactly one page and of more", () => {
    const sizes = itemSets.map((items) => items.length);
    const mean = sizes.reduce((sum, count) => sum + count, 0) / size;

    expect(mean).toBeGreaterThan(3.2);
    expect(mean).toBeLessThan(5.2);
    expect(sizes).toContain(1000);
    expect(Math.max(...sizes)).toBe(1204);
  });

  it("gives each kind of item the fields that it has in reality, in ESI's order", () => {
    const shapes = new Set(itemSets.flat().map((item) => Object.keys(item).join(" ")));

    // The four shapes of 8,934 real items [EO].
    expect([...shapes].toSorted()).toEqual([
      "is_blueprint_copy is_included item_id material_efficiency quantity record_id runs time_efficiency type_id",
      "is_included item_id material_efficiency quantity record_id time_efficiency type_id",
      "is_included item_id quantity record_id type_id",
      "is_included quantity record_id type_id",
    ]);
  });

  it("gives each kind of row the fields that it has in reality", () => {
    const shapeOf = (row: ContractRow) =>
      Object.keys(row)
        .filter((name) => name !== "for_corporation")
        .join(" ");
    const shapes = new Map(rows.map((row) => [row.type, shapeOf(row)]));
    const rest =
      "contract_id date_expired date_issued days_to_complete end_location_id issuer_corporation_id issuer_id price reward start_location_id title type volume";

    expect(Object.fromEntries(shapes)).toEqual({
      auction: `buyout ${rest}`,
      courier: `collateral ${rest}`,
      item_exchange: `collateral ${rest}`,
    });
  });

  it("fills in fields that a type of contract does not need, as ESI does", () => {
    const others = rows.filter((row) => row.type !== "courier");
    const couriers = rows.filter((row) => row.type === "courier");

    expect(others.every((row) => row.end_location_id === row.start_location_id)).toBe(true);
    expect(others.every((row) => row.days_to_complete === 0)).toBe(true);
    expect(couriers.every((row) => row.price === 0 && (row.reward ?? 0) > 0)).toBe(true);
    expect(couriers.some((row) => row.end_location_id !== row.start_location_id)).toBe(true);
  });

  it("has contracts that pay the acceptor, and some that are free", () => {
    const free = rows.filter((row) => row.type === "item_exchange" && row.price === 0);

    expect(free.some((row) => (row.reward ?? 0) > 0)).toBe(true);
    expect(free.some((row) => row.reward === 0)).toBe(true);
  });

  it("leaves some regions empty, but not every wormhole", () => {
    const regionIds = [...world.universe.regions.keys()];
    const counts = new Map(regionIds.map((id) => [id, world.outstandingAt(id, now).length]));
    const [open, wormholes] = [10_000_000, 11_000_000].map((from) =>
      regionIds.filter((id) => id >= from && id < from + 1_000_000),
    );

    expect(open?.filter((id) => counts.get(id) === 0).length).toBeGreaterThan(4);
    expect(wormholes?.filter((id) => (counts.get(id) ?? 0) > 0).length).toBeGreaterThan(0);
    expect(regionIds.filter((id) => id >= 12_000_000 && counts.get(id) !== 0)).toEqual([]);
  });

  it("numbers contracts in the order of their issue", () => {
    const byId = rows.toSorted((a, b) => a.contract_id - b.contract_id);
    const issued = byId.map((row) => row.date_issued);

    expect(issued).toEqual(issued.toSorted());
    expect(new Set(byId.map((row) => row.contract_id)).size).toBe(size);
  });

  it("has titles in many scripts, and hostile ones", () => {
    const titles = rows.map((row) => row.title ?? "").join("\n");

    for (const sign of [/\p{Script=Cyrillic}/u, /\p{Script=Han}/u, /\p{Script=Katakana}/u])
      expect(titles).toMatch(sign);
    for (const sign of [/\p{Script=Arabic}/u, /🚀/u, /<script>/, /https:/, /%/, /_/, /\*/, / AND /])
      expect(titles).toMatch(sign);
    expect(Math.max(...rows.map((row) => row.title?.length ?? 0))).toBeLessThanOrEqual(50);
  });

  const priceOf = (typeId: number) => averages.get(typeId);
  const nameOf = (typeId: number) => world.universe.types.get(typeId)?.name ?? "";
  const groupOf = (typeId: number) =>
    world.universe.groups.get(world.universe.types.get(typeId)?.groupId ?? -1)?.name ?? "";
  const securityAt = (stationId: number) => {
    const systemId = world.universe.stations.get(stationId)?.systemId ?? -1;
    return world.universe.systems.get(systemId)?.security;
  };

  it("has asks mostly near the market price, with some far below and some far above", () => {
    const ratios = contracts.flatMap(({ row, items }) => {
      const all = items();
      const isGoods = all.every(
        (item) => item.is_included && item.material_efficiency === undefined,
      );
      const values = all.map((item) => (priceOf(item.type_id) ?? Number.NaN) * item.quantity);
      const value = values.reduce((sum, each) => sum + each, 0);
      const isAsk = row.type === "item_exchange" && isGoods && (row.price ?? 0) > 0;
      return isAsk && value > 100_000 ? [(row.price ?? 0) / value] : [];
    });
    const sorted = ratios.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;

    expect(sorted.length).toBeGreaterThan(1_000);
    expect(at(0.5)).toBeGreaterThan(0.95);
    expect(at(0.5)).toBeLessThan(1.1);
    const near = ratios.filter((ratio) => ratio >= 0.85 && ratio <= 1.3).length;
    expect(near / ratios.length).toBeGreaterThan(0.7);
    expect(at(0.02)).toBeLessThan(0.85);
    expect(at(0.97)).toBeGreaterThan(1.5);
  });

  it("has ships in many fits, and lone hulls", () => {
    const ships = itemSets.filter((items) => items.some(isShip));
    const fitted = ships.filter(
      (items) => items.filter((item) => categoryOf(item.type_id) === 7).length >= 3,
    );
    const hulls = new Set(fitted.map((items) => items.find(isShip)?.type_id));

    expect(ships.filter((items) => items.length === 1).length).toBeGreaterThan(20);
    expect(fitted.length).toBeGreaterThan(20);
    expect(hulls.size).toBeGreaterThan(12);
    const published = fitted
      .flat()
      .every(({ type_id }) => world.universe.types.get(type_id)?.isPublished);
    expect(published).toBe(true);
  });

  it("has capital ships outside of highsec, and the largest in structures", () => {
    const places = (group: RegExp) =>
      contracts.flatMap(({ row, items }) =>
        items().some((item) => isShip(item) && group.test(groupOf(item.type_id)))
          ? [row.start_location_id ?? 0]
          : [],
      );
    const capitals = places(/^(?:Carrier|Dreadnought|Force Auxiliary|Capital Industrial Ship)$/);

    expect(capitals.length).toBeGreaterThan(0);
    for (const id of capitals) expect(securityAt(id) ?? 0).toBeLessThan(0.45);
    for (const id of places(/^(?:Supercarrier|Titan)$/)) expect(id).toBeGreaterThan(1e12);
  });

  it("has copies as they are made: of research 10/20, of invention 2/4, of loot 0/0", () => {
    const copies = itemSets.flat().filter(isCopy);
    const levels = Map.groupBy(
      copies,
      (item) => `${item.material_efficiency}/${item.time_efficiency}`,
    );
    const share = (level: string) => (levels.get(level)?.length ?? 0) / copies.length;

    for (const level of ["10/20", "2/4", "0/0"]) expect(share(level), level).toBeGreaterThan(0.1);
    const invented = copies.find(({ type_id }) => nameOf(type_id).endsWith(" II Blueprint"));
    expect([1, 2, 3, 4, 9, 10, 11, 14, 19, 20]).toContain(invented?.runs);
  });

  it("has barters, and auctions to be bought out at once", () => {
    const barters = contracts.filter(({ row, items }) => {
      const asked = items().filter((item) => !item.is_included).length;
      return row.price === 0 && row.reward === 0 && asked > 0 && asked < items().length;
    });
    const auctions = rows.filter((row) => row.type === "auction");
    const buyouts = auctions.filter((row) => (row.buyout ?? 0) > 0);

    expect(barters.length).toBeGreaterThan(20);
    expect(buyouts.every((row) => (row.buyout ?? 0) >= (row.price ?? 0))).toBe(true);
    expect(buyouts.length / auctions.length).toBeGreaterThan(0.6);
  });

  it("says in titles what is offered, as pilots write it", () => {
    const titles = rows.map((row) => row.title ?? "");

    for (const said of [/^WTS /, /^WTB /, /10\/20 BPC/, /BPO/, /\d(?:m|mil|b)$/, /^trade for /])
      expect(titles.filter((title) => said.test(title)).length, String(said)).toBeGreaterThan(2);
  });

  it("has prices of two decimals at most", () => {
    const prices = rows.map((row) => row.price ?? 0);

    expect(prices.every((price) => price === Math.round(price * 100) / 100)).toBe(true);
    expect(prices.some((price) => !Number.isInteger(price))).toBe(true);
  });

  it("holds types and a station that the extract lacks, and ESI resolves", async () => {
    const ask = createAsk(createStandIn({ world, now: () => now }));
    const typeIds = new Set(itemSets.flat().map((item) => item.type_id));
    const locations = new Set(rows.map((row) => row.start_location_id));

    expect(typeIds).toContain(newerIds.blueprint);
    expect(typeIds).toContain(newerIds.module);
    expect(locations).toContain(newerIds.station);
    expect(shippedUniverse().types.has(newerIds.blueprint)).toBe(false);
    const paths = [
      `/universe/types/${newerIds.module}`,
      `/universe/groups/${newerIds.group}`,
      `/universe/stations/${newerIds.station}`,
    ];
    for (const path of paths) expect((await ask(path)).status).toBe(200);
  });

  it("names every issuer and corporation", async () => {
    const ask = createAsk(createStandIn({ world, now: () => now }));
    const ids = new Set(rows.flatMap((row) => [row.issuer_id, row.issuer_corporation_id]));

    const statuses: number[] = [];
    for (let from = 0; from < ids.size; from += 1000) {
      const post = [...ids].slice(from, from + 1000);
      statuses.push((await ask("/universe/names", { post })).status);
    }

    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it("lists the rows of a region at a given time", () => {
    const rowsThen = world.listAt(10_000_002, now);

    expect(rowsThen.map((row) => row.contract_id)).toEqual(world.outstandingAt(10_000_002, now));
    const later = new Date(now.getTime() + 86_400_000);
    expect(world.outstandingAt(10_000_002, later).length).toBeLessThan(rowsThen.length);
  });
});

describe("its couriers", () => {
  let world: World;
  let couriers: ContractRow[];

  beforeAll(() => {
    // As large as the bench's middle size: some 500 of them.
    world = make(1, 100_000);
    couriers = allOf(world)
      .map(({ row }) => row)
      .filter((row) => row.type === "courier");
  }, 60_000);

  const startOf = (row: ContractRow) => row.start_location_id ?? 0;
  const endOf = (row: ContractRow) => row.end_location_id ?? 0;
  const isBetweenStations = (row: ContractRow) => startOf(row) < 1e12 && endOf(row) < 1e12;
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

  it("run between more than a hundred pairs of places, and never end where they start", () => {
    const pairs = new Set(couriers.map((row) => `${startOf(row)} ${endOf(row)}`));

    expect(couriers.length).toBeGreaterThan(350);
    expect(pairs.size).toBeGreaterThan(100);
    expect(couriers.filter((row) => startOf(row) === endOf(row))).toEqual([]);
  });

  it("have stations at both ends, nine of ten", () => {
    const share = couriers.filter(isBetweenStations).length / couriers.length;

    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(0.95);
  });

  it("run most between the hubs, and are listed where they start", () => {
    const [jita, amarr] = [60_003_760, 60_008_494];
    const ways = Map.groupBy(couriers, (row) => `${startOf(row)} ${endOf(row)}`);
    const [busiest = ""] = [...ways].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];

    expect([`${jita} ${amarr}`, `${amarr} ${jita}`]).toContain(busiest);
    for (const row of couriers.filter(isBetweenStations)) {
      const systemId = world.universe.stations.get(startOf(row))?.systemId ?? 0;
      const regionId = world.universe.systems.get(systemId)?.regionId;
      expect(world.contract(row.contract_id)?.regionId).toBe(regionId);
    }
  });

  it("fit into common hauling ships, and allow a day to two weeks", () => {
    const volumes = couriers.map(({ volume = 0 }) => volume);

    expect(Math.max(...volumes)).toBeLessThanOrEqual(1_250_000);
    for (const usual of [12_500, 60_000, 345_000]) expect(volumes).toContain(usual);
    const days = couriers.map(({ days_to_complete: own = 0 }) => own);
    expect(Math.min(...days)).toBe(1);
    expect(Math.max(...days)).toBe(14);
  });

  it("pay more for more volume, and for a longer way", () => {
    const jumpsBetween = createDistances(world.universe);
    const systemOf = (id: number) => world.universe.stations.get(id)?.systemId ?? 0;
    const jumpsOf = (row: ContractRow) =>
      jumpsBetween(systemOf(startOf(row)), systemOf(endOf(row))) ?? 0;
    const pay = (those: readonly ContractRow[]) => {
      expect(those.length).toBeGreaterThan(20);
      return median(those.map(({ reward = 0 }) => reward));
    };
    const haul = couriers.filter(isBetweenStations);
    const [small, large] = [
      haul.filter(({ volume = 0 }) => volume < 60_000),
      haul.filter(({ volume = 0 }) => volume > 300_000),
    ];

    expect(pay(large)).toBeGreaterThan(2 * pay(small));
    const [near, far] = [
      haul.filter((row) => jumpsOf(row) <= 6),
      haul.filter((row) => jumpsOf(row) >= 15),
    ];
    expect(pay(far)).toBeGreaterThan(1.5 * pay(near));
  });

  it("risk up to fifty times what they pay, except for a few", () => {
    const ratios = couriers.map(({ collateral = 0, reward = 0 }) => collateral / reward);
    const beyond = ratios.filter((ratio) => ratio > 50).length / ratios.length;

    expect(beyond).toBeGreaterThan(0.04);
    expect(beyond).toBeLessThan(0.2);
    expect(ratios).toContain(0);
    expect(Math.max(...ratios)).toBeGreaterThan(200);
  });
});

it("has ten times the ships and couriers if it is set to be rich", () => {
  const world = createNewEden({
    universe: shippedUniverse(),
    seed: 7,
    contracts: 2_000,
    now,
    mix: "rich",
  });
  const all = allOf(world);
  const isShip = ({ type_id: id, is_included: isOffered }: ItemRow) =>
    isOffered &&
    world.universe.groups.get(world.universe.types.get(id)?.groupId ?? -1)?.categoryId === 6;

  const couriers = all.filter(({ row }) => row.type === "courier").length / all.length;
  const ships = all.filter((contract) => contract.items().some(isShip)).length / all.length;
  expect(couriers).toBeCloseTo(0.08, 1);
  expect(couriers).toBeGreaterThan(0.06);
  expect(ships).toBeGreaterThan(0.08);
  expect(ships).toBeLessThan(0.16);
});

it("makes the same world from the same seed, to the byte, and a different one from another seed", async () => {
  const textOf = async (seed: number) => {
    const world = make(seed, 1_500);
    const ask = createAsk(createStandIn({ world, now: () => now }));
    const list = await (await ask("/contracts/public/10000002")).text();
    const ids = world.outstandingAt(10_000_002, now).slice(0, 50);
    const items = await Promise.all(
      ids.map(async (id) => (await ask(`/contracts/public/items/${id}`)).text()),
    );
    return [list, ...items].join("\n");
  };

  const [first, second, other] = [await textOf(3), await textOf(3), await textOf(4)];

  expect(first).toBe(second);
  expect(first).not.toBe(other);
});

it("makes a contract from its id alone, whatever was asked for before", () => {
  const known = make(5, 2_000);
  const all = allOf(known).map(({ row }) => row.contract_id);

  fc.assert(
    fc.property(fc.constantFrom(...all), (id) => {
      const fresh = make(5, 2_000);
      expect(fresh.contract(id)?.items()).toEqual(known.contract(id)?.items());
      expect(fresh.contract(id)?.row).toEqual(known.contract(id)?.row);
    }),
    { numRuns: 8 },
  );
});
