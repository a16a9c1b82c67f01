/** What the sync knows of itself: what is due, whose turn it is, and what ESI's limits are. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase, type Database, GuardFailed } from "../../src/db/client.ts";
import { createContractRepository } from "../../src/db/contracts/contract-repository.ts";
import { createEsiLimitRepository } from "../../src/db/esi-limit-repository.ts";
import { createNameRepository } from "../../src/db/name-repository.ts";
import { createRegionRepository } from "../../src/db/region-repository.ts";
import {
  createSyncRepository,
  type Due,
  type SyncRepository,
} from "../../src/db/sync-repository.ts";
import { createUniverseRepository } from "../../src/db/universe-repository.ts";
import type { EsiLimit } from "../../src/domain/esi-limit.ts";
import { noCounts } from "../../src/domain/region-counts.ts";
import { newReport } from "../../src/domain/sync-report.ts";
import { aPlacedContract } from "../support/contract-builders.ts";

const now = 1_772_366_400_000;
const nowSeconds = now / 1000;
const minute = 60_000;
const forge = 10_000_002;

let db: Database;
let sync: SyncRepository;

beforeEach(() => {
  db = createDatabase(env.DB);
  sync = createSyncRepository(db);
});

const state = () => db.first<Record<string, unknown>>(sql`select * from sync_state`);

const list = (...contractIds: number[]) =>
  db.batch(
    createContractRepository(db).insertListed(
      forge,
      contractIds.map((contractId) => aPlacedContract({ contractId })),
      now,
      [],
    ),
  );

const end = (contractIds: readonly number[], endedAt: number) =>
  db.batch(createContractRepository(db).unlist(contractIds, { endedAt, lastListedAt: null }));

describe("what is due", () => {
  const nothing: Due = {
    lists: false,
    items: false,
    names: false,
    pruning: false,
    prices: true,
    valuing: false,
    repairs: false,
    hullsRecordedOn: null,
    derivation: { by: "rules", next: "rules", upTo: 0 },
    coveredRegions: "",
    universeVersion: null,
    structuresVersion: null,
  };
  const prunableSince = nowSeconds - 90 * 86_400;
  const due = (at = now) => sync.due(at, prunableSince);

  beforeEach(async () => {
    await db.batch([
      sql`update sync_state set lists_due_at = ${now + 1}`,
      sync.setDerivation({ by: "rules", next: "rules", upTo: 0 }),
    ]);
  });

  it("may be nothing at all", async () => {
    expect(await due()).toEqual(nothing);
  });

  it("is everything before the first run, except work that needs contracts", async () => {
    await db.all(sql`update sync_state set lists_due_at = 0`);

    expect(await due()).toEqual({ ...nothing, lists: true });
  });

  it("includes lists from the exact millisecond they are due", async () => {
    expect([(await due(now)).lists, (await due(now + 1)).lists]).toEqual([false, true]);
  });

  it("includes items of contracts that are listed and not expired", async () => {
    await list(1);
    const { dateExpired } = aPlacedContract();

    expect(await due()).toEqual({ ...nothing, items: true });
    expect((await due((dateExpired - 1) * 1000)).items).toBe(true);
    expect((await due(dateExpired * 1000)).items).toBe(false);
  });

  it("includes items that ESI refused, once it is time to try again", async () => {
    await list(1);
    const refusal = { contractId: 1, attempts: 1, itemsStatus: "unavailable" } as const;
    await db.all(
      createContractRepository(db).refuseItems([{ ...refusal, dueAt: nowSeconds + 60 }]),
    );

    expect([(await due(now + minute - 1)).items, (await due(now + minute)).items]).toEqual([
      false,
      true,
    ]);
  });

  it("are names of issuers", async () => {
    const names = createNameRepository(db);
    await db.all(names.expect([1], now));
    expect(await due()).toEqual({ ...nothing, names: true });

    await db.all(names.postpone([{ id: 1, attempts: 1, resolveAt: now + 1 }]));
    expect([(await due(now)).names, (await due(now + 1)).names]).toEqual([false, true]);
  });

  it("are names of stations", async () => {
    const universe = createUniverseRepository(db);
    await db.all(universe.expectStations([60_000_001]));
    expect(await due()).toEqual({ ...nothing, names: true });

    await db.all(
      universe.postponeStation({ id: 60_000_001, attempts: 1, resolveAt: now + minute }),
    );
    expect(await due()).toEqual(nothing);
  });

  it("are contracts that ended long ago", async () => {
    await list(1, 2);
    await end([1], prunableSince);
    await end([2], nowSeconds);
    expect(await due()).toEqual(nothing);

    await list(3);
    await end([3], prunableSince - 1);
    expect(await due()).toEqual({ ...nothing, pruning: true });
  });

  it("says which rules made the offers, which rules are remaking them, and how far they got", async () => {
    const derivation = { by: "rules", next: "newer rules", upTo: 77 };
    await db.all(sync.setDerivation(derivation));

    expect(await due()).toEqual({ ...nothing, derivation });
  });

  it("says which regions are covered, and which universe is loaded", async () => {
    await db.batch([
      sync.setCoveredRegions("some"),
      sql`insert into universe (id, version, loaded_at) values (1, 'sde-9', 0)`,
    ]);

    expect(await due()).toEqual({
      ...nothing,
      coveredRegions: "some",
      universeVersion: "sde-9",
    });
  });

  /** A thousand of everything, of which nothing, or all, is due. */
  async function fill(isDue: boolean): Promise<void> {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
    await list(...ids);
    await end(ids.slice(0, 400), isDue ? 1 : nowSeconds);
    const refusals = ids.map((contractId) => ({
      contractId,
      attempts: 1,
      dueAt: nowSeconds + 60,
      itemsStatus: "pending" as const,
    }));
    const names = createNameRepository(db);
    const universe = createUniverseRepository(db);
    await db.batch([names.expect(ids, now), universe.expectStations(ids)]);
    if (isDue) return;
    await db.batch([
      createContractRepository(db).refuseItems(refusals),
      names.postpone(ids.map((id) => ({ id, attempts: 1, resolveAt: now + 1 }))),
      sql`update stations set resolve_at = ${now + 1}`,
    ]);
  }

  it.each([true, false])("is told from ten rows at most, and none written: %s", async (isDue) => {
    await fill(isDue);
    const before = { ...db.costs };

    expect(await due()).toEqual({ ...nothing, items: isDue, names: isDue, pruning: isDue });
    expect(db.costs.rowsRead - before.rowsRead).toBeLessThanOrEqual(10);
    expect(db.costs.rowsRead - before.rowsRead).toBeGreaterThan(0);
    expect(db.costs).toMatchObject({
      queries: before.queries + 1,
      rowsWritten: before.rowsWritten,
    });
  });

  it("throws if the migrations were not run", async () => {
    await db.all(sql`delete from sync_state`);

    await expect(due()).rejects.toThrow("run the migrations");
  });
});

