import { OpenAPIHono } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";

import type { AppEnv } from "./context.ts";
import { invalidRequest, InvalidParameters } from "./problem.ts";

/**
 * Refuses a parameter name that an object cannot hold, before the parameter gets lost. A typo must
 * never act as "no filter".
 */
export const refuseLostParameters = createMiddleware<AppEnv>(async (c, next) => {
  if (new URL(c.req.url).searchParams.has("__proto__")) {
    throw new InvalidParameters([{ parameter: "__proto__", detail: "Unknown parameter" }]);
  }
  await next();
});

/** Makes every router, root or nested, so that all share one error shape. */
export const createRouter = () =>
  new OpenAPIHono<AppEnv>({
    strict: false,
    defaultHook: (result, c) =>
      result.success ? undefined : invalidRequest(c, result.target, result.error.issues),
  });
