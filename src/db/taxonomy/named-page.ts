import { sql, type SQL } from "drizzle-orm";

import type { DataVersion } from "../../domain/data-version.ts";
import type { NamedPosition, NamedQuery } from "../../domain/taxonomy.ts";
import { type EpochMs, toSeconds } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { idTermOf } from "../search/search-document.ts";
import { selectVersion, versionFromRow } from "../version-repository.ts";

/** A page of named things, from one state of the data. */
export type NamedPage<Summary> = {
  version: DataVersion;
  rows: Summary[];
  next: NamedPosition | null;
};

/** The columns that every page of named things has. */
export type Named = { rank: number; id: number; name: string; outstanding: number };

export const holds = (name: SQL, text: string): SQL =>
  sql`instr(lower(${name}), lower(${text})) > 0`;

/** Names that begin with what is looked for come first. */
export const rankOf = (name: SQL, text: string | undefined): SQL =>
  text === undefined ? sql`0` : sql`(substr(lower(${name}), 1, length(${text})) <> lower(${text}))`;

const isAfter = (after: NamedPosition | null): SQL =>
  after === null ? sql`1` : sql`(rank, name, id) > (${after.rank}, ${after.name}, ${after.id})`;

/**
 * Outstanding contracts that offer a type, a group or a category, read off the full-text index. Those
 * that ended by the clock since their list are still in it: they are looked up.
 */
export const offering = (kind: "type" | "group" | "category", id: SQL, now: EpochMs): SQL => sql`
  from listed_search cross join contracts on contracts.contract_id = listed_search.rowid
  where listed_search match 'type_ids : "' || ${idTermOf(kind, id)} || '"'
    and contracts.date_expired > ${toSeconds(now)}`;

/**
 * A page of `found`, which has `rank`, `name` and `id`, in that order. `columns` says what is shown
 * of it, and from where; `condition` is asked of no more rows than are shown.
 */
export function pageOf<Row extends Named>(
  { found, columns, condition = sql`1` }: { found: SQL; columns: SQL; condition?: SQL },
  { limit, after }: NamedQuery,
): SQL<Row> {
  // The limit of the inner query says nothing, and keeps SQLite from asking before it sorts.
  return sql<Row>`
    with found as materialized (${found}),
    page as materialized (
      select * from (select * from found where ${isAfter(after)} order by rank, name, id limit -1)
      where ${condition} limit ${limit + 1}
    )
    select page.rank, page.id, page.name, ${columns} order by page.rank, page.name, page.id`;
}

/** Reads a page that `pageOf` made. */
export async function readPage<Row extends Named, Summary>(
  db: Database,
  page: SQL<Row>,
  { limit, now, summaryOf }: { limit: number; now: EpochMs; summaryOf: (row: Row) => Summary },
): Promise<NamedPage<Summary>> {
  const [[version], rows] = await db.batch([selectVersion({}, now), page]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    version: versionFromRow(version, now),
    rows: rows.slice(0, limit).map(summaryOf),
    next: last ? { rank: last.rank, name: last.name, id: last.id } : null,
  };
}

/** A page of one thing, or of none. */
export const single = { limit: 1, after: null } as const;
