/** An answer before it is one: what a route found, what a fault made of it, and how it is sent. */
import type { Generation } from "./generations.ts";
import { esiJson } from "./json.ts";

export type Answer = {
  readonly status: number;
  /** A JSON value; undefined for an empty body. */
  readonly body?: unknown;
  /** Sent instead of a JSON body, as it stands. */
  readonly text?: string;
  readonly cached?: Generation;
  readonly pages?: number;
  /** Set last, over everything else; null takes a header away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Sent without any of ESI's own headers, as by the edge before it. */
  readonly isBare?: true;
  /** The body stops half way: the stream breaks, or just ends. */
  readonly cut?: "breaks" | "ends";
};

export function ok(body: unknown, cached: Generation, pages?: number): Answer {
  return { status: 200, body, cached, ...(pages !== undefined && { pages }) };
}

export function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}

const rowsPerPage = 1000;

export function pageCount(rows: number): number {
  return Math.max(1, Math.ceil(rows / rowsPerPage));
}

export function pageOf<T>(rows: readonly T[], page: number): readonly T[] {
  return rows.slice((page - 1) * rowsPerPage, page * rowsPerPage);
}

export const pageBeyondTheLast = failure(404, "Requested page does not exist!");

/** One page of rows, or the 404 beyond the last. */
export function paged(rows: readonly unknown[], page: number, cached: Generation): Answer {
  const pages = pageCount(rows.length);
  return page > pages ? pageBeyondTheLast : ok(pageOf(rows, page), cached, pages);
}

/** What every answer of ESI carries, as recorded on 2026-09-27. */
const always = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers":
    "Etag, Retry-After, X-Compatibility-Date, X-Esi-Error-Limit-Remain, X-Esi-Error-Limit-Reset, X-Pages, X-Ratelimit-Group, X-Ratelimit-Limit, X-Ratelimit-Remaining, X-Ratelimit-Used",
  "Content-Language": "en",
  "Content-Type": "application/json; charset=UTF-8",
  Vary: "Accept-Language, X-Compatibility-Date, X-Tenant",
  // The date of the route's implementation, whatever date was asked for.
  "X-Compatibility-Date": "2020-01-01",
};

const httpDate = (time: number) => new Date(time).toUTCString();

function cacheHeaders({ generatedAt, expiresAt, isHit }: Generation): Record<string, string> {
  return {
    "Cache-Control": "public",
    Expires: httpDate(expiresAt),
    "Last-Modified": httpDate(generatedAt),
    "X-Esi-Cache-Status": isHit ? "HIT" : "MISS",
  };
}

/** 56 hexadecimal digits, which follow from the bytes alone. */
async function etagOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const hex = [...new Uint8Array(digest).slice(0, 28)].map((byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return `"${hex.join("")}"`;
}

/** Weak comparison, as for `If-None-Match` (RFC 9110, 13.1.2). */
function matches(ifNoneMatch: string, etag: string): boolean {
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

function isUnchanged(request: Request, generation: Generation, etag: string): boolean {
  const ifNoneMatch = request.headers.get("If-None-Match");
  if (ifNoneMatch !== null) return matches(ifNoneMatch, etag);
  const since = Date.parse(request.headers.get("If-Modified-Since") ?? "");
  return generation.generatedAt <= since;
}

function halfOf(bytes: Uint8Array, cut: "breaks" | "ends"): Uint8Array | ReadableStream {
  const half = bytes.slice(0, Math.floor(bytes.length / 2));
  if (cut === "ends") return half;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(half);
      controller.error(new TypeError("Network connection lost."));
    },
  });
}

/** What is ready to be sent, its status settled: 304 if the client has this generation already. */
export type Draft = Omit<Answer, "body"> & { bytes: Uint8Array; etag?: string };

export async function draftOf(answer: Answer, request: Request): Promise<Draft> {
  const { body, ...rest } = answer;
  const text = answer.text ?? (body === undefined ? "" : esiJson(body));
  const bytes = new TextEncoder().encode(text);
  const hasEtag = answer.status === 200 && answer.cached !== undefined;
  if (!hasEtag || answer.cached === undefined) return { ...rest, bytes };

  const etag = await etagOf(bytes);
  if (!isUnchanged(request, answer.cached, etag)) return { ...rest, bytes, etag };
  return { ...rest, status: 304, bytes: new Uint8Array(), etag };
}

export type SendOptions = { now: number; requestId: string; limitHeaders: Record<string, string> };

export function send(draft: Draft, { now, requestId, limitHeaders }: SendOptions): Response {
  const { status, bytes, etag, cached, pages, cut, isBare } = draft;
  const isEmpty = status === 204 || status === 304;
  const headers = new Headers({ Date: httpDate(now) });
  const set = (values: Record<string, string | null>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
  };
  if (isBare !== true) {
    set({ ...always, ...limitHeaders, "X-Esi-Request-Id": requestId });
    set(cached === undefined ? { "X-Esi-Cache-Status": "DYNAMIC" } : cacheHeaders(cached));
    if (etag !== undefined) set({ Etag: etag });
    if (pages !== undefined) set({ "X-Pages": String(pages) });
  }
  if (isEmpty) headers.delete("Content-Type");
  else headers.set("Content-Length", String(bytes.length));
  set(draft.headers ?? {});

  if (isEmpty) return new Response(null, { status, headers });
  return new Response(cut === undefined ? bytes : halfOf(bytes, cut), { status, headers });
}
