import { sql, type SQL } from "drizzle-orm";

import type { ContractFilters } from "../../domain/contract-query.ts";
import type { ContractStatus } from "../../domain/contract.ts";
import {
  countsUnknownSystem,
  impliedType,
  coveredByRegionCounts,
  onlyOutstanding,
  isSingleRareType,
} from "../../domain/counted-filters.ts";
import { dayMs, type EpochMs } from "../../lib/time.ts";
import { jsonIds } from "../d1.ts";
import type { FtsExpression } from "./search-document.ts";

/** More candidates than these are not looked at one by one: a scan of the row groups costs less. */
export const maxCandidates = 2_000;

/** Where contracts come from: what follows `from`, and what SQLite must read to use its index. */
export type Source = { from: SQL; where: SQL };

/** What has ended, off the index that holds the columns that filters ask for most. */
export const endedSource: Source = {
  from: sql`contracts indexed by contracts_ended`,
  where: sql`contracts.ended_at is not null`,
};

/** Contracts found by their ids, each once. */
export const byIds = (ids: SQL): Source => ({
  from: sql`(${ids}) as found cross join contracts on contracts.contract_id = found.contract_id`,
  where: sql`1`,
});

/** Whether any of the statuses is one of contracts that have ended. */
export const asksForEnded = (statuses: readonly ContractStatus[]): boolean =>
  statuses.some((status) => status !== "outstanding");

export const searchedIn = (index: SQL, search: FtsExpression): SQL =>
  sql`select rowid as contract_id from ${index} where ${index} match ${search}`;

/** Ids of the contracts whose documents an FTS5 expression matches. */
function foundBy(search: FtsExpression, statuses: readonly ContractStatus[]): SQL {
  const listed = searchedIn(sql`listed_search`, search);
  const ended = searchedIn(sql`ended_search`, search);
  return asksForEnded(statuses) ? sql`${listed} union all ${ended}` : listed;
}

/**
 * Listed contracts that start in some systems, found by the stations there; with those whose system
 * nobody told us, if they must be looked at too.
 */
function inSystems(systemIds: readonly number[], withUnknown: boolean): SQL {
  const known = sql`
    select contract_id from contracts indexed by contracts_by_start_location
    where is_listed = 1 and start_location_id in (
      select station_id from stations where system_id in ${jsonIds(systemIds)}
    )`;
  const unknown = sql`
    select contract_id from contracts indexed by contracts_unplaced
    where is_listed = 1 and start_system_id is null`;
  return withUnknown ? sql`${known} union all ${unknown}` : known;
}

const ofType = (type: string): SQL => sql`
  select contract_id from contracts indexed by others_by_date_issued
  where is_listed = 1 and type <> 'item_exchange' and type = ${type}`;

const seenAfter = (at: EpochMs): SQL => sql`
  select contract_id from contracts indexed by contracts_by_first_seen
  where is_listed = 1 and first_seen_at > ${at}`;

/** The narrowest index of listed contracts that the filters name; undefined if none is narrow. */
function listedIds(filters: ContractFilters, now: EpochMs): SQL | undefined {
  const { systemIds, locationIds, firstSeenAfter, isShip, types } = filters;
  if (firstSeenAfter !== undefined && firstSeenAfter > now - dayMs)
    return seenAfter(firstSeenAfter);
  if (isShip === true) {
    return sql`select contract_id from contracts indexed by ships_by_price
      where is_listed = 1 and is_ship = 1`;
  }
  if (locationIds) {
    return sql`select contract_id from contracts indexed by contracts_by_start_location
      where is_listed = 1 and start_location_id in ${jsonIds(locationIds)}`;
  }
  if (systemIds) return inSystems(systemIds, countsUnknownSystem(filters));
  // Where other types are counted too, these must be looked at.
  const onlyType =
    coveredByRegionCounts(filters) && isSingleRareType(filters) ? types?.[0] : undefined;
  const type = onlyType ?? impliedType(filters);
  if (type) return ofType(type);
  return firstSeenAfter === undefined ? undefined : seenAfter(firstSeenAfter);
}

/**
 * Ids of the contracts that may match, if an index finds few; undefined if the filters narrow
 * nothing. Every filter is still asked of each of them.
 */
export function candidateIds(
  filters: ContractFilters,
  search: FtsExpression | undefined,
  now: EpochMs,
): SQL | undefined {
  const { contractIds, statuses } = filters;
  // The full-text index alone knows what is mentioned and offered: it is never passed over.
  if (search !== undefined) return foundBy(search, statuses);
  if (contractIds) return sql`select value as contract_id from ${jsonIds(contractIds)}`;
  return onlyOutstanding(filters) ? listedIds(filters, now) : undefined;
}
