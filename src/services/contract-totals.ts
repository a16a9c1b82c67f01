import type { RegionState } from "../db/region-repository.ts";
import type { SearchResult } from "../db/search/contract-search-repository.ts";
import { asksForSystem, type ContractFilters, type FilterName } from "../domain/contract-query.ts";
import {
  type ContractType,
  contractTypes,
  type CountByType,
  countByType,
} from "../domain/contract.ts";
import { coveredByRegionCounts } from "../domain/counted-filters.ts";
import { noCounts, type RegionCounts, type Tally } from "../domain/region-counts.ts";
import { relaxedEach } from "../domain/relaxation.ts";

export type ContractTotals = {
  total: number;
  /** With the filter on types lifted, and every other one applied. */
  totalByType: CountByType;
  /** Contracts of these regions that no filter on items can see yet. */
  itemsPending: number;
  /** Contracts that match except for their system, which nobody told us. */
  unknownSystemExcluded: number;
  /** Contracts that match except for `max_jumps`, since no way leads to them, or nobody knows where they are. */
  unreachableExcluded: number;
  /**
   * If nothing matches: for each given filter, how many contracts would match without it. A filter
   * has null if that count would cost too much.
   */
  relaxations: Partial<Record<FilterName, number | null>> | null;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Which of a type's contracts a filter on ships counts. */
function tallied(tally: Tally, { isShip }: ContractFilters): number {
  if (isShip === undefined) return tally.all;
  return isShip ? tally.ships : tally.shipless;
}

/** The states of the regions that filters are about: those that are synced. */
export function concernedStates(
  { regionIds }: ContractFilters,
  states: readonly RegionState[],
): RegionState[] {
  const active = states.filter(({ isActive }) => isActive);
  return regionIds ? active.filter(({ regionId }) => regionIds.includes(regionId)) : active;
}

/** Counts by what is kept of each region, less what is over since its list. */
function createCounter({ states, expired }: SearchResult) {
  const none = noCounts();
  const count = (filters: ContractFilters, countOf: (counts: RegionCounts) => number): number =>
    sum(
      concernedStates(filters, states).map(
        ({ regionId, counts }) => countOf(counts) - countOf(expired.get(regionId) ?? none),
      ),
    );
  const byType = (filters: ContractFilters, tallies: "byType" | "unknownSystemByType") =>
    countByType((type) => count(filters, (counts) => tallied(counts[tallies][type], filters)));
  return { count, byType };
}

function sumOfTypes(counts: CountByType, { types = contractTypes }: ContractFilters): number {
  return sum([...new Set<ContractType>(types)].map((type) => counts[type]));
}

/** The totals of a search: what it counted itself, and what the regions' counts say. */
export function totalsOf(filters: ContractFilters, result: SearchResult): ContractTotals {
  const { count, byType } = createCounter(result);
  const countedTotal = (given: ContractFilters) => sumOfTypes(byType(given, "byType"), given);
  const countedRelaxations = () =>
    Object.fromEntries(
      relaxedEach(filters)
        .filter((relaxed) => coveredByRegionCounts(relaxed.filters))
        .map((relaxed) => [relaxed.name, countedTotal(relaxed.filters)]),
    );
  const counted = result.totals;
  const totalByType = counted?.byType ?? byType(filters, "byType");
  const total = sumOfTypes(totalByType, filters);
  const unknown = () => sumOfTypes(byType(filters, "unknownSystemByType"), filters);
  return {
    total,
    totalByType,
    itemsPending: count(filters, ({ itemsPending }) => itemsPending),
    unknownSystemExcluded: asksForSystem(filters) ? (counted?.unknownSystem ?? unknown()) : 0,
    unreachableExcluded: counted?.unreachable ?? 0,
    relaxations: total > 0 ? null : { ...result.relaxations, ...countedRelaxations() },
  };
}
