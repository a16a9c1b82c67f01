import { sql, type SQL } from "drizzle-orm";

import type { ContractFilters } from "../../domain/contract-query.ts";
import type { ContractStatus } from "../../domain/contract.ts";
import { dayMs, type EpochMs, toSeconds } from "../../lib/time.ts";
import { jsonIds } from "../d1.ts";
import { hasRunOut } from "./conditions.ts";
import { impliedType, isCounted, isLive, isOneOther } from "./counted.ts";

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
  const isFoundByPlace = locationIds ?? systemIds ?? firstSeenAfter ?? impliedType(filters);
  return isLive(filters) && (isFoundByPlace !== undefined || isShip === true);
}

/** Where candidates come from: what follows `from`, and what SQLite must read to use its index. */
export type Source = { from: SQL; where: SQL };

const isListed = sql`contracts.is_listed = 1`;
const isEnded = sql`contracts.ended_at is not null`;

/** What a query of each source selects, together. */
export const fromEach = (sources: readonly Source[], select: (source: Source) => SQL): SQL =>
  sql.join(sources.map(select), sql` union all `);

/** Everything that has one of the statuses, off the indexes that hold what filters ask of a row. */
export function sourcesOf(statuses: readonly ContractStatus[], now: EpochMs): Source[] {
  const listed = { from: sql`contracts indexed by contracts_listed`, where: isListed };
  const ranOut = {
    from: sql`contracts indexed by contracts_by_date_expired`,
    where: hasRunOut(toSeconds(now)),
  };
  const ended = { from: sql`contracts indexed by contracts_ended`, where: isEnded };
  const isAsked = (status: ContractStatus) => statuses.includes(status);
  return [
    ...(isAsked("outstanding") ? [listed] : isAsked("expired") ? [ranOut] : []),
    ...(isAsked("expired") || isAsked("gone") ? [ended] : []),
  ];
}

/** The narrowest way in to listed contracts that the filters give. */
function listedSource(filters: ContractFilters, withUnknownSystem: boolean, now: EpochMs): SQL {
  const { systemIds, locationIds, firstSeenAfter, isShip } = filters;
  const isNew = firstSeenAfter !== undefined;
  if (isNew && firstSeenAfter > now - dayMs)
    return sql`contracts indexed by contracts_by_first_seen`;
  if (isShip === true) return sql`contracts indexed by ships_by_region_price`;
  if (locationIds) return sql`contracts indexed by contracts_by_start_location`;
  if (systemIds) return inSystems(systemIds, withUnknownSystem);
  if (isNew) return sql`contracts indexed by contracts_by_first_seen`;
  const onlyType = isCounted(filters) && isOneOther(filters) ? filters.types?.[0] : undefined;
  const type = onlyType ?? impliedType(filters);
  if (type) {
    return byIds(sql`
      select contract_id from contracts indexed by others_by_date_issued
      where is_listed = 1 and type <> 'item_exchange' and type = ${type}`);
  }
  return sql`contracts indexed by contracts_listed`;
}

/**
 * Where contracts that may match come from: the narrowest way in that the filters give. Every filter
 * is still asked of each of them.
 */
export function candidatesFor(
  filters: ContractFilters,
  {
    search,
    withUnknownSystem,
    now,
  }: { search: string | undefined; withUnknownSystem: boolean; now: EpochMs },
): Source[] {
  const { contractIds, statuses } = filters;
  const isLiveOnly = isLive(filters);
  // The full-text index alone knows what is mentioned and offered: it is never passed over.
  if (search !== undefined) return [{ from: byIds(foundBy(search, isLiveOnly)), where: sql`1` }];
  if (contractIds) {
    const ids = sql`select value as contract_id from ${jsonIds(contractIds)}`;
    return [{ from: byIds(ids), where: sql`1` }];
  }
  if (!isLiveOnly) return sourcesOf(statuses, now);
  return [{ from: listedSource(filters, withUnknownSystem, now), where: isListed }];
}