describe("the lease", () => {
  it("is taken by one run at a time", async () => {
    const first = await sync.acquireLease(now, now + minute);
    const second = await sync.acquireLease(now + 1, now + 2 * minute);

    expect(first).toEqual({ token: 1, lastChangeAt: 0, unpurgedTags: [] });
    expect(second).toBeUndefined();
    expect(await state()).toMatchObject({ lease_token: 1, lease_expires_at: now + minute });
  });

  it("can be taken again from the exact millisecond it expires", async () => {
    await sync.acquireLease(now, now + minute);

    expect(await sync.acquireLease(now + minute - 1, now + 9 * minute)).toBeUndefined();
    expect(await sync.acquireLease(now + minute, now + 9 * minute)).toMatchObject({ token: 2 });
  });

  it("is taken again once it was released, with what is left to do", async () => {
    await sync.acquireLease(now, now + minute);
    await db.batch([sync.bumpVersion(now + 5), sync.releaseLease(["region-1", "region-2"])]);

    expect(await sync.acquireLease(now + 6, now + minute)).toEqual({
      token: 2,
      lastChangeAt: now + 5,
      unpurgedTags: ["region-1", "region-2"],
    });
  });

  it("goes to only one of many that ask at the same time", async () => {
    const leases = await Promise.all(
      Array.from({ length: 10 }, () => sync.acquireLease(now, now + minute)),
    );

    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it("fences off who lost it: nothing of a batch is written", async () => {
    const slow = await sync.acquireLease(now, now + minute);
    const fast = await sync.acquireLease(now + minute, now + 2 * minute);
    if (!slow || !fast) throw new Error("The lease was not taken");

    const late = db.batch([sync.fence(slow), sync.setCoveredRegions("late")]);
    await expect(late).rejects.toThrow(GuardFailed);
    await db.batch([sync.fence(fast), sync.setCoveredRegions("in time")]);

    expect(await state()).toMatchObject({ covered_regions: "in time" });
  });

  it("still lets an expired holder write if nobody else has taken it", async () => {
    const lease = await sync.acquireLease(now, now + minute);
    if (!lease) throw new Error("The lease was not taken");

    await db.batch([sync.fence(lease), sync.setCoveredRegions("late, and alone")]);

    expect(await state()).toMatchObject({ covered_regions: "late, and alone" });
  });

  it("fences everybody off if there is no state", async () => {
    await db.all(sql`delete from sync_state`);

    const fenced = db.batch([sync.fence({ token: 1, lastChangeAt: 0, unpurgedTags: [] })]);

    await expect(fenced).rejects.toThrow(GuardFailed);
  });
});

describe("the end of a run", () => {
  const counts = "{}";

  it("says when the next list is due, of those that are synced", async () => {
    await db.all(sql`
      insert into region_states (region_id, is_active, next_due_at, counts)
      values (1, 1, 500, ${counts}), (2, 1, 300, ${counts}), (3, 0, 100, ${counts})`);

    await db.all(sync.releaseLease([]));

    expect(await state()).toMatchObject({
      lease_expires_at: 0,
      lists_due_at: 300,
      unpurged_tags: null,
    });
  });

  it("says that no list will be due if no region is synced", async () => {
    await db.all(sync.releaseLease([]));

    expect(await state()).toMatchObject({ lists_due_at: Number.MAX_SAFE_INTEGER });
  });

  it("forgets the tags that were purged since", async () => {
    await db.batch([sync.releaseLease(["region-1"]), sync.releaseLease([])]);

    expect(await state()).toMatchObject({ unpurged_tags: null });
  });

  it("leaves a report, with what called for the run", async () => {
    const report = {
      ...newReport(now),
      finishedAt: now + 7,
      outcome: "budget" as const,
      oddRows: 3,
    };

    await db.all(sync.recordRun(report, "admin"));

    const rows = await db.all<{ report: string }>(sql`select * from sync_runs`);
    expect(rows).toEqual([
      {
        run_id: 1,
        started_at: now,
        finished_at: now + 7,
        outcome: "budget",
        report: JSON.stringify({ trigger: "admin", ...report }),
      },
    ]);
  });

  it("forgets reports that are older than a moment, two at a time, the oldest first", async () => {
    for (let run = 1; run <= 6; run += 1) {
      await db.all(sync.recordRun(newReport(now + run), "cron"));
    }
    const left = async () =>
      (await db.all<{ run_id: number }>(sql`select run_id from sync_runs`)).map(
        ({ run_id }) => run_id,
      );

    await db.batch(sync.forgetRunsBefore(now + 4));
    expect(await left()).toEqual([3, 4, 5, 6]);

    await db.batch(sync.forgetRunsBefore(now + 4));
    expect(await left()).toEqual([4, 5, 6]);

    await db.batch(sync.forgetRunsBefore(now + 99));
    expect(await left()).toEqual([6]);
  });
});

describe("the version of the data", () => {
  it("goes up with each change, and knows when the last one was", async () => {
    await db.all(sync.bumpVersion(now));
    await db.all(sync.bumpVersion(now + 5));

    expect(await state()).toMatchObject({ version: 2, changed_at: now + 5, stale_times: "[]" });
  });

  it("knows when each of the lists turns stale: after twice its life", async () => {
    const regions = createRegionRepository(db);
    await db.batch([...regions.cover([1, 2], now), sync.bumpVersion(now)]);
    expect(await state()).toMatchObject({ stale_times: "[0,0]" });

    const check = { checkedAt: now, nextDueAt: now };
    const snapshot = { changedAt: now, counts: noCounts() };
    await db.batch([
      regions.accepted(1, check, { ...snapshot, at: 1_000, cacheSeconds: 1_800 }),
      regions.accepted(2, check, { ...snapshot, at: 900, cacheSeconds: 2_000 }),
      sync.bumpVersion(now),
    ]);
    expect(await state()).toMatchObject({
      stale_times: JSON.stringify([1_000 + 2 * 1_800, 900 + 2 * 2_000]),
    });
  });
});

describe("ESI's limits", () => {
  const aLimit = (fields: Partial<EsiLimit> = {}): EsiLimit => ({
    bucket: "error-limit",
    remaining: 99,
    resetAt: now + minute,
    heldUntil: null,
    ...fields,
  });
  const limits = () => createEsiLimitRepository(db);

  it("are none before anything was asked", async () => {
    expect(await limits().all()).toEqual([]);
  });

  it("are kept, each by its bucket", async () => {
    const some = [
      aLimit(),
      aLimit({ bucket: "status", remaining: null, resetAt: null, heldUntil: now }),
    ];

    await limits().keep(some);

    expect(await limits().all()).toEqual(some);
  });

  it("are what was said last", async () => {
    await limits().keep([aLimit()]);
    await limits().keep([aLimit({ remaining: 7, resetAt: now + 2 * minute })]);

    expect(await limits().all()).toEqual([aLimit({ remaining: 7, resetAt: now + 2 * minute })]);
  });

  it.each([
    [now, now + 1, now + 1],
    [now + 1, now, now + 1],
    [now, null, now],
    [null, now, now],
    [null, null, null],
  ])("hold until the later of two times: %d and %d", async (first, second, expected) => {
    await limits().keep([aLimit({ heldUntil: first })]);
    await limits().keep([aLimit({ heldUntil: second })]);

    expect(await limits().all()).toEqual([aLimit({ heldUntil: expected })]);
  });

  it("are stored in the same batch as other writes", async () => {
    await db.batch([limits().save([aLimit()]), sync.setCoveredRegions("x")]);

    expect(await limits().all()).toEqual([aLimit()]);
  });
});
