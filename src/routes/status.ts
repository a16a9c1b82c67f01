import { createRoute, z } from "@hono/zod-openapi";

import { cacheFor } from "../http/caching.ts";
import { onlyParameters } from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import {
  countAgainst,
  limiterOf,
  type RateLimitName,
  rateLimitNames,
  rateLimits,
} from "../http/rate-limit.ts";
import { createRouter } from "../http/router.ts";
import { isoFromMs } from "../lib/time.ts";
import type { RegionSummary } from "../services/regions.ts";
import type { ServiceStatus } from "../services/status.ts";
import { regionSchema, toRegion } from "./regions.ts";
import {
  syncCostsSchema,
  syncReportSchema,
  toSyncCosts,
  toSyncReport,
} from "./sync-report.schema.ts";

const count = () => z.int().nonnegative();
const instant = () => z.string().openapi({ format: "date-time" });

const regionStatusSchema = regionSchema
  .pick({
    region_id: true,
    as_of: true,
    outstanding: true,
    status: true,
    next_sync_at: true,
  })
  .extend({
    region_name: z.string().nullable(),
    last_error: z.string().nullable().openapi({
      description:
        "Why the last attempt returned no list. `held`: the list waits until a second one agrees with it.",
    }),
  })
  .openapi("RegionStatus");

const rateLimitSchema = z.object({ limit: count(), window_seconds: count() }).openapi("RateLimit");

const statusSchema = z
  .object({
    status: z.enum(["ok", "degraded", "empty"]).openapi({
      description:
        "degraded: a list is stale or missing, or requests to ESI are paused. empty: never synced.",
    }),
    version: z.string().openapi({ description: "Version of Hangar Bay." }),
    universe_version: z
      .string()
      .nullable()
      .openapi({ description: "Version of CCP's static data." }),
    contracts: z.object({ outstanding: count() }),
    items: z.object({
      pending: count(),
      unavailable: count(),
      oldest_pending_at: instant().nullable(),
    }),
    regions: z.array(regionStatusSchema),
    esi: z.object({
      held_until: instant().nullable(),
      error_budget_remaining: z.int().nullable(),
      error_budget_resets_at: instant().nullable(),
    }),
    rate_limits: z.record(z.enum(rateLimitNames), rateLimitSchema.nullable()).openapi({
      required: [...rateLimitNames],
      description:
        "How many responses one IP address may request in each window; cached responses are not counted. search: lists. lookup: everything else. Null: not limited in this deployment.",
    }),
    last_run: syncReportSchema.nullable(),
    costs: z.array(syncCostsSchema).openapi({
      description:
        "What the sync runs of each of the last days have cost, today first. Not included: the batch that ends a run, and the rows read when nothing was due.",
    }),
  })
  .openapi("Status");

const status = createRoute({
  method: "get",
  path: "/",
  operationId: "getStatus",
  summary: "Freshness of the data, and state of the sync",
  tags: ["operation"],
  request: { query: onlyParameters({}) },
  responses: {
    200: { description: "The status", content: { "application/json": { schema: statusSchema } } },
    ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
  },
});

const orNull = (ms: number | null): string | null => (ms === null ? null : isoFromMs(ms));

function toRegionStatus(region: RegionSummary): z.infer<typeof regionStatusSchema> {
  const { region_id, name, as_of, outstanding, status: state, next_sync_at } = toRegion(region);
  return {
    region_id,
    region_name: name,
    as_of,
    outstanding,
    status: state,
    next_sync_at,
    last_error: region.lastError,
  };
}

function toRateLimit(env: Env, name: RateLimitName): z.infer<typeof rateLimitSchema> | null {
  const { limit, windowSeconds } = rateLimits[name];
  return limiterOf(env, name) ? { limit, window_seconds: windowSeconds } : null;
}

const toStatus = (
  service: ServiceStatus,
  version: string,
  env: Env,
): z.infer<typeof statusSchema> => ({
  status: service.status,
  version,
  universe_version: service.universeVersion,
  contracts: { outstanding: service.outstanding },
  items: {
    pending: service.items.pending,
    unavailable: service.items.unavailable,
    oldest_pending_at: orNull(service.items.oldestPendingAt),
  },
  regions: service.regions.map(toRegionStatus),
  esi: {
    held_until: orNull(service.esi.heldUntil),
    error_budget_remaining: service.esi.errorBudgetRemaining,
    error_budget_resets_at: orNull(service.esi.errorBudgetResetsAt),
  },
  rate_limits: {
    search: toRateLimit(env, "search"),
    lookup: toRateLimit(env, "lookup"),
    export: toRateLimit(env, "export"),
  },
  last_run: service.lastRun && toSyncReport(service.lastRun),
  costs: service.costs.map(toSyncCosts),
});

export const statusRoutes = createRouter().openapi(status, async (c) => {
  const { status: service, release } = c.var.container;
  await countAgainst(c, "lookup");
  cacheFor(c, "status");
  return c.json(toStatus(await service.get(), release, c.env), 200);
});
