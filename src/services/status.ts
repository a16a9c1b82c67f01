import type { Overview, StatusRepository } from "../db/status-repository.ts";
import { errorLimit } from "../domain/esi-limit.ts";
import { noCounts } from "../domain/region-counts.ts";
import type { SyncCosts, SyncReport } from "../domain/sync-report.ts";
import type { EpochMs } from "../lib/time.ts";
import { freshnessOf } from "./freshness.ts";
import { type RegionSummary, regionSummary } from "./regions.ts";

/** How the service is: `degraded` if a list is stale or missing, or ESI held off or unreachable. */
export type ServiceStatus = {
  status: "ok" | "degraded" | "empty";
  universeVersion: string | null;
  outstanding: number;
  items: { pending: number; unavailable: number; oldestPendingAt: EpochMs | null };
  regions: RegionSummary[];
  esi: {
    heldUntil: EpochMs | null;
    /** In ESI's current window; null after its end. */
    errorBudgetRemaining: number | null;
    errorBudgetResetsAt: EpochMs | null;
  };
  lastRun: SyncReport | null;
  /** Of the last week, today's first. */
  costs: SyncCosts[];
};

function esiStatus({ limits }: Overview, now: EpochMs): ServiceStatus["esi"] {
  const holds = limits.map(({ heldUntil }) => heldUntil ?? 0).filter((until) => until > now);
  const errors = limits.find(({ bucket }) => bucket === errorLimit);
  const isCurrent = (errors?.resetAt ?? 0) > now;
  return {
    heldUntil: holds.length > 0 ? Math.max(...holds) : null,
    errorBudgetRemaining: isCurrent ? (errors?.remaining ?? null) : null,
    errorBudgetResetsAt: isCurrent ? (errors?.resetAt ?? null) : null,
  };
}

export function createStatus({
  statuses,
  now,
}: {
  statuses: StatusRepository;
  now: () => EpochMs;
}) {
  return {
    async get(): Promise<ServiceStatus> {
      const at = now();
      const overview = await statuses.overview(at);
      const active = overview.states.filter(({ isActive }) => isActive);
      const regions = active.map((state) => regionSummary(state, overview, at));
      const pending = active.reduce((sum, { regionId, counts }) => {
        const over = overview.expired.get(regionId) ?? noCounts();
        return sum + counts.itemsPending - over.itemsPending;
      }, 0);
      const esi = esiStatus(overview, at);
      const isEmpty = active.every(({ snapshotAt }) => snapshotAt === null);
      const isUnreachable = overview.lastRun?.outcome === "unreachable";
      const isDegraded = freshnessOf(active, at).isStale || esi.heldUntil !== null || isUnreachable;
      return {
        status: isEmpty ? "empty" : isDegraded ? "degraded" : "ok",
        universeVersion: overview.universeVersion,
        outstanding: regions.reduce((sum, { outstanding }) => sum + outstanding, 0),
        items: {
          pending,
          unavailable: overview.unavailable,
          oldestPendingAt: overview.oldestPendingAt,
        },
        regions: regions.toSorted((a, b) => a.regionId - b.regionId),
        esi,
        lastRun: overview.lastRun ?? null,
        costs: overview.costs,
      };
    },
  };
}

export type Status = ReturnType<typeof createStatus>;
