import { sql, type SQL } from "drizzle-orm";

import type { ItemFilter } from "../../domain/contract-query.ts";
import { blueprintCategoryId } from "../../domain/item.ts";
import { all, isOneOf, isWithin } from "./terms.ts";

const joinTypes = sql`
  cross join types on types.type_id = items.type_id
  cross join groups on groups.group_id = types.group_id`;

const offeredOfContract = sql`items.contract_id = contracts.contract_id and items.is_included = 1`;

const isOfIds = ({ typeIds, groupIds, categoryIds }: ItemFilter) => [
  isOneOf(sql`items.type_id`, typeIds),
  isOneOf(sql`types.group_id`, groupIds),
  isOneOf(sql`groups.category_id`, categoryIds),
];

/** A filter on types, groups and categories, asked of each offered item of a contract in turn. */
export const offersItemOf = (item: ItemFilter): SQL => sql`exists (
  select 1 from contract_items as items ${joinTypes} where ${all([offeredOfContract, ...isOfIds(item)])}
)`;

/** A filter on blueprints, asked of each offered item of a contract in turn. */
export function offersSuchItem(item: ItemFilter): SQL {
  // A copy is known by its flag, anything else by its type.
  const isCopyAlone = item.blueprint === "copy" && !item.groupIds && !item.categoryIds;
  return sql`exists (
    select 1 from contract_items as items ${isCopyAlone ? sql`` : joinTypes}
    where ${all([
      offeredOfContract,
      ...isOfIds(item),
      isCopyAlone
        ? undefined
        : sql`(items.is_blueprint_copy = 1 or groups.category_id = ${blueprintCategoryId})`,
      item.blueprint && sql`items.is_blueprint_copy = ${Number(item.blueprint === "copy")}`,
      // An original has no runs, whatever its row says.
      item.runs && sql`items.is_blueprint_copy = 1`,
      isWithin(sql`items.runs`, item.runs),
      isWithin(sql`items.material_efficiency`, item.materialEfficiency),
      isWithin(sql`items.time_efficiency`, item.timeEfficiency),
    ])}
  )`;
}
