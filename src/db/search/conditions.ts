import { sql, type SQL } from "drizzle-orm";

import {
  type Bounds,
  type BoundedFilter,
  boundedFilters,
  type ContractFilters,
  type FilterName,
} from "../../domain/contract-query.ts";
import type { ContractStatus } from "../../domain/contract.ts";
import { type LocationKind, locationIdsOf } from "../../domain/location.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../lib/time.ts";
import { jsonIds } from "../d1.ts";
import { isFullyPriced, priceToValue, rewardPerJump, rewardPerVolume } from "./derived-columns.ts";
import { hasAnyFlag, hasNoFlag } from "./flag-conditions.ts";
import { itemCondition } from "./item-condition.ts";
import { jumpsToStart } from "./jumps.ts";
import { mentions } from "./search-document.ts";
import { isFlag, isOneOf, isWithin } from "./terms.ts";

/** One condition on a contract: of its row, of its document in the full-text index, or of both. */
export type Condition = {
  /** The filter that asks for it; the filters on items are one condition together. */
  name: FilterName | "item";
  sql: SQL | undefined;
  search?: string | undefined;
};

export const isOutstanding = (now: EpochSeconds): SQL =>
  sql`contracts.is_listed = 1 and contracts.date_expired > ${now}`;

/** Listed still, and over by the clock. */
export const hasRunOut = (now: EpochSeconds): SQL =>
  sql`(contracts.is_listed = 1 and contracts.date_expired <= ${now})`;

function hasStatus(status: ContractStatus, now: EpochSeconds): SQL {
  if (status === "outstanding") return isOutstanding(now);
  if (status === "gone") return sql`contracts.date_expired > contracts.ended_at`;
  return sql`(${hasRunOut(now)} or contracts.date_expired <= contracts.ended_at)`;
}

function hasAnyStatus(statuses: readonly ContractStatus[], now: EpochSeconds): SQL {
  const [first = sql`0`, ...more] = statuses.map((status) => hasStatus(status, now));
  // A lone condition stays bare, so that SQLite sees that a partial index covers it.
  return more.reduce(
    (sum, next) => sql`(${sum} or (${next}))`,
    more.length > 0 ? sql`(${first})` : first,
  );
}

const boundedColumns: Record<BoundedFilter, SQL> = {
  price: sql`contracts.price`,
  reward: sql`contracts.reward`,
  collateral: sql`contracts.collateral`,
  volume: sql`contracts.volume`,
  buyout: sql`contracts.buyout`,
  daysToComplete: sql`contracts.days_to_complete`,
  routeJumps: sql`contracts.route_jumps`,
  rewardPerVolume,
  rewardPerJump,
  valueSell: sql`contracts.value_sell`,
  priceToValue,
};

/** Neither where the system is unknown. */
function isHighsecIsland(asked: ContractFilters["highsecIsland"]): SQL | undefined {
  if (!asked) return undefined;
  const islands = jsonIds(asked.islands);
  return sql`contracts.start_system_id ${asked.isOne ? sql`in` : sql`not in`} ${islands}`;
}

function isOfKind(kind: LocationKind | undefined): SQL | undefined {
  if (!kind) return undefined;
  const [from, to] = locationIdsOf[kind];
  return sql`contracts.start_location_id between ${sql.raw(String(from))} and ${sql.raw(String(to))}`;
}

function isWithinJumps(within: ContractFilters["within"]): SQL | undefined {
  if (!within) return undefined;
  return sql`${jumpsToStart(within.reach)} <= ${sql.raw(String(within.maxJumps))}`;
}

/** The two ends of a range are two filters. */
function rangeConditions(name: BoundedFilter, bounds: Bounds = {}): Condition[] {
  const column = boundedColumns[name];
  const { min, max } = bounds;
  return [
    { name: `${name}.min`, sql: isWithin(column, min === undefined ? undefined : { min }) },
    { name: `${name}.max`, sql: isWithin(column, max === undefined ? undefined : { max }) },
  ];
}

/** Every condition that the filters ask for. */
export function conditionsOf(filters: ContractFilters, now: EpochMs): Condition[] {
  const { text, item, isSingleItem, wantsItems, issuedAfter, expiresBefore, firstSeenAfter } =
    filters;
  const given: Condition[] = [
    { name: "statuses", sql: hasAnyStatus(filters.statuses, toSeconds(now)) },
    { name: "types", sql: isOneOf(sql`contracts.type`, filters.types) },
    { name: "contractIds", sql: isOneOf(sql`contracts.contract_id`, filters.contractIds) },
    { name: "regionIds", sql: isOneOf(sql`contracts.region_id`, filters.regionIds) },
    { name: "systemIds", sql: isOneOf(sql`contracts.start_system_id`, filters.systemIds) },
    {
      name: "securityClasses",
      sql: isOneOf(sql`contracts.start_security_class`, filters.securityClasses),
    },
    { name: "highsecIsland", sql: isHighsecIsland(filters.highsecIsland) },
    { name: "startLocationKind", sql: isOfKind(filters.startLocationKind) },
    { name: "within", sql: isWithinJumps(filters.within) },
    { name: "locationIds", sql: isOneOf(sql`contracts.start_location_id`, filters.locationIds) },
    { name: "issuerIds", sql: isOneOf(sql`contracts.issuer_id`, filters.issuerIds) },
    {
      name: "issuerCorporationIds",
      sql: isOneOf(sql`contracts.issuer_corporation_id`, filters.issuerCorporationIds),
    },
    { name: "isShip", sql: isFlag(sql`contracts.is_ship`, filters.isShip) },
    { name: "wantsItems", sql: isFlag(sql`(contracts.requested_item_count > 0)`, wantsItems) },
    { name: "isSingleItem", sql: isFlag(sql`(contracts.item_count = 1)`, isSingleItem) },
    { name: "isFullyPriced", sql: isFlag(isFullyPriced, filters.isFullyPriced) },
    { name: "flags", sql: hasAnyFlag(filters.flags, toSeconds(now)) },
    { name: "withoutFlags", sql: hasNoFlag(filters.withoutFlags, toSeconds(now)) },
    { name: "maxSeverity", sql: hasNoFlag(filters.maxSeverity, toSeconds(now)) },
    ...boundedFilters.flatMap((name) => rangeConditions(name, filters[name])),
    {
      name: "issuedAfter",
      sql: issuedAfter === undefined ? undefined : sql`contracts.date_issued > ${issuedAfter}`,
    },
    {
      name: "expiresBefore",
      sql: expiresBefore === undefined ? undefined : sql`contracts.date_expired < ${expiresBefore}`,
    },
    {
      name: "firstSeenAfter",
      sql:
        firstSeenAfter === undefined ? undefined : sql`contracts.first_seen_at > ${firstSeenAfter}`,
    },
    { name: "text", sql: undefined, search: text === undefined ? undefined : mentions(text) },
    // Last, since it may look at items: rows that fail another condition are not asked.
    { name: "item", ...(item ? itemCondition(item) : { sql: undefined }) },
  ];
  return given.filter((condition) => condition.sql ?? condition.search);
}
