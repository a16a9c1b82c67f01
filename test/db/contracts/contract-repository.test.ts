import { env } from "cloudflare:workers";
import { type SQL, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase, type Database } from "../../../src/db/client.ts";
import {
  type ContractRepository,
  createContractRepository,
} from "../../../src/db/contracts/contract-repository.ts";
import type { PlacedContract } from "../../../src/db/contracts/listing.ts";
import { jsonChunkLength, jsonIds } from "../../../src/db/d1.ts";
import { mentions, offersAny } from "../../../src/db/search/search-document.ts";
import type { ContractItem } from "../../../src/domain/item.ts";
import { type Offer, offerOf } from "../../../src/domain/offer.ts";
import {
  aContractItem,
  aPlacedContract,
  hobgoblin,
  ishtar,
  rifter,
  rifterBlueprint,
  tritanium,
  typeOf,
} from "../../support/contract-builders.ts";

const forge = 10_000_002;
const domain = 10_000_043;
const listedAt = 1_772_366_500_123;
const endedAt = 1_772_370_000;
const lastListedAt = endedAt - 1_800;
const { dateExpired } = aPlacedContract();

let db: Database;
let contracts: ContractRepository;

beforeEach(() => {
  db = createDatabase(env.DB);
  contracts = createContractRepository(db);
});

type ListOptions = { regionId?: number; at?: number; reappearing?: number[] };

const list = (listed: readonly PlacedContract[], options: ListOptions = {}) =>
  db.batch(
    contracts.insertListed(
      options.regionId ?? forge,
      listed,
      options.at ?? listedAt,
      options.reappearing ?? [],
    ),
  );

const unlist = (...ids: number[]) => db.batch(contracts.unlist(ids, { endedAt, lastListedAt }));

const aContract = (contractId: number, fields: Partial<PlacedContract> = {}) =>
  aPlacedContract({ contractId, ...fields });

const offered = (contractId: number, ...items: ContractItem[]) => ({
  contractId,
  items,
  offer: offerOf(items, typeOf),
});

/** Stores items as the sync does, with what they make of their contracts. */
const complete = (...all: ReturnType<typeof offered>[]) =>
  db.batch([...contracts.storeItems(all), ...contracts.storeOffers(all)]);

const rowOf = (contractId: number) =>
  db.first<unknown>(sql`select * from contracts where contract_id = ${contractId}`);

const column = async (name: string) => {
  const rows = await db.all<{ id: number; value: unknown }>(
    sql`select contract_id as id, ${sql.raw(name)} as value from contracts order by contract_id`,
  );
  return Object.fromEntries(rows.map(({ id, value }) => [id, value]));
};

async function matches(index: SQL, expression: string): Promise<number[]> {
  const rows = await db.all(sql<{ id: number }>`
    select rowid as id from ${index} where ${index} match ${expression} order by rowid`);
  return rows.map(({ id }) => id);
}

/** Which contracts the two full-text indexes find. */
const search = async (expression: string) => ({
  listed: await matches(sql`listed_search`, expression),
  ended: await matches(sql`ended_search`, expression),
});

/** How many documents an index holds, found or not. */
async function documents(index: "listed_search" | "ended_search"): Promise<number> {
  const row = await db.first(sql<{ many: number }>`
    select count(*) as many from ${sql.raw(`${index}_docsize`)}`);
  return row?.many ?? 0;
}

const stored = {
  contractId: 1,
  type: "item_exchange",
  dateExpired,
  isListed: true,
  isShip: null,
  isSystemKnown: true,
  itemsStatus: "pending",
};

const notDerived = {
  item_count: null,
  requested_item_count: null,
  label: null,
  primary_type_id: null,
  is_ship: null,
  blueprint_count: null,
  has_blueprint_copy: null,
  has_blueprint_original: null,
  blueprint_is_copy: null,
  blueprint_runs: null,
  blueprint_material_efficiency: null,
  blueprint_time_efficiency: null,
  blueprints: null,
  offered_type_id: null,
  offered_group_id: null,
  offered_category_id: null,
  offered_types: null,
  hull_type_id: null,
  item_flag_bits: null,
  item_flags: null,
  search_names: null,
  search_type_ids: null,
};

const notValued = {
  value_sell: null,
  value_buy: null,
  priced_count: null,
  requested_value: null,
  top_share: null,
  price_confidence: null,
  priced_at: null,
};

