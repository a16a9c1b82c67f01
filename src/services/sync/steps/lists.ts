import { pMapIterable } from "p-map";

import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { StoredContract } from "../../../db/contracts/stored-contract.ts";
import type { RegionRepository, RegionState } from "../../../db/region-repository.ts";
import { backoff } from "../../../domain/backoff.ts";
import {
  agrees,
  missingFrom,
  needsSecondSnapshot,
  type Snapshot,
} from "../../../domain/snapshot.ts";
import { Stopped } from "../../../domain/stopped.ts";
import type { ListWalk } from "../../../esi/client.ts";
import { type EpochMs, toSeconds } from "../../../lib/time.ts";
import type { ApplySnapshot } from "../contracts/apply-snapshot.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  regions: RegionRepository;
  contracts: ContractRepository;
  applySnapshot: ApplySnapshot;
};

/** Regions walked at once: enough to keep ESI's connections busy while one waits for D1. */
const regionsAtOnce = 4;

/** How many queries the list of one region takes, batches of many new contracts aside. */
const queriesPerRegion = 20;

/** After its expiry a list is asked for a little later: ESI makes the new one on demand. */
const graceMs = 5_000;

/**
 * A region that failed is asked for again after two minutes. The delay grows with each failure, up
 * to half an hour. The pages that did arrive have not expired by then, and are requested once more.
 */
const retryAt = (now: EpochMs, failures: number): EpochMs =>
  now + backoff(120_000, 1_800_000, failures);

/**
 * A list can still be the old one after its expiry. The fresher it is, the sooner it is asked for
 * again.
 */
function dueAgainAt(
  { snapshotAt, cacheSeconds }: RegionState,
  expiresAt: EpochMs,
  now: EpochMs,
): EpochMs {
  const overdueMs = now - ((snapshotAt ?? 0) + (cacheSeconds ?? 0)) * 1000;
  const waitMs = Math.min(Math.max(Math.round(overdueMs / 4), 30_000), 600_000);
  return Math.max(expiresAt + graceMs, now + waitMs);
}

/**
 * Whether a list closes so many contracts that a second list must agree first, and none has yet.
 */
function mustWait(
  { heldSnapshotAt, heldSize }: RegionState,
  snapshot: Snapshot<unknown>,
  stored: readonly StoredContract[],
): boolean {
  const missing = missingFrom(snapshot, stored);
  if (!needsSecondSnapshot(snapshot, stored.length, missing.length)) return false;
  const isSecond = heldSnapshotAt !== null && heldSnapshotAt < snapshot.at;
  return !(isSecond && agrees(snapshot.ids.size, heldSize ?? 0));
}

/** What became of a walk over a region's list, with what was stored of it before. */
type Walked = { region: RegionState; walk: ListWalk; stored: readonly StoredContract[] };

/** Steps 1 and 2 of the sync: the lists of the regions that are due, and what changed in them. */
export function createListSync({ regions, contracts, applySnapshot }: Deps) {
  async function walked(run: SyncRun, region: RegionState): Promise<Walked> {
    let stored: StoredContract[] = [];
    const walk = await run.esi.walkContracts(
      region.regionId,
      async () => {
        stored = await contracts.listedIn(region.regionId);
        return new Set(stored.map(({ contractId }) => contractId));
      },
      region.snapshotAt,
    );
    return { region, walk, stored };
  }

  async function writeDown(run: SyncRun, { region, walk, stored }: Walked): Promise<void> {
    const { regionId } = region;
    const { report } = run;
    const checkedAt = run.now();
    report.regions.checked += 1;

    if (walk.kind === "failed") {
      report.regions.failed += 1;
      const nextDueAt = retryAt(checkedAt, region.failures);
      return run.commit([regions.failed(regionId, { checkedAt, nextDueAt }, walk.reason)]);
    }
    const { expiresAt } = walk.headers;
    if (walk.kind === "unchanged") {
      report.regions.unchanged += 1;
      const nextDueAt = dueAgainAt(region, expiresAt, checkedAt);
      return run.commit([regions.unchanged(regionId, { checkedAt, nextDueAt })]);
    }
    const { snapshot, oddRows, oddFields } = walk;
    const check = { checkedAt, nextDueAt: expiresAt + graceMs };
    report.listRows += snapshot.ids.size;
    report.oddRows += oddRows;
    report.oddFields += oddFields;
    if (mustWait(region, snapshot, stored)) {
      report.regions.held += 1;
      const held = { at: snapshot.at, size: snapshot.ids.size };
      return run.commit([regions.held(regionId, check, held)]);
    }
    const cacheSeconds = Math.max(toSeconds(expiresAt) - snapshot.at, 1);
    try {
      await applySnapshot(run, region, { snapshot, cacheSeconds, check }, stored);
      report.regions.accepted += 1;
    } catch (error) {
      // What of it is not written down has to wait: ESI may not be asked for a list that it just gave.
      if (error instanceof Stopped) await run.commit([regions.postponed(regionId, check)]);
      throw error;
    }
  }

  /** Asks for the lists that are due, of all regions or of these, the latest first. */
  return async function syncLists(run: SyncRun, only?: readonly number[]): Promise<void> {
    const due = await regions.due(run.now());
    const asked = due.filter(({ regionId }) => !only || only.includes(regionId));
    let underway = 0;
    const walks = pMapIterable(
      asked,
      (region) =>
        run.attempt(() => {
          run.requireQueries(queriesPerRegion * (underway + 1));
          underway += 1;
          return walked(run, region);
        }),
      { concurrency: regionsAtOnce },
    );
    // Lists are stored one after another, because two lists may hold the same contract.
    for await (const list of walks) {
      if (!list) continue;
      await writeDown(run, list);
      underway -= 1;
    }
    run.throwIfStopped();
  };
}

export type ListSync = ReturnType<typeof createListSync>;
