import type { ItemFilter } from "../../domain/contract-query.ts";
import {
  allOf,
  and,
  column,
  equals,
  type Expression,
  isMore,
  isWithin,
  when,
} from "./expression.ts";
import { allSearches, type FtsExpression, offersAny, offersOneOfAll } from "./search-document.ts";

const blueprintBounds = ({ runs, materialEfficiency, timeEfficiency }: ItemFilter) =>
  [runs, materialEfficiency, timeEfficiency].some((bounds) => bounds !== undefined);

const isAboutBlueprints = (item: ItemFilter) =>
  item.blueprint !== undefined || blueprintBounds(item);

/** Of the only blueprint, which the contract's own columns hold. */
const isSuchOnlyBlueprint = (item: ItemFilter): Expression =>
  and(
    ...[
      item.blueprint && equals(column("blueprint_is_copy"), Number(item.blueprint === "copy")),
      // An original has no runs, whatever its row says.
      item.runs && equals(column("blueprint_is_copy"), 1),
      isWithin(column("blueprint_runs"), item.runs),
      isWithin(column("blueprint_material_efficiency"), item.materialEfficiency),
      isWithin(column("blueprint_time_efficiency"), item.timeEfficiency),
    ].filter((term) => term !== undefined),
  );

/**
 * The part of a filter on blueprints that the full-text index does not answer. The contract's own
 * columns decide about an only blueprint. If there are several, each one is checked.
 */
function blueprintCondition(item: ItemFilter, hasIds: boolean): Expression {
  if (!hasIds && !blueprintBounds(item)) {
    const isCopy = item.blueprint === "copy";
    return equals(column(isCopy ? "has_blueprint_copy" : "has_blueprint_original"), 1);
  }
  // Ids are those of the contract's one item, or of any of its items.
  const isSettled = equals(column(hasIds ? "item_count" : "blueprint_count"), 1);
  const offersSuch: Expression = { kind: "offersBlueprint", item };
  return and(
    isMore(column("blueprint_count"), 0),
    when(isSettled, isSuchOnlyBlueprint(item), offersSuch),
  );
}

/** A condition on the offered items. */
type ItemCondition = {
  /** What the full-text index is asked. */
  search: FtsExpression | undefined;
  /** What it does not say. */
  expression: Expression | undefined;
  /** Both, asked of columns alone: a scan needs no index. */
  overColumns: Expression | undefined;
};

export function itemCondition(item: ItemFilter): ItemCondition {
  const kinds = [
    item.typeIds && offersAny("type", item.typeIds),
    item.groupIds && offersAny("group", item.groupIds),
    item.categoryIds && offersAny("category", item.categoryIds),
  ].filter((kind) => kind !== undefined);
  const hasIds = kinds.length > 0;
  const expression = isAboutBlueprints(item) ? blueprintCondition(item, hasIds) : undefined;
  const offersItem: Expression | undefined = hasIds ? { kind: "offersItem", item } : undefined;
  // One item satisfies all ids if its type does. Blueprints are checked one by one.
  const isNarrowed = !expression && kinds.length > 1;
  return {
    search: isNarrowed ? offersOneOfAll(item) : allSearches(kinds),
    expression,
    overColumns: allOf([offersItem, expression]),
  };
}
