/** What is read of one contract, and how its row becomes what lists show. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase, type Database } from "../../src/db/client.ts";
import {
  type ContractDetailRepository,
  createContractDetailRepository,
} from "../../src/db/contract-detail-repository.ts";
import { summaryFromRow } from "../../src/db/contract-summary.ts";
import {
  type ContractRepository,
  createContractRepository,
} from "../../src/db/contracts/contract-repository.ts";
import type { PlacedContract } from "../../src/db/contracts/listing.ts";
import { createEsiLimitRepository } from "../../src/db/esi-limit-repository.ts";
import { createNameRepository } from "../../src/db/name-repository.ts";
import { createRegionRepository } from "../../src/db/region-repository.ts";
import type { ContractItem } from "../../src/domain/item.ts";
import { offerOf } from "../../src/domain/offer.ts";
import { noCounts } from "../../src/domain/region-counts.ts";
import { shippedStargates } from "../../src/universe/shipped-stargates.ts";
import {
  aContractItem,
  aPlacedContract,
  rifter,
  rifterBlueprint,
  typeOf,
} from "../support/contract-builders.ts";
import { loadTestUniverse } from "../support/universe.ts";

const now = 1_772_366_400_000;
const nowSeconds = now / 1000;
const snapshotAt = nowSeconds - 60;
const forge = 10_000_002;
const { dateExpired } = aPlacedContract();

let db: Database;
let contracts: ContractRepository;
let details: ContractDetailRepository;

beforeEach(async () => {
  await loadTestUniverse();
  db = createDatabase(env.DB);
  contracts = createContractRepository(db);
  details = createContractDetailRepository(db);
  const regions = createRegionRepository(db);
  await db.batch([
    ...regions.cover([forge], now),
    regions.accepted(
      forge,
      { checkedAt: now, nextDueAt: now },
      {
        at: snapshotAt,
        cacheSeconds: 1_800,
        changedAt: now,
        counts: noCounts(),
      },
    ),
  ]);
});

const list = (fields: Partial<PlacedContract> = {}, regionId = forge) =>
  db.batch(
    contracts.insertListed(regionId, [aPlacedContract({ contractId: 1, ...fields })], now, []),
  );

const complete = (...items: ContractItem[]) =>
  db.batch([
    ...contracts.storeItems([{ contractId: 1, items }]),
    ...contracts.storeOffers([{ contractId: 1, offer: offerOf(items, typeOf) }]),
  ]);

async function detail(at = now) {
  const found = await details.byId(1, at);
  if (!found) throw new Error("No contract 1 is stored");
  return found;
}

async function summary(at = now) {
  const { row, snapshotAt: listAt } = await detail(at);
  return summaryFromRow(row, {
    snapshotAt: listAt,
    now: at,
    stargates: shippedStargates,
    reach: null,
  });
}

const nowhere = {
  locationId: null,
  locationName: null,
  systemId: null,
  systemName: null,
  security: null,
  securityClass: null,
  kind: null,
};

const inJita = {
  locationId: 60_003_760,
  locationName: "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
  systemId: 30_000_142,
  systemName: "Jita",
  security: 0.9,
  securityClass: "highsec",
  kind: "npc_station",
};

const unknownOffer = {
  itemCount: null,
  requestedItemCount: null,
  label: null,
  primaryType: null,
  primaryGroup: null,
  primaryCategory: null,
  isShip: null,
  hasBlueprintCopy: null,
  hasBlueprintOriginal: null,
  wantsItems: null,
  blueprint: null,
};

describe("what lists show of a contract", () => {
  it("includes everything the list said, with the names of places", async () => {
    await list({ title: "Cheap" });
    const { startLocationId: _start, startSystemId: _system, ...begun } = aPlacedContract();
    const { startSecurityClass: _class, endLocationId: _end, ...ended } = begun;
    const { endSystemId: _endSystem, endSecurityClass: _endClass, ...fields } = ended;

    expect(await summary()).toEqual({
      ...fields,
      ...unknownOffer,
      contractId: 1,
      title: "Cheap",
      status: "outstanding",
      issuerName: null,
      issuerCorporationName: null,
      regionId: forge,
      regionName: "The Forge",
      start: inJita,
      startIsHighsecIsland: false,
      jumps: null,
      end: null,
      cost: null,
      priceToValue: null,
      priceToPartialValue: null,
      worth: null,
      hull: null,
      flags: [],
      rewardPerVolume: null,
      rewardPerJump: null,
      itemsStatus: "pending",
      firstSeenAt: now,
      lastSeenAt: snapshotAt,
    });
  });

  it("includes what is offered, once that is known", async () => {
    await list();
    await complete(
      aContractItem({
        recordId: 2,
        typeId: rifterBlueprint.typeId,
        isBlueprintCopy: true,
        runs: 5,
        materialEfficiency: 10,
        timeEfficiency: 20,
      }),
      aContractItem({ recordId: 3, isIncluded: false }),
    );

    expect(await summary()).toMatchObject({
      itemsStatus: "complete",
      itemCount: 1,
      requestedItemCount: 1,
      label: "Rifter Blueprint",
      primaryType: { id: 691, name: "Rifter Blueprint" },
      primaryGroup: { id: 105, name: "Frigate Blueprint" },
      primaryCategory: { id: 9, name: "Blueprint" },
      isShip: false,
      hasBlueprintCopy: true,
      hasBlueprintOriginal: false,
      wantsItems: true,
      blueprint: { isCopy: true, runs: 5, materialEfficiency: 10, timeEfficiency: 20 },
    });
  });

  it("has wantsItems false if it asks for none, and no blueprint if there is none", async () => {
    await list();
    await complete(aContractItem());

    expect(await summary()).toMatchObject({ wantsItems: false, blueprint: null, isShip: true });
  });

  it("has the names of issuers, once they are known", async () => {
    await list();
    const { issuerId, issuerCorporationId } = aPlacedContract();
    const names = createNameRepository(db);
    await db.batch([
      names.expect([issuerId, issuerCorporationId], now),
      names.resolve([
        { id: issuerId, name: "Somebody" },
        { id: issuerCorporationId, name: "Some Corporation" },
      ]),
    ]);

    expect(await summary()).toMatchObject({
      issuerName: "Somebody",
      issuerCorporationName: "Some Corporation",
    });
  });

  it("has an end if it is a courier", async () => {
    await list({ type: "courier", endLocationId: 60_008_494 });

    expect((await summary()).end).toEqual({
      locationId: 60_008_494,
      locationName: "Amarr VIII (Oris) - Emperor Family Academy",
      systemId: 30_002_187,
      systemName: "Amarr",
      security: 0.9,
      securityClass: "highsec",
      kind: "npc_station",
    });
  });

  it("has unknown places, with as much of them as is known", async () => {
    const structure = 1_035_466_617_946;
    await list({
      type: "courier",
      startLocationId: structure,
      startSystemId: null,
      startSecurityClass: null,
    });

    const { start, end } = await summary();

    expect([start, end]).toEqual([
      { ...nowhere, locationId: structure, kind: "structure" },
      nowhere,
    ]);
  });

  it("knows the system of a structure that was named to us", async () => {
    await list({
      startLocationId: 1_035_466_617_946,
      startSystemId: 31_000_005,
      startSecurityClass: "wormhole",
    });

    expect((await summary()).start).toEqual({
      locationId: 1_035_466_617_946,
      locationName: null,
      systemId: 31_000_005,
      systemName: "Thera",
      security: -1,
      securityClass: "wormhole",
      kind: "structure",
    });
  });

  it("has no region name if the universe lacks it, and no last-seen time before the first list", async () => {
    await list({}, 10_000_099);

    expect(await summary()).toMatchObject({
      regionId: 10_000_099,
      regionName: null,
      lastSeenAt: null,
    });
  });

  it.each([
    ["outstanding", dateExpired * 1000 - 1],
    ["expired", dateExpired * 1000],
  ])("is %s by the clock", async (status, at) => {
    await list();

    expect((await summary(at)).status).toBe(status);
  });

  it.each([
    ["gone", dateExpired - 1],
    ["expired", dateExpired],
  ])(
    "is %s as its region's list says, and was last seen in the list before",
    async (status, endedAt) => {
      await list();

      await db.batch(contracts.unlist([1], { endedAt, lastListedAt: endedAt - 1_800 }));

      expect(await summary()).toMatchObject({ status, lastSeenAt: endedAt - 1_800 });
    },
  );
});

describe("one contract", () => {
  it("is undefined if it was never seen", async () => {
    expect([await details.byId(9, now), await details.brief(9, now)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("has its items in order of record id, with what the universe says about each", async () => {
    const items = [
      aContractItem({ recordId: 3, typeId: rifterBlueprint.typeId }),
      aContractItem({ recordId: 2, typeId: 90_000, isIncluded: false, itemId: null }),
      aContractItem({ recordId: 1 }),
    ];
    await list();
    await db.batch(contracts.storeItems([{ contractId: 1, items }]));

    expect((await detail()).items).toEqual([
      {
        ...aContractItem({ recordId: 1 }),
        typeName: rifter.name,
        groupId: rifter.groupId,
        groupName: "Frigate",
        categoryId: rifter.categoryId,
        categoryName: "Ship",
        isAbyssal: false,
      },
      {
        ...aContractItem({ recordId: 2, typeId: 90_000, isIncluded: false, itemId: null }),
        typeName: null,
        groupId: null,
        groupName: null,
        categoryId: null,
        categoryName: null,
        isAbyssal: null,
      },
      {
        ...aContractItem({ recordId: 3, typeId: rifterBlueprint.typeId }),
        typeName: rifterBlueprint.name,
        groupId: rifterBlueprint.groupId,
        groupName: "Frigate Blueprint",
        categoryId: rifterBlueprint.categoryId,
        categoryName: "Blueprint",
        isAbyssal: false,
      },
    ]);
  });

  it("has the bids that ESI last sent, and when they expire", async () => {
    await list({ type: "auction" });
    const bids = [{ bidId: 7, amount: 9_999_999_999_999.99, dateBid: nowSeconds }];
    expect(await details.bids(1)).toEqual({ bids: undefined, limits: [] });

    await details.saveBids(1, { bids: [], expiresAt: now });
    await details.saveBids(1, { bids, expiresAt: now + 300_000 });

    expect(await details.bids(1)).toEqual({
      bids: { bids, expiresAt: now + 300_000 },
      limits: [],
    });
    expect(await details.brief(1, now)).toMatchObject({
      type: "auction",
      bidsExpireAt: now + 300_000,
    });
  });

  it("has no expiry of bids if none were asked for", async () => {
    await list();

    expect(await details.brief(1, now)).toMatchObject({
      type: "item_exchange",
      bidsExpireAt: null,
    });
  });

  it("has ESI's limits beside its bids, so that nobody asks for bids while ESI is off limits", async () => {
    const limit = { bucket: "error-limit", remaining: 0, resetAt: now, heldUntil: now + 1 };
    await list();
    await createEsiLimitRepository(db).keep([limit]);

    expect(await details.bids(1)).toEqual({ bids: undefined, limits: [limit] });
  });

  it("has the same region version in full and in brief", async () => {
    await list();
    const version = { version: "test.1.0.0.0", changedAt: now };

    expect([(await detail()).version, (await details.brief(1, now))?.version]).toEqual([
      version,
      version,
    ]);
  });

  it("reads only as much as it holds, however much else is stored", async () => {
    await list();
    await complete(aContractItem());
    const others = Array.from({ length: 500 }, (_, index) =>
      aPlacedContract({ contractId: index + 2 }),
    );
    await db.batch(contracts.insertListed(forge, others, now, []));
    const before = db.costs.rowsRead;

    await detail();

    expect(db.costs.rowsRead - before).toBeLessThanOrEqual(40);
    expect(await db.all(sql`select count(*) as many from contracts`)).toEqual([{ many: 501 }]);
  });
});