describe("a contract that is listed", () => {
  it("is stored with all that the list says", async () => {
    await list([
      aContract(7, {
        type: "courier",
        title: "To Amarr",
        price: null,
        reward: 5_000_000.01,
        collateral: 9_999_999_999_999.99,
        volume: 2.169_999_999_999_998_6,
        daysToComplete: 3,
        forCorporation: true,
        endLocationId: 1_035_466_617_946,
        endSystemId: 30_002_510,
        endSecurityClass: "lowsec",
        routeJumps: 11,
        routeJumpsHighsec: 45,
      }),
    ]);

    expect(await rowOf(7)).toEqual({
      contract_id: 7,
      region_id: forge,
      type: "courier",
      title: "To Amarr",
      search_title: "to amarr",
      price: null,
      reward: 5_000_000.01,
      collateral: 9_999_999_999_999.99,
      volume: 2.169_999_999_999_998_6,
      buyout: null,
      days_to_complete: 3,
      date_issued: 1_772_366_400,
      date_expired: dateExpired,
      for_corporation: 1,
      issuer_id: 2_112_000_001,
      issuer_corporation_id: 98_000_001,
      start_location_id: 60_003_760,
      start_system_id: 30_000_142,
      start_security_class: "highsec",
      end_location_id: 1_035_466_617_946,
      end_system_id: 30_002_510,
      end_security_class: "lowsec",
      route_jumps: 11,
      route_jumps_highsec: 45,
      is_listed: 1,
      first_seen_at: listedAt,
      last_listed_at: null,
      ended_at: null,
      items_status: "none",
      items_due_at: null,
      items_attempts: 0,
      ...notDerived,
      ...notValued,
    });
  });

  it.each([
    ["item_exchange", "pending", 0],
    ["auction", "pending", 0],
    ["courier", "none", null],
    ["loan", "none", null],
    ["unknown", "none", null],
  ] as const)("of type %s has items that are %s", async (type, itemsStatus, dueAt) => {
    await list([aContract(1, { type })]);

    expect(await rowOf(1)).toMatchObject({ items_status: itemsStatus, items_due_at: dueAt });
  });

  it("may lack everything that ESI may leave out", async () => {
    const absent = {
      price: null,
      reward: null,
      volume: null,
      startLocationId: null,
      startSystemId: null,
      startSecurityClass: null,
    };

    await list([aContract(1, absent)]);

    expect(await rowOf(1)).toMatchObject({
      price: null,
      reward: null,
      volume: null,
      start_location_id: null,
      start_system_id: null,
      start_security_class: null,
    });
  });

  it("is found by its title among listed contracts", async () => {
    await list([aContract(1, { title: "Cheap Rifters" }), aContract(2)]);

    expect(await search(mentions("rifter"))).toEqual({ listed: [1], ended: [] });
    expect(await documents("listed_search")).toBe(1);
  });

  it("is not searchable without a title until its items are known", async () => {
    await list([aContract(1)]);

    expect(await documents("listed_search")).toBe(0);
  });

  it("keeps its fields when it is listed again, except for its dates", async () => {
    await list([aContract(1, { type: "auction", title: "first" })]);
    await list(
      [aContract(1, { title: "second", price: 5, dateIssued: 6, dateExpired: dateExpired + 7 })],
      { at: listedAt + 1 },
    );

    expect(await rowOf(1)).toMatchObject({
      type: "auction",
      title: "first",
      price: 1_000_000,
      first_seen_at: listedAt,
      date_issued: 6,
      date_expired: dateExpired + 7,
    });
  });

  it("may come in any number, even more than one parameter can hold", async () => {
    const title = "蓝".repeat(2_000);
    const many = Array.from({ length: 300 }, (_, index) => aContract(index + 1, { title }));

    await list(many);

    expect(JSON.stringify(many).length).toBeGreaterThan(jsonChunkLength);
    expect(await contracts.listedIn(forge)).toHaveLength(300);
    expect(await documents("listed_search")).toBe(300);
  });

  it("may be an empty list", async () => {
    await list([]);

    expect(await contracts.listedIn(forge)).toEqual([]);
  });
});

