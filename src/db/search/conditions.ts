import { sql, type SQL } from "drizzle-orm";

import type { Bounds, ContractFilters, ItemFilter } from "../../domain/contract-query.ts";
import type { ContractStatus } from "../../domain/contract.ts";
import { blueprintCategoryId } from "../../domain/item.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../lib/time.ts";
import { jsonRows } from "../d1.ts";
import { mentions, offersAny } from "./search-document.ts";

/** What rows of `contracts` satisfy, in parts: what is lifted to count what a filter leaves out. */
export type Conditions = {
  /** All but what follows. */
  others: SQL[];
  type: SQL | undefined;
  /** Of the system that a contract starts in: unknown where that is. */
  system: SQL | undefined;
};

export const all = (conditions: readonly (SQL | undefined)[]): SQL =>
  conditions.reduce<SQL | undefined>(
    (sum, condition) => (sum && condition ? sql`${sum} and ${condition}` : (sum ?? condition)),
    undefined,
  ) ?? sql`1`;

/** One value is an equality, which an index goes on from in order; several are a list. */
function isOneOf(column: SQL, values: readonly (string | number)[] | undefined): SQL | undefined {
  if (!values) return undefined;
  return values.length === 1
    ? sql`${column} = ${values[0]}`
    : sql`${column} in ${jsonRows(values)}`;
}

/** Written out, not bound: only so does SQLite see that a partial index covers it. */
const flagLiteral = (flag: boolean): SQL => (flag ? sql`1` : sql`0`);

const isFlag = (column: SQL, flag: boolean | undefined) =>
  flag === undefined ? undefined : sql`${column} = ${flagLiteral(flag)}`;

function isWithin(column: SQL, bounds: Bounds | undefined): SQL | undefined {
  if (!bounds) return undefined;
  const { min, max } = bounds;
  return all([
    min === undefined ? undefined : sql`${column} >= ${min}`,
    max === undefined ? undefined : sql`${column} <= ${max}`,
  ]);
}

export const isOutstanding = (now: EpochSeconds): SQL =>
  sql`contracts.is_listed = 1 and contracts.date_expired > ${now}`;

function hasStatus(status: ContractStatus, now: EpochSeconds): SQL {
  if (status === "outstanding") return isOutstanding(now);
  if (status === "gone") return sql`contracts.date_expired > contracts.ended_at`;
  return sql`contracts.date_expired <= coalesce(contracts.ended_at, ${now})`;
}

function hasAnyStatus(statuses: readonly ContractStatus[], now: EpochSeconds): SQL {
  const [first = sql`0`, ...more] = statuses.map((status) => hasStatus(status, now));
  // A lone condition stays bare, so that SQLite sees that a partial index covers it.
  return more.reduce(
    (sum, next) => sql`(${sum} or (${next}))`,
    more.length > 0 ? sql`(${first})` : first,
  );
}

/** Bounds of a blueprint, on the columns that hold them: those of an item, or of an only blueprint. */
type BlueprintColumns = { isCopy: SQL; runs: SQL; materialEfficiency: SQL; timeEfficiency: SQL };

const blueprintBounds = ({ runs, materialEfficiency, timeEfficiency }: ItemFilter) =>
  [runs, materialEfficiency, timeEfficiency].some((bounds) => bounds !== undefined);

const isAboutBlueprints = (item: ItemFilter) =>
  item.blueprint !== undefined || blueprintBounds(item);

function isSuchBlueprint(item: ItemFilter, columns: BlueprintColumns): SQL {
  const { blueprint } = item;
  return all([
    blueprint && sql`${columns.isCopy} = ${Number(blueprint === "copy")}`,
    // An original has no runs, whatever its row says.
    item.runs && sql`${columns.isCopy} = 1`,
    isWithin(columns.runs, item.runs),
    isWithin(columns.materialEfficiency, item.materialEfficiency),
    isWithin(columns.timeEfficiency, item.timeEfficiency),
  ]);
}

const isSuchOnlyBlueprint = (item: ItemFilter): SQL =>
  isSuchBlueprint(item, {
    isCopy: sql`contracts.blueprint_is_copy`,
    runs: sql`contracts.blueprint_runs`,
    materialEfficiency: sql`contracts.blueprint_material_efficiency`,
    timeEfficiency: sql`contracts.blueprint_time_efficiency`,
  });

