import type { Context } from "hono";

import { publicUrlFrom } from "../config.ts";
import type { AppEnv } from "./context.ts";

/**
 * Where this service is found: as `PUBLIC_URL` says, else at the host that was asked. The key of the
 * cache in front has no host in it, so that one host's answer may be served at another.
 */
export const originOf = (c: Context<AppEnv>): string =>
  publicUrlFrom(c.env) ?? new URL(c.req.url).origin;
