import { parseHttpDate } from "../lib/http-date.ts";
import { dayMs, type EpochMs } from "../lib/time.ts";

/** Where an answer says nothing of its lifetime, it is asked for again after this long. */
const unknownLifetimeMs = 300_000;

/** However short or long a lifetime an answer claims, we wait this long at least, and at most. */
const minWaitMs = 5_000;
const maxWaitMs = dayMs;

function maxAgeMs(headers: Headers): number | null {
  const maxAge = /\bmax-age=(\d+)/i.exec(headers.get("cache-control") ?? "")?.[1];
  const age = Number(headers.get("age")) || 0;
  return maxAge === undefined ? null : (Number(maxAge) - age) * 1000;
}

/** `Expires` on the clock that wrote it: a skewed server is only skewed against us. */
function expiresInMs(headers: Headers, receivedAt: EpochMs): number | null {
  const dateOf = (name: string) => parseHttpDate(headers.get(name), receivedAt);
  // No date, and the way to say that an answer has expired (RFC 9111, section 5.3).
  if (headers.get("expires") === "0") return 0;
  const expires = dateOf("expires");
  return expires === null ? null : expires - (dateOf("date") ?? receivedAt);
}

/**
 * When the cached resource behind an answer expires, on our clock. `max-age` less `Age` first, else
 * `Expires`: routes whose cache CCP invalidates by events keep `Expires` for compatibility only
 * (CCP's developer blog, "Smarter caching", 2026-01-27).
 */
export function expiresAt(headers: Headers, receivedAt: EpochMs): EpochMs {
  const lifetimeMs = maxAgeMs(headers) ?? expiresInMs(headers, receivedAt) ?? unknownLifetimeMs;
  return receivedAt + Math.min(Math.max(lifetimeMs, minWaitMs), maxWaitMs);
}
