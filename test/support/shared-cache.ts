/**
 * A shared HTTP cache (RFC 9111) that purges by tag, as the one in front of the Worker is: it knows
 * nothing of the app but its headers. Where Cloudflare's cache has rules of its own, it has the same
 * (https://developers.cloudflare.com/workers/cache/configuration/).
 */
import CachePolicy from "http-cache-semantics";

type Origin = (path: string, init?: RequestInit) => Promise<Response>;

/** How an answer came about. */
export type CacheOutcome = "hit" | "stale" | "miss" | "revalidated" | "bypassed";

type Entry = { policy: CachePolicy; status: number; body: string; forClients: string | null };

const ownHeader = "cloudflare-cdn-cache-control";

/** Any of these forbids Cloudflare's cache to serve what is stale, whatever else the header says. */
const forbidsStale = /\b(s-maxage|must-revalidate|proxy-revalidate)\b/;

/** Where the header does not say for how long an answer may outlive a failure, it is for ever. */
const forEver = ", stale-if-error=31536000";

/** The directives that the cache obeys: its own header goes before the one for everybody. */
function obeyed(headers: Headers): string {
  const given = headers.get(ownHeader) ?? headers.get("cache-control") ?? "";
  if (forbidsStale.test(given)) {
    return given.replaceAll(/,\s*stale-(while-revalidate|if-error)=\d+/g, "");
  }
  return given.includes("stale-if-error") ? given : `${given}${forEver}`;
}

export function createSharedCache(origin: Origin, now: () => number) {
  class Policy extends CachePolicy {
    /** The library reads its clock here, and says that tests may replace it. */
    now(): number {
      return now();
    }
  }

  const entries = new Map<string, Entry>();
  let background: Promise<unknown> = Promise.resolve();

  const requestOf = (path: string, headers: Record<string, string>): CachePolicy.HttpRequest => ({
    url: path,
    method: "GET",
    headers: { host: "localhost", ...headers },
  });

  const responseOf = (response: Response) => ({
    status: response.status,
    headers: { ...Object.fromEntries(response.headers), "cache-control": obeyed(response.headers) },
  });

  /** What a client gets: without the header that was for the cache. */
  function told({ policy, status, body, forClients }: Entry, outcome: CacheOutcome) {
    const { [ownHeader]: _own, ...kept } = policy.responseHeaders();
    const headers: typeof kept = { ...kept, "cache-control": forClients ?? undefined };
    return { outcome, status, headers, body };
  }

  async function ask(path: string, request: CachePolicy.HttpRequest, stored?: Entry) {
    const { host: _host, ...headers } = stored
      ? stored.policy.revalidationHeaders(request)
      : request.headers;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only single values are sent here
    const response = await origin(path, { headers: headers as Record<string, string> });
    const answer = responseOf(response);
    const forClients = response.headers.get("cache-control");
    if (!stored) {
      const policy = new Policy(request, answer);
      const entry = { policy, status: response.status, body: await response.text(), forClients };
      if (entry.policy.storable()) entries.set(path, entry);
      return told(entry, entry.policy.storable() ? "miss" : "bypassed");
    }
    const { policy, modified } = stored.policy.revalidatedPolicy(request, answer);
    const entry = modified
      ? { policy, status: response.status, body: await response.text(), forClients }
      : { ...stored, policy };
    entries.set(path, entry);
    return told(entry, modified ? "miss" : "revalidated");
  }

  const tagsOf = ({ policy }: Entry): string[] =>
    String(policy.responseHeaders()["cache-tag"] ?? "").split(",");

  return {
    async get(path: string, headers: Record<string, string> = {}) {
      const request = requestOf(path, headers);
      const stored = entries.get(path);
      if (!stored) return ask(path, request);
      const { response, revalidation } = stored.policy.evaluateRequest(request);
      if (!response) return ask(path, request, stored);
      if (!revalidation) return told(stored, "hit");
      background = ask(path, request, stored);
      return told(stored, "stale");
    },

    /** Until what was served stale is asked for again. */
    settled: (): Promise<unknown> => background,

    /** Forgets what has any of these tags. */
    purge(tags: readonly string[]): void {
      for (const [path, entry] of entries) {
        if (tagsOf(entry).some((tag) => tags.includes(tag))) entries.delete(path);
      }
    },
  };
}
