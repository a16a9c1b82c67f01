import type { Config } from "../../../config.ts";
import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { StoredOffer } from "../../../db/contracts/offers.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import type { Derivation, Due, SyncRepository } from "../../../db/sync-repository.ts";
import type { UniverseRepository } from "../../../db/universe-repository.ts";
import { flagRulesVersion } from "../../../domain/flags/item-flags.ts";
import { foldingVersion } from "../../../domain/folded-text.ts";
import { offerOf, offerVersion } from "../../../domain/offer.ts";
import { count } from "../../../domain/region-counts.ts";
import { securityClass } from "../../../domain/security.ts";
import type { Stargates } from "../../../domain/stargates.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../../lib/time.ts";
import type { ItemFlagging } from "../contracts/item-flagging.ts";
import { rerouted, type LocationUpdate } from "../contracts/location-update.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  config: Config;
  sync: SyncRepository;
  contracts: ContractRepository;
  regions: RegionRepository;
  universe: UniverseRepository;
  updateLocation: LocationUpdate;
  stargates: Stargates;
  flagItems: ItemFlagging;
};

const daySeconds = 86_400;
const runsKeptMs = 7 * daySeconds * 1000;

/** What one run prunes, and derives again, at most: a part of its budget. */
const prunedPerRun = 500;
const derivedPerChunk = 100;
const foldedPerChunk = 500;
const chunksPerRun = 10;
const queriesPerStep = 16;

/** Contracts that ended before this instant are not kept. */
export const prunableBefore = ({ retentionDays }: Config, now: EpochMs): EpochSeconds =>
  toSeconds(now) - retentionDays * daySeconds;

/** The versions that offers are derived from. A change of any makes the offers out of date. */
const derivationBy = ({ universeVersion, structuresVersion }: Due, stargates: Stargates): string =>
  [
    `rules ${offerVersion}.${flagRulesVersion}.${foldingVersion}`,
    `universe ${universeVersion ?? "none"}`,
    `stargates ${stargates.version}`,
    `structures ${structuresVersion ?? "none"}`,
  ].join(", ");

/** That all offers are derived as they are today. */
export function derivedAsOf(due: Due, stargates: Stargates): Derivation {
  const by = derivationBy(due, stargates);
  return { by, next: by, upTo: 0 };
}

/** Whether nothing was ever synced: then there is no offer that could be out of date. */
export const isFirstRun = ({ coveredRegions }: Due): boolean => coveredRegions === "";

export const isDerivationDue = (due: Due, stargates: Stargates): boolean =>
  !isFirstRun(due) && due.derivation.by !== derivationBy(due, stargates);

