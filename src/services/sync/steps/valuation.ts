import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { PriceRepository, ValuedUpTo } from "../../../db/price-repository.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import type { Due } from "../../../db/sync-repository.ts";
import { isRevalued } from "../../../domain/valuation.ts";
import type { ContractValuation } from "../contracts/valuation.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  contracts: ContractRepository;
  prices: PriceRepository;
  regions: RegionRepository;
  valueContracts: ContractValuation;
};

const contractsPerChunk = 250;
const chunksPerRun = 8;
const queriesPerChunk = 10;

/**
 * Values listed contracts by a new price book, some contracts in each run. Only values that moved
 * by more than 1% are written, because two books a day apart mostly agree.
 */
export function createValuationSync({ contracts, prices, regions, valueContracts }: Deps) {
  return async function syncValuations(run: SyncRun, due: Due): Promise<void> {
    // A book that this run has made is one by which nothing is valued yet.
    if (!due.valuing && !due.prices) return;
    let upTo: ValuedUpTo | undefined = await prices.valuedUpTo();
    if (!upTo) return;
    for (let chunk = 0; chunk < chunksPerRun; chunk += 1) {
      if (!run.canQuery(queriesPerChunk)) return;
      const stored = await contracts.toValue(upTo, contractsPerChunk);
      const last = stored.at(-1);
      if (!last) return run.commit([prices.setValuedUpTo(null)]);
      upTo = { firstSeenAt: last.firstSeenAt, contractId: last.contractId };
      const before = new Map(stored.map((contract) => [contract.contractId, contract.valuation]));
      const valued = await valueContracts(stored);
      if (!valued) return;
      const moved = valued.filter(({ contractId, valuation }) => {
        const known = before.get(contractId);
        return !known || isRevalued(known, valuation);
      });
      const regionIds = [...new Set(moved.map(({ regionId }) => regionId))];
      const next = prices.setValuedUpTo(upTo);
      if (moved.length === 0) await run.commit([next]);
      else {
        await run.commitChange(regionIds, (at) => [
          contracts.storeValuations(moved),
          regions.touched(regionIds, at),
          next,
        ]);
      }
      run.report.revalued += moved.length;
    }
  };
}

export type ValuationSync = ReturnType<typeof createValuationSync>;