describe("hostile titles", () => {
  const titles = [
    "a\u0000b",
    "'; drop table contracts; --",
    '"AND" * NEAR( OR NOT',
    "<script>alert(1)</script>",
    "\\u0000 \\n \\/ \\",
    "\ufeff\u2028\u2029\u0085",
    "\u202edetrever\u202c",
    "مخطط للبيع שלום",
    "出售蓝图 10/20",
    "🚀👨‍👩‍👧🔥",
    "\u{10ffff}\u{e0001}",
    "z̸a̸l̸g̸o̸",
    "e\u0301 é",
    " ",
    "null",
    "1e400",
    '{"a":1}',
    "\u0001\u001f\u007f",
  ];

  it("are stored as they are", async () => {
    await list(titles.map((title, index) => aContract(index + 1, { title })));

    expect(Object.values(await column("title"))).toEqual(titles);
  });

  it("are found as they are, except for a zero character, which no search can contain", async () => {
    await list(titles.map((title, index) => aContract(index + 1, { title })));

    for (const [index, title] of titles.entries()) {
      if (title.includes("\u0000") || Array.from(title).length < 3) continue;
      expect((await search(mentions(title))).listed).toEqual([index + 1]);
    }
  });
});

describe("what is read of listed contracts", () => {
  it("is a region's own", async () => {
    await list([aContract(1), aContract(2, { type: "courier", startSystemId: null })]);
    await list([aContract(3)], { regionId: domain });
    await list([aContract(4)]);
    await unlist(4);

    expect(await contracts.listedIn(forge)).toEqual([
      { ...stored, contractId: 2, type: "courier", isSystemKnown: false, itemsStatus: "none" },
      stored,
    ]);
  });

  it("is read by id whether they are listed or not", async () => {
    await list([aContract(1), aContract(2), aContract(3)]);
    await complete(offered(2, aContractItem()));
    await unlist(1);

    expect(await contracts.byIds([1, 2, 9])).toEqual([
      { ...stored, isListed: false, itemsStatus: "unavailable" },
      { ...stored, contractId: 2, isShip: true, itemsStatus: "complete" },
    ]);
  });

  it("is nothing when no ids are given", async () => {
    expect(await contracts.byIds([])).toEqual([]);
  });
});

describe("a contract that its list lacks", () => {
  it("has ended, at the time of that list", async () => {
    await list([aContract(1), aContract(2)]);

    await unlist(1);

    expect(await rowOf(1)).toMatchObject({
      is_listed: 0,
      ended_at: endedAt,
      last_listed_at: lastListedAt,
      items_status: "unavailable",
      items_due_at: null,
    });
    expect(await rowOf(2)).toMatchObject({ is_listed: 1, ended_at: null, last_listed_at: null });
  });

  it("keeps its items, and is found among ended contracts", async () => {
    await list([aContract(1, { title: "Cheap" })]);
    await complete(offered(1, aContractItem()));

    await unlist(1);

    expect(await rowOf(1)).toMatchObject({ items_status: "complete", label: "Rifter" });
    expect(await search(mentions("cheap"))).toEqual({ listed: [], ended: [1] });
    expect(await search(offersAny("type", [rifter.typeId]))).toEqual({ listed: [], ended: [1] });
  });

  it("ends only once, and a second list changes nothing", async () => {
    await list([aContract(1, { title: "Cheap" })]);
    await unlist(1);

    await db.batch(contracts.unlist([1], { endedAt: endedAt + 5, lastListedAt: endedAt }));

    expect(await rowOf(1)).toMatchObject({ ended_at: endedAt, last_listed_at: lastListedAt });
    expect(await documents("ended_search")).toBe(1);
  });

  it("costs two rows, however much is known of it", async () => {
    await list([aContract(1), aContract(2)]);
    const before = db.costs.rowsWritten;

    await unlist(1, 2);

    // The row itself, and its entry among what has ended.
    expect(db.costs.rowsWritten - before).toBe(4);
  });
});

