import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { createAsk } from "../asking.ts";
import { shippedUniverse } from "../shipped-universe.ts";
import { createStandIn } from "../stand-in.ts";
import type { ContractRow, ItemRow } from "../wire.ts";
import type { World, WorldContract } from "../world.ts";
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

  beforeAll(() => {
    world = make(7);
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

  it("fills in what a type of contract has no use for, as ESI does", () => {
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

  it("lists the rows of a region as they are at a moment", () => {
    const rowsThen = world.listAt(10_000_002, now);

    expect(rowsThen.map((row) => row.contract_id)).toEqual(world.outstandingAt(10_000_002, now));
    const later = new Date(now.getTime() + 86_400_000);
    expect(world.outstandingAt(10_000_002, later).length).toBeLessThan(rowsThen.length);
  });
});

it("makes the same world of the same seed, to the byte, and another of another", async () => {
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

it("makes a contract from its id alone, whatever was asked before", () => {
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
