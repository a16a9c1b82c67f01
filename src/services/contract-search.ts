import { summaryFromRow } from "../db/contract-summary.ts";
import type { RegionState } from "../db/region-repository.ts";
import type {
  ContractSearchRepository,
  SearchResult,
} from "../db/search/contract-search-repository.ts";
import type { VersionRepository } from "../db/version-repository.ts";
import {
  asksForSystem,
  type ContractFilters,
  type ContractPosition,
  type ContractQuery,
} from "../domain/contract-query.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import {
  type ContractType,
  contractTypes,
  type CountByType,
  countByType,
} from "../domain/contract.ts";
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
function tallied(tally: Tally, { isShip }: ContractFilters): number {
  if (isShip === undefined) return tally.all;
  return isShip ? tally.ships : tally.shipless;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export function createContractSearch({ contracts, versions, now }: Deps) {
  /** The states of the regions a query is about; one that is not synced has none. */
  function concerned({ regionIds }: ContractFilters, states: readonly RegionState[]) {
    const active = states.filter(({ isActive }) => isActive);
    if (!regionIds) return { regions: active, isCovered: active.length > 0 };
    const asked = new Set(regionIds);
    const regions = active.filter(({ regionId }) => asked.has(regionId));
    return { regions, isCovered: regions.length === asked.size };
  }

  /** What is counted of the regions, less what is over since they were. */
  function counter({ expired }: SearchResult, regions: readonly RegionState[]) {
    const none = noCounts();
    return (countOf: (counts: RegionCounts) => number) =>
      sum(
        regions.map(
          ({ regionId, counts }) => countOf(counts) - countOf(expired.get(regionId) ?? none),
        ),
      );
  }

  function totalsOf(
    { filters }: ContractQuery,
    result: SearchResult,
    regions: readonly RegionState[],
  ) {
    const count = counter(result, regions);
    const types = new Set(filters.types ?? contractTypes);
    const totalByType =
      result.totals?.byType ??
      countByType((type) => count(({ byType }) => tallied(byType[type], filters)));
    const sumOfTypes = (countOf: (type: ContractType) => number) => sum([...types].map(countOf));
    const unknownSystem = () =>
      sumOfTypes((type) =>
        count(({ unknownSystemByType }) => tallied(unknownSystemByType[type], filters)),
      );
    return {
      totalByType,
      total: sumOfTypes((type) => totalByType[type]),
      itemsPending: count(({ itemsPending }) => itemsPending),
      unknownSystemExcluded: asksForSystem(filters)
        ? (result.totals?.unknownSystem ?? unknownSystem())
        : 0,
    };
  }

  return {
    /** The version that an answer about these filters has now: a few rows read. */
    version: ({ regionIds }: ContractFilters): Promise<DataVersion> =>
      versions.of(regionIds, now()),

    async find(query: ContractQuery): Promise<ContractPage> {
      const at = now();
      const result = await contracts.find(query, at);
      const { regions, isCovered } = concerned(query.filters, result.states);
      const freshness = freshnessOf(regions, at);
      const snapshotOf = new Map(result.states.map((state) => [state.regionId, state.snapshotAt]));
      return {
        ...totalsOf(query, result, regions),
        version: result.version,
        contracts: result.rows.map((row) =>
          summaryFromRow(row, snapshotOf.get(row.region_id) ?? null, at),
        ),
        asOf: isCovered ? freshness.asOf : null,
        isStale: !isCovered || freshness.isStale,
        next: result.next,
      };
    },
  };
}

export type ContractSearch = ReturnType<typeof createContractSearch>;
