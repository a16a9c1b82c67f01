import type { Context } from "hono";

import type { DataVersion } from "../domain/data-version.ts";
import { fingerprintOf } from "../lib/fingerprint.ts";
import type { EpochMs } from "../lib/time.ts";
import type { AppEnv } from "./context.ts";

/**
 * How long answers may be kept, by whoever keeps them. `s-maxage` is for the cache in front of the
 * Worker, which a sync purges by tag.
 */
export const cachePolicy = {
  market: "public, max-age=30, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600",
  universe: "public, max-age=3600",
  documents: "public, max-age=3600",
  status: "public, max-age=10",
  never: "no-store",
  private: "private, no-store",
} as const;

export type CachePolicy = keyof typeof cachePolicy;

export function cacheFor(
  c: Context<AppEnv>,
  policy: CachePolicy,
  tags: readonly string[] = [],
): void {
  c.header("cache-control", cachePolicy[policy]);
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
  { policy, tags, version, mayBeMissing = false, answer }: Conditional<Body>,
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
  const { version: current, body } = await answer();
  describe(current, body);
  return isConditional(c) && isKnown(current) ? undefined : body;
}
