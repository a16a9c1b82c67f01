import { sql, type SQL } from "drizzle-orm";

import type { ContractPosition, ContractQuery } from "../../domain/contract-query.ts";
import { type ContractType, contractTypes } from "../../domain/contract.ts";
import type { DataVersion } from "../../domain/data-version.ts";
import type { RegionCounts } from "../../domain/region-counts.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { joinNames, summaryColumns, type SummaryRow } from "../contract-summary.ts";
import { fromJson, jsonRows } from "../d1.ts";
import { expiredCounts, expiredFromRows } from "../expired-counts.ts";
import {
  type RegionRepository,
  type RegionState,
  regionStateFromRow,
} from "../region-repository.ts";
import { selectVersion, versionFromRow } from "../version-repository.ts";
import { all, conditionsOf, searchExpression } from "./conditions.ts";
import { type IndexWalk, indexWalkFor } from "./index-walk.ts";
import { inOrder, isAfter, sortColumn } from "./sort-keys.ts";

type PageRow = SummaryRow & { sort_key: number | string | null };

/** A row of a page; where none matches, one row without a contract says the totals. */
type FoundRow = (PageRow | { contract_id: null }) & { totals: string | null };

const isFound = (row: FoundRow): row is PageRow & { totals: string | null } =>
  row.contract_id !== null;

/** A page of matching contracts, with what else the same state of the data says of the query. */
export type SearchResult = {
  version: DataVersion;
  rows: SummaryRow[];
  /** Where the page ended; null where it is the last one. */
  next: ContractPosition | null;
  states: RegionState[];
  /** Listed contracts whose time has run out since their list: counted in `states`, and over. */
  expired: ReadonlyMap<number, RegionCounts>;
  /** Null where the counts of `states` say it. */
  totals: { byType: Record<ContractType, number>; unknownSystem: number } | null;
};

export function createContractSearchRepository(db: Database, regions: RegionRepository) {
  return {
    /** One page, its totals and the state of its regions, in one round trip and from one state. */
    async find(query: ContractQuery, now: EpochMs): Promise<SearchResult> {
      const walk = indexWalkFor(query);
      const [version, states, expired, rows] = await db.batch([
        selectVersion(query.filters.regionIds, now),
        regions.states(),
        expiredCounts(now),
        walk ? walkedPage(query, walk, now) : searchedPage(query, now),
      ]);
      return {
        version: versionFromRow(version[0], now),
        states: states.map(regionStateFromRow),
        expired: expiredFromRows(expired),
        ...pageFromRows(query, rows),
      };
    },
  };
}

export type ContractSearchRepository = ReturnType<typeof createContractSearchRepository>;

/**
 * A page read off an index in the order asked for: so many rows as it shows, and those that an index
 * has between them. Rows without the key come last, as a walk of their own that is only begun where
 * the first one ends early.
 */
function walkedPage(query: ContractQuery, walk: IndexWalk, now: EpochMs) {
  const { filters, sort, limit, after } = query;
  const key = sortColumn(sort);
  const id = sql`contracts.contract_id`;
  const direction = sort.isDescending ? sql`desc` : sql`asc`;
  const beyond = sort.isDescending ? sql`<` : sql`>`;
  const { type, others } = conditionsOf(filters, now);
  const matches = all([...others, type, walk.condition]);
  const select = sql`select ${id}, ${key} as sort_key from contracts indexed by ${walk.index}`;

  const from =
    after === null || after.value === null
      ? sql`${key} is not null`
      : sql`${key} ${beyond}= ${after.value}
          and (${key} ${beyond} ${after.value} or ${id} ${beyond} ${after.contractId})`;
  const known = sql`select * from (${select} where ${matches} and ${from}
    order by ${key} ${direction}, ${id} ${direction} limit ${limit + 1})`;
  const unknownFrom = after?.value === null ? sql`${id} ${beyond} ${after.contractId}` : sql`1`;
  const unknown = sql`select * from (${select} where ${matches} and ${key} is null and ${unknownFrom}
    order by ${id} ${direction} limit ${limit + 1})`;
  const page =
    after?.value === null ? unknown : walk.hasNulls ? sql`${known} union all ${unknown}` : known;
  return sql<FoundRow>`
    with page as materialized (select * from (${page}) limit ${limit + 1})
    select null as totals, page.sort_key, ${summaryColumns}
    from page cross join contracts on contracts.contract_id = page.contract_id
    ${joinNames}
    order by ${inOrder(sort, sql`page.sort_key`, sql`page.contract_id`)}`;
}

/**
 * A page of whatever matches: the matching contracts are found once, as ids with their sort keys,
 * and counted, sorted and cut to a page from there.
 */
function searchedPage(query: ContractQuery, now: EpochMs) {
  const { filters, sort, limit, after } = query;
  const { type, system, others } = conditionsOf(filters, now);
  const isUnknown = sql`contracts.start_system_id is null`;
  const inSystem = system ? sql`((${system}) or ${isUnknown})` : undefined;
  const expression = searchExpression(filters);
  const key = sql`matching.sort_key`;
  const id = sql`matching.contract_id`;

  const countOf = (contractType: ContractType) =>
    sql`${contractType}, coalesce(sum(is_placed and type = ${contractType}), 0)`;
  const totals = sql`select json_object(
      'byType', json_object(${sql.join(contractTypes.map(countOf), sql`, `)}),
      'unknownSystem', coalesce(sum(not is_placed and is_type), 0)
    ) from matching`;
  return sql<FoundRow>`
    with matching as materialized (
      select contracts.contract_id, contracts.type, ${sortColumn(sort)} as sort_key,
        ${system ? sql`not ${isUnknown}` : sql`1`} as is_placed, ${type ?? sql`1`} as is_type
      from ${sourceOf(query, expression)}
      where ${all([...others, inSystem])}
    ),
    page as materialized (
      select contract_id, sort_key from matching
      where is_placed and is_type and ${after ? isAfter(after, sort, key, id) : sql`1`}
      order by ${inOrder(sort, key, id)} limit ${limit + 1}
    )
    select (${totals}) as totals, page.sort_key, ${summaryColumns}
    from (select 1) left join page on true
    left join contracts on contracts.contract_id = page.contract_id
    ${joinNames}
    order by ${inOrder(sort, sql`page.sort_key`, sql`page.contract_id`)}`;
}

/** Where candidates come from: the narrowest way in that the filters give. */
function sourceOf({ filters }: ContractQuery, expression: string | undefined): SQL {
  const { contractIds, locationIds, firstSeenAfter, statuses } = filters;
  const isLive = statuses.length === 1 && statuses[0] === "outstanding";
  if (contractIds) {
    return sql`${jsonRows([...new Set(contractIds)])} as candidates
      cross join contracts on contracts.contract_id = candidates.value`;
  }
  if (expression !== undefined) {
    const listed = sql`select rowid from listed_search where listed_search match ${expression}`;
    const ended = sql`select rowid from ended_search where ended_search match ${expression}`;
    const found = isLive ? listed : sql`${listed} union all ${ended}`;
    return sql`(${found}) as found
      cross join contracts on contracts.contract_id = found.rowid`;
  }
  if (!isLive) return sql`contracts`;
  if (locationIds) return sql`contracts indexed by contracts_by_start_location`;
  if (firstSeenAfter !== undefined) return sql`contracts indexed by contracts_by_first_seen`;
  if (filters.isShip === true) return sql`contracts indexed by ships_by_region_price`;
  return sql`contracts indexed by contracts_listed`;
}

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
    totals: totals === null ? null : fromJson(totals),
  };
}
