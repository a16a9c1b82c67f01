import type { Config } from "../../config.ts";
import type { ContractRepository, ContractWithItems } from "../../db/contract-repository.ts";
import type { RegionRepository } from "../../db/region-repository.ts";
import type { Due, SyncRepository } from "../../db/sync-repository.ts";
import type { UniverseRepository } from "../../db/universe-repository.ts";
import { offerOf, offerVersion } from "../../domain/offer.ts";
import { count } from "../../domain/region-counts.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../lib/time.ts";
import type { SyncRun } from "./run.ts";

type Deps = {
  config: Config;
  sync: SyncRepository;
  contracts: ContractRepository;
  regions: RegionRepository;
  universe: UniverseRepository;
};

const daySeconds = 86_400;
const runsKeptMs = 7 * daySeconds * 1000;

/** What one run prunes, and derives again, at most: a part of its budget. */
const prunedPerRun = 500;
const derivedPerChunk = 100;
const chunksPerRun = 10;
const queriesPerStep = 16;

/** Contracts that ended before this instant are not kept. */
export const prunableBefore = ({ retentionDays }: Config, now: EpochMs): EpochSeconds =>
  toSeconds(now) - retentionDays * daySeconds;

/** Step 6 of the sync: what can wait, in bounded steps. */
export function createUpkeep({ config, sync, contracts, regions, universe }: Deps) {
  async function prune(run: SyncRun): Promise<void> {
    if (!run.canQuery(queriesPerStep)) return;
    const contractIds = await contracts.endedBefore(
      prunableBefore(config, run.now()),
      prunedPerRun,
    );
    if (contractIds.length === 0) return;
    await run.commit(contracts.forget(contractIds));
    run.report.prunedContracts += contractIds.length;
  }

  async function offersOf(stored: readonly ContractWithItems[]) {
    const typeIds = stored.flatMap(({ items }) => items.map(({ typeId }) => typeId));
    const types = await universe.types([...new Set(typeIds)]);
    const typeOf = new Map(types.map((type) => [type.typeId, type]));
    return stored.map((contract) => ({
      ...contract,
      offer: offerOf(contract.items, (typeId) => typeOf.get(typeId)),
    }));
  }

  /** Counts of the regions in which a contract became a ship, or none, by the new rules. */
  async function recounted(derived: Awaited<ReturnType<typeof offersOf>>) {
    const changed = derived.filter(
      ({ isListed, isShip, offer }) => isListed && isShip !== offer.isShip,
    );
    const regionIds = [...new Set(changed.map(({ regionId }) => regionId))];
    const states = regionIds.length > 0 ? await regions.byIds(regionIds) : [];
    const countsOf = new Map(states.map(({ regionId, counts }) => [regionId, counts]));
    for (const { regionId, type, isShip, isSystemKnown, offer } of changed) {
      const counts = countsOf.get(regionId);
      if (!counts) continue;
      count(counts, { type, isSystemKnown, isPending: false, isShip }, -1);
      count(counts, { type, isSystemKnown, isPending: false, isShip: offer.isShip }, 1);
    }
    return countsOf;
  }

  /**
   * Derives all offers again once the rules have changed, from stored items, without asking ESI. That
   * is done where a search from the first contract on finds none that older rules have made: they may
   * change again before it is.
   */
  async function derive(run: SyncRun, from: number): Promise<void> {
    let upTo = from;
    for (let chunk = 0; chunk < chunksPerRun; chunk += 1) {
      if (!run.canQuery(queriesPerStep)) return;
      const stored = await contracts.outdatedAfter(upTo, derivedPerChunk);
      const last = stored.at(-1);
      if (!last) {
        const isDone = upTo === 0;
        upTo = 0;
        await run.commit([sync.setDerivation({ version: isDone ? offerVersion : 0, upTo })]);
        if (isDone) return;
        continue;
      }
      const derived = await offersOf(stored);
      const counts = await recounted(derived);
      const regionIds = derived.map(({ regionId }) => regionId);
      upTo = last.contractId;
      await run.commitChange(regionIds, (at) => [
        ...contracts.storeOffers(derived),
        regions.changed(counts, at),
        regions.touched(
          [...new Set(regionIds)].filter((id) => !counts.has(id)),
          at,
        ),
        sync.setDerivation({ version: 0, upTo }),
      ]);
    }
  }

  return async function upkeep(run: SyncRun, due: Due): Promise<void> {
    if (due.pruning) await prune(run);
    if (due.derivation) await derive(run, due.derivedUpTo);
    await run.commit([sync.forgetRunsBefore(run.now() - runsKeptMs)]);
  };
}

export type Upkeep = ReturnType<typeof createUpkeep>;