describe("a contract that comes back", () => {
  it("is listed again, with all that is known of it", async () => {
    await list([aContract(1, { title: "Cheap" })]);
    await complete(offered(1, aContractItem()));
    const before = await rowOf(1);
    await unlist(1);

    await list([aContract(1)], { at: listedAt + 9_000, reappearing: [1] });

    expect(await rowOf(1)).toEqual(before);
    expect(await search(mentions("cheap"))).toEqual({ listed: [1], ended: [] });
    expect(await documents("ended_search")).toBe(0);
  });

  it("is asked for its items again if they were never known", async () => {
    await list([aContract(1)]);
    await unlist(1);

    await list([aContract(1)], { reappearing: [1] });

    expect(await rowOf(1)).toMatchObject({ items_status: "pending", items_due_at: 0 });
  });

  it("stays without items if its type has none", async () => {
    await list([aContract(1, { type: "courier" })]);
    await unlist(1);

    await list([aContract(1, { type: "courier" })], { reappearing: [1] });

    expect(await rowOf(1)).toMatchObject({ items_status: "none", items_due_at: null });
  });

  it("may move to another region, and then belongs to that one", async () => {
    await list([aContract(1)]);
    await unlist(1);

    await list([aContract(1)], { regionId: domain, reappearing: [1] });

    expect(await contracts.listedIn(forge)).toEqual([]);
    expect(await contracts.listedIn(domain)).toEqual([stored]);
  });
});

describe("contracts of a region that is no longer synced", () => {
  const leave = (...ids: number[]) =>
    db.batch(contracts.unlist(ids, { endedAt: null, lastListedAt }));

  it("are no longer listed, but do not count as ended", async () => {
    await list([aContract(1)]);

    await leave(1);

    expect(await rowOf(1)).toMatchObject({
      is_listed: 0,
      ended_at: null,
      last_listed_at: lastListedAt,
    });
  });

  it("end with the region's next list, if they are missing from it", async () => {
    await list([aContract(1), aContract(2), aContract(3)]);
    await list([aContract(4)], { regionId: domain });
    await unlist(3);
    await leave(1, 2, 4);
    await list([aContract(2)], { reappearing: [2] });

    await db.all(contracts.endLeftBehind(forge, endedAt + 60));

    expect(await column("ended_at")).toEqual({ 1: endedAt + 60, 2: null, 3: endedAt, 4: null });
  });
});

describe("auctions that move", () => {
  it("get their new dates, and nothing else is written", async () => {
    await list([1, 2, 3].map((id) => aContract(id, { type: "auction" })));

    await db.all(
      contracts.move([
        { contractId: 1, dateIssued: 10, dateExpired: 20 },
        { contractId: 3, dateIssued: 30, dateExpired: 40 },
        { contractId: 9, dateIssued: 50, dateExpired: 60 },
      ]),
    );

    expect(await column("date_issued")).toEqual({ 1: 10, 2: 1_772_366_400, 3: 30 });
    expect(await column("date_expired")).toEqual({ 1: 20, 2: dateExpired, 3: 40 });
  });
});

describe("contracts whose items are due", () => {
  const now = dateExpired - 1_000;
  const due = {
    contractId: 1,
    type: "item_exchange",
    isListed: true,
    dateExpired,
    isShip: null,
    isSystemKnown: true,
    itemsStatus: "pending",
    regionId: forge,
    title: null,
    attempts: 0,
  };
  const refuse = (contractId: number, dueAt: number, attempts = 1) =>
    db.all(contracts.refuseItems([{ contractId, attempts, dueAt, itemsStatus: "unavailable" }]));
  const idsDue = async (at = now, limit = 10) =>
    (await contracts.dueForItems(at, limit)).map(({ contractId }) => contractId);

  it("are returned with the facts that they are counted by", async () => {
    await list([aContract(1, { startSystemId: null })]);

    expect(await contracts.dueForItems(now, 10)).toEqual([{ ...due, isSystemKnown: false }]);
  });

  it("come newest first, then those that ESI refused, longest due first", async () => {
    await list([1, 2, 3, 4, 5].map((id) => aContract(id)));
    await refuse(4, now - 10);
    await refuse(5, now - 5);
    await refuse(1, now - 20);

    expect(await idsDue()).toEqual([3, 2, 1, 4, 5]);
    expect(await idsDue(now, 4)).toEqual([3, 2, 1, 4]);
    expect(await idsDue(now, 1)).toEqual([3]);
  });

  it("become due again at the exact second", async () => {
    await list([aContract(1)]);
    await refuse(1, now);

    expect([await idsDue(now - 1), await idsDue(now)]).toEqual([[], [1]]);
  });

  it("remember how often ESI refused", async () => {
    await list([aContract(1)]);
    await refuse(1, now, 3);

    expect(await contracts.dueForItems(now, 10)).toEqual([
      { ...due, attempts: 3, itemsStatus: "unavailable" },
    ]);
  });

  it("are no longer asked for once they have expired", async () => {
    await list([aContract(1, { dateExpired: now }), aContract(2, { dateExpired: now + 1 })]);

    expect(await idsDue()).toEqual([2]);
  });

  it("leave out contracts that have ended, have no items, or already have them", async () => {
    await list([aContract(1), aContract(2, { type: "courier" }), aContract(3), aContract(4)]);
    await unlist(1);
    await complete(offered(3, aContractItem()));

    expect(await idsDue()).toEqual([4]);
  });
});

