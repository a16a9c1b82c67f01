import type { Config } from "../config.ts";
import { Stopped } from "../domain/stopped.ts";
import { parseHttpDate } from "../lib/http-date.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../lib/time.ts";
import { expiresAt } from "./freshness.ts";
import type { Governor } from "./governor.ts";
import { isTimeout } from "./timeout.ts";

/** The values from an answer's headers. */
export type EsiHeaders = {
  lastModified: EpochSeconds | null;
  /** On our clock. */
  expiresAt: EpochMs;
  /** NaN if ESI does not say. Then nobody knows whether one page is everything. */
  pages: number;
};

/** Every answer and every failure has a kind. The caller must handle each kind differently. */
export type EsiAnswer<Body> =
  | { kind: "ok"; body: Body; headers: EsiHeaders }
  | { kind: "not-modified"; headers: EsiHeaders }
  /** ESI will not answer this, at least not now: 204, 400, 401, 403, 404, 520. */
  | { kind: "refused"; reason: string }
  /** A timeout, a broken connection or a 5xx. Asking again may help. */
  | { kind: "transient"; reason: string }
  /** An answer that cannot be understood. */
  | { kind: "malformed"; reason: string };

export type EsiRequest = {
  /** A group of routes that ESI limits together. */
  group: string;
  path: string;
  /** Sent as JSON with POST. */
  body?: unknown;
  ifModifiedSince?: EpochSeconds | null;
  /** The value from the settings by default. */
  timeoutMs?: number;
};

type Deps = { fetch: typeof fetch; config: Config; governor: Governor; now: () => EpochMs };

const refusals = new Set([204, 400, 401, 403, 404, 520]);

/**
 * A page of a list has 0.4 MB. The largest answer, the prices, has 1 MB. A larger answer is not
 * from ESI.
 */
const maxBodyBytes = 8_000_000;

/** Sends one request to ESI and returns the kind of answer that came. */
export type EsiTransport = (request: EsiRequest) => Promise<EsiAnswer<unknown>>;

export function createTransport({ fetch, config, governor, now }: Deps): EsiTransport {
  function send({ path, body, ifModifiedSince, timeoutMs }: EsiRequest): Promise<Response> {
    const headers = new Headers({
      accept: "application/json",
      "accept-language": "en",
      "user-agent": config.esiUserAgent,
      "x-compatibility-date": config.esiCompatibilityDate,
    });
    if (ifModifiedSince) {
      headers.set("if-modified-since", new Date(ifModifiedSince * 1000).toUTCString());
    }
    if (body !== undefined) headers.set("content-type", "application/json");
    return fetch(`${config.esiBaseUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs ?? config.esiTimeoutMs),
    });
  }

  function headersOf(response: Response, receivedAt: EpochMs): EsiHeaders {
    const lastModified = parseHttpDate(response.headers.get("last-modified"), receivedAt);
    return {
      lastModified: lastModified === null ? null : toSeconds(lastModified),
      expiresAt: expiresAt(response.headers, receivedAt),
      pages: Number(response.headers.get("x-pages") ?? Number.NaN),
    };
  }

  async function read(response: Response, receivedAt: EpochMs): Promise<EsiAnswer<unknown>> {
    if (Number(response.headers.get("content-length") ?? 0) > maxBodyBytes) {
      await response.body?.cancel();
      return { kind: "malformed", reason: "body-too-large" };
    }
    const text = await response.text();
    try {
      const body: unknown = JSON.parse(text);
      return { kind: "ok", body, headers: headersOf(response, receivedAt) };
    } catch {
      return { kind: "malformed", reason: "not-json" };
    }
  }

  async function answerOf(response: Response): Promise<EsiAnswer<unknown>> {
    const { status } = response;
    if (status === 200) return read(response, now());
    await response.body?.cancel();
    if (status === 304) return { kind: "not-modified", headers: headersOf(response, now()) };
    if (refusals.has(status)) return { kind: "refused", reason: `status-${status}` };
    return { kind: "transient", reason: `status-${status}` };
  }

  return async function transport(request) {
    const response = await governor.request(request.group, () => send(request)).catch(failed);
    return response instanceof Response ? answerOf(response).catch(broken) : response;
  };
}

/** A request that got no answer. An error that is not a network failure is rethrown. */
function failed(error: unknown): EsiAnswer<never> {
  if (error instanceof Stopped) throw error;
  return { kind: "transient", reason: isTimeout(error) ? "timeout" : "connection-failed" };
}

const broken = (error: unknown): EsiAnswer<never> => ({
  kind: "transient",
  reason: isTimeout(error) ? "timeout" : "body-broken-off",
});
