import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import {
  bidsBurst,
  bidsPerSecond,
  createBidsGate,
  failuresUntilClosed,
  gateClosedMs,
  maxBidsAtOnce,
} from "../../src/esi/bids-gate.ts";
import { readersErrorFloor } from "../../src/services/contract-detail.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { firstContract } from "../support/api.ts";
import { rowsOf } from "../support/database.ts";
import { aTickingApi, listMs, type TickingApi } from "../support/ticking-api.ts";

const bidsRoute = "/contracts/public/bids/{contract_id}";
const bids = [{ bid_id: 1, amount: 5_000_000, date_bid: "2026-03-01T11:00:00Z" }];
const readers = 200;

/** So many auctions, synced, each with a reader of its own. */
async function auctions(count = readers): Promise<TickingApi> {
  const scene = await aTickingApi({
    contracts: Array.from({ length: count }, () => aContract({ type: "auction", bids })),
  });
  await scene.tick();
  return scene;
}

type Detail = { bids: unknown[] | null; bids_status: string };

const view = (scene: TickingApi, index: number) =>
  scene.json<Detail>(`/v1/contracts/${firstContract + index}`);

const viewAll = (scene: TickingApi, count = readers) =>
  Promise.all(Array.from({ length: count }, (_, index) => view(scene, index)));

describe("readers of auctions", () => {
  it.each([
    ["answers 500", { kind: "status", status: 500 }],
    ["answers 502", { kind: "status", status: 502 }],
    ["says no", { kind: "status", status: 403 }],
    ["does not answer in time", { kind: "timeout" }],
  ] as const)(
    "use up few of ESI's errors while its bids route %s, and the sync goes on",
    async (_what, fault) => {
      const scene = await auctions();
      scene.esi.faults.add({ ...fault, route: bidsRoute });
      scene.meter.reset();

      const found = await viewAll(scene);

      expect(new Set(found.map(({ bids_status: status }) => status))).toEqual(
        new Set(["unavailable"]),
      );
      // Those that were on their way when the gate closed.
      expect(scene.esi.counters.total(bidsRoute)).toBeLessThanOrEqual(
        failuresUntilClosed - 1 + maxBidsAtOnce,
      );
      // What was learnt of each auction and of ESI, and nothing a view.
      expect(scene.meter.bill().rowsWritten).toBeLessThanOrEqual(20);
      await scene.tickLater(listMs);
      expect((await scene.lastRun()).outcome).toBe("done");
    },
  );

  it("tell other isolates not to ask ESI for bids", async () => {
    const scene = await auctions(10);
    scene.esi.faults.add({ kind: "status", status: 500, route: bidsRoute });
    await viewAll(scene, 10);
    const before = scene.esi.counters.total(bidsRoute);

    // Another isolate has a gate of its own, and the same database.
    const other = scene.requestWith(scene.container({ bidsGate: createBidsGate() }));
    const response = await other(`/v1/contracts/${firstContract + 9}`);

    expect(await response.json()).toMatchObject({ bids: null, bids_status: "unavailable" });
    expect(scene.esi.counters.total(bidsRoute)).toBe(before);
  });

  it("see bids again a minute after ESI recovers", async () => {
    const scene = await auctions(10);
    scene.esi.faults.add({ kind: "status", status: 500, route: bidsRoute });
    await viewAll(scene, 10);
    scene.esi.faults.clear();

    const soon = await view(scene, 9);
    scene.clock.advance(gateClosedMs + 1_000);
    const later = await view(scene, 9);

    expect([soon.bids_status, later.bids_status]).toEqual(["unavailable", "available"]);
  });

  it.each([
    [readersErrorFloor + 1, 2],
    [readersErrorFloor, 1],
  ])(
    "ask only while more errors are left than they must spare: with %i left, %i ask",
    async (left, asked) => {
      const scene = await auctions(2);
      scene.esi.faults.add({
        kind: "headers",
        headers: { "X-Esi-Error-Limit-Remain": `${left}`, "X-Esi-Error-Limit-Reset": "30" },
        route: bidsRoute,
      });

      await view(scene, 0);
      await view(scene, 1);

      expect(scene.esi.counters.total(bidsRoute)).toBe(asked);
      const held = await rowsOf(
        env.DB,
        "select bucket from esi_limits where held_until is not null",
      );
      expect(held).toEqual(asked === 1 ? [{ bucket: "contract-bids" }] : []);
    },
  );
});

describe("the gate of bids", () => {
  const open = () => new Promise<"ok">(() => {});
  const answered = async <Answer>(answer: Answer) => answer;
  const ask = (gate: ReturnType<typeof createBidsGate>, at: number, kind: "ok" | "failed" = "ok") =>
    gate.ask(
      () => at,
      () => answered(kind),
      (answer) => answer === "failed",
    );

  it("lets a fixed number through at once, and no more than that", async () => {
    const gate = createBidsGate();
    for (let index = 0; index < maxBidsAtOnce; index += 1)
      void gate.ask(
        () => 1,
        open,
        () => false,
      );

    expect(await ask(gate, 1)).toBeUndefined();
  });

  it("lets a fixed number per second through after a burst", async () => {
    const gate = createBidsGate();
    const through = async (at: number) => {
      let count = 0;
      while ((await ask(gate, at)) !== undefined) count += 1;
      return count;
    };

    expect([await through(1_000), await through(2_000)]).toEqual([bidsBurst, bidsPerSecond]);
  });

  it("closes after several failures in a row, and lets one through after a minute", async () => {
    const gate = createBidsGate();
    for (let index = 1; index < failuresUntilClosed; index += 1) await ask(gate, 0, "failed");
    expect(gate.closedUntil(0)).toBeNull();

    await ask(gate, 0, "failed");
    expect(gate.closedUntil(0)).toBe(gateClosedMs);
    expect(await ask(gate, gateClosedMs - 1)).toBeUndefined();

    void gate.ask(
      () => gateClosedMs,
      open,
      () => false,
    );
    expect(await ask(gate, gateClosedMs)).toBeUndefined();
  });

  it("forgets failures after the first answer", async () => {
    const gate = createBidsGate();
    for (let index = 1; index < failuresUntilClosed; index += 1) await ask(gate, 0, "failed");
    await ask(gate, 0);
    await ask(gate, 0, "failed");

    expect(gate.closedUntil(0)).toBeNull();
  });
});
