import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type EsiLimit, errorLimit } from "../../src/domain/esi-limit.ts";
import { Stopped } from "../../src/domain/stopped.ts";
import {
  createGovernor,
  errorFloor,
  failuresUntilUnreachable,
  type GovernorOptions,
  maxConnections,
} from "../../src/esi/governor.ts";
import { createTimeline } from "./timeline.ts";

const start = Date.parse("2041-03-05T12:00:00Z");
const second = 1_000;

type AnswerOptions = { status?: number; headers?: Record<string, string> };

const anAnswer = ({ status = 200, headers = {} }: AnswerOptions = {}): Response =>
  new Response(null, { status, headers });

function messageOf(error: unknown): string {
  return error instanceof Stopped ? `${error.reason}: ${error.message}` : String(error);
}

const breakOff = async (): Promise<Response> => {
  throw new TypeError("Network connection lost.");
};

function setUp(options: Partial<GovernorOptions> = {}) {
  const timeline = createTimeline(start);
  const governor = createGovernor({
    now: timeline.now,
    sleep: timeline.sleep,
    limits: [],
    requestsPerSecond: 20,
    maxRequests: 1_000,
    deadline: Number.POSITIVE_INFINITY,
    isPaused: () => false,
    ...options,
  });

  /** How one request ends: with a status, or with what was thrown. */
  async function send(request: () => Promise<Response>, group = "lists"): Promise<string | number> {
    const outcome = governor.request(group, request).then(({ status }) => status, messageOf);
    await timeline.runUntil();
    return outcome;
  }

  const ask = (answer: AnswerOptions = {}, group?: string) =>
    send(async () => anAnswer(answer), group);

  return { timeline, governor, ask, send };
}

const errors = (remain: number, reset?: number): AnswerOptions => ({
  headers: {
    "x-esi-error-limit-remain": `${remain}`,
    ...(reset === undefined ? {} : { "x-esi-error-limit-reset": `${reset}` }),
  },
});

const tokens = (remaining: number, more: Record<string, string> = {}): AnswerOptions => ({
  headers: {
    "x-ratelimit-group": "contracts",
    "x-ratelimit-limit": "600/15m",
    "x-ratelimit-remaining": `${remaining}`,
    "x-ratelimit-used": "2",
    ...more,
  },
});

const heldBy = (bucket: string) => `held: ESI's limit "${bucket}" is reached`;

