import { sql, type SQL } from "drizzle-orm";

import type { ItemFilter } from "../../domain/contract-query.ts";
import { blueprintCategoryId } from "../../domain/item.ts";
import { allSearches, offersAny } from "./search-document.ts";
import { all, isOneOf, isWithin } from "./terms.ts";

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
function isSettledOtherwise(item: ItemFilter): SQL | undefined {
  const idKinds = [item.typeIds, item.groupIds, item.categoryIds].filter(Boolean).length;
  if (!isAboutBlueprints(item)) {
    return idKinds > 1 ? sql`(contracts.item_count = 1 or ${offersSuchItem(item)})` : undefined;
  }
  if (idKinds === 0 && !blueprintBounds(item)) {
    const isCopy = item.blueprint === "copy";
    return isCopy
      ? sql`contracts.has_blueprint_copy = 1`
      : sql`contracts.has_blueprint_original = 1`;
  }
  const isSettled =
    idKinds === 0 ? sql`contracts.blueprint_count = 1` : sql`contracts.item_count = 1`;
  return sql`contracts.blueprint_count > 0
    and case when ${isSettled} then ${isSuchOnlyBlueprint(item)} else ${offersSuchItem(item)} end`;
}

/** A condition on the offered items: what the full-text index is asked, and what it does not say. */
export function itemCondition(item: ItemFilter): {
  search: string | undefined;
  sql: SQL | undefined;
} {
  const kinds = [
    item.typeIds && offersAny("type", item.typeIds),
    item.groupIds && offersAny("group", item.groupIds),
    item.categoryIds && offersAny("category", item.categoryIds),
  ];
  return { search: allSearches(kinds), sql: isSettledOtherwise(item) };
}
