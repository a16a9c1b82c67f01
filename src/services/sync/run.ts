import pMap from "p-map";

import type { Database } from "../../db/client.ts";
import type { Lease, SyncRepository } from "../../db/sync-repository.ts";
import { Stopped } from "../../domain/stopped.ts";
import type { SyncReport } from "../../domain/sync-report.ts";
import type { EsiClient } from "../../esi/client.ts";
import type { EpochMs } from "../../lib/time.ts";

type Query = ReturnType<SyncRepository["fence"]>;

type Deps = {
  db: Database;
  sync: SyncRepository;
  lease: Lease;
  esi: EsiClient;
  report: SyncReport;
  now: () => EpochMs;
  maxQueries: number;
};

/**
 * Queries that a run reserves for its end: a postponed list, the report, the costs, the lease,
 * ESI's limits.
 */
const queriesToFinish = 7;

/**
 * One run of the sync while it has the lease: what its steps share. Its steps write through
 * `commit` only, so that nothing is written once another run has taken over.
 */
export function createRun({ db, sync, lease, esi, report, now, maxQueries }: Deps) {
  const changedRegions = new Set<number>();
  let stop: Stopped | undefined;

  /** Strictly later than every change before it, whatever the clock says. */
  function changeTime(): EpochMs {
    lease.lastChangeAt = Math.max(now(), lease.lastChangeAt + 1);
    return lease.lastChangeAt;
  }

  /**
   * A reason that stops the whole run replaces a reason that stops only a step. The reverse never
   * happens.
   */
  function stopBy(reason: Stopped): void {
    if (!stop || stop.isPartial) stop = reason;
  }

  /** Whether the run may make this many more queries. */
  const canQuery = (queries: number): boolean =>
    db.costs.queries + queries + queriesToFinish <= maxQueries;

  /** Does something that asks ESI, unless the run is stopped; undefined once it is. */
  async function attempt<Result>(task: () => Promise<Result>): Promise<Result | undefined> {
    if (stop) return undefined;
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      stopBy(error);
      return undefined;
    }
  }

  return {
    esi,
    report,
    now,
    /** Regions whose answers this run has changed. */
    changedRegions: changedRegions as ReadonlySet<number>,

    /** Runs all queries or none, and none once the lease is lost. */
    async commit(queries: readonly Query[]): Promise<void> {
      await db.batch([sync.fence(lease), ...queries]);
    },

    /**
     * Commits what changes answers about some regions.
     *
     * @param queries gets the time of the change, which no earlier change has.
     */
    async commitChange(
      regionIds: Iterable<number>,
      queries: (at: EpochMs) => readonly Query[],
    ): Promise<void> {
      const at = changeTime();
      await db.batch([sync.fence(lease), ...queries(at), sync.bumpVersion(at)]);
      for (const regionId of regionIds) changedRegions.add(regionId);
    },

    attempt,

    /**
     * Runs a step as far as it gets. If only the step's routes are held, the next step begins as if
     * nothing had stopped.
     *
     * @returns what stopped it.
     */
    async runStep(step: () => Promise<void>): Promise<Stopped | undefined> {
      try {
        await step();
        return undefined;
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        if (error.isPartial) stop = undefined;
        return error;
      }
    },

    /**
     * Calls `attempt` for each item, several at a time, in order. Items that were not reached are
     * left out.
     */
    async attemptEach<Item, Result>(
      items: readonly Item[],
      concurrency: number,
      task: (item: Item) => Promise<Result>,
    ): Promise<Result[]> {
      const results = await pMap(items, (item) => attempt(() => task(item)), { concurrency });
      return results.filter((result) => result !== undefined);
    },

    canQuery,

    /** @throws {Stopped} if the run was stopped. */
    throwIfStopped(): void {
      if (stop) throw stop;
    },

    /** @throws {Stopped} if the run was stopped, or has fewer queries left. */
    requireQueries(queries: number): void {
      if (stop) throw stop;
      if (!canQuery(queries)) throw new Stopped("budget", `${db.costs.queries} queries are made`);
    },
  };
}

export type SyncRun = ReturnType<typeof createRun>;
