/** ESI's two systems of limits (esi.md section 2). */
import { type Answer, failure } from "./answers.ts";
import type { Call } from "./call.ts";
import type { Counters } from "./counters.ts";

const windowMs = 60_000;
const errorsAllowed = 100;

/** The legacy error limit: a fixed window, at most 100 answers that are neither 2xx nor 3xx. */
export function createErrorLimit() {
  let window = Number.NaN;
  let errors = 0;

  function enter(now: number): void {
    const current = Math.floor(now / windowMs);
    if (current === window) return;
    window = current;
    errors = 0;
  }

  return {
    /** How many more errors are allowed, and the seconds until the window ends. */
    at(now: number): { remain: number; reset: number } {
      enter(now);
      const reset = Math.ceil(((window + 1) * windowMs - now) / 1000);
      return { remain: Math.max(0, errorsAllowed - errors), reset };
    },
    count(now: number, status: number): void {
      enter(now);
      if (status < 200 || status >= 400) errors += 1;
    },
  };
}

export const bucketGroups = { "market-order": 12_000, status: 600 } as const;
export type BucketGroup = keyof typeof bucketGroups;

const floatingMs = 15 * 60_000;

/** What an answer costs: a 429 itself is free. */
export function tokensFor(status: number): number {
  if (status === 429 || status >= 500) return 0;
  if (status >= 400) return 5;
  return status >= 300 ? 1 : 2;
}

/** A token bucket: a token comes back one window after it was spent. */
export function createBucket(group: BucketGroup) {
  const limit = bucketGroups[group];
  const spent: { at: number; tokens: number }[] = [];
  let total = 0;

  function remaining(now: number): number {
    while (spent[0] !== undefined && spent[0].at <= now - floatingMs) {
      total -= spent.shift()?.tokens ?? 0;
    }
    return limit - total;
  }

  return {
    group,
    limit: `${limit}/15m`,
    remaining,
    spend(now: number, tokens: number): void {
      if (tokens === 0) return;
      spent.push({ at: now, tokens });
      total += tokens;
    },
    /** Seconds until the oldest tokens come back. */
    retryAfter(now: number): number {
      const oldest = spent[0]?.at ?? now;
      return Math.max(1, Math.ceil((oldest + floatingMs - now) / 1000));
    },
  };
}

export const errorLimitText =
  "This software has exceeded the error limit for ESI. If you are a user, please contact the maintainer of this software. If you are a developer/maintainer, please make a greater effort in the future to receive valid responses.";

/** Both systems: what they refuse, and what each answer costs. */
export function createLimits(counters: Counters) {
  const errorLimit = createErrorLimit();
  const buckets = { "market-order": createBucket("market-order"), status: createBucket("status") };

  return {
    /** 420 goes for every route, bucketed ones too. */
    refusalOf(group: BucketGroup | undefined, { at }: Call): Answer | undefined {
      const time = at.getTime();
      if (errorLimit.at(time).remain === 0) return failure(420, errorLimitText);
      const bucket = group && buckets[group];
      if (bucket === undefined || bucket.remaining(time) >= tokensFor(200)) return undefined;
      const headers = { "Retry-After": String(bucket.retryAfter(time)) };
      return { ...failure(429, "Too many requests"), headers };
    },

    /** Charges an answer to the limit of its route; the headers tell where that stands. */
    charge(group: BucketGroup | undefined, { at }: Call, status: number): Record<string, string> {
      const time = at.getTime();
      const bucket = group && buckets[group];
      if (bucket !== undefined && status !== 420) {
        const tokens = tokensFor(status);
        bucket.spend(time, tokens);
        return {
          "X-Ratelimit-Group": bucket.group,
          "X-Ratelimit-Limit": bucket.limit,
          "X-Ratelimit-Remaining": String(Math.max(0, bucket.remaining(time))),
          "X-Ratelimit-Used": String(tokens),
        };
      }
      errorLimit.count(time, status);
      const { remain, reset } = errorLimit.at(time);
      counters.errorBudget(remain);
      return { "X-Esi-Error-Limit-Remain": `${remain}`, "X-Esi-Error-Limit-Reset": `${reset}` };
    },
  };
}
