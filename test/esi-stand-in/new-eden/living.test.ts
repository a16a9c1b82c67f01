import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "../asking.ts";
import { shippedUniverse } from "../shipped-universe.ts";
import { createStandIn } from "../stand-in.ts";
import { type World, endOf, isOutstanding } from "../world.ts";
import { createLivingNewEden } from "./living.ts";

const startsAt = new Date("2041-01-01T00:00:00Z");
const dayMs = 86_400_000;
const after = (days: number) => new Date(startsAt.getTime() + days * dayMs);

const make = (options: Partial<Parameters<typeof createLivingNewEden>[0]> = {}) =>
  createLivingNewEden({
    universe: shippedUniverse(),
    seed: 7,
    startsAt,
    contracts: 3_000,
    newPerDay: 600,
    ...options,
  });

const idsAt = (world: World, at: Date) =>
  [...world.universe.regions.keys()].flatMap((id) => world.outstandingAt(id, at));

describe("createLivingNewEden", () => {
  it.each([0, 1, 40, 400])("keeps its size on day %d", (day) => {
    const count = idsAt(make(), after(day)).length;

    expect(count).toBeGreaterThan(2_700);
    expect(count).toBeLessThan(3_300);
  });

  it("loses and gains contracts each day, some early and some by expiry", () => {
    const world = make();
    const [before, later] = [30, 31].map((day) => new Set(idsAt(world, after(day))));

    const ended = [...(before ?? [])].filter((id) => !later?.has(id));
    const contracts = ended.map((id) => world.contract(id)).filter((found) => found !== undefined);
    const early = contracts.filter((contract) => contract.delistedAt !== null).length;
    const appeared = [...(later ?? [])].filter((id) => !before?.has(id)).length;
    expect(appeared).toBeGreaterThan(300);
    expect(early).toBeGreaterThan(50);
    expect(contracts.length - early).toBeGreaterThan(30);
    expect(Math.min(...[...(later ?? [])].slice(-10))).toBeGreaterThan(Math.min(...ended));
  });

  it("grows if more contracts come than end", () => {
    const world = make({ newPerDay: 900, endedPerDay: 600 });

    const [first = 0, later = 0] = [0, 10].map((day) => idsAt(world, after(day)).length);

    expect(later).toBeGreaterThan(first + 500);
  });

  it("gives the same answer for a moment, in whatever order moments are asked for", () => {
    const used = make();

    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -10 * 86_400, max: 90 * 86_400 }), {
          minLength: 1,
          maxLength: 3,
        }),
        (seconds) => {
          for (const second of seconds) {
            const at = after(second / 86_400);
            const ids = used.outstandingAt(10_000_002, at);
            expect(ids).toEqual(make().outstandingAt(10_000_002, at));
            expect(ids).toEqual(ids.toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  it("agrees with its lists about each contract", () => {
    const world = make();
    const ids = [0, 5, 10, 15].flatMap((day) => world.outstandingAt(10_000_002, after(day)));

    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        fc.integer({ min: -2, max: 30 * 86_400 }),
        (id, seconds) => {
          const contract = world.contract(id);
          if (contract === undefined) throw new Error(`No contract ${id}.`);
          const at = new Date(contract.listedFrom.getTime() + seconds * 1000);
          const listed = world.outstandingAt(contract.regionId, at).includes(id);
          expect(listed).toBe(isOutstanding(contract, at));
          expect(endOf(contract)).toBeLessThanOrEqual(Date.parse(contract.row.date_expired));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("lets the bids on an auction grow, but never shrink", () => {
    const world = make();
    const auctions = idsAt(world, after(20))
      .map((id) => world.contract(id))
      .filter((contract) => contract?.row.type === "auction")
      .filter((contract) => contract !== undefined);

    const counts = auctions.map((contract) =>
      [0, 5, 10, 20, 34].map((day) => contract.bidsAt(after(day)).length),
    );
    expect(auctions.length).toBeGreaterThan(10);
    expect(counts.every((series) => series.every((n, i) => n >= (series[i - 1] ?? 0)))).toBe(true);
    expect(counts.some((series) => (series[0] ?? 0) < (series.at(-1) ?? 0))).toBe(true);
    const bids = auctions.flatMap((contract) => [contract.bidsAt(after(60))]);
    const amounts = bids.map((list) => list.map((bid) => bid.amount));
    expect(amounts).toEqual(amounts.map((list) => list.toSorted((a, b) => a - b)));
  });

  it("always has a contract with more than a page of items", () => {
    const world = make();

    for (const day of [0, 100, 500]) {
      const forge = world.outstandingAt(10_000_002, after(day));
      const sizes = forge.map((id) => world.contract(id)?.items().length ?? 0);
      expect(Math.max(...sizes)).toBe(1204);
    }
  });

  it("is seen whole by a client that walks its pages, at the moment of the list", async () => {
    const world = make();
    const clock = createClock(after(12));
    const standIn = createStandIn({ world, now: clock.now });
    const ask = createAsk(standIn);

    const first = await ask("/contracts/public/10000002?page=1");
    const pages = Number(first.headers.get("x-pages"));
    const listedAt = new Date(first.headers.get("last-modified") ?? "");
    const ids = (await first.json<{ contract_id: number }[]>()).map((row) => row.contract_id);
    for (let page = 2; page <= pages; page += 1) {
      const response = await ask(`/contracts/public/10000002?page=${page}`);
      const rows = await response.json<{ contract_id: number }[]>();
      ids.push(...rows.map((row) => row.contract_id));
    }

    expect(pages).toBeGreaterThan(1);
    expect(ids).toEqual(world.outstandingAt(10_000_002, listedAt));
    expect(standIn.counters.violations).toEqual([]);
  });
});
