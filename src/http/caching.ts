import type { Context, TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";

import { allRegionsTag, regionTag } from "../domain/cache-tags.ts";
import type { DataVersion } from "../domain/data-version.ts";
import { digestOf, shortened } from "../lib/fingerprint.ts";
import { parseHttpDate } from "../lib/http-date.ts";
import type { EpochMs } from "../lib/time.ts";
import type { KeptAnswer } from "./answer-cache.ts";
import type { AppEnv } from "./context.ts";
import { linkToNext } from "./link.ts";
import { originOf } from "./origin.ts";
import { countAgainst, type RateLimitName } from "./rate-limit.ts";

/** How the cache in front of the Worker may use an answer that is too old. */
const keptBeyond = "stale-while-revalidate=60, stale-if-error=3600";

type Policy = {
  /** `Cache-Control`: for clients, and for caches that we cannot purge. */
  clients: string;
  /**
   * `Cloudflare-CDN-Cache-Control`: for the cache in front of the Worker, which a sync purges by
   * tag. That cache reads this header instead of the other one, and removes it. `s-maxage` would
   * forbid it to serve stale answers. Without `stale-if-error`, it serves the last answer for as
   * long as the Worker fails (https://developers.cloudflare.com/workers/cache/configuration/).
   */
  edge?: string;
};

/** How long clients and caches may keep answers. */
export const cachePolicy = {
  market: { clients: "public, max-age=30", edge: `public, max-age=60, ${keptBeyond}` },
  universe: { clients: "public, max-age=3600", edge: `public, max-age=3600, ${keptBeyond}` },
  documents: { clients: "public, max-age=3600", edge: `public, max-age=3600, ${keptBeyond}` },
  // A stale answer must not say that all is well while nothing answers.
  status: { clients: "public, max-age=10", edge: "public, max-age=10, stale-if-error=0" },
  absent: { clients: "public, max-age=30", edge: "public, max-age=30, stale-if-error=0" },
  never: { clients: "no-store" },
  private: { clients: "private, no-store" },
} as const satisfies Record<string, Policy>;

export type CachePolicy = keyof typeof cachePolicy;

/** The headers for a policy. */
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

/** One tag per region, or the tag of all regions if the answer covers all of them. */
export const regionTags = (regionIds: readonly number[] | undefined): string[] => [
  "contracts",
  ...(regionIds ? [...new Set(regionIds)].map(regionTag) : [allRegionsTag]),
];

/**
 * The time in whole seconds. It never names the current second, because a later change in that
 * second would have the same time.
 */
const lastModifiedOf = ({ changedAt }: DataVersion, now: EpochMs): number =>
  Math.min(Math.floor(changedAt / 1000), Math.floor(now / 1000) - 1);

const opaque = (etag: string): string => etag.trim().replace(/^W\//, "");

const isNamed = (c: Context<AppEnv>, etag: string): boolean =>
  (c.req.header("if-none-match") ?? "").split(",").some((each) => opaque(each) === opaque(etag));

/** Null if the caller sends no date, or an invalid one. Invalid dates must be ignored (13.1.3). */
const modifiedSince = (c: Context<AppEnv>): EpochMs | null =>
  parseHttpDate(c.req.header("if-modified-since") ?? null, c.var.container.now());

/**
 * RFC 9110, sections 13.1.2 and 13.1.3: `If-Modified-Since` counts only without `If-None-Match`.
 */
function isNotModified(c: Context<AppEnv>, etag: string, changedAt: EpochMs): boolean {
  const noneMatch = c.req.header("if-none-match");
  if (noneMatch !== undefined) return noneMatch.trim() === "*" || isNamed(c, etag);
  const since = modifiedSince(c);
  return since !== null && Math.floor(changedAt / 1000) * 1000 <= since;
}

const isConditional = (c: Context<AppEnv>): boolean =>
  c.req.header("if-none-match") !== undefined || modifiedSince(c) !== null;

/** A version that an answer may have, and the tags that make it outdated. */
type Version = { version: DataVersion; tags: readonly string[] };

/** A new answer: its body, the cursor of the next page, and its own headers. */
type Made<Body> = Version & {
  body: Body;
  nextCursor?: string | null;
  headers?: Readonly<Record<string, string>>;
};

type Conditional<Body> = {
  policy: CachePolicy;
  /** The rate limit that is charged if the answer must be made. */
  limit: RateLimitName;
  /** The question, as written by `questionOf`. */
  question: string;
  /** The host's address, if the answer contains it. */
  origin?: string;
  /**
   * The versions that the answer may have now. Finding them costs less than making the answer.
   * Empty if only the answer itself can tell.
   */
  versions: () => Promise<readonly Version[]>;
  /**
   * Whether the resource may not exist. If so, a 304 is returned only if `If-None-Match` names the
   * current ETag.
   */
  mayBeMissing?: boolean;
  answer: () => Promise<Made<Body>>;
};

type Answered<Body> =
  | (Response & TypedResponse<JSONParsed<Body>, 200, "json">)
  | (Response & TypedResponse<null, 304, "body">);

/** Does work after the answer is sent, if the platform supports that. */
async function afterwards(c: Context<AppEnv>, work: Promise<void>): Promise<void> {
  try {
    c.executionCtx.waitUntil(work);
  } catch {
    // A test or another caller has no execution context.
    await work;
  }
}

type Sent = Pick<KeptAnswer, "body" | "nextCursor"> & Pick<Made<unknown>, "headers">;

/** Names the answers to one question, checks whether the caller already has one, and sends them. */
function answersTo(
  c: Context<AppEnv>,
  { policy, question, mediaType, digest }: Written & { digest: string },
) {
  const { release, now } = c.var.container;
  /**
   * The ETag changes with each release, because it also stands for the shape of an answer. It also
   * changes with the question, although HTTP does not require that. A bot that sends the ETag of
   * one search with another search must not be told that nothing is new.
   */
  const etagOf = ({ version: { version } }: Version) =>
    `W/"${release}-${version}-${shortened(digest)}"`;

  return {
    keyOf: ({ version: { version } }: Version) => `${release}/${version}/${digest}`,
    isNamed: (version: Version) => isNamed(c, etagOf(version)),
    isKnown: (version: Version) =>
      isConditional(c) && isNotModified(c, etagOf(version), version.version.changedAt),

    /** Sends an answer, or a 304 if there is no answer to send. */
    respond: (version: Version, sent?: Sent): Response => {
      cacheFor(c, policy, version.tags);
      c.header("etag", etagOf(version));
      const lastModified = new Date(lastModifiedOf(version.version, now()) * 1000);
      c.header("last-modified", lastModified.toUTCString());
      if (!sent) return c.body(null, 304);
      if (sent.nextCursor) c.header("link", linkToNext(originOf(c), question, sent.nextCursor));
      for (const [name, value] of Object.entries(sent.headers ?? {})) c.header(name, value);
      c.header("content-type", mediaType);
      return c.newResponse(sent.body, 200);
    },
  };
}

type Written = Omit<Conditional<unknown>, "answer" | "versions"> & { mediaType: string };

/**
 * Answers as described for `conditional` and `conditionalText`. Streams are not kept, because they
 * may be large.
 */
async function answered(
  c: Context<AppEnv>,
  {
    versions,
    answer,
    ...written
  }: Written & Pick<Conditional<string | ReadableStream>, "answer" | "versions">,
): Promise<Response> {
  const { answers } = c.var;
  const digest = await digestOf(`${written.origin ?? ""}${written.question}`);
  const { keyOf, isNamed: isSeen, isKnown, respond } = answersTo(c, { ...written, digest });

  if (isConditional(c) || answers) {
    const known = await versions();
    // A date or a `*` proves nothing if the answer may not exist, or if it may be one of two
    // versions.
    const isCertain = known.length === 1 && !written.mayBeMissing;
    const seen = known.find((each) => isKnown(each) && (isCertain || isSeen(each)));
    if (seen) return respond(seen);
    for (const each of known) {
      const kept = await answers?.find(keyOf(each));
      if (kept) return respond({ ...each, tags: kept.tags }, isKnown(each) ? undefined : kept);
    }
  }
  await countAgainst(c, written.limit);
  const { body, nextCursor = null, headers, ...made } = await answer();
  if (answers && typeof body === "string") {
    await afterwards(c, answers.keep(keyOf(made), { body, tags: made.tags, nextCursor }));
  }
  const sent: Sent = { body, nextCursor, ...(headers ? { headers } : {}) };
  return respond(made, isKnown(made) ? undefined : sent);
}

/**
 * Answers a request that may be conditional. The caller gets a 304 if it already has the answer.
 * Otherwise it gets the answer that was made earlier for the same question, in any spelling, while
 * the data have the same version. Both cost only a look at the version.
 */
export async function conditional<Body extends object>(
  c: Context<AppEnv>,
  { answer, ...rest }: Conditional<Body>,
): Promise<Answered<Body>> {
  const written = async () => {
    const made = await answer();
    return { ...made, body: JSON.stringify(made.body) };
  };
  const response = await answered(c, { ...rest, mediaType: "application/json", answer: written });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the JSON of a `Body`
  return response as Answered<Body>;
}

/** Like `conditional`, but for text of another media type, or a stream of it. */
export const conditionalText = (
  c: Context<AppEnv>,
  options: Conditional<string | ReadableStream> & { mediaType: string },
): Promise<Response> => answered(c, options);
