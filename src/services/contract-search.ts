import { summaryFromRow } from "../db/contract-summary.ts";
import type { RegionState } from "../db/region-repository.ts";
import type {
  ContractSearchRepository,
  SearchResult,
} from "../db/search/contract-search-repository.ts";
import type { VersionRepository } from "../db/version-repository.ts";
import type { ContractFilters, ContractPosition, ContractQuery } from "../domain/contract-query.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import { contractTypes, type CountByType, countByType } from "../domain/contract.ts";
import type { DataVersion } from "../domain/data-version.ts";
import { noCounts, type RegionCounts, type Tally } from "../domain/region-counts.ts";
import type { EpochMs } from "../lib/time.ts";
import { type Freshness, freshnessOf } from "./freshness.ts";

type Deps = {
  contracts: ContractSearchRepository;
  versions: VersionRepository;
  now: () => EpochMs;
};

/** One page of what matches, and what is known of the whole: all from one state of the data. */
export type ContractPage = Freshness & {
  version: DataVersion;
  contracts: ContractSummary[];
  total: number;
  /** With the filter on types lifted, and every other one applied. */
  totalByType: CountByType;
  /** Contracts of these regions that no filter on items can see yet. */
  itemsPending: number;
  /** Contracts that match but for their system, which nobody told us. */
  unknownSystemExcluded: number;
  next: ContractPosition | null;
};

/** Which of a type's contracts a filter on ships counts. */
function tallied(tally: Tally, isShip: boolean | undefined): number {
  if (isShip === undefined) return tally.all;
  return isShip ? tally.ships : tally.shipless;
}

const sumOf = (counts: readonly RegionCounts[], isShip: boolean | undefined): CountByType =>
  countByType((type) => counts.reduce((sum, { byType }) => sum + tallied(byType[type], isShip), 0));

const pendingIn = (counts: readonly RegionCounts[]): number =>
  counts.reduce((sum, { itemsPending }) => sum + itemsPending, 0);

export function createContractSearch({ contracts, versions, now }: Deps) {
  /** The states of the regions a query is about; one that is not synced has none. */
  function concerned({ regionIds }: ContractFilters, states: readonly RegionState[]) {
    const active = states.filter(({ isActive }) => isActive);
    if (!regionIds) return { regions: active, isCovered: active.length > 0 };
    const asked = new Set(regionIds);
    const regions = active.filter(({ regionId }) => asked.has(regionId));
    return { regions, isCovered: regions.length === asked.size };
  }

  function totalsOf(
    { filters }: ContractQuery,
    result: SearchResult,
    regions: readonly RegionState[],
  ) {
    const expired = regions.map(({ regionId }) => result.expired.get(regionId) ?? noCounts());
    const counts = regions.map((region) => region.counts);
    const itemsPending = pendingIn(counts) - pendingIn(expired);
    if (result.totals) {
      const { byType, unknownSystem } = result.totals;
      return { totalByType: byType, unknownSystemExcluded: unknownSystem, itemsPending };
    }
    const listed = sumOf(counts, filters.isShip);
    const over = sumOf(expired, filters.isShip);
    const totalByType = countByType((type) => listed[type] - over[type]);
    return { totalByType, unknownSystemExcluded: 0, itemsPending };
  }

  return {
    /** The version that an answer about these filters has now: a few rows read. */
    version: ({ regionIds }: ContractFilters): Promise<DataVersion> =>
      versions.of(regionIds, now()),

    async find(query: ContractQuery): Promise<ContractPage> {
      const at = now();
      const result = await contracts.find(query, at);
      const { regions, isCovered } = concerned(query.filters, result.states);
      const totals = totalsOf(query, result, regions);
      const types = query.filters.types ?? contractTypes;
      const freshness = freshnessOf(regions, at);
      const snapshotOf = new Map(result.states.map((state) => [state.regionId, state.snapshotAt]));
      return {
        ...totals,
        version: result.version,
        contracts: result.rows.map((row) =>
          summaryFromRow(row, snapshotOf.get(row.region_id) ?? null, at),
        ),
        total: [...new Set(types)].reduce((sum, type) => sum + totals.totalByType[type], 0),
        asOf: isCovered ? freshness.asOf : null,
        isStale: !isCovered || freshness.isStale,
        next: result.next,
      };
    },
  };
}

export type ContractSearch = ReturnType<typeof createContractSearch>;
