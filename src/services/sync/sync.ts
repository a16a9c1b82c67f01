import type { Config } from "../../config.ts";
import { type Database, GuardFailed } from "../../db/client.ts";
import type { EsiLimitRepository } from "../../db/esi-limit-repository.ts";
import type { Due, Lease, SyncRepository } from "../../db/sync-repository.ts";
import { isDowntime } from "../../domain/downtime.ts";
import { errorLimit, isHeld } from "../../domain/esi-limit.ts";
import type { Stargates } from "../../domain/stargates.ts";
import { newReport, type SyncOutcome, type SyncReport } from "../../domain/sync-report.ts";
import type { EsiClient } from "../../esi/client.ts";
import type { Governor, GovernorOptions } from "../../esi/governor.ts";
import { log } from "../../lib/log.ts";
import type { EpochMs } from "../../lib/time.ts";
import { coverageOf, type CoverageSync } from "./coverage.ts";
import { type HullSync, lastDay } from "./hulls.ts";
import type { ItemSync } from "./items.ts";
import type { ListSync } from "./lists.ts";
import type { NameSync } from "./names.ts";
import type { PlaceSync } from "./places.ts";
import type { PriceSync } from "./prices.ts";
import type { Repairs } from "./repairs.ts";
import type { Revaluation } from "./revaluation.ts";
import type { RowGroupSync } from "./row-groups.ts";
import { createRun, type SyncRun } from "./run.ts";
import { isDerivationDue, prunableBefore, type Upkeep } from "./upkeep.ts";

type Steps = {
  coverage: CoverageSync;
  lists: ListSync;
  items: ItemSync;
  names: NameSync;
  places: PlaceSync;
  prices: PriceSync;
  revaluation: Revaluation;
  repairs: Repairs;
  hulls: HullSync;
  rowGroups: RowGroupSync;
  upkeep: Upkeep;
};

type Deps = {
  config: Config;
  db: Database;
  sync: SyncRepository;
  limits: EsiLimitRepository;
  steps: Steps;
  stargates: Stargates;
  createEsi: (options: Pick<GovernorOptions, "limits" | "maxRequests" | "deadline">) => {
    governor: Governor;
    esi: EsiClient;
  };
  now: () => EpochMs;
  /** Takes cached answers with any of these tags out of the cache. */
  purge: (tags: readonly string[]) => Promise<void>;
};

/** How long a run that was killed keeps the next one waiting, beyond what it may take itself. */
const leaseGraceMs = 60_000;

const tagsOf = (regionIds: ReadonlySet<number>): string[] =>
  regionIds.size === 0 ? [] : ["region-all", ...[...regionIds].map((id) => `region-${id}`)];

/**
 * The sync: one run does what is due, in order, within its budget. The cron and the admin route call
 * it alike.
 */
