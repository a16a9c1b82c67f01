import { type EsiLimit, errorLimit } from "../domain/esi-limit.ts";
import { Stopped } from "../domain/stopped.ts";
import type { EpochMs } from "../lib/time.ts";
import { isTimeout } from "./timeout.ts";

/** Workers keep six connections open at once, and no more (Cloudflare's documented limit). */
export const maxConnections = 6;

/**
 * Errors left in ESI's window of 60 s, of 100, at which we stop: whatever is on its way then may
 * fail too, and 50 are left untouched.
 */
export const errorFloor = 50 + maxConnections;

/**
 * So many requests in a row that ESI does not answer, and a run takes it for dead: more than one
 * burst over all connections, so that a moment without a network is survived.
 */
export const failuresUntilUnreachable = 8;

/** What a gateway answers in the place of an ESI that does not. */
const gatewayStatuses = new Set([502, 503, 504]);

/** A bucket is left this share of its tokens. */
const tokenReserve = 0.1;

/** Where ESI says that we asked too much, and not until when. */
const unknownHoldMs = 60_000;

/** The number that a header begins with (600 of "600/15m"); null if it is absent, or has none. */
function numberIn(headers: Headers, name: string): number | null {
  const number = Number.parseInt(headers.get(name) ?? "", 10);
  return Number.isNaN(number) ? null : number;
}

export type GovernorOptions = {
  now: () => EpochMs;
  sleep: (ms: number) => Promise<void>;
  /** What was known of ESI's limits before. */
  limits: readonly EsiLimit[];
  requestsPerSecond: number;
  /** Stop after this many requests, and once this instant has passed. */
  maxRequests: number;
  deadline: EpochMs;
  /** No request is made while this says so: ESI's daily downtime. */
  isPaused: (at: EpochMs) => boolean;
};

/**
 * Every request to ESI goes through one of these: it spaces them evenly, keeps six open at most, and
 * reads from every answer how much more ESI will take (esi.md, section 2: both limit systems, and a
 * route may move from one to the other any day).
 */
export function createGovernor(options: GovernorOptions) {
  const { now, sleep, requestsPerSecond, maxRequests, deadline, isPaused } = options;
  const limits = new Map(options.limits.map((limit) => [limit.bucket, { ...limit }]));
  const changed = new Set<string>();
  /** Which bucket ESI counts a group of routes in, as its answers name it. */
  const bucketOf = new Map<string, string>();
  const waiting: (() => void)[] = [];
  let open = 0;
  let nextSlot: EpochMs = 0;
  let requests = 0;
  let hasAnswered = false;
  /** Since ESI's last own answer: requests that broke, and the groups of routes that brought none. */
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

  /** A single sick route is no dead ESI: a gateway's errors and timeouts must come from several. */
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

  /** Hands the connection to whoever waits longest. */
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

  /** Answers overtake each other: what an earlier one held stays held. */
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
    // The next run knows the routes, and not yet which bucket ESI counts them in.
    for (const name of isSpent ? new Set([bucket, group]) : [bucket]) {
      note({ bucket: name, remaining, resetAt: null, heldUntil: isSpent ? at + holdMs : null }, at);
    }
  }

  return {
    /** How many requests were let through. */
    get requests() {
      return requests;
    },

    /** Whether any request was answered, be it by the gateway before ESI. */
    get hasAnswered() {
      return hasAnswered;
    },

    /**
     * Lets one request of a group of routes through when its turn has come.
     *
     * @throws {Stopped} when ESI must not be asked now, or does not answer, or the run's budget is spent.
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

    /** The limits that answers have changed since the start, to be kept. */
    changes: (): EsiLimit[] => [...changed].flatMap((bucket) => limits.get(bucket) ?? []),
  };
}

export type Governor = ReturnType<typeof createGovernor>;
