import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "./asking.ts";
import { aContract, createWorld } from "./hand-made.ts";
import { type StandInOptions, createStandIn } from "./stand-in.ts";

const forge = "/contracts/public/10000002";

function setUp(options: Partial<StandInOptions> = {}) {
  const clock = createClock("2041-03-05T09:00:00Z");
  const contracts = [aContract(), aContract({ type: "courier" })];
  const world = createWorld({ at: clock.now(), contracts });
  const standIn = createStandIn({ world, now: clock.now, ...options });
  const [exchange = 0, courier = 0] = world.ids;
  const rules = () => standIn.counters.violations.map(({ rule }) => rule);
  return { clock, standIn, ask: createAsk(standIn), exchange, courier, rules };
}

describe("the stand-in", () => {
  it.each([
    ["no-user-agent", "User-Agent"],
    ["no-compatibility-date", "X-Compatibility-Date"],
  ])("refuses, as %s, a request without %s", async (rule, header) => {
    const { ask, rules } = setUp();

    const response = await ask("/universe/regions", { headers: { [header]: "" } });

    expect(response.status).toBe(400);
    expect(rules()).toEqual([rule]);
  });

  it("counts a page that the client already has", async () => {
    const { ask, clock, rules, standIn } = setUp();

    await ask(`${forge}?page=1`);
    const again = await ask(forge);
    clock.advance(1800);
    await ask(forge);

    expect(again.status).toBe(200);
    expect(rules()).toEqual(["list-before-expiry"]);
    expect(standIn.counters.listsBeforeExpiry).toBe(1);
  });

  it("does not blame a client for asking again after an answer that never arrived", async () => {
    const { ask, rules, standIn } = setUp();
    standIn.faults.add({ kind: "status", status: 503, times: 1 });
    standIn.faults.add({ kind: "truncated-body", skip: 1, times: 1 });

    for (let count = 0; count < 3; count += 1) await ask(forge);

    expect(rules()).toEqual([]);
  });

  it("counts items fetched twice, and items of a courier, and bids of what is no auction", async () => {
    const { ask, courier, exchange, rules, standIn } = setUp();

    await ask(`/contracts/public/items/${exchange}`);
    await ask(`/contracts/public/items/${exchange}`);
    await ask(`/contracts/public/items/${courier}`);
    await ask(`/contracts/public/bids/${exchange}`);

    expect(rules()).toEqual(["items-again", "items-of-courier", "bids-of-no-auction"]);
    expect(standIn.counters.itemsFetchedTwice).toEqual([exchange]);
    expect(standIn.counters.items.get(exchange)).toBe(2);
  });

  it("counts the seventh request at once", async () => {
    const { ask, rules, standIn } = setUp();

    await Promise.all(Array.from({ length: 7 }, (_, index) => ask(`/universe/types/${index}`)));

    expect(standIn.counters.maxInFlight).toBe(7);
    expect(standIn.counters.inFlight).toBe(0);
    expect(new Set(rules())).toEqual(new Set(["too-many-at-once"]));
  });

  it("answers 400 to every violation if it is strict", async () => {
    const { ask, exchange } = setUp({ isStrict: true });

    const statuses: number[] = [];
    for (const path of [
      forge,
      forge,
      ...Array<string>(2).fill(`/contracts/public/items/${exchange}`),
    ])
      statuses.push((await ask(path)).status);

    expect(statuses).toEqual([200, 400, 200, 400]);
  });

  it("counts requests by route and status, until it is told to begin again", async () => {
    const { ask, exchange, standIn } = setUp();
    standIn.faults.add({ kind: "connection-reset", route: "/status" });

    await ask(forge);
    await ask("/contracts/public/1");
    await ask(`/contracts/public/items/${exchange}`);
    await ask("/status").catch(() => undefined);

    expect(standIn.counters.requests).toEqual({
      "/contracts/public/{region_id}": { 200: 1, 404: 1 },
      "/contracts/public/items/{contract_id}": { 200: 1 },
      "/status": { 0: 1 },
    });
    expect(standIn.counters.total()).toBe(4);
    expect(standIn.counters.total("/contracts/public/{region_id}", 404)).toBe(1);
    standIn.counters.reset();
    expect(standIn.counters.total()).toBe(0);
  });
});