/** Step 6 of the sync: what can wait, in bounded steps. */
export function createUpkeep({
  config,
  sync,
  contracts,
  regions,
  universe,
  updateLocation,
  stargates,
  flagItems,
}: Deps) {
  async function prune(run: SyncRun): Promise<void> {
    if (!run.canQuery(queriesPerStep)) return;
    const contractIds = await contracts.endedBefore(
      prunableBefore(config, run.now()),
      prunedPerRun,
    );
    if (contractIds.length === 0) return;
    await run.commit([...contracts.forget(contractIds), sync.setPrunedAt(run.now())]);
    run.report.prunedContracts += contractIds.length;
  }

  /** Contracts with items that now produce a different offer, together with that offer. */
  async function changedOffers(stored: readonly StoredOffer[]) {
    const typeIds = stored.flatMap(({ items }) => items.map(({ typeId }) => typeId));
    const types = await universe.types([...new Set(typeIds)]);
    const known = new Map(types.map((type) => [type.typeId, type]));
    const typeOf = (typeId: number) => known.get(typeId);
    const flagged = await flagItems(stored, typeOf);
    return flagged
      .map((contract) => ({ ...contract, offer: offerOf(contract.items, typeOf) }))
      .filter(({ isOf, offer, flags }) => !isOf(offer, flags));
  }

  /** Counts of the regions in which a contract became a ship, or stopped being one. */
  async function recounted(changed: Awaited<ReturnType<typeof changedOffers>>) {
    const moved = changed.filter(
      ({ isListed, isShip, offer }) => isListed && isShip !== offer.isShip,
    );
    const regionIds = [...new Set(moved.map(({ regionId }) => regionId))];
    const states = regionIds.length > 0 ? await regions.byIds(regionIds) : [];
    const countsOf = new Map(states.map(({ regionId, counts }) => [regionId, counts]));
    for (const { regionId, type, isShip, isSystemKnown, offer } of moved) {
      const counts = countsOf.get(regionId);
      if (!counts) continue;
      count(counts, { type, isSystemKnown, isPending: false, isShip }, -1);
      count(counts, { type, isSystemKnown, isPending: false, isShip: offer.isShip }, 1);
    }
    return countsOf;
  }

  async function store(
    run: SyncRun,
    changed: Awaited<ReturnType<typeof changedOffers>>,
    derivation: Derivation,
  ): Promise<void> {
    if (changed.length === 0) return run.commit([sync.setDerivation(derivation)]);
    const counts = await recounted(changed);
    const regionIds = new Set(changed.map(({ regionId }) => regionId));
    const uncounted = [...regionIds].filter((id) => !counts.has(id));
    return run.commitChange(regionIds, (at) => [
      ...contracts.storeOffers(changed),
      regions.changed(counts, at),
      regions.touched(uncounted, at),
      sync.setDerivation(derivation),
    ]);
  }

  /**
   * Puts contracts where the universe says today that their stations are.
   *
   * @returns whether all are; else the next run goes on.
   */
  async function placeAgain(run: SyncRun): Promise<boolean> {
    const places = await contracts.startPlaces();
    const moved = places.filter(
      ({ systemId, security, regionId, stored }) =>
        systemId !== stored.systemId || securityClass(security, regionId) !== stored.securityClass,
    );
    for (const moving of moved) {
      if (!run.canQuery(queriesPerStep)) return false;
      await updateLocation(run, moving);
    }
    return routeAgain(run);
  }

  /**
   * Counts the jumps of all couriers again. Their ends may be known now, or the stargates may
   * differ.
   */
  async function routeAgain(run: SyncRun): Promise<boolean> {
    if (!run.canQuery(queriesPerStep)) return false;
    const routes = rerouted(await contracts.couriers(), stargates);
    const regionIds = [...new Set(routes.map(({ regionId }) => regionId))];
    if (routes.length > 0) {
      await run.commitChange(regionIds, (at) => [
        contracts.reroute(routes),
        regions.touched(regionIds, at),
      ]);
    }
    return true;
  }

  /** @returns whether all titles are folded; else the next run goes on. */
  async function foldTitles(run: SyncRun): Promise<boolean> {
    for (let chunk = 0; chunk < chunksPerRun; chunk += 1) {
      if (!run.canQuery(queriesPerStep)) return false;
      const unfolded = await contracts.unfolded(foldedPerChunk);
      if (unfolded.length === 0) return true;
      const regionIds = [...new Set(unfolded.map(({ regionId }) => regionId))];
      await run.commitChange(regionIds, (at) => [
        ...contracts.foldTitles(unfolded),
        regions.touched(regionIds, at),
      ]);
    }
    return false;
  }

  /**
   * Places all contracts and derives all offers again, from the first one on, after the rules or
   * the universe have changed. It does not ask ESI. Only results that differ are written.
   */
  async function derive(run: SyncRun, due: Due): Promise<void> {
    const { derivation } = due;
    const next = derivationBy(due, stargates);
    const isBegun = derivation.next === next;
    if (!(await foldTitles(run))) return;
    if (!isBegun && !(await placeAgain(run))) return;
    let upTo = isBegun ? derivation.upTo : 0;
    for (let chunk = 0; chunk < chunksPerRun; chunk += 1) {
      if (!run.canQuery(queriesPerStep)) return;
      const stored = await contracts.offersAfter(upTo, derivedPerChunk);
      const last = stored.at(-1);
      if (!last) return run.commit([sync.setDerivation(derivedAsOf(due, stargates))]);
      upTo = last.contractId;
      await store(run, await changedOffers(stored), { ...derivation, next, upTo });
    }
  }

  return async function upkeep(run: SyncRun, due: Due): Promise<void> {
    if (due.pruning) await prune(run);
    if (isDerivationDue(due, stargates)) await derive(run, due);
    await run.commit(sync.forgetRunsBefore(run.now() - runsKeptMs));
  };
}

export type Upkeep = ReturnType<typeof createUpkeep>;
