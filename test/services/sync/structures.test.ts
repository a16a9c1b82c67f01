/** Contracts of structures that an operator names, and couriers whose ends are known late. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { structureStatements } from "../../../src/cli/universe/structure-statements.ts";
import { aContract } from "../../esi-stand-in/hand-made.ts";
import { firstContract, theForge } from "../../support/api.ts";
import { aTickingApi } from "../../support/ticking-api.ts";

const minuteMs = 60_000;
const structureId = 1_035_466_617_946;
const amarr = 60_008_494;
const perimeter = { structureId, name: "Perimeter - <b>Trading</b>", systemId: 30_000_144 };

const courier = (from: number, to: number) =>
  aContract({
    type: "courier",
    start_location_id: from,
    end_location_id: to,
    reward: 12_000_000,
    volume: 1_000,
  });

const load = (structures = [perimeter], version = "one") =>
  env.DB.batch(structureStatements(structures, version).map((sql) => env.DB.prepare(sql)));

async function withStructures() {
  const scene = await aTickingApi({
    contracts: [
      aContract({ start_location_id: structureId }),
      courier(amarr, structureId),
      courier(structureId, amarr),
      courier(60_003_760, amarr),
    ],
  });
  await scene.tick();
  const contract = (index: number) =>
    scene.json<Record<string, unknown>>(`/v1/contracts/${firstContract + index}`);
  return { scene, contract };
}

describe("a structure that nobody named", () => {
  it("has no system and no route, but its region and kind are known", async () => {
    const { contract } = await withStructures();

    expect(await contract(0)).toMatchObject({
      start_location_kind: "structure",
      start_location_name: null,
      start_system_id: null,
      start_is_highsec_island: null,
      region_id: theForge,
      region_name: "The Forge",
    });
    expect(await contract(1)).toMatchObject({
      end_location_kind: "structure",
      route_jumps: null,
      route_jumps_highsec: null,
      reward_per_jump: null,
      reward_per_volume: 12_000,
    });
    expect(await contract(3)).toMatchObject({
      route_jumps: 11,
      route_jumps_highsec: 34,
      reward_per_jump: 12_000_000 / 11,
    });
  });

  it("is counted as unreachable if a distance is asked for, and never guessed", async () => {
    const { scene } = await withStructures();

    expect(await scene.json("/v1/contracts?from_system_id=Jita&max_jumps=0")).toMatchObject({
      data: [{ contract_id: firstContract + 3, jumps: 0 }],
      meta: { total: 1, unreachable_excluded: 2 },
    });
  });
});

describe("a structure that an operator named", () => {
  it("gives its contracts a place and jumps from the next run on, without asking ESI", async () => {
    const { scene, contract } = await withStructures();
    scene.esi.counters.reset();
    await load();

    await scene.tickLater(minuteMs);

    expect(scene.esi.counters.requests).toEqual({});
    expect(await contract(0)).toMatchObject({
      start_location_name: perimeter.name,
      start_system_name: "Perimeter",
      start_security_class: "highsec",
      start_location_kind: "structure",
    });
    expect(await contract(1)).toMatchObject({ route_jumps: 12, reward_per_jump: 1_000_000 });
    expect(await contract(2)).toMatchObject({ route_jumps: 12, route_jumps_highsec: 33 });
    expect(await scene.json("/v1/contracts?system_id=Perimeter")).toMatchObject({
      meta: { total: 2, unknown_system_excluded: 0 },
    });
  });

  it("is placed once, and the run after that has nothing to do", async () => {
    const { scene } = await withStructures();
    await load();
    await scene.tickLater(minuteMs);
    scene.clock.advance(minuteMs);

    expect(await scene.sync()).toMatchObject({ outcome: "idle" });
  });

  it("may be moved by another file, and later contracts are placed there at once", async () => {
    const { scene, contract } = await withStructures();
    await load();
    await scene.tickLater(minuteMs);
    await load([{ ...perimeter, systemId: 30_000_142 }], "two");
    await scene.tickLater(minuteMs);
    scene.world.add(aContract({ start_location_id: structureId }), scene.clock.date());
    await scene.tickLater();

    expect(await contract(0)).toMatchObject({ start_system_name: "Jita" });
    expect(await contract(2)).toMatchObject({ route_jumps: 11 });
    expect(await contract(4)).toMatchObject({ start_system_name: "Jita" });
  });
});
