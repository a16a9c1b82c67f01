import {
  type ContractSearchRepository,
  versionScope,
} from "../db/search/contract-search-repository.ts";
import type { VersionRepository } from "../db/version-repository.ts";
import type { ContractFilters, ContractPosition, ContractQuery } from "../domain/contract-query.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import type { DataVersion } from "../domain/data-version.ts";
import type { EpochMs } from "../lib/time.ts";
import { concernedStates, type ContractTotals, totalsOf } from "./contract-totals.ts";
import { type Freshness, freshnessOf } from "./freshness.ts";

type Deps = {
  contracts: ContractSearchRepository;
  versions: VersionRepository;
  now: () => EpochMs;
};

/** One page of what matches, and what is known of the whole: all from one state of the data. */
export type ContractPage = Freshness &
  ContractTotals & {
    version: DataVersion;
    /** Whether it says what is found in regions that were not asked for. */
    isAboutOthers: boolean;
    contracts: ContractSummary[];
    next: ContractPosition | null;
  };

/**
 * The version of an answer that also reports what is found in other regions. The version of the
 * requested regions does not cover such an answer.
 */
const versionBeyond = ({ version, changedAt }: DataVersion): DataVersion => ({
  version: `all.${version}`,
  changedAt,
});

export function createContractSearch({ contracts, versions, now }: Deps) {
  return {
    /**
     * The versions that an answer about these filters may have now, for a few rows read: `beyond` where
     * it says what is found in regions that were not asked for.
     */
    async versions(
      filters: ContractFilters,
    ): Promise<{ own: DataVersion; beyond: DataVersion | undefined }> {
      const scope = versionScope(filters);
      if (!scope.regionIds) return { own: await versions.of(scope, now()), beyond: undefined };
      const [own, all] = await versions.withAll(scope, now());
      return { own, beyond: versionBeyond(all) };
    },

    async find(query: ContractQuery): Promise<ContractPage> {
      const at = now();
      const { filters } = query;
      const result = await contracts.find(query, at);
      const totals = totalsOf(filters, result);
      const isAboutOthers = totals.relaxations?.regionIds !== undefined;
      const concerned = concernedStates(filters, result.states);
      // A region that is asked for and not synced makes the answer as good as never synced.
      const isCovered = concerned.length === (filters.regionIds?.length ?? concerned.length);
      return {
        ...freshnessOf(isCovered ? concerned : [], at),
        ...totals,
        isAboutOthers,
        version: isAboutOthers ? versionBeyond(result.versionOfAll) : result.version,
        contracts: result.contracts,
        next: result.next,
      };
    },
  };
}

export type ContractSearch = ReturnType<typeof createContractSearch>;
