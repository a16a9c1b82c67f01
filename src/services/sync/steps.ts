import type { Config } from "../../config.ts";
import type { Database } from "../../db/client.ts";
import { createContractRepository } from "../../db/contracts/contract-repository.ts";
import { createHullRepository } from "../../db/hull-repository.ts";
import { createNameRepository } from "../../db/name-repository.ts";
import { createPriceRepository } from "../../db/price-repository.ts";
import { createRegionRepository } from "../../db/region-repository.ts";
import { createRowGroupRepository } from "../../db/row-groups/row-group-repository.ts";
import type { Due, SyncRepository } from "../../db/sync-repository.ts";
import { createUniverseRepository } from "../../db/universe-repository.ts";
import type { Stargates } from "../../domain/stargates.ts";
import type { EpochMs } from "../../lib/time.ts";
import { createApplySnapshot } from "./contracts/apply-snapshot.ts";
import { createItemFlagging } from "./contracts/item-flagging.ts";
import { createLocationUpdate } from "./contracts/location-update.ts";
import { createTypeResolver } from "./contracts/type-resolver.ts";
import { createContractValuation } from "./contracts/valuation.ts";
import type { SyncRun } from "./run.ts";
import { coverageOf, createCoverageSync } from "./steps/coverage.ts";
import { createHullSync, lastDay } from "./steps/hulls.ts";
import { createItemSync } from "./steps/items.ts";
import { createListSync } from "./steps/lists.ts";
import { createNameSync } from "./steps/names.ts";
import { createPriceSync } from "./steps/prices.ts";
import { createRepairs } from "./steps/repairs.ts";
import { createRowGroupSync } from "./steps/row-groups.ts";
import { createStationResolution } from "./steps/station-resolution.ts";
import { createUpkeep, isDerivationDue } from "./steps/upkeep.ts";
import { createValuationSync } from "./steps/valuation.ts";

/**
 * One step of a run. Every run takes all steps, in order; a step that finds nothing to do returns.
 * Steps of the phase `esi` ask ESI: what stops one of them for good ends that phase.
 */
export type SyncStep = {
  name: string;
  phase: "coverage" | "esi" | "derivation";
  /** Whether this step is a reason to begin a run. */
  isDue: (due: Due, now: EpochMs) => boolean;
  /** @param regionIds the only regions whose lists are asked for; without it, all that are due. */
  run: (run: SyncRun, due: Due, regionIds?: readonly number[]) => Promise<void>;
};

/** Some steps only follow up on what the steps before them wrote. */
const never = (): boolean => false;

type Deps = { config: Config; db: Database; sync: SyncRepository; stargates: Stargates };

/** The steps of the sync, in the order in which a run takes them. */
export function createSteps({ config, db, sync, stargates }: Deps): readonly SyncStep[] {
  const regions = createRegionRepository(db);
  const contracts = createContractRepository(db);
  const universe = createUniverseRepository(db);
  const names = createNameRepository(db);
  const prices = createPriceRepository(db);
  const rowGroups = createRowGroupRepository(db);
  const hulls = createHullRepository(db);
  const applySnapshot = createApplySnapshot({ regions, contracts, universe, names, stargates });
  const updateLocation = createLocationUpdate({ contracts, regions, stargates });
  const resolveTypes = createTypeResolver({ universe });
  const valueContracts = createContractValuation({ prices });
  const flagItems = createItemFlagging({ universe });

  const syncLists = createListSync({ regions, contracts, applySnapshot });
  return [
    {
      name: "coverage",
      phase: "coverage",
      isDue: (due) => coverageOf(config, due) !== due.coveredRegions,
      run: createCoverageSync({ config, sync, regions, contracts, stargates }),
    },
    {
      name: "lists",
      phase: "esi",
      isDue: (due) => due.lists,
      run: (run, _due, regionIds) => syncLists(run, regionIds),
    },
    {
      name: "items",
      phase: "esi",
      isDue: (due) => due.items,
      run: createItemSync({ contracts, regions, resolveTypes, valueContracts, flagItems }),
    },
    {
      name: "station-resolution",
      phase: "esi",
      isDue: (due) => due.names,
      run: createStationResolution({ universe, updateLocation }),
    },
    {
      name: "names",
      phase: "esi",
      isDue: (due) => due.names,
      run: createNameSync({ names, regions }),
    },
    {
      name: "prices",
      phase: "esi",
      isDue: (due) => due.prices && config.pricesEveryHours > 0,
      run: createPriceSync({ config, prices, stargates }),
    },
    {
      name: "valuation",
      phase: "derivation",
      isDue: (due) => due.valuing,
      run: createValuationSync({ contracts, prices, regions, valueContracts }),
    },
    {
      name: "upkeep",
      phase: "derivation",
      isDue: (due) => due.pruning || isDerivationDue(due, stargates),
      run: createUpkeep({
        config,
        sync,
        contracts,
        regions,
        universe,
        updateLocation,
        stargates,
        flagItems,
      }),
    },
    {
      name: "hulls",
      phase: "derivation",
      isDue: (due, now) => due.hullsRecordedOn !== lastDay(now) && due.coveredRegions !== "",
      run: createHullSync({ hulls, regions }),
    },
    {
      name: "repairs",
      phase: "derivation",
      isDue: (due) => due.repairs,
      run: createRepairs({ sync, contracts, regions, prices, universe, flagItems }),
    },
    {
      name: "row-groups",
      phase: "derivation",
      isDue: never,
      run: createRowGroupSync({ rowGroups }),
    },
  ];
}
