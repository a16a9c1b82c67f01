import { createRoute, z } from "@hono/zod-openapi";

import { adminOnly } from "../http/admin.ts";
import { createRouter } from "../http/context.ts";
import { onlyParameters } from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import { syncReportSchema, toSyncReport } from "./sync-report.schema.ts";

const sync = createRoute({
  method: "post",
  path: "/sync",
  operationId: "sync",
  summary: "Run the sync now, as the cron does",
  description: "Asks ESI for nothing before its time.",
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
                description: "Only the lists of these regions, those that are due.",
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

export const adminRoutes = createRouter().openapi(sync, async (c) => {
  const { region_ids: regionIds } = c.req.valid("json");
  return c.json(toSyncReport(await c.var.container.sync.run("admin", regionIds)), 200);
});
