import type { Config } from "../../config.ts";
import { type Database, GuardFailed } from "../../db/client.ts";
import type { EsiLimitRepository } from "../../db/esi-limit-repository.ts";
import type { Due, Lease, SyncRepository } from "../../db/sync-repository.ts";
import { tagsOfChanged } from "../../domain/cache-tags.ts";
import { isDowntime } from "../../domain/downtime.ts";
import { errorLimit, isHeld } from "../../domain/esi-limit.ts";
import { newReport, type SyncOutcome, type SyncReport } from "../../domain/sync-report.ts";
import type { CreateEsi } from "../../esi/create-esi.ts";
import type { Governor } from "../../esi/governor.ts";
import { log } from "../../lib/log.ts";
import type { EpochMs } from "../../lib/time.ts";
import { createRun, type SyncRun } from "./run.ts";
import type { SyncStep } from "./steps.ts";
import { prunableBefore } from "./steps/upkeep.ts";

type Deps = {
  config: Config;
  db: Database;
  sync: SyncRepository;
  limits: EsiLimitRepository;
  /** In the order in which a run takes them. */
  steps: readonly SyncStep[];
  createEsi: CreateEsi;
  now: () => EpochMs;
  /** Takes cached answers with any of these tags out of the cache. */
  purge: (tags: readonly string[]) => Promise<void>;
};

/** How long a killed run delays the next one, in addition to the time that a run may take. */
const leaseGraceMs = 60_000;

/**
 * The sync: one run does what is due, in order, within its budget. The cron and the admin route call
 * it alike.
 */
export function createSync({ config, db, sync, limits, steps, createEsi, now, purge }: Deps) {
  const stepsOf = (phase: SyncStep["phase"]) => steps.filter((step) => step.phase === phase);

  /** Whether ESI may be asked at all: it is not while it is down, or refuses everyone. */
  async function isEsiOpen(at: EpochMs): Promise<boolean> {
    return !isDowntime(config.esiDowntime, at) && !isHeld(await limits.all(), errorLimit, at);
  }

  async function isThereWork(due: Due, startedAt: EpochMs): Promise<boolean> {
    const dueSteps = steps.filter((step) => step.isDue(due, startedAt));
    if (dueSteps.some(({ phase }) => phase !== "esi")) return true;
    return dueSteps.length > 0 && isEsiOpen(startedAt);
  }

  /** Runs the steps that ask ESI, as far as they get. The outcome says what ended them. */
  async function askEsi(
    run: SyncRun,
    due: Due,
    regionIds?: readonly number[],
  ): Promise<SyncOutcome> {
    let outcome: SyncOutcome = "done";
    for (const step of stepsOf("esi")) {
      const stopped = await run.runStep(() => step.run(run, due, regionIds));
      if (!stopped) continue;
      outcome = stopped.reason;
      if (!stopped.isPartial) break;
    }
    return outcome;
  }

  async function runSteps(run: SyncRun, due: Due, regionIds?: readonly number[]): Promise<void> {
    for (const step of stepsOf("coverage")) await step.run(run, due);
    run.report.outcome = await askEsi(run, due, regionIds);
    for (const step of stepsOf("derivation")) await step.run(run, due);
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
    const tags = [...new Set([...lease.unpurgedTags, ...tagsOfChanged(run.changedRegions)])];
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

  /**
   * Ends a run that another run has taken over from. What it did before remains valid, and must be
   * seen.
   */
  async function finishSuperseded({ report, changedRegions }: SyncRun, governor: Governor) {
    await purgeChanged(tagsOfChanged(changedRegions), report);
    const held = governor.changes().filter(({ heldUntil }) => heldUntil !== null);
    if (held.length > 0) await limits.keep(held);
    return { ...report, outcome: "superseded" as const, ...db.costs };
  }

  return {
    /**
     * Does what is due, if anything is due and no other run is active. ESI is never asked before
     * its time, whoever calls.
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
        await runSteps(run, due, regionIds);
        await finish(run, lease, governor, trigger);
      } catch (error) {
        if (error instanceof GuardFailed) return await finishSuperseded(run, governor);
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