describe("items", () => {
  const copy = aContractItem({
    recordId: 2,
    typeId: rifterBlueprint.typeId,
    isBlueprintCopy: true,
    runs: 20_000,
    materialEfficiency: 10,
    timeEfficiency: 20,
  });
  const asked = aContractItem({ recordId: 3, isIncluded: false, itemId: null, quantity: 9 });

  it("are stored with all that ESI says of them", async () => {
    const items = [aContractItem({ recordId: 1 }), copy, asked];

    await db.batch(contracts.storeItems([{ contractId: 1, items }]));

    expect(await contracts.itemsOf([1])).toEqual(new Map([[1, items]]));
  });

  it("are stored once, and storing them again writes nothing", async () => {
    const all = [{ contractId: 1, items: [aContractItem(), copy] }];
    await db.batch(contracts.storeItems(all));
    const before = db.costs.rowsWritten;

    await db.batch(contracts.storeItems(all));
    await db.batch(
      contracts.storeItems([{ contractId: 1, items: [aContractItem({ quantity: 99 }), copy] }]),
    );

    expect(db.costs.rowsWritten - before).toBe(0);
    expect(await contracts.itemsOf([1])).toEqual(new Map([[1, [copy, aContractItem()]]]));
  });

  it("belong to their own contract, even if another contract uses the same record id", async () => {
    const [mine, yours] = [aContractItem({ quantity: 1 }), aContractItem({ quantity: 2 })];

    await db.batch(
      contracts.storeItems([
        { contractId: 1, items: [mine] },
        { contractId: 2, items: [yours] },
      ]),
    );

    expect(await contracts.itemsOf([1, 2, 3])).toEqual(
      new Map([
        [1, [mine]],
        [2, [yours]],
      ]),
    );
  });

  it("may come in any number, even more than one parameter can hold", async () => {
    const items = Array.from({ length: 4_000 }, (_, index) =>
      aContractItem({ recordId: index + 1 }),
    );
    const queries = contracts.storeItems([{ contractId: 1, items }]);

    await db.batch(queries);

    expect(queries.length).toBeGreaterThan(1);
    expect((await contracts.itemsOf([1])).get(1)).toEqual(items);
  });

  it("cost one row each", async () => {
    const before = db.costs.rowsWritten;

    await db.batch(
      contracts.storeItems([{ contractId: 1, items: [aContractItem(), copy, asked] }]),
    );

    expect(db.costs.rowsWritten - before).toBe(3);
  });
});

