import type { Context } from "hono";

import { publicUrlFrom } from "../config.ts";
import type { AppEnv } from "./context.ts";

/**
 * The address of this service: `PUBLIC_URL` if set, otherwise the requested host. The key of the
 * cache in front does not contain the host, so an answer made for one host may be served at
 * another.
 */
export const originOf = (c: Context<AppEnv>): string =>
  publicUrlFrom(c.env) ?? new URL(c.req.url).origin;
