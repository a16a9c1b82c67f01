import { sql } from "drizzle-orm";

import type {
  CategorySummary,
  GroupQuery,
  GroupSummary,
  NamedQuery,
} from "../../domain/taxonomy.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { all, isOneOf } from "../search/terms.ts";
import {
  holds,
  type Named,
  type NamedPage,
  offering,
  pageOf,
  rankOf,
  readPage,
} from "./named-page.ts";

/** What is not published is shown where somebody offers it all the same. */
const isShown = sql`is_published = 1 or outstanding > 0`;

export function createGroupRepository(db: Database) {
  return {
    groups(query: GroupQuery, now: EpochMs): Promise<NamedPage<GroupSummary>> {
      const { text, categoryIds, limit } = query;
      const found = sql`
        select * from (
          select ${rankOf(sql`groups.name`, text)} as rank, group_id as id, groups.name,
            groups.is_published, groups.category_id,
            (select count(*) ${offering("group", sql`group_id`, now)}) as outstanding
          from groups
          where ${all([
            isOneOf(sql`groups.category_id`, categoryIds),
            text === undefined ? undefined : holds(sql`groups.name`, text),
          ])}
        ) where ${isShown}`;
      const columns = sql`
        page.outstanding, page.is_published, page.category_id, categories.name as category_name
        from page cross join categories on categories.category_id = page.category_id`;
      const page = pageOf<GroupRow>({ found, columns }, query);
      return readPage(db, page, { limit, now, summaryOf: groupFromRow });
    },

    categories(query: NamedQuery, now: EpochMs): Promise<NamedPage<CategorySummary>> {
      const { text, limit } = query;
      const found = sql`
        select * from (
          select ${rankOf(sql`name`, text)} as rank, category_id as id, name, is_published,
            (select count(*) ${offering("category", sql`category_id`, now)}) as outstanding
          from categories where ${text === undefined ? sql`1` : holds(sql`name`, text)}
        ) where ${isShown}`;
      const columns = sql`page.outstanding, page.is_published from page`;
      const page = pageOf<CategoryRow>({ found, columns }, query);
      return readPage(db, page, { limit, now, summaryOf: categoryFromRow });
    },
  };
}

export type GroupRepository = ReturnType<typeof createGroupRepository>;

type GroupRow = Named & { is_published: number; category_id: number; category_name: string };

const groupFromRow = (row: GroupRow): GroupSummary => ({
  groupId: row.id,
  name: row.name,
  isPublished: row.is_published === 1,
  categoryId: row.category_id,
  categoryName: row.category_name,
  outstanding: row.outstanding,
});

type CategoryRow = Named & { is_published: number };

const categoryFromRow = (row: CategoryRow): CategorySummary => ({
  categoryId: row.id,
  name: row.name,
  isPublished: row.is_published === 1,
  outstanding: row.outstanding,
});
