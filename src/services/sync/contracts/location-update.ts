import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { StoredCourier } from "../../../db/contracts/couriers.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import type { KnownPlace } from "../../../db/universe-repository.ts";
import { courierRoute } from "../../../domain/courier-route.ts";
import { count } from "../../../domain/region-counts.ts";
import { securityClass } from "../../../domain/security.ts";
import type { Stargates } from "../../../domain/stargates.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  contracts: ContractRepository;
  regions: RegionRepository;
  stargates: Stargates;
};

/** Couriers whose stored route differs from the route between their ends. */
export const rerouted = (couriers: readonly StoredCourier[], stargates: Stargates) =>
  couriers
    .map(({ contractId, regionId, startSystemId, end, stored }) => ({
      contractId,
      regionId,
      stored,
      ...courierRoute(stargates, startSystemId, end),
    }))
    .filter(
      ({ stored, ...route }) =>
        stored.endSystemId !== route.endSystemId ||
        stored.endSecurityClass !== route.endSecurityClass ||
        stored.routeJumps !== route.routeJumps ||
        stored.routeJumpsHighsec !== route.routeJumpsHighsec,
    );

/** Updates the listed contracts at a location after its system has become known. */
export function createLocationUpdate({ contracts, regions, stargates }: Deps) {
  /** The counts of the regions in which contracts had no system before. */
  async function newCounts(locationId: number) {
    const unplaced = await contracts.unplacedAt(locationId);
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

  /** @param first - what the same batch writes before. */
  return async function updateLocation(
    run: SyncRun,
    { locationId, systemId, security, regionId }: KnownPlace,
    first: Parameters<SyncRun["commit"]>[0] = [],
  ): Promise<void> {
    const counts = await newCounts(locationId);
    const regionIds = await contracts.regionsAt(locationId);
    const couriers = await contracts.couriers(locationId);
    const moved = couriers.map((courier) => ({
      ...courier,
      startSystemId: courier.startLocationId === locationId ? systemId : courier.startSystemId,
      end:
        courier.endLocationId === locationId
          ? { systemId, securityClass: securityClass(security, regionId) }
          : courier.end,
    }));
    const routes = rerouted(moved, stargates);
    const uncounted = regionIds.filter((id) => !counts.has(id));
    await run.commitChange(regionIds, (at) => [
      ...first,
      contracts.place(locationId, systemId, securityClass(security, regionId)),
      ...(routes.length > 0 ? [contracts.reroute(routes)] : []),
      regions.changed(counts, at),
      regions.touched(uncounted, at),
    ]);
  };
}

export type LocationUpdate = ReturnType<typeof createLocationUpdate>;
