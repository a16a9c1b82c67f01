/** What is known of the universe, and what waits to be asked of ESI: types, places, names. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase, type Database } from "../../src/db/client.ts";
import { createContractRepository } from "../../src/db/contracts/contract-repository.ts";
import { createNameRepository, type NameRepository } from "../../src/db/name-repository.ts";
import {
  createUniverseRepository,
  type UniverseRepository,
} from "../../src/db/universe-repository.ts";
import { aPlacedContract, ishtar, rifter } from "../support/contract-builders.ts";
import { loadTestUniverse } from "../support/universe.ts";

const now = 1_772_366_400_000;
const jita = 60_003_760;
const unheardOf = 60_000_001;

let db: Database;
let universe: UniverseRepository;
let names: NameRepository;

beforeEach(async () => {
  await loadTestUniverse();
  db = createDatabase(env.DB);
  universe = createUniverseRepository(db);
  names = createNameRepository(db);
});

describe("types", () => {
  const aNewType = {
    typeId: 90_000,
    name: "A New Ship",
    groupId: rifter.groupId,
    isPublished: true,
    marketGroupId: null,
    volume: null,
  };
  const rowOf = (typeId: number) =>
    db.first<unknown>(sql`select * from types where type_id = ${typeId}`);

  it("are told with their group and category, if they are known", async () => {
    expect(await universe.types([rifter.typeId, 99, ishtar.typeId])).toEqual([rifter, ishtar]);
  });

  it("are known only once their group and category are known", async () => {
    await db.all(universe.addTypes([{ ...aNewType, groupId: 7_000 }]));
    expect(await universe.types([90_000])).toEqual([]);

    await db.all(
      universe.addGroups([{ groupId: 7_000, name: "New", categoryId: 70, isPublished: true }]),
    );
    expect(await universe.types([90_000])).toEqual([]);

    await db.all(universe.addCategories([{ categoryId: 70, name: "New", isPublished: false }]));
    expect(await universe.types([90_000])).toEqual([
      { typeId: 90_000, name: "A New Ship", groupId: 7_000, categoryId: 70 },
    ]);
  });

  it("are added with all that ESI tells", async () => {
    await db.all(
      universe.addTypes([{ ...aNewType, isPublished: false, marketGroupId: 64, volume: 0.01 }]),
    );

    expect(await rowOf(90_000)).toEqual({
      type_id: 90_000,
      name: "A New Ship",
      group_id: rifter.groupId,
      is_published: 0,
      market_group_id: 64,
      meta_group_id: null,
      base_type_id: null,
      volume: 0.01,
      resolve_at: null,
      search_name: "a new ship",
      resolve_attempts: 0,
    });
  });

  it("are never overwritten once they are known", async () => {
    const before = await rowOf(rifter.typeId);

    await db.batch([
      universe.addTypes([{ ...aNewType, typeId: rifter.typeId }]),
      universe.postponeTypes([{ id: rifter.typeId, attempts: 3, resolveAt: now }]),
    ]);

    expect(await rowOf(rifter.typeId)).toEqual(before);
  });

  it("wait if ESI does not know them, and may be asked again from the exact millisecond", async () => {
    await db.all(universe.postponeTypes([{ id: 90_000, attempts: 2, resolveAt: now }]));
    const waiting = (at: number) => universe.unresolvedTypes([rifter.typeId, 90_000, 90_001], at);

    expect(await waiting(now - 1)).toEqual(
      new Map([[90_000, { id: 90_000, attempts: 2, isDue: false }]]),
    );
    expect(await waiting(now)).toEqual(
      new Map([[90_000, { id: 90_000, attempts: 2, isDue: true }]]),
    );
    expect(await universe.types([90_000])).toEqual([]);
  });

  it("may wait again if ESI still does not know them, and become known later", async () => {
    await db.all(universe.postponeTypes([{ id: 90_000, attempts: 1, resolveAt: now }]));
    await db.all(universe.postponeTypes([{ id: 90_000, attempts: 2, resolveAt: now + 5 }]));
    expect((await universe.unresolvedTypes([90_000], now)).get(90_000)).toEqual({
      id: 90_000,
      attempts: 2,
      isDue: false,
    });

    await db.all(universe.addTypes([aNewType]));

    expect(await universe.unresolvedTypes([90_000], now + 5)).toEqual(new Map());
    expect(await universe.types([90_000])).toEqual([
      { ...rifter, typeId: 90_000, name: "A New Ship" },
    ]);
  });
});

describe("groups and categories", () => {
  it("are missing or not, each told once", async () => {
    expect(await universe.missingGroups([25, 26, 27, 26])).toEqual([26, 27]);
    expect(await universe.missingCategories([6, 5, 5])).toEqual([5]);
    expect(await universe.missingGroups([])).toEqual([]);
  });

  it("are never overwritten", async () => {
    await db.batch([
      universe.addGroups([{ groupId: 25, name: "Other", categoryId: 1, isPublished: false }]),
      universe.addCategories([{ categoryId: 6, name: "Other", isPublished: false }]),
    ]);

    expect(await universe.types([rifter.typeId])).toEqual([rifter]);
    expect(
      await db.all(sql`select name, is_published from categories where category_id = 6`),
    ).toEqual([{ name: "Ship", is_published: 1 }]);
  });
});

describe("places", () => {
  it("are told of stations, as far as they are known", async () => {
    await db.all(universe.expectStations([unheardOf]));
    await db.all(universe.addStation({ stationId: 60_000_002, name: "X", systemId: 9, typeId: 1 }));

    expect(await universe.places([jita, unheardOf, 60_000_002, 60_000_003])).toEqual([
      { locationId: unheardOf, systemId: null, security: null, regionId: null },
      { locationId: 60_000_002, systemId: 9, security: null, regionId: null },
      { locationId: jita, systemId: 30_000_142, security: 0.945_913, regionId: 10_000_002 },
    ]);
  });

  it("are told of systems and constellations", async () => {
    expect([
      await universe.system(31_000_005),
      await universe.system(1),
      await universe.constellationRegion(20_000_020),
      await universe.constellationRegion(1),
    ]).toEqual([{ security: -0.99, regionId: 11_000_031 }, undefined, 10_000_002, undefined]);
  });

  it("are added once", async () => {
    const system = {
      systemId: 30_000_999,
      name: "New",
      constellationId: 1,
      regionId: 2,
      security: 0.5,
    };
    await db.batch([
      universe.addConstellation({ constellationId: 20_000_999, name: "New", regionId: 2 }),
      universe.addConstellation({ constellationId: 20_000_999, name: "Other", regionId: 3 }),
      universe.addSystem(system),
      universe.addSystem({ ...system, security: -1, regionId: 3 }),
    ]);

    expect([
      await universe.system(30_000_999),
      await universe.constellationRegion(20_000_999),
    ]).toEqual([{ security: 0.5, regionId: 2 }, 2]);
  });
});

describe("stations that nobody told us of", () => {
  it("wait from the start, longest due first", async () => {
    await db.all(universe.expectStations([unheardOf, unheardOf + 1, jita]));
    await db.all(universe.postponeStation({ id: unheardOf, attempts: 1, resolveAt: now }));

    expect([
      await universe.stationsToResolve(now - 1, 10),
      await universe.stationsToResolve(now, 10),
      await universe.stationsToResolve(now, 1),
    ]).toEqual([
      [{ id: unheardOf + 1, attempts: 0 }],
      [
        { id: unheardOf + 1, attempts: 0 },
        { id: unheardOf, attempts: 1 },
      ],
      [{ id: unheardOf + 1, attempts: 0 }],
    ]);
  });

  it("stop waiting once they are known, and stay known", async () => {
    await db.all(universe.expectStations([unheardOf]));
    const station = { stationId: unheardOf, name: "New", systemId: 30_000_142, typeId: 1 };

    await db.batch([
      universe.addStation(station),
      universe.addStation({ ...station, name: "Other" }),
      universe.expectStations([unheardOf]),
      universe.postponeStation({ id: unheardOf, attempts: 9, resolveAt: 0 }),
    ]);

    expect(await universe.stationsToResolve(now, 10)).toEqual([]);
    expect(await db.all(sql`select * from stations where station_id = ${unheardOf}`)).toEqual([
      {
        station_id: unheardOf,
        name: "New",
        system_id: 30_000_142,
        type_id: 1,
        resolve_at: null,
        resolve_attempts: 0,
      },
    ]);
  });
});

describe("names of characters and corporations", () => {
  const nameOf = async (id: number) =>
    (await db.first<{ name: string | null }>(sql`select name from names where id = ${id}`))?.name;

  it("wait at once to be asked, each once", async () => {
    await db.all(names.expect([1, 2], now));
    await db.all(names.expect([2, 3], now + 5));

    expect(await names.toResolve(now, 10)).toEqual([
      { id: 1, attempts: 0, requestedAt: now },
      { id: 2, attempts: 0, requestedAt: now },
      { id: 3, attempts: 0, requestedAt: now + 5 },
    ]);
  });

  it("wait for a while if ESI does not know them, longest due first", async () => {
    await db.all(names.expect([1, 2, 3], now));
    await db.all(
      names.postpone([
        { id: 1, attempts: 2, resolveAt: now },
        { id: 2, attempts: 1, resolveAt: now - 1 },
        { id: 3, attempts: 1, resolveAt: now + 1 },
      ]),
    );

    expect(await names.toResolve(now, 10)).toEqual([
      { id: 2, attempts: 1, requestedAt: now },
      { id: 1, attempts: 2, requestedAt: now },
    ]);
    expect(await names.toResolve(now, 1)).toHaveLength(1);
  });

  it("stop waiting once they are known, even if they are listed again", async () => {
    await db.all(names.expect([1], now));

    await db.batch([
      names.resolve([
        { id: 1, name: "O'Neill <b>\u202e" },
        { id: 9, name: "Nobody asked" },
      ]),
      names.expect([1], now + 5),
    ]);

    expect(await names.toResolve(now + 9, 10)).toEqual([]);
    expect([await nameOf(1), await nameOf(9)]).toEqual(["O'Neill <b>\u202e", undefined]);
  });

  it("are shown by regions that list a contract of theirs stored since a given time", async () => {
    const contracts = createContractRepository(db);
    const list = (contractId: number, regionId: number, at: number, issuer: object) =>
      db.batch(
        contracts.insertListed(regionId, [aPlacedContract({ contractId, ...issuer })], at, []),
      );
    await list(1, 11, now, { issuerId: 1 });
    await list(2, 12, now, { issuerCorporationId: 2 });
    await list(3, 13, now - 1, { issuerId: 1 });
    await list(4, 14, now, { issuerId: 3 });
    await list(5, 15, now, { issuerId: 1 });
    await list(6, 11, now, { issuerCorporationId: 2 });
    await db.batch(contracts.unlist([5], { endedAt: 1, lastListedAt: null }));

    const regionIds = await names.regionsOfIssuers([1, 2], now);

    expect(regionIds.toSorted((a, b) => a - b)).toEqual([11, 12]);
  });
});
