import { createMiddleware } from "hono/factory";
import { timingSafeEqual } from "hono/utils/buffer";

import { AppError } from "../errors.ts";
import { cacheFor } from "./caching.ts";
import type { AppEnv } from "./context.ts";

/**
 * Lets only callers with the admin token through. If no token is configured, there are no admin
 * routes.
 */
export const adminOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { adminToken } = c.var.container.config;
  if (!adminToken) throw new AppError("not-found", "This path does not exist.");
  const [, token = ""] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (!(await timingSafeEqual(token, adminToken))) {
    throw new AppError("unauthorized", "A valid bearer token is required.");
  }
  await next();
  cacheFor(c, "private");
});