export function createSync({
  config,
  db,
  sync,
  limits,
  steps,
  stargates,
  createEsi,
  now,
  purge,
}: Deps) {
  const arePricesDue = ({ prices }: Due) => prices && config.pricesEveryHours > 0;
  const asksEsi = (due: Due) => due.lists || due.items || due.names || arePricesDue(due);

  async function isThereWork(due: Due, startedAt: EpochMs): Promise<boolean> {
    if (
      due.pruning ||
      due.valuing ||
      due.repairs ||
      (due.hullsRecordedOn !== lastDay(startedAt) && due.coveredRegions !== "") ||
      isDerivationDue(due, stargates) ||
      coverageOf(config, due) !== due.coveredRegions
    )
      return true;
    if (!asksEsi(due) || isDowntime(config.esiDowntime, startedAt)) return false;
    return !isHeld(await limits.all(), errorLimit, startedAt);
  }

  /** The steps that ask ESI, as far as they get: the outcome says what ended them. */
  async function askEsi(
    run: SyncRun,
    due: Due,
    regionIds?: readonly number[],
  ): Promise<SyncOutcome> {
    const tasks = [
      () => steps.lists(run, regionIds),
      () => steps.items(run),
      () => steps.places(run),
      () => steps.names(run),
      () => steps.prices(run, due),
    ];
    let outcome: SyncOutcome = "done";
    for (const task of tasks) {
      const stopped = await run.take(task);
      if (!stopped) continue;
      outcome = stopped.reason;
      if (!stopped.isPartial) break;
    }
    return outcome;
  }

  async function takeSteps(run: SyncRun, due: Due, regionIds?: readonly number[]): Promise<void> {
    await steps.coverage(run, due);
    run.report.outcome = await askEsi(run, due, regionIds);
    await steps.revaluation(run, due);
    await steps.upkeep(run, due);
    await steps.hulls(run, due);
    if (due.repairs) await steps.repairs(run);
    await steps.rowGroups(run);
  }

  /** @returns the tags that are still to be purged: the next run tries again. */
  async function purgeChanged(
    tags: readonly string[],
    report: SyncReport,
  ): Promise<readonly string[]> {
    if (tags.length === 0) return [];
    try {
      await purge(tags);
      report.purgedTags = tags.length;
      return [];
    } catch (error) {
      log("warn", "purge-failed", { tags: tags.length, error: String(error) });
      return tags;
    }
  }

  async function finish(
    run: SyncRun,
    lease: Lease,
    governor: Governor,
    trigger: string,
  ): Promise<void> {
    const { report } = run;
    // One region that is due asks too little to find that out on the way.
    if (report.outcome === "done" && governor.requests > 0 && !governor.hasAnswered) {
      report.outcome = "unreachable";
    }
    const tags = [...new Set([...lease.unpurgedTags, ...tagsOf(run.changedRegions)])];
    const unpurged = await purgeChanged(tags, report);
    const changedLimits = governor.changes();
    report.finishedAt = now();
    report.esiRequests = governor.requests;
    Object.assign(report, db.costs);
    await run.commit([
      ...(changedLimits.length > 0 ? [limits.save(changedLimits)] : []),
      sync.recordRun(report, trigger),
      sync.recordCosts(report),
      sync.releaseLease(unpurged),
    ]);
  }

  /** Ends a run that another has taken over from: what it did before stands, and is to be seen. */
  async function leave({ report, changedRegions }: SyncRun, governor: Governor) {
    await purgeChanged(tagsOf(changedRegions), report);
    const held = governor.changes().filter(({ heldUntil }) => heldUntil !== null);
    if (held.length > 0) await limits.keep(held);
    return { ...report, outcome: "superseded" as const, ...db.costs };
  }

  return {
    /**
     * Does what is due, if anything is and no other run is at it. Nothing is asked of ESI before its
     * time, whoever calls.
     *
     * @param regionIds only the lists of these.
     * @throws what broke the run, after its report is kept: a failed run must look failed.
     */
    async run(trigger: "cron" | "admin", regionIds?: readonly number[]): Promise<SyncReport> {
      const startedAt = now();
      const report = newReport(startedAt);
      const due = await sync.due(startedAt, prunableBefore(config, startedAt));
      if (!(await isThereWork(due, startedAt))) return { ...report, outcome: "idle", ...db.costs };

      const known = await limits.all();
      const deadline = startedAt + config.syncRunSeconds * 1000;
      const lease = await sync.acquireLease(startedAt, deadline + leaseGraceMs);
      if (!lease) return { ...report, outcome: "busy", ...db.costs };

      const { governor, esi } = createEsi({
        limits: known,
        maxRequests: config.syncRunRequests,
        deadline,
      });
      const maxQueries = config.syncRunQueries;
      const run = createRun({ db, sync, lease, esi, report, now, maxQueries });
      try {
        await takeSteps(run, due, regionIds);
        await finish(run, lease, governor, trigger);
      } catch (error) {
        if (error instanceof GuardFailed) return await leave(run, governor);
        report.outcome = "failed";
        await finish(run, lease, governor, trigger).catch((second: unknown) => {
          log("error", "run-not-finished", { error: String(second) });
        });
        throw error;
      }
      return report;
    },
  };
}

export type Sync = ReturnType<typeof createSync>;
