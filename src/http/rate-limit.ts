import type { Context } from "hono";

import { AppError } from "../errors.ts";
import { log } from "../lib/log.ts";
import { networkOf } from "./client-network.ts";
import type { AppEnv } from "./context.ts";

type Limit = {
  binding: "SEARCH_LIMIT" | "LOOKUP_LIMIT" | "EXPORT_LIMIT";
  limit: number;
  windowSeconds: 10 | 60;
};

/**
 * How many answers an address may have made for it in a window. wrangler.toml repeats the numbers,
 * because a binding does not expose its own. docs/operations.md gives the reasons.
 */
export const rateLimits = {
  search: { binding: "SEARCH_LIMIT", limit: 120, windowSeconds: 60 },
  lookup: { binding: "LOOKUP_LIMIT", limit: 600, windowSeconds: 60 },
  export: { binding: "EXPORT_LIMIT", limit: 20, windowSeconds: 60 },
} as const satisfies Record<string, Limit>;

export type RateLimitName = keyof typeof rateLimits;

export const rateLimitNames = [
  "search",
  "lookup",
  "export",
] as const satisfies readonly RateLimitName[];

/** Nothing is limited without the binding. */
export const limiterOf = (env: Env, name: RateLimitName): RateLimit | undefined =>
  env[rateLimits[name].binding];

/** A failing limiter lets all requests through. It is only a brake, and no part of an answer. */
async function isWithin(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    const { success } = await limiter.limit({ key });
    return success;
  } catch (error) {
    log("warn", "rate-limit-failed", { error: String(error) });
    return true;
  }
}

/**
 * Counts an answer that is about to be made for the address that asks. Cached answers and 304s are
 * never counted, because both cost next to nothing.
 *
 * The headers follow draft-ietf-httpapi-ratelimit-headers-10. The binding says only yes or no. So
 * the number of remaining requests is sent only if it is zero, and the wait is a whole window,
 * which is the longest it can be.
 *
 * @throws {AppError} `rate-limited`
 */
export async function countAgainst(c: Context<AppEnv>, name: RateLimitName): Promise<void> {
  const limiter = limiterOf(c.env, name);
  if (!limiter) return;
  const { limit, windowSeconds } = rateLimits[name];
  c.header("ratelimit-policy", `"${name}";q=${limit};w=${windowSeconds}`);
  // Cloudflare sets this header on every request from outside, and no client can remove it. Without
  // it, the caller is another Worker of the same account that uses a service binding.
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || (await isWithin(limiter, networkOf(address)))) return;
  c.header("ratelimit", `"${name}";r=0;t=${windowSeconds}`);
  c.header("retry-after", String(windowSeconds));
  throw new AppError(
    "rate-limited",
    `More than ${limit} answers were made for this address in ${windowSeconds} seconds.`,
  );
}
