import type { Config } from "../../../config.ts";
import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import type { Due, SyncRepository } from "../../../db/sync-repository.ts";
import { countableOf, countAll } from "../../../domain/region-counts.ts";
import type { Stargates } from "../../../domain/stargates.ts";
import { coveredRegionIds } from "../../covered-regions.ts";
import type { SyncRun } from "../run.ts";
import { derivedAsOf, isFirstRun } from "./upkeep.ts";

type Deps = {
  config: Config;
  sync: SyncRepository;
  regions: RegionRepository;
  contracts: ContractRepository;
  stargates: Stargates;
};

const contractsPerBatch = 2_000;
const queriesPerBatch = 8;

/** What the settings and the universe say is synced, in a form that can be compared. */
export const coverageOf = ({ syncRegionIds }: Config, { universeVersion }: Due): string =>
  syncRegionIds.length > 0 ? syncRegionIds.join(",") : `all of ${universeVersion ?? "nothing"}`;

/** Brings what is synced in line with the settings: a region that they name no more is not live. */
export function createCoverageSync({ config, sync, regions, contracts, stargates }: Deps) {
  /**
   * Takes a region's contracts off the list, some at a time, and with them what is counted of it.
   *
   * @returns whether all are; else the next run goes on.
   */
  async function giveUp(run: SyncRun, regionId: number): Promise<boolean> {
    const [region] = await regions.byIds([regionId]);
    const listed = await contracts.listedIn(regionId);
    while (listed.length > 0) {
      if (!run.canQuery(queriesPerBatch)) return false;
      const ids = listed.splice(-contractsPerBatch).map(({ contractId }) => contractId);
      const counts = countAll(listed.map(countableOf));
      await run.commitChange([regionId], (at) => [
        ...contracts.unlist(ids, { endedAt: null, lastListedAt: region?.snapshotAt ?? null }),
        regions.changed(new Map([[regionId, counts]]), at),
      ]);
    }
    return true;
  }

  return async function syncCoverage(run: SyncRun, due: Due): Promise<void> {
    const covered = coverageOf(config, due);
    if (covered === due.coveredRegions) return;
    const before = new Set(await regions.activeIds());
    const ids = new Set(await coveredRegionIds(config, regions));
    for (const regionId of before.difference(ids)) {
      if (!(await giveUp(run, regionId))) return;
    }
    await run.commitChange(ids.symmetricDifference(before), (at) => [
      ...regions.cover([...ids], at),
      sync.setCoveredRegions(covered),
      ...(isFirstRun(due) ? [sync.setDerivation(derivedAsOf(due, stargates))] : []),
    ]);
  };
}

export type CoverageSync = ReturnType<typeof createCoverageSync>;
