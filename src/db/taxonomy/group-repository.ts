import { sql, type SQL } from "drizzle-orm";

import type {
  CategorySummary,
  GroupQuery,
  GroupSummary,
  NamedQuery,
} from "../../domain/taxonomy.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { all, isOneOf } from "../search/terms.ts";
import { holds, type Named, type NamedPage, pageOf, rankOf, readPage } from "./named-page.ts";
import { isAmongMany, type OfferCounts } from "./offer-counts.ts";

export function createGroupRepository(db: Database) {
  return {
    groups(query: GroupQuery, now: EpochMs): Promise<NamedPage<GroupSummary>> {
      const { text, categoryIds, limit } = query;
      const name = sql`groups.name`;
      const page = ({ group }: OfferCounts) =>
        pageOf<GroupRow>(
          {
            found: sql`
              select ${rankOf(name, text)} as rank, group_id as id, name, lower(name) as folded, is_published, category_id,
                category_name
              from groups
              where ${all([
                isShown(sql`group_id`, group),
                isOneOf(sql`category_id`, categoryIds),
                text === undefined ? undefined : holds(name, text),
              ])}`,
            columns: sql`page.is_published, page.category_id, page.category_name from page`,
          },
          query,
        );
      return readPage(db, { limit, now, page, summaryOf: groupFromRow });
    },

    categories(query: NamedQuery, now: EpochMs): Promise<NamedPage<CategorySummary>> {
      const { text, limit } = query;
      const name = sql`categories.name`;
      const page = ({ category }: OfferCounts) =>
        pageOf<CategoryRow>(
          {
            found: sql`
              select ${rankOf(name, text)} as rank, category_id as id, name, lower(name) as folded, is_published
              from categories
              where ${all([
                isShown(sql`category_id`, category),
                text === undefined ? undefined : holds(name, text),
              ])}`,
            columns: sql`page.is_published from page`,
          },
          query,
        );
      return readPage(db, { limit, now, page, summaryOf: categoryFromRow });
    },
  };
}

/** What is not published is shown where somebody offers it all the same. */
const isShown = (id: SQL, counts: ReadonlyMap<number, number>) =>
  sql`(is_published = 1 or ${isAmongMany(id, counts.keys())})`;

export type GroupRepository = ReturnType<typeof createGroupRepository>;

type GroupRow = Named & { is_published: number; category_id: number; category_name: string };

const groupFromRow = (row: GroupRow, { group }: OfferCounts): GroupSummary => ({
  groupId: row.id,
  name: row.name,
  isPublished: row.is_published === 1,
  categoryId: row.category_id,
  categoryName: row.category_name,
  outstanding: group.get(row.id) ?? 0,
});

type CategoryRow = Named & { is_published: number };

const categoryFromRow = (row: CategoryRow, { category }: OfferCounts): CategorySummary => ({
  categoryId: row.id,
  name: row.name,
  isPublished: row.is_published === 1,
  outstanding: category.get(row.id) ?? 0,
});
