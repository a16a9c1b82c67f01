import {
  type BoundedFilter,
  boundedFilters,
  type Bounds,
  type ContractFilters,
  type FilterName,
} from "../../domain/contract-query.ts";
import type { ContractStatus } from "../../domain/contract.ts";
import { type LocationKind, locationIdsOf } from "../../domain/location.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../lib/time.ts";
import { isFullyPriced, priceToValue, rewardPerJump, rewardPerVolume } from "./derived-columns.ts";
import {
  and,
  column,
  equals,
  type Expression,
  isAtMost,
  isFlag,
  isLess,
  isMore,
  isNoneOf,
  isOneOf,
  isWithin,
  or,
} from "./expression.ts";
import { hasAnyFlag, hasNoFlag, hasNoFullFlag } from "./flag-conditions.ts";
import { itemCondition } from "./item-condition.ts";
import { type FtsExpression, mentions } from "./search-document.ts";

/**
 * The part of the totals that counts contracts failing a condition. Contracts that fail a `filter`
 * are not counted anywhere.
 */
export type Role = "filter" | "type" | "place" | "reach";

/** One condition on a contract: of its row, of its document in the full-text index, or of both. */
export type Condition = {
  /** The filter that asks for it; the filters on items are one condition together. */
  name: FilterName | "item";
  role: Role;
  expression?: Expression | undefined;
  search?: FtsExpression | undefined;
  /** The whole condition, if columns alone tell it. */
  overColumns?: Expression | undefined;
};

export const isOutstanding = (now: EpochSeconds): Expression =>
  and(equals(column("is_listed"), 1), isMore(column("date_expired"), now));

/** Listed still, and over by the clock. */
export const hasRunOut = (now: EpochSeconds): Expression =>
  and(equals(column("is_listed"), 1), isAtMost(column("date_expired"), now));

function hasStatus(status: ContractStatus, now: EpochSeconds): Expression {
  if (status === "outstanding") return isOutstanding(now);
  if (status === "gone") return isMore(column("date_expired"), column("ended_at"));
  return or(hasRunOut(now), isAtMost(column("date_expired"), column("ended_at")));
}

function hasAnyStatus(statuses: readonly ContractStatus[], now: EpochSeconds): Expression {
  const [first, ...more] = statuses.map((status) => hasStatus(status, now));
  // A lone condition stays bare, so that SQLite sees that a partial index covers it.
  return first && more.length === 0 ? first : or(...(first ? [first, ...more] : []));
}

const boundedExpressions: Record<BoundedFilter, Expression> = {
  price: column("price"),
  reward: column("reward"),
  collateral: column("collateral"),
  volume: column("volume"),
  buyout: column("buyout"),
  daysToComplete: column("days_to_complete"),
  routeJumps: column("route_jumps"),
  rewardPerVolume,
  rewardPerJump,
  valueSell: column("value_sell"),
  priceToValue,
};

/** Neither if the system is unknown. */
function isHighsecIsland(asked: ContractFilters["highsecIsland"]): Expression | undefined {
  if (!asked) return undefined;
  return asked.isOne
    ? isOneOf("start_system_id", asked.islands)
    : isNoneOf("start_system_id", asked.islands);
}

function isOfKind(kind: LocationKind | undefined): Expression | undefined {
  if (!kind) return undefined;
  const [min, max] = locationIdsOf[kind];
  return isWithin(column("start_location_id"), { min, max });
}

function isWithinJumps(within: ContractFilters["within"]): Expression | undefined {
  return within && isAtMost({ kind: "jumps", reach: within.reach }, within.maxJumps);
}

/** The two ends of a range are two filters. */
function rangeConditions(name: BoundedFilter, bounds: Bounds = {}): Condition[] {
  const { min, max } = bounds;
  const of = (given: Bounds | undefined) => isWithin(boundedExpressions[name], given);
  return [
    {
      name: `${name}.min`,
      role: "filter",
      expression: of(min === undefined ? undefined : { min }),
    },
    {
      name: `${name}.max`,
      role: "filter",
      expression: of(max === undefined ? undefined : { max }),
    },
  ];
}

type PlainName = Exclude<Condition["name"], `${BoundedFilter}.${keyof Bounds}` | "item" | "text">;

/** Conditions that are one expression each, and decide whether a contract matches at all. */
function plainFilters(filters: ContractFilters, now: EpochMs): Condition[] {
  const at = toSeconds(now);
  const { issuedAfter, expiresBefore, firstSeenAfter } = filters;
  const expressions: [name: PlainName, expression: Expression | undefined][] = [
    ["statuses", hasAnyStatus(filters.statuses, at)],
    ["contractIds", isOneOf("contract_id", filters.contractIds)],
    ["regionIds", isOneOf("region_id", filters.regionIds)],
    ["startLocationKind", isOfKind(filters.startLocationKind)],
    ["locationIds", isOneOf("start_location_id", filters.locationIds)],
    ["issuerIds", isOneOf("issuer_id", filters.issuerIds)],
    ["issuerCorporationIds", isOneOf("issuer_corporation_id", filters.issuerCorporationIds)],
    ["isShip", isFlag(column("is_ship"), filters.isShip)],
    ["wantsItems", isFlag(isMore(column("requested_item_count"), 0), filters.wantsItems)],
    ["isSingleItem", isFlag(equals(column("item_count"), 1), filters.isSingleItem)],
    ["isFullyPriced", isFlag(isFullyPriced, filters.isFullyPriced)],
    ["priceConfidences", isOneOf("price_confidence", filters.priceConfidences)],
    ["flags", hasAnyFlag(filters.flags, at)],
    ["withoutFlags", hasNoFlag(filters.withoutFlags, at)],
    ["maxSeverity", hasNoFullFlag(filters.maxSeverity, at)],
    [
      "issuedAfter",
      issuedAfter === undefined ? undefined : isMore(column("date_issued"), issuedAfter),
    ],
    [
      "expiresBefore",
      expiresBefore === undefined ? undefined : isLess(column("date_expired"), expiresBefore),
    ],
    [
      "firstSeenAfter",
      firstSeenAfter === undefined ? undefined : isMore(column("first_seen_at"), firstSeenAfter),
    ],
  ];
  return expressions.map(([name, expression]) => ({ name, role: "filter", expression }));
}

/** A condition as a scan asks it: of columns wherever these tell it, else of the full-text index too. */
export function scanned({ overColumns, ...condition }: Condition): Condition {
  return overColumns
    ? { name: condition.name, role: condition.role, expression: overColumns }
    : condition;
}

/** Every condition that the filters ask for. */
export function conditionsOf(filters: ContractFilters, now: EpochMs): Condition[] {
  const { text, item } = filters;
  const given: Condition[] = [
    ...plainFilters(filters, now),
    ...boundedFilters.flatMap((name) => rangeConditions(name, filters[name])),
    { name: "types", role: "type", expression: isOneOf("type", filters.types) },
    { name: "systemIds", role: "place", expression: isOneOf("start_system_id", filters.systemIds) },
    {
      name: "securityClasses",
      role: "place",
      expression: isOneOf("start_security_class", filters.securityClasses),
    },
    { name: "highsecIsland", role: "place", expression: isHighsecIsland(filters.highsecIsland) },
    { name: "within", role: "reach", expression: isWithinJumps(filters.within) },
    { name: "text", role: "filter", search: text === undefined ? undefined : mentions(text) },
    // Last, since it may look at items: rows that fail another condition are not asked.
    { name: "item", role: "filter", ...(item && itemCondition(item)) },
  ];
  return given.filter(({ expression, search }) => expression ?? search);
}
