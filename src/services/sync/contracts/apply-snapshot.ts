import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { PlacedContract } from "../../../db/contracts/listing.ts";
import type { StoredContract } from "../../../db/contracts/stored-contract.ts";
import type { NameRepository } from "../../../db/name-repository.ts";
import type { Check, RegionRepository, RegionState } from "../../../db/region-repository.ts";
import type { Place, UniverseRepository } from "../../../db/universe-repository.ts";
import { hasItems, type ListedContract } from "../../../domain/contract.ts";
import { type CourierEnd, courierRoute, noRoute } from "../../../domain/courier-route.ts";
import { isStation } from "../../../domain/location.ts";
import { count, countableOf, countAll, type Countable } from "../../../domain/region-counts.ts";
import { securityClass } from "../../../domain/security.ts";
import { missingFrom, movedAuctions, type Snapshot } from "../../../domain/snapshot.ts";
import type { Stargates } from "../../../domain/stargates.ts";
import { chunked } from "../../../lib/chunked.ts";
import { type EpochMs, toSeconds } from "../../../lib/time.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  regions: RegionRepository;
  contracts: ContractRepository;
  universe: UniverseRepository;
  names: NameRepository;
  stargates: Stargates;
};

/** A region's new list, and when ESI may be asked for the next one. */
export type NewList = {
  snapshot: Snapshot<ListedContract>;
  cacheSeconds: number;
  check: Check;
};

/** What is written down of a list: new contracts are placed, and those seen before are known. */
type Difference = {
  region: RegionState;
  list: NewList;
  stored: readonly StoredContract[];
  listed: readonly PlacedContract[];
  before: ReadonlyMap<number, StoredContract>;
  unknownStations: readonly number[];
};

/** New contracts written in one batch: some seconds of D1's time at most. */
const contractsPerBatch = 2_000;
/** Statements of the last batch, which has the most. */
const queriesPerBatch = 14;

/**
 * A contract that was stored before keeps what is known about it. A new one waits for its items.
 */
function countableNew(contract: PlacedContract, before: StoredContract | undefined): Countable {
  return {
    type: before?.type ?? contract.type,
    isShip: before?.isShip ?? null,
    isSystemKnown: before?.isSystemKnown ?? contract.startSystemId !== null,
    isPending: hasItems(contract.type) && before?.itemsStatus !== "complete",
  };
}

function systemAt(place: Place | undefined): CourierEnd | null {
  const { systemId = null, security = null, regionId = null } = place ?? {};
  if (systemId === null || security === null || regionId === null) return null;
  return { systemId, securityClass: securityClass(security, regionId) };
}

/** What is known of a contract's places by where its ends are. */
function placed(
  contract: ListedContract,
  placeOf: (locationId: number | null) => Place | undefined,
  stargates: Stargates,
): PlacedContract {
  const start = systemAt(placeOf(contract.startLocationId));
  const end = systemAt(placeOf(contract.endLocationId));
  return {
    ...contract,
    startSystemId: start?.systemId ?? null,
    startSecurityClass: start?.securityClass ?? null,
    ...(contract.type === "courier"
      ? courierRoute(stargates, start?.systemId ?? null, end)
      : noRoute),
  };
}

const locationsOf = (contracts: readonly ListedContract[]): number[] => [
  ...new Set(
    contracts
      .flatMap(({ startLocationId, endLocationId }) => [startLocationId, endLocationId])
      .filter((id) => id !== null),
  ),
];

const idsOf = (contracts: readonly { contractId: number }[]): number[] =>
  contracts.map(({ contractId }) => contractId);

