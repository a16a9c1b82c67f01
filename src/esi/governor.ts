import { type EsiLimit, errorLimit } from "../domain/esi-limit.ts";
import { Stopped } from "../domain/stopped.ts";
import type { EpochMs } from "../lib/time.ts";
import { isTimeout } from "./timeout.ts";

/** Workers keep at most six connections open at once (Cloudflare's documented limit). */
export const maxConnections = 6;

/**
 * We stop at this many errors left, out of 100 in ESI's window of 60 s. Requests in flight may
 * still fail after that, and 50 errors are left untouched.
 */
export const errorFloor = 50 + maxConnections;

/**
 * After this many unanswered requests in a row, a run treats ESI as unreachable. The number is more
 * than one burst over all connections, so that a short network failure does not stop a run.
 */
export const failuresUntilUnreachable = 8;

/** The statuses that a gateway sends when ESI does not answer. */
const gatewayStatuses = new Set([502, 503, 504]);

/** This share of a bucket's tokens is left unused. */
const tokenReserve = 0.1;

/** How long we hold off if ESI says that we asked too much, but not until when. */
const unknownHoldMs = 60_000;

/**
 * The number at the beginning of a header (600 of "600/15m"). Null if the header is absent or does
 * not begin with a number.
 */
function numberIn(headers: Headers, name: string): number | null {
  const number = Number.parseInt(headers.get(name) ?? "", 10);
  return Number.isNaN(number) ? null : number;
}

export type GovernorOptions = {
  now: () => EpochMs;
  sleep: (ms: number) => Promise<void>;
  /** What was already known about ESI's limits. */
  limits: readonly EsiLimit[];
  requestsPerSecond: number;
  /** Stop after this many requests, or after the deadline. */
  maxRequests: number;
  deadline: EpochMs;
  /** No request is made while this returns true, which is during ESI's daily downtime. */
  isPaused: (at: EpochMs) => boolean;
};

/**
 * Every request to ESI goes through a governor. It spaces requests evenly and keeps at most six
 * open. It reads from every answer how many more requests ESI accepts (esi.md, section 2: both
 * limit systems, and a route may move from one to the other any day).
 */
