import { createRoute, z } from "@hono/zod-openapi";

import { cacheFor } from "../http/caching.ts";
import { problemResponses } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";

const health = createRoute({
  method: "get",
  path: "/",
  operationId: "getHealth",
  summary: "Check that the process responds; does not query the database",
  tags: ["operation"],
  responses: {
    200: {
      description: "The process responds",
      content: { "application/json": { schema: z.object({ status: z.literal("ok") }) } },
    },
    ...problemResponses(),
  },
});

export const healthRoutes = createRouter().openapi(health, (c) => {
  cacheFor(c, "never");
  return c.json({ status: "ok" as const }, 200);
});
