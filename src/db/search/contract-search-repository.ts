import type {
  ContractFilters,
  ContractPosition,
  ContractQuery,
} from "../../domain/contract-query.ts";
import type { DataVersion } from "../../domain/data-version.ts";
import type { RegionCounts } from "../../domain/region-counts.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import type { SummaryRow } from "../contract-summary.ts";
import { fromJson } from "../d1.ts";
import { expiredCounts, expiredFromRows } from "../expired-counts.ts";
import {
  type RegionRepository,
  type RegionState,
  regionStateFromRow,
} from "../region-repository.ts";
import { selectVersion, versionFromRow, type VersionScope } from "../version-repository.ts";
import { isLive } from "./counted.ts";
import { indexWalkFor } from "./index-walk.ts";
import { type FoundRow, matchingPage, type PageRow, type Totals, walkedPage } from "./pages.ts";

/** A page of matching contracts, with what else the same state of the data says of the query. */
export type SearchResult = {
  version: DataVersion;
  /** The version of all regions: what is counted without the filter on regions depends on it. */
  versionOfAll: DataVersion;
  rows: SummaryRow[];
  /** Where the page ended; null where it is the last one. */
  next: ContractPosition | null;
  /** Null where the counts of `states` say them. */
  totals: Totals | null;
  states: RegionState[];
  /** Listed contracts whose time has run out since their list: counted in `states`, and over. */
  expired: ReadonlyMap<number, RegionCounts>;
};

/** What answers about these filters are made from. */
export const versionScope = (filters: ContractFilters): VersionScope => ({
  regionIds: filters.regionIds,
  withEnded: !isLive(filters),
});

export function createContractSearchRepository(db: Database, regions: RegionRepository) {
  return {
    /** One page, its totals and the state of its regions, in one round trip and from one state. */
    async find(query: ContractQuery, now: EpochMs): Promise<SearchResult> {
      const walk = indexWalkFor(query);
      const scope = versionScope(query.filters);
      const [[version], [versionOfAll], states, expired, rows] = await db.batch([
        selectVersion(scope, now),
        selectVersion({}, now),
        regions.states(),
        expiredCounts(now),
        walk ? walkedPage(query, walk, now) : matchingPage(query, now),
      ]);
      return {
        version: versionFromRow(version, now, scope),
        versionOfAll: versionFromRow(versionOfAll, now, scope),
        states: states.map(regionStateFromRow),
        expired: expiredFromRows(expired),
        ...pageFromRows(query, rows),
      };
    },
  };
}

export type ContractSearchRepository = ReturnType<typeof createContractSearchRepository>;

const isFound = (row: FoundRow): row is PageRow & { totals: string | null } =>
  row.contract_id !== null;

function pageFromRows(
  { limit }: ContractQuery,
  rows: readonly FoundRow[],
): Pick<SearchResult, "rows" | "next" | "totals"> {
  const totals = rows[0]?.totals ?? null;
  const page = rows.filter(isFound);
  const last = page.length > limit ? page[limit - 1] : undefined;
  return {
    rows: page.slice(0, limit),
    next: last ? { value: last.sort_key, contractId: last.contract_id } : null,
    totals: totals === null ? null : fromJson<Totals>(totals),
  };
}