describe("requests in time", () => {
  /** Sends at these moments, each request taking so long, and tells when each was let through. */
  async function startsOf(askedAt: readonly number[], durationMs: number, perSecond = 20) {
    const { timeline, governor } = setUp({ requestsPerSecond: perSecond });
    const starts: number[] = [];
    const all = askedAt.map(async (ms) => {
      await timeline.sleep(ms);
      await governor.request("lists", async () => {
        starts.push(timeline.now() - start);
        await timeline.sleep(durationMs);
        return anAnswer();
      });
    });
    await timeline.runUntil();
    await Promise.all(all);
    return starts;
  }

  it("are spaced evenly, however many come at once", async () => {
    expect(await startsOf([0, 0, 0, 0, 0], 1)).toEqual([0, 50, 100, 150, 200]);
  });

  it("are spaced by the rate that the settings allow", async () => {
    expect(await startsOf([0, 0, 0], 1, 4)).toEqual([0, 250, 500]);
  });

  it("start at once if the last one was long ago", async () => {
    expect(await startsOf([0, 1_000, 1_010], 1)).toEqual([0, 1_000, 1_050]);
  });

  it("do not save up turns while nobody asks", async () => {
    expect(await startsOf([5_000, 5_000, 5_000], 1)).toEqual([5_000, 5_050, 5_100]);
  });

  it("wait for a free connection if answers are slow", async () => {
    const sevenAtOnce = Array.from({ length: maxConnections + 1 }, () => 0);

    expect(await startsOf(sevenAtOnce, 1_000)).toEqual([0, 50, 100, 150, 200, 250, 1_000]);
  });

  it(
    "never come faster than the rate, or more than six at a time",
    { timeout: 30_000 },
    async () => {
      const request = fc.record({
        at: fc.integer({ min: 0, max: 500 }),
        duration: fc.integer({ min: 0, max: 800 }),
        fails: fc.boolean(),
      });

      await fc.assert(
        fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (requests) => {
          const { timeline, governor } = setUp();
          const starts: number[] = [];
          let open = 0;
          let mostOpen = 0;
          const all = requests.map(async ({ at, duration, fails }) => {
            await timeline.sleep(at);
            await governor.request("lists", async () => {
              starts.push(timeline.now());
              open += 1;
              mostOpen = Math.max(mostOpen, open);
              await timeline.sleep(duration);
              open -= 1;
              if (fails) throw new TypeError("Network connection lost.");
              return anAnswer();
            });
          });
          const settled = Promise.allSettled(all);
          await timeline.runUntil();
          await settled;

          const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
          expect(gaps.filter((gap) => gap < 50)).toEqual([]);
          expect(mostOpen).toBeLessThanOrEqual(maxConnections);
          expect(starts).toHaveLength(requests.length);
          expect(governor.requests).toBe(requests.length);
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe("connections", () => {
  it("go to whoever has waited longest", async () => {
    const { timeline, governor } = setUp({ requestsPerSecond: 1_000 });
    const order: number[] = [];

    for (let index = 0; index < 20; index += 1) {
      void governor.request("lists", async () => {
        order.push(index);
        await timeline.sleep(500);
        return anAnswer();
      });
    }
    await timeline.runUntil();

    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it("are free again after requests that failed", async () => {
    const { ask, send } = setUp();

    for (let index = 0; index < maxConnections; index += 1) {
      expect(await send(breakOff)).toBe("TypeError: Network connection lost.");
    }

    expect(await ask()).toBe(200);
  });

  it("are free again after requests that were stopped", async () => {
    const { timeline, governor } = setUp({ deadline: start + 100 });
    const all = Array.from({ length: 20 }, () =>
      governor.request("lists", async () => {
        await timeline.sleep(1_000);
        return anAnswer();
      }),
    );
    const settled = Promise.allSettled(all);
    await timeline.runUntil();
    const outcomes = (await settled).map(({ status }) => status);

    expect(outcomes.filter((status) => status === "fulfilled")).toHaveLength(2);
    expect(outcomes).toHaveLength(20);
  });
});

describe("an ESI that does not answer", () => {
  const unreachable = "unreachable: ESI does not answer";
  const fail = async (
    send: ReturnType<typeof setUp>["send"],
    times: number,
    request: () => Promise<Response> = breakOff,
    groups: readonly string[] = ["lists"],
  ) => {
    for (let index = 0; index < times; index += 1) {
      await send(request, groups[index % groups.length] ?? "lists");
    }
  };
  const badGateway = async () => anAnswer({ status: 502 });
  const timeOut = async (): Promise<Response> => {
    throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
  };

  it.each([
    [failuresUntilUnreachable - 1, 200],
    [failuresUntilUnreachable, unreachable],
  ])("after %i broken connections: %s", async (times, expected) => {
    const { ask, send } = setUp();
    await fail(send, times);

    expect(await ask()).toBe(expected);
  });

  it("is asked again if it answered in between, with any status", async () => {
    const { ask, send } = setUp();
    await fail(send, failuresUntilUnreachable - 1);
    await ask({ status: 404 });
    await fail(send, failuresUntilUnreachable - 1);

    expect(await ask()).toBe(200);
  });

  it.each([
    ["502", badGateway],
    ["a timeout", timeOut],
  ])("is unreachable by %s only if several routes fail, not just one", async (_what, request) => {
    const one = setUp();
    await fail(one.send, failuresUntilUnreachable, request);
    const several = setUp();
    await fail(several.send, failuresUntilUnreachable, request, ["lists", "items"]);

    expect([await one.ask(), await several.ask()]).toEqual([200, unreachable]);
  });
});

describe("the error limit", () => {
  it.each([
    [errorFloor + 1, 200],
    [errorFloor, heldBy(errorLimit)],
  ])("with %i errors left makes the next request end with %s", async (remain, expected) => {
    const { ask } = setUp();

    await ask(errors(remain, 40));

    expect(await ask()).toBe(expected);
  });

  it("binds every route", async () => {
    const { ask } = setUp();

    await ask(errors(errorFloor, 40), "lists");

    expect(await ask({}, "names")).toBe(heldBy(errorLimit));
  });

  it.each([
    [40_000 - 1, heldBy(errorLimit)],
    [40_000, 200],
  ])("holds until ESI's window ends: %i ms later the answer is %s", async (ms, expected) => {
    const { ask, timeline } = setUp();
    await ask(errors(errorFloor, 40));

    await timeline.runUntil(start + ms);

    expect(await ask()).toBe(expected);
  });

  it.each([undefined, "soon", ""])("holds for a minute if the reset is %j", async (reset) => {
    const { governor, ask } = setUp();

    await ask({
      headers: {
        "x-esi-error-limit-remain": "3",
        ...(reset === undefined ? {} : { "x-esi-error-limit-reset": reset }),
      },
    });

    const until = start + 60 * second;
    expect(governor.changes()).toEqual([
      { bucket: errorLimit, remaining: 3, resetAt: until, heldUntil: until },
    ]);
  });

  it("is reported as it stands, so that it can be stored", async () => {
    const { governor, ask, timeline } = setUp();

    await ask(errors(100, 12));
    await timeline.runUntil(start + 3 * second);
    await ask(errors(99, 9));

    expect(governor.changes()).toEqual([
      { bucket: errorLimit, remaining: 99, resetAt: start + 12 * second, heldUntil: null },
    ]);
  });

  it.each([{}, { "x-esi-error-limit-remain": "many" }])(
    "cannot be read from %j",
    async (headers: Record<string, string>) => {
      const { governor, ask } = setUp();

      expect(await ask({ status: 503, headers })).toBe(503);
      expect(governor.changes()).toEqual([]);
    },
  );

  it("stays in force even if answers arrive out of order", async () => {
    const { timeline, governor, ask } = setUp();
    const slow = governor.request("lists", async () => {
      await timeline.sleep(10 * second);
      return anAnswer(errors(80, 30));
    });
    const fast = governor.request("lists", async () => anAnswer(errors(errorFloor, 40)));
    await timeline.runUntil();
    await Promise.all([slow, fast]);

    expect(await ask()).toBe(heldBy(errorLimit));
    expect(governor.changes()).toEqual([
      {
        bucket: errorLimit,
        remaining: 80,
        resetAt: start + 40 * second,
        heldUntil: start + 50 + 40 * second,
      },
    ]);
  });

  it("ends a hold that is over", async () => {
    const { timeline, governor, ask } = setUp();
    await ask(errors(0, 5));
    await timeline.runUntil(start + 5 * second);

    await ask(errors(100, 60));

    expect(governor.changes()).toEqual([
      { bucket: errorLimit, remaining: 100, resetAt: start + 65 * second, heldUntil: null },
    ]);
  });
});

describe("420", () => {
  it("stops the run, and what comes after it", async () => {
    const { ask } = setUp();

    expect(await ask({ status: 420, ...errors(0, 17) })).toBe("held: ESI answered 420");
    expect(await ask({}, "names")).toBe(heldBy(errorLimit));
  });

  it.each([
    ["its reset", errors(0, 17), 17],
    ["its reset, whatever remains", errors(100, 17), 17],
    ["a minute without headers", {}, 60],
  ])("holds for %s", async (_what, answer, seconds) => {
    const { governor, ask } = setUp();

    await ask({ ...answer, status: 420 });

    const until = start + seconds * second;
    expect(governor.changes()).toEqual([
      { bucket: errorLimit, remaining: 0, resetAt: until, heldUntil: until },
    ]);
  });

  it("stops requests that wait for their turn", async () => {
    const { timeline, governor } = setUp();
    const sent: number[] = [];
    const all = Array.from({ length: 12 }, (_, index) =>
      governor.request("lists", async () => {
        sent.push(index);
        return anAnswer({ status: index === 2 ? 420 : 200 });
      }),
    );
    const settled = Promise.allSettled(all);
    await timeline.runUntil();
    await settled;

    expect(sent).toEqual([0, 1, 2]);
  });

  it("leaves no body unread", async () => {
    const { send } = setUp();
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });

    expect(await send(async () => new Response(body, { status: 420 }))).toBe(
      "held: ESI answered 420",
    );
    expect(isCancelled).toBe(true);
  });
});

describe("a token bucket", () => {
  it.each([
    [61, 200],
    [60, heldBy("lists")],
  ])("with %i of 600 tokens left answers the next request with %s", async (left, expected) => {
    const { ask } = setUp();

    await ask(tokens(left));

    expect(await ask()).toBe(expected);
  });

  it("binds the routes that ESI counts in it, and no others", async () => {
    const { ask } = setUp();
    await ask(tokens(500), "items");
    await ask(tokens(3), "lists");

    expect([await ask({}, "lists"), await ask({}, "items"), await ask({}, "names")]).toEqual([
      heldBy("lists"),
      heldBy("contracts"),
      200,
    ]);
  });

  it("is reported as it stands, so that it can be stored", async () => {
    const { governor, ask } = setUp();

    await ask(tokens(598));

    expect(governor.changes()).toEqual([
      { bucket: "contracts", remaining: 598, resetAt: null, heldUntil: null },
    ]);
  });

  it("gets our own name for the routes if ESI does not name it", async () => {
    const { governor, ask } = setUp();

    await ask({ headers: { "x-ratelimit-limit": "600/15m", "x-ratelimit-remaining": "598" } });

    expect(governor.changes()).toEqual([
      { bucket: "lists", remaining: 598, resetAt: null, heldUntil: null },
    ]);
  });

  it.each([
    ["how many are left", { "x-ratelimit-limit": "600/15m" }],
    ["a number", { "x-ratelimit-limit": "600/15m", "x-ratelimit-remaining": "some" }],
  ])("is ignored without %s", async (_what, headers) => {
    const { governor, ask } = setUp();

    await ask({ headers: { ...headers } });

    expect(governor.changes()).toEqual([]);
    expect(await ask()).toBe(200);
  });

  it("does not count as low if its total is unknown", async () => {
    const { ask } = setUp();

    await ask({ headers: { "x-ratelimit-remaining": "1" } });

    expect(await ask()).toBe(200);
  });
});

describe("429", () => {
  const hold = (bucket: string, seconds: number, remaining: number | null): EsiLimit => ({
    bucket,
    remaining,
    resetAt: null,
    heldUntil: start + seconds * second,
  });

  it("stops the run, and holds the routes it was for", async () => {
    const { ask } = setUp();

    expect(await ask({ status: 429 })).toBe("held: ESI answered 429");
    expect([await ask(), await ask({}, "names")]).toEqual([heldBy("lists"), 200]);
  });

  it.each([
    ["as long as it says", { "retry-after": "90" }, 90],
    ["a minute without headers, as from deep in EVE's servers", {}, 60],
    ["a minute where it says no time", { "retry-after": "0" }, 60],
    ["a minute where it says a date", { "retry-after": "Tue, 05 Mar 2041 13:00:00 GMT" }, 60],
  ])("holds %s", async (_what, headers, seconds) => {
    const { governor, ask } = setUp();

    await ask({ status: 429, headers: { ...headers } });

    expect(governor.changes()).toEqual([hold("lists", seconds, null)]);
  });

  it("holds the bucket it names, and also the routes, for a run that does not know the bucket", async () => {
    const { governor, ask } = setUp();

    await ask({ status: 429, ...tokens(0, { "retry-after": "90" }) });

    expect(governor.changes()).toEqual([hold("contracts", 90, 0), hold("lists", 90, 0)]);
  });

  it("holds the same routes in the next run too", async () => {
    const { governor, ask } = setUp();
    await ask({ status: 429, ...tokens(0, { "retry-after": "90" }) });

    const next = setUp({ limits: governor.changes() });

    expect([await next.ask(), await next.ask({}, "names")]).toEqual([heldBy("lists"), 200]);
  });
});

describe("a route that ESI moves from the error limit to a token bucket", () => {
  it("is held by either of the two limits", async () => {
    const { ask, governor } = setUp();

    const answers = [await ask(errors(100, 30)), await ask(tokens(598)), await ask(tokens(50))];

    expect([...answers, await ask()]).toEqual([200, 200, 200, heldBy("lists")]);
    expect(governor.changes().map(({ bucket }) => bucket)).toEqual([
      errorLimit,
      "contracts",
      "lists",
    ]);
  });

  it("is still held by the error limit", async () => {
    const { ask } = setUp();
    await ask(tokens(598), "lists");
    await ask(errors(10, 30), "names");

    expect(await ask(tokens(596), "lists")).toBe(heldBy(errorLimit));
  });
});

describe("what was known before", () => {
  const known = (fields: Partial<EsiLimit>): EsiLimit => ({
    bucket: errorLimit,
    remaining: 0,
    resetAt: null,
    heldUntil: start + 1,
    ...fields,
  });

  it.each([
    [known({}), heldBy(errorLimit)],
    [known({ heldUntil: start }), 200],
    [known({ heldUntil: null }), 200],
    [known({ bucket: "lists" }), heldBy("lists")],
    [known({ bucket: "names" }), 200],
  ])("holds or does not hold: %o", async (limit, expected) => {
    expect(await setUp({ limits: [limit] }).ask()).toBe(expected);
  });

  it("does not count as a change", () => {
    expect(setUp({ limits: [known({})] }).governor.changes()).toEqual([]);
  });

  it("is not modified", async () => {
    const limit = Object.freeze(known({ heldUntil: null }));

    await setUp({ limits: [limit] }).ask(errors(3, 9));

    expect(limit).toEqual(known({ heldUntil: null }));
  });
});

describe("the budget of a run", () => {
  it("counts requests", async () => {
    const { ask, governor } = setUp({ maxRequests: 2 });

    expect([await ask(), await ask(), await ask()]).toEqual([
      200,
      200,
      "budget: 2 requests are made",
    ]);
    expect(governor.requests).toBe(2);
  });

  it("is not exceeded by many requests at once", async () => {
    const { timeline, governor } = setUp({ maxRequests: 7 });
    let sent = 0;
    const all = Array.from({ length: 30 }, () =>
      governor.request("lists", async () => {
        sent += 1;
        await timeline.sleep(300);
        return anAnswer();
      }),
    );
    const settled = Promise.allSettled(all);
    await timeline.runUntil();
    await settled;

    expect([sent, governor.requests]).toEqual([7, 7]);
  });

  it("counts failed requests too", async () => {
    const { ask, send } = setUp({ maxRequests: 1 });

    await send(breakOff);

    expect(await ask()).toBe("budget: 1 requests are made");
  });

  it.each([
    [1, 200],
    [0, "budget: The time of this run is over"],
    [-1, "budget: The time of this run is over"],
  ])("limits the time: with %i ms left a request ends with %s", async (left, expected) => {
    expect(await setUp({ deadline: start + left }).ask()).toBe(expected);
  });

  it("is used up for a request whose turn comes too late", async () => {
    const { governor, ask } = setUp({ deadline: start + 50 });

    expect(await Promise.all([ask(), ask()])).toEqual([
      200,
      "budget: The time of this run is over",
    ]);
    expect(governor.requests).toBe(1);
  });

  it.each([
    [start - 1, 200],
    [start, "held: ESI's daily downtime"],
  ])("is zero from the start of ESI's downtime: at %i %s", async (now, expected) => {
    const { ask } = setUp({ now: () => now, isPaused: (at) => at >= start });

    expect(await ask()).toBe(expected);
  });
});