export function createGovernor(options: GovernorOptions) {
  const { now, sleep, requestsPerSecond, maxRequests, deadline, isPaused } = options;
  const limits = new Map(options.limits.map((limit) => [limit.bucket, { ...limit }]));
  const changed = new Set<string>();
  /** The bucket that ESI uses for each group of routes, as its answers name it. */
  const bucketOf = new Map<string, string>();
  const waiting: (() => void)[] = [];
  let open = 0;
  let nextSlot: EpochMs = 0;
  let requests = 0;
  let hasAnswered = false;
  /**
   * Counted since ESI's last own answer: broken requests, all unanswered requests, and their groups
   * of routes.
   */
  const unanswered = { broken: 0, total: 0, groups: new Set<string>() };

  const isHeld = (bucket: string, at: EpochMs) => (limits.get(bucket)?.heldUntil ?? 0) > at;

  function noteAnswer(): void {
    unanswered.broken = 0;
    unanswered.total = 0;
    unanswered.groups.clear();
  }

  function noteNoAnswer(group: string, isBroken: boolean): void {
    unanswered.broken += Number(isBroken);
    unanswered.total += 1;
    unanswered.groups.add(group);
  }

  /**
   * One failing route does not mean that ESI is unreachable. Gateway errors and timeouts must come
   * from several groups of routes.
   */
  const isUnreachable = (): boolean =>
    unanswered.broken >= failuresUntilUnreachable ||
    (unanswered.total >= failuresUntilUnreachable && unanswered.groups.size > 1);

  function refuseWhenHeld(group: string): void {
    const at = now();
    if (isUnreachable()) throw new Stopped("unreachable", "ESI does not answer");
    if (isPaused(at)) throw new Stopped("held", "ESI's daily downtime");
    for (const bucket of [errorLimit, group, bucketOf.get(group) ?? group]) {
      if (!isHeld(bucket, at)) continue;
      const isPartial = bucket !== errorLimit;
      throw new Stopped("held", `ESI's limit "${bucket}" is reached`, { isPartial });
    }
    if (requests >= maxRequests) throw new Stopped("budget", `${maxRequests} requests are made`);
    if (at >= deadline) throw new Stopped("budget", "The time of this run is over");
  }

  async function connection(): Promise<void> {
    if (open < maxConnections) open += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** Gives the connection to the request that has waited longest. */
  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else open -= 1;
  }

  async function slot(): Promise<void> {
    const at = now();
    const start = Math.max(at, nextSlot);
    nextSlot = start + 1000 / requestsPerSecond;
    if (start > at) await sleep(start - at);
  }

  /** Answers may arrive out of order. A hold from an earlier answer stays in force. */
  function note(limit: EsiLimit, at: EpochMs): void {
    const before = limits.get(limit.bucket);
    const heldUntil = Math.max(limit.heldUntil ?? 0, before?.heldUntil ?? 0);
    limits.set(limit.bucket, { ...limit, heldUntil: heldUntil > at ? heldUntil : null });
    changed.add(limit.bucket);
  }

  function observeErrorLimit(headers: Headers, status: number, at: EpochMs): void {
    const remaining = numberIn(headers, "x-esi-error-limit-remain");
    const reset = numberIn(headers, "x-esi-error-limit-reset");
    const resetMs = reset === null ? unknownHoldMs : reset * 1000;
    const isSpent = status === 420 || (remaining !== null && remaining <= errorFloor);
    if (remaining === null && !isSpent) return;
    note(
      {
        bucket: errorLimit,
        remaining: status === 420 ? 0 : remaining,
        resetAt: at + resetMs,
        heldUntil: isSpent ? at + resetMs : null,
      },
      at,
    );
  }

  function observeBucket(group: string, headers: Headers, status: number, at: EpochMs): void {
    const bucket = headers.get("x-ratelimit-group") ?? group;
    const remaining = numberIn(headers, "x-ratelimit-remaining");
    const limit = numberIn(headers, "x-ratelimit-limit");
    const isLow = remaining !== null && limit !== null && remaining <= limit * tokenReserve;
    const isSpent = status === 429 || isLow;
    if (bucket !== group) bucketOf.set(group, bucket);
    if (remaining === null && !isSpent) return;
    const holdMs = (numberIn(headers, "retry-after") ?? 0) * 1000 || unknownHoldMs;
    // The next run knows the routes, but not yet the buckets that ESI counts them in.
    for (const name of isSpent ? new Set([bucket, group]) : [bucket]) {
      note({ bucket: name, remaining, resetAt: null, heldUntil: isSpent ? at + holdMs : null }, at);
    }
  }

  return {
    /** The number of requests that were let through. */
    get requests() {
      return requests;
    },

    /** Whether any request was answered, by ESI or by the gateway in front of it. */
    get hasAnswered() {
      return hasAnswered;
    },

    /**
     * Lets one request of a group of routes through when it is its turn.
     *
     * @throws {Stopped} when ESI must not be asked now, when ESI does not answer, or when the
     *   run's budget is spent.
     */
    async request(group: string, send: () => Promise<Response>): Promise<Response> {
      refuseWhenHeld(group);
      await connection();
      try {
        await slot();
        refuseWhenHeld(group);
        requests += 1;
        const response = await send().catch((error: unknown) => {
          noteNoAnswer(group, !isTimeout(error));
          throw error;
        });
        const at = now();
        hasAnswered = true;
        if (gatewayStatuses.has(response.status)) noteNoAnswer(group, false);
        else noteAnswer();
        observeErrorLimit(response.headers, response.status, at);
        observeBucket(group, response.headers, response.status, at);
        if (response.status === 420 || response.status === 429) {
          await response.body?.cancel();
          throw new Stopped("held", `ESI answered ${response.status}`);
        }
        return response;
      } finally {
        release();
      }
    },

    /** The limits that changed since the start. They must be stored. */
    changes: (): EsiLimit[] => [...changed].flatMap((bucket) => limits.get(bucket) ?? []),
  };
}

export type Governor = ReturnType<typeof createGovernor>;