/** The whole filter, asked of each offered item of a contract in turn. */
function offersSuchItem(item: ItemFilter): SQL {
  const isBlueprint = sql`(items.is_blueprint_copy = 1 or groups.category_id = ${blueprintCategoryId})`;
  const columns = {
    isCopy: sql`items.is_blueprint_copy`,
    runs: sql`items.runs`,
    materialEfficiency: sql`items.material_efficiency`,
    timeEfficiency: sql`items.time_efficiency`,
  };
  // A copy is known by its flag, anything else by its type.
  const isCopyAlone = item.blueprint === "copy" && !item.groupIds && !item.categoryIds;
  const isOfKind = !isCopyAlone && isAboutBlueprints(item) ? isBlueprint : undefined;
  const needsTypes = isOfKind ?? item.groupIds ?? item.categoryIds;
  const types = sql`
    cross join types on types.type_id = items.type_id
    cross join groups on groups.group_id = types.group_id`;
  return sql`exists (
    select 1 from contract_items as items ${needsTypes ? types : sql``}
    where ${all([
      sql`items.contract_id = contracts.contract_id and items.is_included = 1`,
      isOneOf(sql`items.type_id`, item.typeIds),
      isOneOf(sql`types.group_id`, item.groupIds),
      isOneOf(sql`groups.category_id`, item.categoryIds),
      isOfKind,
      isSuchBlueprint(item, columns),
    ])}
  )`;
}

/**
 * What the full-text index does not say of an item filter. It says which types, groups and
 * categories a contract offers, which settles it where one kind of id is asked for alone, or the
 * contract offers one item; an only blueprint is settled by the contract's own columns.
 */
function itemConditions(item: ItemFilter): (SQL | undefined)[] {
  const idKinds = [item.typeIds, item.groupIds, item.categoryIds].filter(Boolean).length;
  if (!isAboutBlueprints(item)) {
    return idKinds > 1 ? [sql`(contracts.item_count = 1 or ${offersSuchItem(item)})`] : [];
  }
  if (idKinds === 0 && !blueprintBounds(item)) {
    const isCopy = item.blueprint === "copy";
    return [
      isCopy ? sql`contracts.has_blueprint_copy = 1` : sql`contracts.has_blueprint_original = 1`,
    ];
  }
  const isSettled =
    idKinds === 0 ? sql`contracts.blueprint_count = 1` : sql`contracts.item_count = 1`;
  return [
    sql`contracts.blueprint_count > 0`,
    sql`case when ${isSettled} then ${isSuchOnlyBlueprint(item)} else ${offersSuchItem(item)} end`,
  ];
}

/** What the full-text index is asked; undefined where it has no say. */
export function searchExpression({ text, item = {} }: ContractFilters): string | undefined {
  const parts = [
    text === undefined ? undefined : mentions(text),
    item.typeIds && offersAny("type", item.typeIds),
    item.groupIds && offersAny("group", item.groupIds),
    item.categoryIds && offersAny("category", item.categoryIds),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.map((part) => `(${part})`).join(" AND ");
}

export function conditionsOf(filters: ContractFilters, now: EpochMs): Conditions {
  const { isSingleItem, wantsItems, issuedAfter, expiresBefore, firstSeenAfter } = filters;
  return {
    type: isOneOf(sql`contracts.type`, filters.types),
    system:
      filters.systemIds || filters.securityClasses
        ? all([
            isOneOf(sql`contracts.start_system_id`, filters.systemIds),
            isOneOf(sql`contracts.start_security_class`, filters.securityClasses),
          ])
        : undefined,
    others: [
      hasAnyStatus(filters.statuses, toSeconds(now)),
      isOneOf(sql`contracts.contract_id`, filters.contractIds),
      isOneOf(sql`contracts.region_id`, filters.regionIds),
      isOneOf(sql`contracts.start_location_id`, filters.locationIds),
      isOneOf(sql`contracts.issuer_id`, filters.issuerIds),
      isOneOf(sql`contracts.issuer_corporation_id`, filters.issuerCorporationIds),
      isFlag(sql`contracts.is_ship`, filters.isShip),
      isFlag(sql`(contracts.requested_item_count > 0)`, wantsItems),
      isFlag(sql`(contracts.item_count = 1)`, isSingleItem),
      ...itemConditions(filters.item ?? {}),
      isWithin(sql`contracts.price`, filters.price),
      isWithin(sql`contracts.reward`, filters.reward),
      isWithin(sql`contracts.collateral`, filters.collateral),
      isWithin(sql`contracts.volume`, filters.volume),
      isWithin(sql`contracts.buyout`, filters.buyout),
      isWithin(sql`contracts.days_to_complete`, filters.daysToComplete),
      issuedAfter === undefined ? undefined : sql`contracts.date_issued > ${issuedAfter}`,
      expiresBefore === undefined ? undefined : sql`contracts.date_expired < ${expiresBefore}`,
      firstSeenAfter === undefined ? undefined : sql`contracts.first_seen_at > ${firstSeenAfter}`,
    ].filter((condition) => condition !== undefined),
  };
}
