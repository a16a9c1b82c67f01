import { createMiddleware } from "hono/factory";

import { log } from "../lib/log.ts";
import type { AppEnv } from "./context.ts";

/**
 * Logs one line per request. It leaves out the query's values, because they are the caller's own
 * business.
 */
export const accessLog = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const { pathname, searchParams } = new URL(c.req.url);
  log("info", "request", {
    requestId: c.var.requestId,
    ray: c.req.header("cf-ray"),
    method: c.req.method,
    path: pathname,
    parameters: [...new Set(searchParams.keys())],
    status: c.res.status,
  });
});
