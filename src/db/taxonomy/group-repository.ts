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

export function createGroupRepository(db: Database) {
  return {
    groups(query: GroupQuery, now: EpochMs): Promise<NamedPage<GroupSummary>> {
      const { text, categoryIds, limit } = query;
      const name = sql`groups.name`;
      const found = sql`
        select ${rankOf(name, text)} as rank, group_id as id, name, is_published, category_id, category_name
        from groups
        where ${all([
          isOneOf(sql`category_id`, categoryIds),
          text === undefined ? undefined : holds(name, text),
        ])}`;
      const columns = sql`
        ${outstanding("group", now)}, page.is_published, page.category_id, page.category_name
        from page`;
      const page = pageOf<GroupRow>({ found, columns, condition: isShown("group", now) }, query);
      return readPage(db, page, { limit, now, summaryOf: groupFromRow });
    },

    categories(query: NamedQuery, now: EpochMs): Promise<NamedPage<CategorySummary>> {
      const { text, limit } = query;
      const name = sql`categories.name`;
      const found = sql`
        select ${rankOf(name, text)} as rank, category_id as id, name, is_published
        from categories where ${text === undefined ? sql`1` : holds(name, text)}`;
      const columns = sql`${outstanding("category", now)}, page.is_published from page`;
      const page = pageOf<CategoryRow>(
        { found, columns, condition: isShown("category", now) },
        query,
      );
      return readPage(db, page, { limit, now, summaryOf: categoryFromRow });
    },
  };
}

const outstanding = (kind: "group" | "category", now: EpochMs) =>
  sql`(select count(*) ${offering(kind, sql`page.id`, now)}) as outstanding`;

/** What is not published is shown where somebody offers it all the same. */
const isShown = (kind: "group" | "category", now: EpochMs) =>
  sql`(is_published = 1 or exists (select 1 ${offering(kind, sql`id`, now)}))`;

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
