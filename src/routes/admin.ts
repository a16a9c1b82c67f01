import { createRoute, z } from "@hono/zod-openapi";

import { adminOnly } from "../http/admin.ts";
import { onlyParameters } from "../http/parameters.ts";
import { InvalidParameters, problemResponses } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { syncReportSchema, toSyncReport } from "./sync-report.schema.ts";

const sync = createRoute({
  method: "post",
  path: "/sync",
  operationId: "sync",
  summary: "Run the sync now, as the cron does",
  description: "Sends no request to ESI before the cached answer has expired.",
  tags: ["operation"],
  security: [{ adminToken: [] }],
  middleware: [adminOnly] as const,
  request: {
    query: onlyParameters({}),
    body: {
      content: {
        "application/json": {
          schema: z.strictObject({
            region_ids: z
              .array(z.int().positive())
              .min(1)
              .max(200)
              .optional()
              .openapi({
                description:
                  "Sync only the lists of these regions, and of those only the ones that are due.",
                example: [10000002],
              }),
          }),
        },
      },
    },
  },
  responses: {
    200: {
      description: "What the run did",
      content: { "application/json": { schema: syncReportSchema } },
    },
    ...problemResponses(
      "invalid-request",
      "unauthorized",
      "not-found",
      "unsupported-media-type",
      "database-unavailable",
    ),
  },
});

const purge = createRoute({
  method: "post",
  path: "/purge",
  operationId: "purge",
  summary: "Empty the cache in front of this service",
  description:
    "Use it when the data has gone back to an earlier state, for example after a restore. Nothing else clears this cache then.",
  tags: ["operation"],
  security: [{ adminToken: [] }],
  middleware: [adminOnly] as const,
  request: { query: onlyParameters({}) },
  responses: {
    200: {
      description: "The result",
      content: {
        "application/json": {
          schema: z
            .object({
              purged: z
                .boolean()
                .openapi({ description: "False if there is no cache in front of the service." }),
            })
            .openapi("Purge"),
        },
      },
    },
    ...problemResponses("invalid-request", "unauthorized", "not-found", "cache-unavailable"),
  },
});

export const adminRoutes = createRouter()
  .openapi(sync, async (c) => {
    const { region_ids: regionIds } = c.req.valid("json");
    const { regions, sync: service } = c.var.container;
    const unknown = new Set(regionIds && (await regions.notSynced(regionIds)));
    if (unknown.size > 0) throw new InvalidParameters(faultsOf(regionIds ?? [], unknown));
    return c.json(toSyncReport(await service.run("admin", regionIds)), 200);
  })
  .openapi(purge, async (c) => c.json({ purged: await c.var.container.purgeEverything() }, 200));

const faultsOf = (regionIds: readonly number[], unknown: ReadonlySet<number>) =>
  regionIds.flatMap((id, index) =>
    unknown.has(id)
      ? [{ pointer: `/region_ids/${index}`, detail: `Region ${id} is not synced here` }]
      : [],
  );
