import { parseHttpDate } from "../lib/http-date.ts";
import { dayMs, type EpochMs } from "../lib/time.ts";

/** The time until the next request if an answer does not state its lifetime. */
const unknownLifetimeMs = 300_000;

/** The shortest and longest time that we wait, whatever lifetime an answer claims. */
const minWaitMs = 5_000;
const maxWaitMs = dayMs;

function maxAgeMs(headers: Headers): number | null {
  const maxAge = /\bmax-age=(\d+)/i.exec(headers.get("cache-control") ?? "")?.[1];
  const age = Number(headers.get("age")) || 0;
  return maxAge === undefined ? null : (Number(maxAge) - age) * 1000;
}

/**
 * Converts `Expires` to our clock by comparing it with the `Date` of the same server. A wrong
 * server clock then has no effect.
 */
function expiresInMs(headers: Headers, receivedAt: EpochMs): number | null {
  const dateOf = (name: string) => parseHttpDate(headers.get(name), receivedAt);
  // 0 is not a date. It means that the answer has expired (RFC 9111, section 5.3).
  if (headers.get("expires") === "0") return 0;
  const expires = dateOf("expires");
  return expires === null ? null : expires - (dateOf("date") ?? receivedAt);
}

/**
 * When the cached resource behind an answer expires, on our clock. `max-age` minus `Age` comes
 * first, then `Expires`. Routes with a cache that CCP invalidates by events keep `Expires` only for
 * compatibility (CCP's developer blog, "Smarter caching", 2026-01-27).
 */
export function expiresAt(headers: Headers, receivedAt: EpochMs): EpochMs {
  const lifetimeMs = maxAgeMs(headers) ?? expiresInMs(headers, receivedAt) ?? unknownLifetimeMs;
  return receivedAt + Math.min(Math.max(lifetimeMs, minWaitMs), maxWaitMs);
}
