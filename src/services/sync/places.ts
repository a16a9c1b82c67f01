import type { ContractRepository } from "../../db/contract-repository.ts";
import type { RegionRepository } from "../../db/region-repository.ts";
import type { Unresolved, UniverseRepository } from "../../db/universe-repository.ts";
import { count } from "../../domain/region-counts.ts";
import { securityClass } from "../../domain/security.ts";
import type { SyncRun } from "./run.ts";

type Deps = {
  universe: UniverseRepository;
  contracts: ContractRepository;
  regions: RegionRepository;
};

const stationsPerRun = 100;
const queriesPerStation = 12;
const hourMs = 3_600_000;

/** Step 4 of the sync: stations newer than CCP's export that we have, and the systems they are in. */
export function createPlaceSync({ universe, contracts, regions }: Deps) {
  async function regionOfConstellation(
    run: SyncRun,
    constellationId: number,
  ): Promise<number | undefined> {
    const known = await universe.constellationRegion(constellationId);
    if (known !== undefined) return known;
    const answer = await run.esi.constellation(constellationId);
    if (answer.kind !== "ok") return undefined;
    const { name, region_id: regionId } = answer.body;
    await run.commit([universe.addConstellation({ constellationId, name, regionId })]);
    return regionId;
  }

  async function learnSystem(run: SyncRun, systemId: number) {
    const known = await universe.system(systemId);
    if (known) return known;
    const answer = await run.esi.system(systemId);
    if (answer.kind !== "ok") return undefined;
    const { name, constellation_id: constellationId, security_status: security } = answer.body;
    const regionId = await regionOfConstellation(run, constellationId);
    if (regionId === undefined) return undefined;
    await run.commit([universe.addSystem({ systemId, name, constellationId, regionId, security })]);
    return { security, regionId };
  }

  /** Contracts that were listed before we knew where their station is, and their regions' new counts. */
  async function unplacedAt(stationId: number) {
    const unplaced = await contracts.unplacedAt(stationId);
    const regionIds = [...new Set(unplaced.map(({ regionId }) => regionId))];
    const states = regionIds.length > 0 ? await regions.byIds(regionIds) : [];
    const countsOf = new Map(states.map(({ regionId, counts }) => [regionId, counts]));
    for (const { regionId, type, isShip, itemsStatus } of unplaced) {
      const contract = { type, isShip, isPending: itemsStatus === "pending" };
      const counts = countsOf.get(regionId);
      if (!counts) continue;
      count(counts, { ...contract, isSystemKnown: false }, -1);
      count(counts, { ...contract, isSystemKnown: true }, 1);
    }
    return countsOf;
  }

  async function learnStation(
    run: SyncRun,
    { id: stationId, attempts }: Unresolved,
  ): Promise<void> {
    const answer = await run.esi.station(stationId);
    const system = answer.kind === "ok" ? await learnSystem(run, answer.body.system_id) : undefined;
    if (answer.kind !== "ok" || !system) {
      const resolveAt = run.now() + Math.min(hourMs * 2 ** attempts, 24 * hourMs);
      const later = { id: stationId, attempts: attempts + 1, resolveAt };
      return run.commit([universe.postponeStation(later)]);
    }
    const { name, system_id: systemId, type_id: typeId } = answer.body;
    const countsOf = await unplacedAt(stationId);
    return run.commitChange(countsOf.keys(), (at) => [
      universe.addStation({ stationId, name, systemId, typeId }),
      contracts.place(stationId, systemId, securityClass(system.security, system.regionId)),
      regions.changed(countsOf, at),
    ]);
  }

  return async function syncPlaces(run: SyncRun): Promise<void> {
    const waiting = await universe.stationsToResolve(run.now(), stationsPerRun);
    await run.attemptEach(waiting, 1, async (station) => {
      run.goOn(queriesPerStation);
      await learnStation(run, station);
    });
    run.goOn(0);
  };
}

export type PlaceSync = ReturnType<typeof createPlaceSync>;
