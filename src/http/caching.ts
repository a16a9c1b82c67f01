import type { Context } from "hono";

import type { DataVersion } from "../domain/data-version.ts";
import { fingerprintOf } from "../lib/fingerprint.ts";
import type { EpochMs } from "../lib/time.ts";
import type { AppEnv } from "./context.ts";
import { countAgainst, type RateLimitName } from "./rate-limit.ts";

/** What the cache in front of the Worker may do with an answer beyond its time. */
const keptBeyond = "stale-while-revalidate=60, stale-if-error=3600";

type Policy = {
  /** `Cache-Control`: for clients, and for caches that we cannot purge. */
  clients: string;
  /**
   * `Cloudflare-CDN-Cache-Control`: for the cache in front of the Worker, which a sync purges by tag.
   * It reads this header instead of the other and takes it off. `s-maxage` would forbid it to serve
   * anything stale; without a `stale-if-error` it serves the last answer for as long as the Worker
   * fails (https://developers.cloudflare.com/workers/cache/configuration/).
   */
  edge?: string;
};

/** How long answers may be kept, by whoever keeps them. */
export const cachePolicy = {
  market: { clients: "public, max-age=30", edge: `public, max-age=60, ${keptBeyond}` },
  universe: { clients: "public, max-age=3600", edge: `public, max-age=3600, ${keptBeyond}` },
  documents: { clients: "public, max-age=3600", edge: `public, max-age=3600, ${keptBeyond}` },
  // It must not say that all is well while nothing answers.
  status: { clients: "public, max-age=10", edge: "public, max-age=10, stale-if-error=0" },
  absent: { clients: "public, max-age=30", edge: "public, max-age=30, stale-if-error=0" },
  never: { clients: "no-store" },
  private: { clients: "private, no-store" },
} as const satisfies Record<string, Policy>;

export type CachePolicy = keyof typeof cachePolicy;

/** The headers that say so. */
export function cacheHeaders(name: CachePolicy): Record<string, string> {
  const { clients, edge }: Policy = cachePolicy[name];
  return { "cache-control": clients, ...(edge ? { "cloudflare-cdn-cache-control": edge } : {}) };
}

export function cacheFor(
  c: Context<AppEnv>,
  policy: CachePolicy,
  tags: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(cacheHeaders(policy))) c.header(name, value);
  if (tags.length > 0) c.header("cache-tag", tags.join(","));
}

/** A region each, or all of them where the answer spans all. */
export const regionTags = (regionIds: readonly number[] | undefined): string[] => [
  "contracts",
  ...(regionIds ? [...new Set(regionIds)].map((id) => `region-${id}`) : ["region-all"]),
];

/**
 * Changes with each release: an answer's shape is part of what an ETag stands for. So is what was
 * asked, though HTTP does not ask for that: a bot that sends the ETag of one search with another
 * must not be told that nothing is new.
 */
async function etags(c: Context<AppEnv>): Promise<(version: string) => string> {
  const { pathname, search } = new URL(c.req.url);
  const question = await fingerprintOf(`${pathname}${search}`);
  return (version) => `W/"${c.var.container.release}-${version}-${question}"`;
}

/**
 * In whole seconds, and never the one that is running: what changes later in it must not look like
 * what was sent.
 */
const lastModifiedOf = ({ changedAt }: DataVersion, now: EpochMs): number =>
  Math.min(Math.floor(changedAt / 1000), Math.floor(now / 1000) - 1);

const opaque = (etag: string): string => etag.trim().replace(/^W\//, "");

const isNamed = (c: Context<AppEnv>, etag: string): boolean =>
  (c.req.header("if-none-match") ?? "").split(",").some((each) => opaque(each) === opaque(etag));

/** RFC 9110, sections 13.1.2 and 13.1.3: `If-Modified-Since` only where there is no `If-None-Match`. */
function isNotModified(c: Context<AppEnv>, etag: string, changedAt: EpochMs): boolean {
  const noneMatch = c.req.header("if-none-match");
  if (noneMatch !== undefined) return noneMatch.trim() === "*" || isNamed(c, etag);
  const since = Date.parse(c.req.header("if-modified-since") ?? "");
  return Math.floor(changedAt / 1000) * 1000 <= since;
}

const isConditional = (c: Context<AppEnv>): boolean =>
  c.req.header("if-none-match") !== undefined || c.req.header("if-modified-since") !== undefined;

type Conditional<Body> = {
  policy: CachePolicy;
  tags: (body?: Body) => readonly string[];
  /** The version that the answer has now, for less than it costs; undefined where only it tells. */
  version: () => Promise<DataVersion | undefined>;
  /** What is counted where the answer has to be made. */
  limit: RateLimitName;
  /** Whether there may be no answer at all: then a 304 is for who names its ETag, and saw it. */
  mayBeMissing?: boolean;
  answer: () => Promise<{ version: DataVersion; body: Body }>;
};

/**
 * Answers a request that may be conditional: with 304 where the caller has the answer already, if
 * possible without making it.
 *
 * @returns the body to send, or undefined where a 304 is all.
 */
export async function conditional<Body>(
  c: Context<AppEnv>,
  { policy, tags, version, limit, mayBeMissing = false, answer }: Conditional<Body>,
): Promise<Body | undefined> {
  const { now } = c.var.container;
  const etagOf = await etags(c);
  const isKnown = ({ version: current, changedAt }: DataVersion) =>
    isNotModified(c, etagOf(current), changedAt);
  const describe = (current: DataVersion, body?: Body) => {
    cacheFor(c, policy, tags(body));
    c.header("etag", etagOf(current.version));
    c.header("last-modified", new Date(lastModifiedOf(current, now()) * 1000).toUTCString());
  };
  if (isConditional(c)) {
    const current = await version();
    const wasSeen = !mayBeMissing || (current && isNamed(c, etagOf(current.version)));
    if (current && wasSeen && isKnown(current)) {
      describe(current);
      return undefined;
    }
  }
  await countAgainst(c, limit);
  const { version: current, body } = await answer();
  describe(current, body);
  return isConditional(c) && isKnown(current) ? undefined : body;
}