/** Writes down what a complete list of a region changes: new ids, missing ids, moved auctions. */
export function createApplySnapshot({ regions, contracts, universe, names, stargates }: Deps) {
  async function differenceOf(
    region: RegionState,
    list: NewList,
    stored: readonly StoredContract[],
  ): Promise<Difference> {
    const { unknown } = list.snapshot;
    const locationIds = locationsOf(unknown);
    const places = locationIds.length > 0 ? await universe.places(locationIds) : [];
    const before = unknown.length > 0 ? await contracts.byIds(idsOf(unknown)) : [];
    const placeOf = new Map(places.map((place) => [place.locationId, place]));
    // A contract is in one region: another's list that holds it too is in error.
    const elsewhere = new Set(idsOf(before.filter(({ isListed }) => isListed)));
    return {
      region,
      list,
      stored,
      listed: unknown
        .filter(({ contractId }) => !elsewhere.has(contractId))
        .map((row) => placed(row, (locationId) => placeOf.get(locationId ?? 0), stargates)),
      before: new Map(before.map((row) => [row.contractId, row])),
      unknownStations: locationIds.filter((id) => isStation(id) && !placeOf.has(id)),
    };
  }

  function additions(
    { region, before }: Difference,
    listed: readonly PlacedContract[],
    at: EpochMs,
  ) {
    const returning = idsOf(listed).filter((id) => before.has(id));
    const issuers = listed.flatMap((row) => [row.issuerId, row.issuerCorporationId]);
    return [
      ...contracts.insertListed(region.regionId, listed, at, returning),
      names.expect([...new Set(issuers)], at),
    ];
  }

  function endings({ region, list }: Difference, missing: readonly StoredContract[]) {
    const times = { endedAt: list.snapshot.at, lastListedAt: region.snapshotAt };
    return missing.length > 0 ? contracts.unlist(idsOf(missing), times) : [];
  }

  /** @throws {Stopped} if the run has no queries left for all of it: the next list brings the rest. */
  return async function applySnapshot(
    run: SyncRun,
    region: RegionState,
    list: NewList,
    stored: readonly StoredContract[],
  ): Promise<void> {
    const { regionId } = region;
    const difference = await differenceOf(region, list, stored);
    const { listed, before, unknownStations } = difference;
    const missing = missingFrom(list.snapshot, stored);
    const moved = movedAuctions(list.snapshot, stored, toSeconds(list.check.nextDueAt));
    const counts = countAll(stored.map(countableOf));
    const countIn = (added: readonly PlacedContract[]) => {
      for (const row of added) count(counts, countableNew(row, before.get(row.contractId)), 1);
    };

    // All batches except the last only add listed contracts. If a run is killed between batches,
    // the list is not accepted yet and the counts are right. The same holds if the run's queries
    // are spent.
    const chunks = chunked(listed, contractsPerBatch);
    const lastChunk = chunks.pop() ?? [];
    for (const chunk of chunks) {
      countIn(chunk);
      await run.commitChange([regionId], (at) => [
        ...additions(difference, chunk, at),
        regions.changed(new Map([[regionId, counts]]), at),
      ]);
      run.requireQueries(queriesPerBatch);
    }
    countIn(lastChunk);
    for (const contract of missing) count(counts, countableOf(contract), -1);
    const isChanged = listed.length + missing.length + moved.length > 0;
    await run.commitChange(isChanged ? [regionId] : [], (at) => [
      ...(lastChunk.length > 0 ? additions(difference, lastChunk, at) : []),
      ...(unknownStations.length > 0 ? [universe.expectStations(unknownStations)] : []),
      ...endings(difference, missing),
      contracts.endLeftBehind(regionId, list.snapshot.at),
      ...(moved.length > 0 ? [contracts.move(moved)] : []),
      regions.accepted(regionId, list.check, {
        at: list.snapshot.at,
        cacheSeconds: list.cacheSeconds,
        changedAt: at,
        counts,
      }),
    ]);

    run.report.oddRows += list.snapshot.unknown.length - listed.length;
    run.report.contracts.listed += listed.length;
    run.report.contracts.ended += missing.length;
    run.report.contracts.moved += moved.length;
  };
}

export type ApplySnapshot = ReturnType<typeof createApplySnapshot>;
