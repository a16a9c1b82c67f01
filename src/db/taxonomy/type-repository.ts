import { sql, type SQL } from "drizzle-orm";

import type { TypeQuery, TypeSummary } from "../../domain/taxonomy.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { ftsPhrase } from "../d1.ts";
import { all, isOneOf } from "../search/terms.ts";
import {
  holds,
  type Named,
  type NamedPage,
  offering,
  pageOf,
  rankOf,
  readPage,
  single,
} from "./named-page.ts";

/** A text of fewer code points has no trigram: every name is looked at. */
const minTrigramText = 3;

export function createTypeRepository(db: Database) {
  const read = (page: SQL<TypeRow>, limit: number, now: EpochMs): Promise<NamedPage<TypeSummary>> =>
    readPage(db, page, { limit, now, summaryOf: typeFromRow });

  return {
    find: (query: TypeQuery, now: EpochMs): Promise<NamedPage<TypeSummary>> =>
      read(typePage(query, now), query.limit, now),

    /** A page of one type, or of none where it is not known. */
    byId(typeId: number, now: EpochMs): Promise<NamedPage<TypeSummary>> {
      const found = sql`
        select 0 as rank, type_id as id, name from types
        where type_id = ${typeId} and name is not null and group_id is not null`;
      return read(pageOf<TypeRow>({ found, columns: typeColumns(now) }, single), 1, now);
    },
  };
}

export type TypeRepository = ReturnType<typeof createTypeRepository>;

function typePage(query: TypeQuery, now: EpochMs): SQL<TypeRow> {
  const { text, categoryIds, groupIds, isOnOffer } = query;
  const isFound = text !== undefined && Array.from(text).length >= minTrigramText;
  const from = isFound
    ? sql`(select rowid as type_id from types_search where types_search match ${ftsPhrase(text)}) as matching
        cross join types on types.type_id = matching.type_id`
    : sql`types`;
  const found = sql`
    select ${rankOf(sql`types.name`, text)} as rank, types.type_id as id, types.name
    from ${from}
    cross join groups on groups.group_id = types.group_id
    where ${all([
      sql`types.name is not null`,
      isOneOf(sql`types.group_id`, groupIds),
      isOneOf(sql`groups.category_id`, categoryIds),
      text === undefined || isFound ? undefined : holds(sql`types.name`, text),
    ])}`;
  const condition = isOnOffer ? sql`exists (select 1 ${offering("type", sql`id`, now)})` : sql`1`;
  return pageOf<TypeRow>({ found, columns: typeColumns(now), condition }, query);
}

const typeColumns = (now: EpochMs): SQL => sql`
  (select count(*) ${offering("type", sql`page.id`, now)}) as outstanding,
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

const typeFromRow = (row: TypeRow): TypeSummary => ({
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
  outstanding: row.outstanding,
});
