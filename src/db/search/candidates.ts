import { sql, type SQL } from "drizzle-orm";

import type { ContractFilters } from "../../domain/contract-query.ts";
import { jsonIds } from "../d1.ts";
import { isCounted, isLive, isOneOther } from "./counted.ts";

/** Contracts found by their ids, each once. */
const byIds = (ids: SQL): SQL => sql`
  (${ids}) as found cross join contracts on contracts.contract_id = found.contract_id`;

/** Ids of the contracts whose documents an FTS5 expression matches. */
export function foundBy(search: string, isLiveOnly: boolean): SQL {
  const found = (index: SQL) =>
    sql`select rowid as contract_id from ${index} where ${index} match ${search}`;
  const listed = found(sql`listed_search`);
  return isLiveOnly ? listed : sql`${listed} union all ${found(sql`ended_search`)}`;
}

/**
 * Listed contracts that start in some systems, found by the stations there; with those whose system
 * nobody told us, where they must be looked at too.
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
  return byIds(withUnknown ? sql`${known} union all ${unknown}` : known);
}

/** Whether an index finds few candidates, where else all contracts would be looked at. */
export function isSelective(filters: ContractFilters): boolean {
  const { text, item, contractIds, locationIds, systemIds, firstSeenAfter, isShip } = filters;
  const isFoundByText = text ?? item?.typeIds ?? item?.groupIds ?? item?.categoryIds;
  if (isFoundByText !== undefined || contractIds) return true;
  const isFoundByPlace = locationIds ?? systemIds ?? firstSeenAfter;
  return isLive(filters) && (isFoundByPlace !== undefined || isShip === true);
}

/**
 * Where contracts that may match come from: the narrowest way in that the filters give. Every filter
 * is still asked of each of them.
 */
export function candidatesFor(
  filters: ContractFilters,
  { search, withUnknownSystem }: { search: string | undefined; withUnknownSystem: boolean },
): SQL {
  const { contractIds, systemIds, locationIds, firstSeenAfter } = filters;
  const isLiveOnly = isLive(filters);
  // The full-text index alone knows what is mentioned and offered: it is never passed over.
  if (search !== undefined) return byIds(foundBy(search, isLiveOnly));
  if (contractIds) return byIds(sql`select value as contract_id from ${jsonIds(contractIds)}`);
  if (!isLiveOnly) return sql`contracts`;
  if (locationIds) return sql`contracts indexed by contracts_by_start_location`;
  if (filters.isShip === true) return sql`contracts indexed by ships_by_region_price`;
  if (systemIds) return inSystems(systemIds, withUnknownSystem);
  if (firstSeenAfter !== undefined) return sql`contracts indexed by contracts_by_first_seen`;
  if (isCounted(filters) && isOneOther(filters)) {
    return byIds(sql`
      select contract_id from contracts indexed by others_by_date_issued
      where is_listed = 1 and type <> 'item_exchange' and type = ${filters.types?.[0]}`);
  }
  return sql`contracts indexed by contracts_listed`;
}
