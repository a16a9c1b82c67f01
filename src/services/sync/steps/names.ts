import type { NameRepository, UnresolvedName } from "../../../db/name-repository.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import { backoff } from "../../../domain/backoff.ts";
import { dayMs, type EpochMs } from "../../../lib/time.ts";
import type { SyncRun } from "../run.ts";

type Deps = { names: NameRepository; regions: RegionRepository };

/** The maximum number of ids that ESI names in one request. */
const idsPerRequest = 1_000;
const queriesPerRequest = 6;

/** What became of some ids. */
type LookUp = { found: { id: number; name: string }[]; unknown: number[]; failed: number[] };

/** Step 4 of the sync: names of issuers, all that are waiting. */
export function createNameSync({ names, regions }: Deps) {
  /**
   * ESI answers 404 to a whole request if it does not know one of the ids. Each half is then
   * requested separately, and halved again, down to the one unknown id.
   */
  async function lookUp(run: SyncRun, ids: readonly number[]): Promise<LookUp> {
    const answer = await run.attempt(() => run.esi.names(ids));
    if (answer?.kind === "ok") {
      const asked = new Set(ids);
      const found = answer.body.filter(({ id }) => asked.delete(id));
      return { found, unknown: [...asked], failed: [] };
    }
    if (!answer) return { found: [], unknown: [], failed: [] };
    const isUnknown = answer.kind === "refused" && answer.reason === "status-404";
    if (!isUnknown) return { found: [], unknown: [], failed: [...ids] };
    if (ids.length === 1) return { found: [], unknown: [...ids], failed: [] };
    const half = Math.ceil(ids.length / 2);
    const left = await lookUp(run, ids.slice(0, half));
    const right = await lookUp(run, ids.slice(half));
    return {
      found: [...left.found, ...right.found],
      unknown: [...left.unknown, ...right.unknown],
      failed: [...left.failed, ...right.failed],
    };
  }

  async function store(
    run: SyncRun,
    waiting: readonly UnresolvedName[],
    { found, unknown, failed }: LookUp,
  ): Promise<void> {
    const attemptsOf = new Map(waiting.map(({ id, attempts }) => [id, attempts + 1]));
    const later = (ids: readonly number[], waitMs: (attempts: number) => EpochMs) =>
      ids.map((id) => {
        const attempts = attemptsOf.get(id) ?? 1;
        return { id, attempts, resolveAt: run.now() + waitMs(attempts) };
      });
    const postponed = [
      ...later(unknown, (attempts) => backoff(dayMs, 30 * dayMs, attempts - 1)),
      ...later(failed, (attempts) => backoff(60_000, dayMs, attempts - 1)),
    ];
    const ids = found.map(({ id }) => id);
    const since = Math.min(...waiting.map(({ requestedAt }) => requestedAt));
    const regionIds = ids.length > 0 ? await names.regionsOfIssuers(ids, since) : [];
    const queries = (at: EpochMs) => [
      ...(found.length > 0 ? [names.resolve(found), regions.touched(regionIds, at)] : []),
      ...(postponed.length > 0 ? [names.postpone(postponed)] : []),
    ];
    if (found.length > 0) await run.commitChange(regionIds, queries);
    else if (postponed.length > 0) await run.commit(queries(run.now()));
    run.report.names.resolved += found.length;
    run.report.names.failed += postponed.length;
  }

  return async function syncNames(run: SyncRun): Promise<void> {
    for (;;) {
      run.requireQueries(queriesPerRequest);
      const waiting = await names.toResolve(run.now(), idsPerRequest);
      if (waiting.length === 0) return;
      const result = await lookUp(
        run,
        waiting.map(({ id }) => id),
      );
      await store(run, waiting, result);
    }
  };
}

export type NameSync = ReturnType<typeof createNameSync>;
