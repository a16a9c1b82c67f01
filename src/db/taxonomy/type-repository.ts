import { sql, type SQL } from "drizzle-orm";

import { folded } from "../../domain/folded-text.ts";
import type { TypeQuery, TypeSummary } from "../../domain/taxonomy.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { FormerNames } from "../../universe/former-names.ts";
import type { Database } from "../client.ts";
import { ftsPhrase, jsonRows } from "../d1.ts";
import { all, isOneOf } from "../search/terms.ts";
import {
  holds,
  type Named,
  type NamedPage,
  pageOf,
  rankOf,
  readPage,
  single,
} from "./named-page.ts";
import { isAmongMany, type OfferCounts } from "./offer-counts.ts";

/** A text of fewer code points has no trigram: every name is looked at. */
const minTrigramText = 3;

export function createTypeRepository(db: Database, formerNames: FormerNames) {
  const summaryOf = (row: TypeRow, { type }: OfferCounts): TypeSummary => ({
    ...typeFromRow(row),
    // Before the universe is loaded again, a type has its former name still.
    formerNames: formerNames.of(row.id).filter((name) => name !== row.name),
    outstanding: type.get(row.id) ?? 0,
  });
  const read = (
    page: SQL<TypeRow> | ((counts: OfferCounts) => SQL<TypeRow>),
    limit: number,
    now: EpochMs,
  ): Promise<NamedPage<TypeSummary>> => readPage(db, { limit, now, page, summaryOf });

  return {
    find: (query: TypeQuery, now: EpochMs): Promise<NamedPage<TypeSummary>> =>
      read((counts) => typePage(query, counts, formerNames), query.limit, now),

    /** A page of one type, or of none if it is not known. */
    byId(typeId: number, now: EpochMs): Promise<NamedPage<TypeSummary>> {
      const found = sql`
        select 0 as rank, type_id as id, name, search_name as folded from types
        where type_id = ${typeId} and name is not null and group_id is not null`;
      return read(pageOf<TypeRow>({ found, columns: typeColumns }, single), 1, now);
    },
  };
}

export type TypeRepository = ReturnType<typeof createTypeRepository>;

/** Where types come from: the narrowest index that the query names. */
function sourceOf({ text, categoryIds, groupIds, after, limit }: TypeQuery, isAsked: SQL): SQL {
  const columns = sql`select ${rankOf(sql`types.search_name`, text)} as rank, types.type_id as id, types.name, types.search_name as folded`;
  if (text !== undefined && Array.from(folded(text)).length >= minTrigramText) {
    return sql`${columns}
      from (select rowid as type_id from types_search where types_search match ${ftsPhrase(folded(text))}) as matching
      cross join types on types.type_id = matching.type_id
      where ${all([isAsked, isOfGroups(groupIds, categoryIds)])}`;
  }
  if (groupIds ?? categoryIds) {
    return sql`${columns} from types indexed by types_by_group
      where ${all([isOfGroups(groupIds, categoryIds), isAsked])}`;
  }
  if (text !== undefined) return sql`${columns} from types where ${isAsked}`;
  // Read off the index in the order asked for: so many names as are shown, and those between them.
  const rest = after
    ? sql`(types.search_name, types.type_id) > (${folded(after.name)}, ${after.id})`
    : sql`1`;
  return sql`select * from (${columns} from types indexed by types_by_search_name
    where ${all([isAsked, rest])} order by types.search_name, types.type_id limit ${limit + 1})`;
}

function isOfGroups(
  groupIds: readonly number[] | undefined,
  categoryIds: readonly number[] | undefined,
): SQL | undefined {
  if (!groupIds && !categoryIds) return undefined;
  const condition = all([isOneOf(sql`group_id`, groupIds), isOneOf(sql`category_id`, categoryIds)]);
  return sql`types.group_id in (select group_id from groups where ${condition})`;
}

function typePage(query: TypeQuery, { type }: OfferCounts, formerNames: FormerNames): SQL<TypeRow> {
  const { text, isOnOffer } = query;
  const isShort = text !== undefined && Array.from(folded(text)).length < minTrigramText;
  const isShown = all([
    sql`types.name is not null and types.group_id is not null`,
    isOnOffer ? isAmongMany(sql`types.type_id`, type.keys()) : undefined,
  ]);
  const isAsked = all([isShown, isShort ? holds(sql`types.search_name`, text) : undefined]);
  const source = sourceOf(query, isAsked);
  const former = text === undefined ? [] : formerNames.holding(text);
  const found =
    text === undefined || former.length === 0
      ? source
      : withFormer(source, former, query, { text, isShown });
  return pageOf<TypeRow>({ found, columns: typeColumns }, query);
}

/** Types with those that were called so before and are not called so now. */
function withFormer(
  source: SQL,
  former: ReturnType<FormerNames["holding"]>,
  { groupIds, categoryIds }: TypeQuery,
  { text, isShown }: { text: string; isShown: SQL },
): SQL {
  return sql`
    select * from (${source})
    union all
    select ${rankOf(sql`(former.value ->> 1)`, text)}, types.type_id, types.name, types.search_name
    from ${jsonRows(former)} as former
    cross join types on types.type_id = former.value ->> 0
    where ${all([isShown, isOfGroups(groupIds, categoryIds)])}
      and not ${holds(sql`types.search_name`, text)}`;
}

const typeColumns: SQL = sql`
  types.is_published, types.group_id, groups.name as group_name, groups.category_id,
  groups.category_name, types.market_group_id, market_groups.name as market_group_name,
  types.meta_group_id, meta_groups.name as meta_group_name, types.volume
  from page
  cross join types on types.type_id = page.id
  cross join groups on groups.group_id = types.group_id
  left join market_groups on market_groups.market_group_id = types.market_group_id
  left join meta_groups on meta_groups.meta_group_id = types.meta_group_id`;

type TypeRow = Named & {
  is_published: number | null;
  group_id: number;
  group_name: string;
  category_id: number;
  category_name: string;
  market_group_id: number | null;
  market_group_name: string | null;
  meta_group_id: number | null;
  meta_group_name: string | null;
  volume: number | null;
};

const typeFromRow = (row: TypeRow): Omit<TypeSummary, "formerNames" | "outstanding"> => ({
  typeId: row.id,
  name: row.name,
  isPublished: row.is_published === 1,
  groupId: row.group_id,
  groupName: row.group_name,
  categoryId: row.category_id,
  categoryName: row.category_name,
  marketGroupId: row.market_group_id,
  marketGroupName: row.market_group_name,
  metaGroupId: row.meta_group_id,
  metaGroupName: row.meta_group_name,
  volume: row.volume,
});
