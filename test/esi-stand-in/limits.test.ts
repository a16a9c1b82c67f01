import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "./asking.ts";
import { createWorld } from "./hand-made.ts";
import { createBucket, createErrorLimit, tokensFor } from "./limits.ts";
import { createStandIn } from "./stand-in.ts";

const start = "2041-03-05T09:00:20Z";

function setUp() {
  const clock = createClock(start);
  const standIn = createStandIn({ world: createWorld({ at: clock.now() }), now: clock.now });
  const ask = createAsk(standIn);
  const repeat = async (times: number, path: string) => {
    const statuses: number[] = [];
    for (let count = 0; count < times; count += 1) statuses.push((await ask(path)).status);
    return statuses;
  };
  return { clock, standIn, ask, repeat };
}

describe("the error limit", () => {
  it("allows 100 errors in a minute, then answers 420 on every route until the minute is over", async () => {
    const { ask, clock, repeat, standIn } = setUp();

    const errors = await repeat(100, "/universe/types/1");
    const limited = [await ask("/universe/types/587"), await ask("/status")];
    clock.advance(39);
    const stillLimited = await ask("/universe/types/587");
    clock.advance(1);
    const free = await ask("/universe/types/587");

    expect(new Set(errors)).toEqual(new Set([404]));
    for (const response of [...limited, stillLimited]) {
      expect(response.status).toBe(420);
      expect(response.headers.get("x-esi-error-limit-remain")).toBe("0");
      expect(response.headers.get("retry-after")).toBeNull();
      expect(await response.json()).toEqual({
        error: expect.stringMatching(/^This software has exceeded the error limit for ESI\./),
      });
    }
    expect(limited[0]?.headers.get("x-esi-error-limit-reset")).toBe("40");
    expect(free.status).toBe(200);
    expect(free.headers.get("x-esi-error-limit-remain")).toBe("100");
    expect(standIn.counters).toMatchObject({ sent420: 3, lowestErrorBudget: 0 });
  });

  it("does not count answers of 2xx and 3xx", async () => {
    const { ask } = setUp();
    const { headers } = await ask("/universe/types/587");

    const validator = { "If-None-Match": headers.get("etag") ?? "" };
    const response = await ask("/universe/types/587", { headers: validator });

    expect(response.status).toBe(304);
    expect(response.headers.get("x-esi-error-limit-remain")).toBe("100");
  });

  it("is 100 minus the errors of the current minute, whatever happened before", () => {
    const steps = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 90_000 }),
        status: fc.constantFrom(200, 204, 304, 403, 404, 420, 503),
      }),
      { maxLength: 200 },
    );

    fc.assert(
      fc.property(steps, (history) => {
        const limit = createErrorLimit();
        const seen: { minute: number; isError: boolean }[] = [];
        let now = Date.parse(start);
        for (const { waitMs, status } of history) {
          now += waitMs;
          limit.count(now, status);
          const minute = Math.floor(now / 60_000);
          seen.push({ minute, isError: status >= 400 });
          const errors = seen.filter((entry) => entry.isError && entry.minute === minute).length;
          expect(limit.at(now).remain).toBe(Math.max(0, 100 - errors));
          expect(limit.at(now).reset).toBe(Math.ceil(((minute + 1) * 60_000 - now) / 1000));
        }
      }),
    );
  });
});

describe("a token bucket", () => {
  it("has the headers of the recorded answer of /status", async () => {
    const { ask } = setUp();

    const { headers } = await ask("/status");

    // Recorded on 2025-12-30.
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-ratelimit-group": "status",
      "x-ratelimit-limit": "600/15m",
      "x-ratelimit-remaining": "598",
      "x-ratelimit-used": "2",
    });
    expect(headers.get("x-esi-error-limit-remain")).toBeNull();
  });

  it("is empty after 300 answers; tokens come back 15 minutes after they were spent", async () => {
    const { ask, clock, repeat, standIn } = setUp();

    await repeat(1, "/status");
    clock.advance(100);
    const statuses = await repeat(300, "/status");
    const limited = await ask("/status");
    clock.advance(800);
    const free = await ask("/status");

    expect(statuses.filter((status) => status === 200)).toHaveLength(299);
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe("800");
    expect(limited.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(free.status).toBe(200);
    expect(standIn.counters.sent429).toBe(2);
  });

  it("leaves the error limit and the other buckets alone", async () => {
    const { ask, repeat } = setUp();
    await repeat(301, "/status");

    const orders = await ask("/markets/10000002/orders?order_type=all");
    const types = await ask("/universe/types/587");

    expect(orders.headers.get("x-ratelimit-remaining")).toBe("11998");
    expect(types.headers.get("x-esi-error-limit-remain")).toBe("100");
  });

  it.each([
    [200, 2],
    [204, 2],
    [304, 1],
    [404, 5],
    [429, 0],
    [503, 0],
  ])("charges %d with %d tokens", (status, tokens) => {
    expect(tokensFor(status)).toBe(tokens);
  });

  it("has left what was not spent in the last 15 minutes, whatever happened before", () => {
    const steps = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 400_000 }),
        tokens: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 100 },
    );

    fc.assert(
      fc.property(steps, (history) => {
        const bucket = createBucket("status");
        const spent: { at: number; tokens: number }[] = [];
        let now = Date.parse(start);
        for (const { waitMs, tokens } of history) {
          now += waitMs;
          bucket.spend(now, tokens);
          spent.push({ at: now, tokens });
          const recent = spent.filter(({ at }) => at > now - 900_000);
          const used = recent.reduce((sum, entry) => sum + entry.tokens, 0);
          expect(bucket.remaining(now)).toBe(600 - used);
        }
      }),
    );
  });
});
