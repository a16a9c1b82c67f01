import type { Config } from "../../config.ts";
import type { ContractRepository } from "../../db/contract-repository.ts";
import type { RegionRepository } from "../../db/region-repository.ts";
import type { Due, SyncRepository } from "../../db/sync-repository.ts";
import { isSyncedByDefault } from "../../domain/region.ts";
import type { SyncRun } from "./run.ts";
import { derivedAsOf, isFirstRun } from "./upkeep.ts";

type Deps = {
  config: Config;
  sync: SyncRepository;
  regions: RegionRepository;
  contracts: ContractRepository;
};

const contractsPerBatch = 2_000;
const queriesPerBatch = 8;

/** What the settings and the universe say is synced, in a form that can be compared. */
export const coverageOf = ({ syncRegionIds }: Config, { universeVersion }: Due): string =>
  syncRegionIds.length > 0 ? syncRegionIds.join(",") : `all of ${universeVersion ?? "nothing"}`;

/** Brings what is synced in line with the settings: a region that they name no more is not live. */
export function createCoverageSync({ config, sync, regions, contracts }: Deps) {
  async function regionIds(): Promise<readonly number[]> {
    if (config.syncRegionIds.length > 0) return config.syncRegionIds;
    return (await regions.allIds()).filter(isSyncedByDefault);
  }

  /** @returns whether all are unlisted; else the next run goes on. */
  async function unlistUncovered(run: SyncRun): Promise<boolean> {
    for (;;) {
      if (!run.canQuery(queriesPerBatch)) return false;
      const left = await contracts.listedUncovered(contractsPerBatch);
      if (!left) return true;
      const { regionId, contractIds, lastListedAt } = left;
      await run.commitChange([regionId], () =>
        contracts.unlist(contractIds, { endedAt: null, lastListedAt }),
      );
    }
  }

  return async function syncCoverage(run: SyncRun, due: Due): Promise<void> {
    const covered = coverageOf(config, due);
    if (covered === due.coveredRegions) return;
    const ids = await regionIds();
    const changed = new Set(ids).symmetricDifference(new Set(await regions.activeIds()));
    await run.commitChange(changed, (at) => [
      ...regions.cover(ids, at),
      ...(isFirstRun(due) ? [sync.setDerivation(derivedAsOf(due))] : []),
    ]);
    if (await unlistUncovered(run)) await run.commit([sync.setCoveredRegions(covered)]);
  };
}

export type CoverageSync = ReturnType<typeof createCoverageSync>;
