import { sql, type SQL } from "drizzle-orm";

import type { DataVersion } from "../../domain/data-version.ts";
import { folded } from "../../domain/folded-text.ts";
import type { NamedPosition, NamedQuery } from "../../domain/taxonomy.ts";
import { AppError } from "../../errors.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { rowGroupsWith } from "../row-groups/row-group-cache.ts";
import { selectVersion, versionFromRow } from "../version-repository.ts";
import { countedColumns, countOffers, type OfferCounts } from "./offer-counts.ts";

/** A page of named things, from one state of the data. */
export type NamedPage<Summary> = {
  version: DataVersion;
  rows: Summary[];
  next: NamedPosition | null;
};

/** The columns that every page of named things has. */
export type Named = { rank: number; id: number; name: string };

/** `name` is folded: what SQLite can of it is letter case. */
export const holds = (name: SQL, text: string): SQL =>
  sql`instr(lower(${name}), ${folded(text)}) > 0`;

/**
 * The order is: the name itself, names that have the text as a word, names that begin with it,
 * names with a word that begins with it, then the rest.
 */
export function rankOf(name: SQL, text: string | undefined): SQL {
  if (text === undefined) return sql`0`;
  const lowered = sql`lower(${name})`;
  const asked = folded(text);
  return sql`case
    when ${lowered} = ${asked} then 0
    when instr(' ' || ${lowered} || ' ', ' ' || ${asked} || ' ') > 0 then 1
    when substr(${lowered}, 1, length(${asked})) = ${asked} then 2
    when instr(' ' || ${lowered}, ' ' || ${asked}) > 0 then 3
    else 4 end`;
}

const inOrder = sql`rank, folded, id`;

const isAfter = (after: NamedPosition | null): SQL =>
  after === null
    ? sql`1`
    : sql`(rank, folded, id) > (${after.rank}, ${folded(after.name)}, ${after.id})`;

/**
 * A page of `found`, which has `rank`, `name`, the name as it is `folded`, and `id`, in the order of
 * rank, folded name and id. `columns` says what is shown of it, and from where.
 */
export const pageOf = <Row extends Named>(
  { found, columns }: { found: SQL; columns: SQL },
  { limit, after }: NamedQuery,
): SQL<Row> => sql<Row>`
  with found as materialized (${found}),
  page as materialized (
    select * from found where ${isAfter(after)} order by ${inOrder} limit ${limit + 1}
  )
  select page.rank, page.id, page.name, ${columns}
  order by page.rank, page.folded, page.id`;

/** How often a page is restarted because the data changed under it. */
const maxAttempts = 5;

type Options<Row extends Named, Summary> = {
  limit: number;
  now: EpochMs;
  /** The query of a page; a function if it depends on what is on offer. */
  page: SQL<Row> | ((counts: OfferCounts) => SQL<Row>);
  summaryOf: (row: Row, counts: OfferCounts) => Summary;
};

/**
 * Reads a page that `pageOf` made, with how many outstanding contracts there are of each: in one round
 * trip, or in two if the page depends on what is on offer.
 *
 * @throws {AppError} `database-unavailable` when the data changes faster than it can be read.
 */
export async function readPage<Row extends Named, Summary>(
  db: Database,
  { limit, now, page, summaryOf }: Options<Row, Summary>,
): Promise<NamedPage<Summary>> {
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    const groups = rowGroupsWith(countedColumns);
    const isFixed = typeof page !== "function";
    const [[before], found, ...columns] = await db.batch([
      selectVersion({}, now),
      isFixed ? page : sql<Row>`select null as id where 0`,
      ...groups.queries,
    ]);
    const version = versionFromRow(before, now);
    const rowGroups = groups.read(...columns);
    if (!rowGroups) continue;
    const counts = countOffers(rowGroups, now);
    const rows = isFixed ? found : await rowsOf(db, page(counts), version, now);
    if (!rows) continue;
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      version,
      rows: rows.slice(0, limit).map((row) => summaryOf(row, counts)),
      next: last ? { rank: last.rank, name: last.name, id: last.id } : null,
    };
  }
  throw new AppError("database-unavailable", `The data changed under ${maxAttempts} attempts`);
}

/** The rows of a page; undefined if the data is not what it was. */
async function rowsOf<Row>(
  db: Database,
  page: SQL<Row>,
  expected: DataVersion,
  now: EpochMs,
): Promise<Row[] | undefined> {
  const [[version], rows] = await db.batch([selectVersion({}, now), page]);
  return versionFromRow(version, now).version === expected.version ? rows : undefined;
}

/** A page of one thing, or of none. */
export const single = { limit: 1, after: null } as const;
