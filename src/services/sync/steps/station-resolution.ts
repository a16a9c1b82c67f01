import type { Unresolved, UniverseRepository } from "../../../db/universe-repository.ts";
import { backoff } from "../../../domain/backoff.ts";
import type { LocationUpdate } from "../contracts/location-update.ts";
import type { SyncRun } from "../run.ts";

type Deps = { universe: UniverseRepository; updateLocation: LocationUpdate };

const stationsPerRun = 100;
const queriesPerStation = 12;
const hourMs = 3_600_000;

/** Step 4 of the sync: stations newer than CCP's export that we have, and the systems they are in. */
export function createStationResolution({ universe, updateLocation }: Deps) {
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

  async function learnStation(
    run: SyncRun,
    { id: stationId, attempts }: Unresolved,
  ): Promise<void> {
    const answer = await run.esi.station(stationId);
    const system = answer.kind === "ok" ? await learnSystem(run, answer.body.system_id) : undefined;
    if (answer.kind !== "ok" || !system) {
      const resolveAt = run.now() + backoff(hourMs, 24 * hourMs, attempts);
      const later = { id: stationId, attempts: attempts + 1, resolveAt };
      return run.commit([universe.postponeStation(later)]);
    }
    const { name, system_id: systemId, type_id: typeId } = answer.body;
    await updateLocation(run, { locationId: stationId, systemId, ...system }, [
      universe.addStation({ stationId, name, systemId, typeId }),
    ]);
  }

  return async function resolveStations(run: SyncRun): Promise<void> {
    const waiting = await universe.stationsToResolve(run.now(), stationsPerRun);
    await run.attemptEach(waiting, 1, async (station) => {
      run.requireQueries(queriesPerStation);
      await learnStation(run, station);
    });
    run.throwIfStopped();
  };
}

export type StationResolution = ReturnType<typeof createStationResolution>;