describe("offers", () => {
  it("are stored with their contract, which then counts as complete", async () => {
    await list([aContract(1)]);
    const items = [
      aContractItem({
        typeId: rifterBlueprint.typeId,
        isBlueprintCopy: true,
        runs: 5,
        materialEfficiency: 10,
        timeEfficiency: 20,
      }),
      aContractItem({ recordId: 2, isIncluded: false, typeId: tritanium.typeId }),
    ];

    await complete(offered(1, ...items));

    expect(await rowOf(1)).toMatchObject({
      items_status: "complete",
      items_due_at: null,
      item_count: 1,
      requested_item_count: 1,
      label: "Rifter Blueprint",
      primary_type_id: rifterBlueprint.typeId,
      is_ship: 0,
      blueprint_count: 1,
      has_blueprint_copy: 1,
      has_blueprint_original: 0,
      blueprint_is_copy: 1,
      blueprint_runs: 5,
      blueprint_material_efficiency: 10,
      blueprint_time_efficiency: 20,
      blueprints: null,
      offered_type_id: rifterBlueprint.typeId,
      offered_group_id: rifterBlueprint.groupId,
      offered_category_id: rifterBlueprint.categoryId,
      offered_types: null,
      search_names: "rifter blueprint",
    });
  });

  it("have no single blueprint if there are several", async () => {
    await list([aContract(1)]);
    const blueprint = { typeId: rifterBlueprint.typeId, materialEfficiency: 10 };

    await complete(
      offered(1, aContractItem(blueprint), aContractItem({ ...blueprint, recordId: 2 })),
    );

    expect(await rowOf(1)).toMatchObject({
      blueprint_count: 2,
      has_blueprint_original: 1,
      blueprint_is_copy: null,
      blueprint_runs: null,
      blueprint_material_efficiency: null,
    });
  });

  it("are found by what they offer, not by what they ask for", async () => {
    await list([aContract(1), aContract(2)]);
    const asked = { isIncluded: false, typeId: ishtar.typeId };

    await complete(
      offered(1, aContractItem(), aContractItem({ recordId: 2, ...asked })),
      offered(2, aContractItem(asked)),
    );

    expect([
      (await search(offersAny("type", [rifter.typeId, ishtar.typeId]))).listed,
      (await search(offersAny("group", [rifter.groupId]))).listed,
      (await search(offersAny("category", [rifter.categoryId]))).listed,
      (await search(mentions("ishtar"))).listed,
      (await search(mentions("rifter"))).listed,
    ]).toEqual([[1], [1], [1], [], [1]]);
  });

  it("may be replaced, and are then found only by the new items", async () => {
    await list([aContract(1, { title: "Cheap" })]);
    await complete(offered(1, aContractItem()));

    await complete(offered(1, aContractItem({ typeId: hobgoblin.typeId })));

    expect([
      (await search(mentions("rifter"))).listed,
      (await search(mentions("hobgoblin"))).listed,
      (await search(mentions("cheap"))).listed,
      await documents("listed_search"),
    ]).toEqual([[], [1], [1], 1]);
  });

  it("are found among ended contracts if their contract has ended", async () => {
    await list([aContract(1)]);
    await unlist(1);

    await complete(offered(1, aContractItem()));

    expect(await search(mentions("rifter"))).toEqual({ listed: [], ended: [1] });
    expect(await rowOf(1)).toMatchObject({ is_listed: 0, items_status: "complete" });
  });

  it("may have names in any script and of any length", async () => {
    const name = `${'"蓝图" \u202e'.repeat(100_000)}end`;
    const strange = { ...rifter, name };
    await list([aContract(1), aContract(2)]);
    const all = [1, 2].map((contractId) => ({
      contractId,
      offer: offerOf([aContractItem()], () => strange),
    }));

    await db.batch(contracts.storeOffers(all));

    expect(await column("label")).toEqual({ 1: name, 2: name });
    expect((await search(mentions('"蓝图" \u202eend'))).listed).toEqual([1, 2]);
  });
});

describe("places", () => {
  const structure = 1_035_466_617_946;
  const unplaced = { startLocationId: structure, startSystemId: null, startSecurityClass: null };

  it("wait with their listed contracts while unknown", async () => {
    await list([aContract(1, unplaced), aContract(2)]);
    await list([aContract(3, unplaced), aContract(4, { ...unplaced, startLocationId: 7 })], {
      regionId: domain,
    });
    await list([aContract(5, unplaced)]);
    await unlist(5);

    expect(await contracts.unplacedAt(structure)).toEqual([
      { ...stored, contractId: 1, isSystemKnown: false, regionId: forge },
      { ...stored, contractId: 3, isSystemKnown: false, regionId: domain },
    ]);
  });

  it("replace whatever was known before for every contract that starts there", async () => {
    await list([
      aContract(1, unplaced),
      aContract(2),
      aContract(3, { ...unplaced, startSystemId: 31_000_005, startSecurityClass: "wormhole" }),
    ]);

    await db.all(contracts.place(structure, 30_002_510, "lowsec"));

    expect(await column("start_system_id")).toEqual({
      1: 30_002_510,
      2: 30_000_142,
      3: 30_002_510,
    });
    expect(await column("start_security_class")).toEqual({
      1: "lowsec",
      2: "highsec",
      3: "lowsec",
    });
  });
});

