import { describe, expect, it } from "vitest";

import { failuresUntilUnreachable, maxConnections } from "../../../src/esi/governor.ts";
import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { domain, heimatar, theForge } from "../../support/api.ts";
import {
  aTickingApi,
  itemsRoute,
  listMs,
  listRoute,
  type TickingApi,
} from "../../support/ticking-api.ts";

type Status = { status: string; last_run: { outcome: string } };

const regionIds = [theForge, heimatar, domain];

const aSyncedScene = async (): Promise<TickingApi> => {
  const scene = await aTickingApi({
    contracts: regionIds.flatMap((region_id) => [
      aContract({ region_id, items: [anItem()] }),
      aContract({ region_id, items: [anItem()] }),
    ]),
    regionIds,
  });
  await scene.tick();
  return scene;
};

/** How the service says that it is, after a run that begins so much later. */
async function statusAfter(scene: TickingApi, ms: number) {
  const before = scene.esi.counters.total();
  await scene.tickLater(ms);
  const { status, last_run } = await scene.json<Status>("/v1/status");
  return { status, outcome: last_run.outcome, requests: scene.esi.counters.total() - before };
}

describe("an ESI that is dead", () => {
  it("ends the run after a few requests, is said at once, and is asked again by the next run", async () => {
    const scene = await aSyncedScene();
    scene.esi.faults.add({ kind: "connection-reset" });

    const dead = await statusAfter(scene, listMs);
    scene.esi.faults.clear();
    // The lists that were tried wait for two minutes.
    const alive = await statusAfter(scene, 125_000);

    expect(dead).toMatchObject({ status: "degraded", outcome: "unreachable" });
    expect(dead.requests).toBeGreaterThanOrEqual(failuresUntilUnreachable);
    expect(dead.requests).toBeLessThan(failuresUntilUnreachable + maxConnections);
    expect(alive).toMatchObject({ status: "ok", outcome: "done" });
  });

  it("is said where only one region is due, and it is asked for too little to be sure before", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    scene.esi.faults.add({ kind: "connection-reset" });

    expect(await statusAfter(scene, listMs)).toMatchObject({
      status: "degraded",
      outcome: "unreachable",
    });
  });

  it("leaves what it did not tell as it was", async () => {
    const scene = await aSyncedScene();
    scene.esi.faults.add({ kind: "connection-reset" });
    await scene.tickLater();

    const { meta } = await scene.json<{ meta: { total: number } }>("/v1/contracts");

    expect(meta.total).toBe(2 * regionIds.length);
  });
});

describe("an ESI that lives", () => {
  it("is not reported as unreachable if only one region fails", async () => {
    const scene = await aSyncedScene();
    scene.esi.faults.add({
      kind: "connection-reset",
      route: listRoute,
      params: { region_id: theForge },
    });

    expect(await statusAfter(scene, listMs)).toMatchObject({ outcome: "done" });
  });

  it("is not reported as unreachable if only a few items fail", async () => {
    const scene = await aTickingApi({ contracts: [aContract({ items: [anItem()] }), aContract()] });
    scene.esi.faults.add({ kind: "connection-reset", route: itemsRoute });

    await scene.tick();

    expect((await scene.lastRun()).outcome).toBe("done");
  });
});
