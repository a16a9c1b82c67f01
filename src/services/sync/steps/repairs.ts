import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { PriceRepository } from "../../../db/price-repository.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import type { Due, SyncRepository } from "../../../db/sync-repository.ts";
import type { UniverseRepository } from "../../../db/universe-repository.ts";
import { log } from "../../../lib/log.ts";
import type { ItemFlagging } from "../contracts/item-flagging.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  sync: SyncRepository;
  contracts: ContractRepository;
  regions: RegionRepository;
  prices: PriceRepository;
  universe: UniverseRepository;
  flagItems: ItemFlagging;
};

/** Contracts judged again in one run. */
const judgedPerRun = 100;
const queriesPerRun = 20;

/**
 * Rebuilds derived data that cannot be read: the flags of contracts (some in each run), the counts
 * of regions, and the times when regions turn stale. The step before it has already rewritten the
 * asks of hulls. If prices cannot be read, the next book is made due. This step does something only
 * if something is wrong.
 */
export function createRepairs({ sync, contracts, regions, prices, universe, flagItems }: Deps) {
  async function judgeAgain(run: SyncRun): Promise<number> {
    const unjudged = await contracts.unjudged(judgedPerRun);
    if (unjudged.length === 0) return 0;
    const typeIds = unjudged.flatMap(({ items }) => items.map(({ typeId }) => typeId));
    const types = await universe.types([...new Set(typeIds)]);
    const known = new Map(types.map((type) => [type.typeId, type]));
    const judged = await flagItems(unjudged, (typeId) => known.get(typeId));
    const regionIds = [...new Set(judged.map(({ regionId }) => regionId))];
    await run.commitChange(regionIds, (at) => [
      contracts.storeFlags(judged),
      regions.touched(regionIds, at),
    ]);
    return judged.length;
  }

  async function countAgain(run: SyncRun): Promise<number> {
    const counts = await regions.unreadableCounts();
    if (counts.size > 0)
      await run.commitChange(counts.keys(), (at) => [regions.changed(counts, at)]);
    return counts.size;
  }

  return async function repair(run: SyncRun, due: Due): Promise<void> {
    if (!due.repairs || !run.canQuery(queriesPerRun)) return;
    const flags = await judgeAgain(run);
    const counts = await countAgain(run);
    // Any change writes down again when the regions turn stale.
    await run.commitChange([], () => [prices.renewUnreadable(run.now()), sync.setUnreadable()]);
    log("warn", "repaired", { flags, counts });
  };
}

export type Repairs = ReturnType<typeof createRepairs>;