describe("the next contracts to derive again", () => {
  it("come in order of id with all their items, whether listed or not", async () => {
    await list([1, 2, 3, 4, 5].map((id) => aContract(id)));
    const some = [aContractItem({ recordId: 1 }), aContractItem({ recordId: 2, quantity: 7 })];
    await complete(
      offered(1, ...some),
      offered(2, ...some),
      offered(4, ...some),
      offered(5, ...some),
    );
    await unlist(2);

    expect(await contracts.offersAfter(1, 2)).toEqual([
      {
        ...stored,
        contractId: 2,
        isListed: false,
        isShip: true,
        itemsStatus: "complete",
        regionId: forge,
        title: null,
        items: some,
        isOf: expect.any(Function),
      },
      {
        ...stored,
        contractId: 4,
        isShip: true,
        itemsStatus: "complete",
        regionId: forge,
        title: null,
        items: some,
        isOf: expect.any(Function),
      },
    ]);
    expect(await contracts.offersAfter(5, 2)).toEqual([]);
  });

  it("can tell whether a newly made offer equals the stored one", async () => {
    await list([aContract(1)]);
    const items = [aContractItem(), aContractItem({ recordId: 2, typeId: tritanium.typeId })];
    const offer = offerOf(items, typeOf);
    await complete({ contractId: 1, items, offer });
    const [found] = await contracts.offersAfter(0, 1);
    const otherwise: Partial<Offer>[] = [
      { label: "Rifter" },
      { isShip: false },
      { itemCount: 3 },
      { blueprint: { isCopy: true, runs: 1, materialEfficiency: 0, timeEfficiency: 0 } },
      { types: [{ ...tritanium, name: "Another name" }, ...offer.types.slice(1)] },
      { types: [{ ...tritanium, groupId: 1 }, ...offer.types.slice(1)] },
    ];

    expect(found?.isOf(offer, [])).toBe(true);
    expect(otherwise.filter((fields) => found?.isOf({ ...offer, ...fields }, []))).toEqual([]);
  });

  it("leave out contracts that wait for a type or for their items", async () => {
    await list([aContract(1), aContract(2)]);
    await db.batch(contracts.storeItems([{ contractId: 1, items: [aContractItem()] }]));

    expect(await contracts.offersAfter(0, 10)).toEqual([]);
  });
});

describe("contracts that ended long ago", () => {
  it("come oldest first, if they ended before a given time", async () => {
    await list([1, 2, 3, 4].map((id) => aContract(id)));
    for (const [id, at] of [
      [1, 30],
      [2, 10],
      [3, 20],
    ] as const) {
      await db.batch(contracts.unlist([id], { endedAt: at, lastListedAt: 5 }));
    }

    expect([
      await contracts.endedBefore(30, 10),
      await contracts.endedBefore(31, 10),
      await contracts.endedBefore(31, 2),
    ]).toEqual([
      [2, 3],
      [2, 3, 1],
      [2, 3],
    ]);
  });

  it("are forgotten with their items, their bids and their documents", async () => {
    await list([aContract(1, { title: "Cheap" }), aContract(2, { title: "Cheap" })]);
    await complete(offered(1, aContractItem()), offered(2, aContractItem()));
    await db.all(sql`
      insert into contract_bids (contract_id, bids, expires_at) values (1, '[]', 0), (2, '[]', 0)`);
    await unlist(1, 2);

    await db.batch(contracts.forget([1]));

    const [left, items, bids] = await db.batch([
      sql<{ id: number }>`select contract_id as id from contracts`,
      sql<{ id: number }>`select contract_id as id from contract_items`,
      sql<{ id: number }>`select contract_id as id from contract_bids`,
    ]);
    expect([left, items, bids]).toEqual([[{ id: 2 }], [{ id: 2 }], [{ id: 2 }]]);
    expect(await search(mentions("cheap"))).toEqual({ listed: [], ended: [2] });
    expect(await documents("ended_search")).toBe(1);
  });
});

describe("ids in any number", () => {
  it("are ended, found and forgotten", async () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => index + 1);
    await list(ids.map((id) => aContract(id, { title: `number ${id}` })));

    await unlist(...ids);
    await db.batch(contracts.forget(ids.slice(1)));

    const left = await db.all(
      sql`select contract_id from contracts where contract_id in ${jsonIds(ids)}`,
    );
    expect(left).toEqual([{ contract_id: 1 }]);
    expect(await documents("ended_search")).toBe(1);
  });
});
