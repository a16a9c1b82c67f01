/** What is kept of regions, and what is read of them at once: states, versions, what is over, the status. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase, type Database } from "../../src/db/client.ts";
import { createContractRepository } from "../../src/db/contracts/contract-repository.ts";
import type { PlacedContract } from "../../src/db/contracts/listing.ts";
import { createEsiLimitRepository } from "../../src/db/esi-limit-repository.ts";
import {
  createRegionRepository,
  type RegionRepository,
  type RegionState,
} from "../../src/db/region-repository.ts";
import { createStatusRepository } from "../../src/db/status-repository.ts";
import { createSyncRepository } from "../../src/db/sync-repository.ts";
import { createVersionRepository } from "../../src/db/version-repository.ts";
import { contractTypes } from "../../src/domain/contract.ts";
import { offerOf } from "../../src/domain/offer.ts";
import { countAll, noCounts, type RegionCounts } from "../../src/domain/region-counts.ts";
import { newReport } from "../../src/domain/sync-report.ts";
import { aContractItem, aPlacedContract, tritanium, typeOf } from "../support/contract-builders.ts";

const now = 1_772_366_400_000;
const nowSeconds = now / 1000;
const forge = 10_000_002;
const domain = 10_000_043;
const rens = 10_000_030;
const coveredAt = now - 60_000;

let db: Database;
let regions: RegionRepository;

beforeEach(() => {
  db = createDatabase(env.DB);
  regions = createRegionRepository(db);
});

const cover = (...regionIds: number[]) => db.batch(regions.cover(regionIds, coveredAt));

const states = async () => (await regions.snapshot(undefined, now)).states;
const stateOf = async (regionId: number) => (await regions.byIds([regionId]))[0];

const list = (regionId: number, contracts: readonly Partial<PlacedContract>[], at = now) =>
  db.batch(
    createContractRepository(db).insertListed(
      regionId,
      contracts.map((contract) => aPlacedContract(contract)),
      at,
      [],
    ),
  );

const aCheck = (nextDueAt: number) => ({ checkedAt: now, nextDueAt });

const aState = (regionId: number, fields: Partial<RegionState> = {}): RegionState => ({
  regionId,
  isActive: true,
  snapshotAt: null,
  cacheSeconds: null,
  nextDueAt: coveredAt,
  failures: 0,
  lastError: null,
  heldSnapshotAt: null,
  heldSize: null,
  version: 0,
  changedAt: coveredAt,
  counts: noCounts(),
  ...fields,
});

const someCounts = (many: number): RegionCounts =>
  countAll(
    Array.from({ length: many }, () => ({
      type: "item_exchange" as const,
      isShip: true,
      isSystemKnown: false,
      isPending: false,
    })),
  );

const aSnapshot = (fields: Partial<Parameters<RegionRepository["accepted"]>[2]> = {}) => ({
  at: nowSeconds - 100,
  cacheSeconds: 1_800,
  changedAt: now,
  counts: someCounts(3),
  ...fields,
});

describe("the regions to sync", () => {
  it("are due at once where they are new", async () => {
    await cover(forge, domain);

    expect(await states()).toEqual([aState(forge), aState(domain)]);
    expect(await regions.activeIds()).toEqual([forge, domain]);
  });

  it("stay as they are where they are not new", async () => {
    await cover(forge);
    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));
    const before = await states();

    await cover(forge);

    expect(await states()).toEqual(before);
  });

  it("are exactly those given, and one that is dropped loses its counts", async () => {
    await cover(forge, domain);
    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));

    await cover(domain);

    expect(await states()).toEqual([
      aState(forge, {
        isActive: false,
        snapshotAt: nowSeconds - 100,
        cacheSeconds: 1_800,
        nextDueAt: now + 1_705_000,
        version: 2,
        changedAt: coveredAt,
      }),
      aState(domain),
    ]);
    expect(await regions.activeIds()).toEqual([domain]);
  });

  it("keep their due time when they come back, but their list counts as new", async () => {
    await cover(forge);
    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));
    await cover();

    await cover(forge);

    expect(await stateOf(forge)).toMatchObject({
      isActive: true,
      snapshotAt: null,
      nextDueAt: now + 1_705_000,
      counts: noCounts(),
    });
  });

  it("may be none", async () => {
    await cover();

    expect([await states(), await regions.activeIds(), await regions.byIds([forge])]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it("may be all that the universe has", async () => {
    await db.all(
      sql`insert into regions (region_id, name) values (${forge}, 'The Forge'), (7, 'X')`,
    );

    expect(await regions.allIds()).toEqual([7, forge]);
  });
});

describe("the regions that are due", () => {
  it("come in the order of lateness, from the very millisecond on", async () => {
    await cover(forge, domain, rens);
    await db.batch([
      regions.unchanged(forge, aCheck(now)),
      regions.unchanged(domain, aCheck(now - 5)),
      regions.unchanged(rens, aCheck(now + 1)),
    ]);

    expect((await regions.due(now)).map(({ regionId }) => regionId)).toEqual([domain, forge]);
  });

  it("are none that are not synced any more", async () => {
    await cover(forge, domain);
    await cover(domain);

    expect((await regions.due(now)).map(({ regionId }) => regionId)).toEqual([domain]);
  });
});

describe("what became of a region's list", () => {
  beforeEach(() => cover(forge, domain));

  it("is that it was accepted", async () => {
    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));

    expect(await stateOf(forge)).toEqual(
      aState(forge, {
        snapshotAt: nowSeconds - 100,
        cacheSeconds: 1_800,
        nextDueAt: now + 1_705_000,
        version: 1,
        changedAt: now,
        counts: someCounts(3),
      }),
    );
    expect(await stateOf(domain)).toEqual(aState(domain));
  });

  it("is recorded as failed, with the number of failures in a row", async () => {
    await db.all(regions.failed(forge, aCheck(now + 1), "status-503"));
    await db.all(regions.failed(forge, aCheck(now + 2), "torn"));

    expect(await stateOf(forge)).toEqual(
      aState(forge, { nextDueAt: now + 2, failures: 2, lastError: "torn" }),
    );
  });

  it("keeps what the region had when it fails", async () => {
    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));
    const before = await stateOf(forge);

    await db.all(regions.failed(forge, aCheck(now + 1), "timeout"));

    expect(await stateOf(forge)).toEqual({
      ...before,
      nextDueAt: now + 1,
      failures: 1,
      lastError: "timeout",
    });
  });

  it("is recorded as unchanged, which clears earlier failures", async () => {
    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));
    const before = await stateOf(forge);
    await db.all(regions.failed(forge, aCheck(now + 1), "timeout"));

    await db.all(regions.unchanged(forge, aCheck(now + 2)));

    expect(await stateOf(forge)).toEqual({ ...before, nextDueAt: now + 2 });
  });

  it("is recorded as held until another list agrees, which ends the hold", async () => {
    await db.all(regions.failed(forge, aCheck(now + 1), "timeout"));
    await db.all(regions.held(forge, aCheck(now + 2), { at: nowSeconds, size: 0 }));
    expect(await stateOf(forge)).toEqual(
      aState(forge, {
        nextDueAt: now + 2,
        lastError: "held",
        heldSnapshotAt: nowSeconds,
        heldSize: 0,
      }),
    );

    await db.all(regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()));
    expect(await stateOf(forge)).toMatchObject({
      lastError: null,
      heldSnapshotAt: null,
      heldSize: null,
    });
  });
});

describe("changes within a region", () => {
  beforeEach(() => cover(forge, domain));

  it("are kept with their counts, and change its version", async () => {
    await db.all(
      regions.changed(
        new Map([
          [forge, someCounts(5)],
          [rens, someCounts(1)],
        ]),
        now,
      ),
    );

    expect(await states()).toEqual([
      aState(forge, { version: 1, changedAt: now, counts: someCounts(5) }),
      aState(domain),
    ]);
  });

  it("may leave the counts unchanged", async () => {
    await db.all(regions.changed(new Map([[forge, someCounts(5)]]), now));
    await db.all(regions.touched([forge], now + 1));

    expect(await states()).toEqual([
      aState(forge, { version: 2, changedAt: now + 1, counts: someCounts(5) }),
      aState(domain),
    ]);
  });

  it("may be none", async () => {
    await db.batch([regions.changed(new Map(), now), regions.touched([], now)]);

    expect(await states()).toEqual([aState(forge), aState(domain)]);
  });
});

describe("the version of what is answered", () => {
  const dateExpired = nowSeconds + 600;
  const versionOf = (regionIds?: readonly number[], at = now) =>
    createVersionRepository(db).of({ regionIds }, at);
  const questions = [undefined, [forge], [forge, domain, rens, 1], [forge, domain, rens, 1, 2]];
  const versions = (at = now) => Promise.all(questions.map((ids) => versionOf(ids, at)));

  beforeEach(async () => {
    await cover(forge, domain);
    await db.batch([
      regions.accepted(forge, aCheck(now + 1_705_000), aSnapshot()),
      regions.accepted(domain, aCheck(now + 1_705_000), aSnapshot()),
      createSyncRepository(db).bumpVersion(now),
    ]);
    await list(forge, [{ contractId: 1, dateExpired }]);
  });

  it("stays while nothing changes, and tells when something last did", async () => {
    const before = await versions();

    expect(await versions(now + 1_000)).toEqual(before);
    expect(before.map(({ changedAt }) => changedAt)).toEqual([now, now, now, now]);
  });

  it("changes with a region, for all who asked of it", async () => {
    const before = await versions();
    const other = await versionOf([domain]);

    const at = now + 7;
    await db.batch([regions.touched([forge], at), createSyncRepository(db).bumpVersion(at)]);

    for (const [index, { version, changedAt }] of (await versions()).entries()) {
      expect(version).not.toBe(before[index]?.version);
      expect(changedAt).toBe(at);
    }
    expect(await versionOf([domain])).toEqual(other);
  });

  it("changes as a contract expires, to the second, for all who asked of its region", async () => {
    const before = await versions((dateExpired - 1) * 1000);
    const after = await versions(dateExpired * 1000);

    for (const [index, { version, changedAt }] of after.entries()) {
      expect(version).not.toBe(before[index]?.version);
      expect(changedAt).toBe(dateExpired * 1000);
    }
    expect(await versionOf([domain], dateExpired * 1000)).toEqual(await versionOf([domain]));
  });

  it("changes when the list turns stale, after twice its lifetime", async () => {
    const staleAt = (nowSeconds - 100 + 2 * 1_800) * 1000;
    const [fresh, stale] = [
      await versionOf([domain], staleAt),
      await versionOf([domain], staleAt + 1_000),
    ];

    expect(fresh).toEqual(await versionOf([domain]));
    expect(stale.version).not.toBe(fresh.version);
  });

  it.each([{ regionIds: undefined }, { regionIds: [forge, domain] }])(
    "changes as each of several lists turns stale: of $regionIds",
    async ({ regionIds }) => {
      await db.batch([
        regions.accepted(forge, aCheck(now), aSnapshot({ cacheSeconds: 3_600 })),
        createSyncRepository(db).bumpVersion(now),
      ]);
      const firstStaleAt = (nowSeconds - 100 + 2 * 1_800 + 1) * 1000;
      const lastStaleAt = (nowSeconds - 100 + 2 * 3_600 + 1) * 1000;

      const [none, first, both] = [
        await versionOf(regionIds, firstStaleAt - 1),
        await versionOf(regionIds, firstStaleAt),
        await versionOf(regionIds, lastStaleAt),
      ];

      expect(new Set([none.version, first.version, both.version])).toHaveLength(3);
      expect([first.changedAt, both.changedAt]).toEqual([firstStaleAt, lastStaleAt]);
      expect((await versionOf(regionIds, lastStaleAt - 1)).version).toBe(first.version);
    },
  );

  it("changes with the universe", async () => {
    const before = await versions();

    await db.all(sql`insert into universe (id, version, loaded_at) values (1, 'sde-2', 0)`);

    for (const [index, { version }] of (await versions()).entries()) {
      expect(version).not.toBe(before[index]?.version);
    }
  });

  it("exists even for regions that nobody has heard of", async () => {
    expect(await versionOf([99])).toEqual({ version: "none.0.0.0.0", changedAt: 0 });
    expect(await versionOf([])).toEqual({ version: "none.0.0.0.0", changedAt: 0 });
  });

  it("is told from twenty rows at most", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      contractId: index + 10,
      dateExpired: nowSeconds + index - 1_000,
    }));
    await list(forge, many.slice(0, 1_000));
    await list(domain, many.slice(1_000));
    await cover(forge, domain, ...Array.from({ length: 100 }, (_, index) => 11_000_000 + index));

    for (const regionIds of questions) {
      const before = db.costs.rowsRead;
      await versionOf(regionIds);
      expect(db.costs.rowsRead - before).toBeLessThanOrEqual(20);
    }
  });
});

describe("what is over since the last lists", () => {
  const expired = async (at = now) => (await regions.snapshot(undefined, at)).expired;

  it("is counted from the very second on", async () => {
    await list(forge, [{ contractId: 1, dateExpired: nowSeconds }]);

    expect(await expired(now - 1)).toEqual(new Map());
    expect(await expired(now)).toEqual(
      new Map([
        [
          forge,
          countAll([{ type: "item_exchange", isShip: null, isSystemKnown: true, isPending: true }]),
        ],
      ]),
    );
  });

  it("is no longer counted once a list has ended it", async () => {
    await list(forge, [{ contractId: 1, dateExpired: nowSeconds }]);
    await db.batch(
      createContractRepository(db).unlist([1], { endedAt: nowSeconds, lastListedAt: null }),
    );

    expect(await expired()).toEqual(new Map());
  });

  it("is counted in the same way as listed contracts", { timeout: 30_000 }, async () => {
    const contracts = createContractRepository(db);
    const contract = fc.record({
      regionId: fc.constantFrom(forge, domain),
      type: fc.constantFrom(...contractTypes),
      isSystemKnown: fc.boolean(),
      offers: fc.constantFrom("ship", "none", "unknown"),
      isOver: fc.boolean(),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(contract, { maxLength: 12 }), async (all) => {
        await db.all(sql`delete from contracts`);
        for (const [index, { regionId, type, isSystemKnown, isOver }] of all.entries()) {
          const startSystemId = isSystemKnown ? 30_000_142 : null;
          const dateExpired = isOver ? nowSeconds : nowSeconds + 1;
          await list(regionId, [{ contractId: index + 1, type, startSystemId, dateExpired }]);
        }
        const offers = all.flatMap(({ offers: kind }, index) => {
          const item = aContractItem(kind === "none" ? { typeId: tritanium.typeId } : {});
          return kind === "unknown"
            ? []
            : [{ contractId: index + 1, offer: offerOf([item], typeOf) }];
        });
        if (offers.length > 0) await db.batch(contracts.storeOffers(offers));

        const expected = Map.groupBy(
          all.filter(({ isOver }) => isOver),
          ({ regionId }) => regionId,
        );
        const counts = [...expected].map(([regionId, over]): [number, RegionCounts] => [
          regionId,
          countAll(
            over.map(({ type, isSystemKnown, offers: kind }) => ({
              type,
              isSystemKnown,
              isShip: kind === "unknown" ? null : kind === "ship",
              isPending: kind === "unknown" && (type === "item_exchange" || type === "auction"),
            })),
          ),
        ]);
        expect(await expired()).toEqual(new Map(counts));
      }),
      { numRuns: 30 },
    );
  });
});

describe("the status", () => {
  const overview = () => createStatusRepository(db, regions).overview(now);

  it("of an empty database says so", async () => {
    expect(await overview()).toEqual({
      universeVersion: null,
      states: [],
      names: new Map(),
      expired: new Map(),
      limits: [],
      lastRun: undefined,
      costs: [],
      unavailable: 0,
      oldestPendingAt: null,
    });
  });

  it("has the states, the limits, the universe and the last run", async () => {
    await cover(forge);
    const limit = { bucket: "error-limit", remaining: 3, resetAt: now, heldUntil: now };
    const costs = { esiRequests: 1, queries: 2, rowsRead: 3, rowsWritten: 4 };
    const sync = createSyncRepository(db);
    await db.batch([
      sql`insert into universe (id, version, loaded_at) values (1, 'sde-2', 0)`,
      sql`insert into regions (region_id, name) values (${forge}, 'The Forge')`,
      createEsiLimitRepository(db).save([limit]),
      sync.recordRun(newReport(now - 1), "cron"),
      sync.recordRun(newReport(now), "admin"),
      sync.recordCosts({ ...newReport(now - 86_400_000), ...costs }),
      sync.recordCosts({ ...newReport(now - 86_400_001), ...costs }),
      sync.recordCosts({ ...newReport(now), ...costs }),
    ]);
    await list(forge, [{ contractId: 1, dateExpired: nowSeconds, type: "courier" }]);

    expect(await overview()).toEqual({
      universeVersion: "sde-2",
      states: [aState(forge)],
      names: new Map([[forge, "The Forge"]]),
      expired: new Map([
        [
          forge,
          countAll([{ type: "courier", isShip: null, isSystemKnown: true, isPending: false }]),
        ],
      ]),
      limits: [limit],
      lastRun: { trigger: "admin", ...newReport(now) },
      costs: [
        { date: "2026-03-01", runs: 1, ...costs },
        { date: "2026-02-28", runs: 2, esiRequests: 2, queries: 4, rowsRead: 6, rowsWritten: 8 },
      ],
      unavailable: 0,
      oldestPendingAt: null,
    });
  });

  it("counts what ESI refuses, and tells how long the first of the others waits", async () => {
    const contracts = createContractRepository(db);
    for (const [contractId, seenAt] of [
      [1, 100],
      [2, 200],
      [3, 300],
      [4, 400],
      [5, 500],
    ] as const) {
      await list(forge, [{ contractId }], seenAt);
    }
    await list(forge, [{ contractId: 6, type: "courier" }], 50);
    const refusal = { attempts: 1, dueAt: nowSeconds + 60 };
    await db.batch([
      contracts.refuseItems([
        { ...refusal, contractId: 1, itemsStatus: "unavailable" },
        { ...refusal, contractId: 3, itemsStatus: "unavailable" },
        { ...refusal, contractId: 2, itemsStatus: "pending" },
      ]),
      ...contracts.unlist([3], { endedAt: nowSeconds, lastListedAt: null }),
    ]);

    expect(await overview()).toMatchObject({ unavailable: 1, oldestPendingAt: 200 });
    await db.batch(contracts.unlist([2], { endedAt: nowSeconds, lastListedAt: null }));
    expect(await overview()).toMatchObject({ unavailable: 1, oldestPendingAt: 400 });
  });
});
