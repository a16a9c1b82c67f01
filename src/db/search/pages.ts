import { sql, type SQL } from "drizzle-orm";

import type { ContractQuery } from "../../domain/contract-query.ts";
import { contractTypes, type ContractType } from "../../domain/contract.ts";
import { countsUnknownSystem } from "../../domain/counted-filters.ts";
import type { EpochMs } from "../../lib/time.ts";
import { joinNames, summaryColumns, type SummaryRow } from "../contract-summary.ts";
import { byIds, maxCandidates, type Source } from "./candidates.ts";
import { type Condition, conditionsOf, type Role } from "./conditions.ts";
import { allToSql } from "./expression-sql.ts";
import type { IndexWalk } from "./index-walk.ts";
import { jumpsToStart } from "./jumps.ts";
import { inOrder, isAfter, sortColumn } from "./sort-keys.ts";
import { all } from "./terms.ts";

export type PageRow = SummaryRow & { sort_key: number | string | null };

/** A row of a page; if none matches, one row without a contract says the totals. */
export type FoundRow = (PageRow | { contract_id: null }) & { totals: string | null };

/**
 * A search and what its page has: contracts with all that is shown of them, or only their positions,
 * for what reads the contracts later.
 */
export type PageQuery = ContractQuery & { shows: "contracts" | "positions" };

/** A page. It is one row longer than the limit if there is a next one. */
function shown(page: SQL, { sort, shows }: PageQuery, counted: SQL): SQL<FoundRow> {
  const order = inOrder(sort, sql`page.sort_key`, sql`page.contract_id`);
  if (shows === "positions") {
    return sql<FoundRow>`
      select ${counted} as totals, page.sort_key, page.contract_id from ${page} order by ${order}`;
  }
  return sql<FoundRow>`
    select ${counted} as totals, page.sort_key, ${summaryColumns}
    from ${page}
    left join contracts on contracts.contract_id = page.contract_id
    ${joinNames}
    order by ${order}`;
}

const expressionsOf = (conditions: readonly Condition[]) =>
  conditions.map(({ expression }) => expression);

/**
 * A page read from an index in the requested order. It reads the rows that the page shows, and the
 * index rows between them. Rows without the key come last. They are a separate walk, which begins
 * only if the first walk ends early.
 */
export function walkedPage(query: PageQuery, walk: IndexWalk, now: EpochMs): SQL<FoundRow> {
  const { filters, sort, limit, after } = query;
  const key = sortColumn(query);
  const id = sql`contracts.contract_id`;
  const direction = sort.isDescending ? sql`desc` : sql`asc`;
  const beyond = sort.isDescending ? sql`<` : sql`>`;
  const matches = all([allToSql(expressionsOf(conditionsOf(filters, now))), walk.condition]);
  const rows = (from: SQL, order: SQL) => sql`select * from (
    select ${id}, ${key} as sort_key from contracts indexed by ${walk.index}
    where ${matches} and ${from} order by ${order} limit ${limit + 1})`;

  const from =
    after === null || after.value === null
      ? sql`${key} is not null`
      : sql`${key} ${beyond}= ${after.value}
          and (${key} ${beyond} ${after.value} or ${id} ${beyond} ${after.contractId})`;
  const withKey = rows(from, sql`${key} ${direction}, ${id} ${direction}`);
  const isInNulls = after?.value === null;
  const nullsFrom = isInNulls ? sql`${id} ${beyond} ${after.contractId}` : sql`1`;
  const withoutKey = rows(sql`${key} is null and ${nullsFrom}`, sql`${id} ${direction}`);
  const both = walk.hasNulls ? sql`${withKey} union all ${withoutKey}` : withKey;
  return sql<FoundRow>`
    with page as materialized (select * from (${isInNulls ? withoutKey : both}) limit ${limit + 1})
    ${shown(sql`page`, query, sql`null`)}`;
}

/** A page of what few candidates match; if these are many, it says so and looks at none. */
export const candidatePage = (query: PageQuery, ids: SQL, now: EpochMs): SQL<FoundRow> =>
  matchingPage(query, now, {
    with: sql`candidates as materialized (select * from (${ids}) limit ${maxCandidates + 1}),`,
    source: byIds(sql`
      select contract_id from candidates
      where (select count(*) from candidates) <= ${maxCandidates}`),
    isTooMany: sql`(select count(*) from candidates) > ${maxCandidates}`,
  });

/** A page of whatever matches of a source, however large. */
export const sourcePage = (query: PageQuery, source: Source, now: EpochMs): SQL<FoundRow> =>
  matchingPage(query, now, { with: sql``, source, isTooMany: sql`0` });

/**
 * The matching contracts are found once, as ids with their sort keys, and counted, sorted and cut to
 * a page from there.
 */
function matchingPage(
  query: PageQuery,
  now: EpochMs,
  { with: before, source, isTooMany }: { with: SQL; source: Source; isTooMany: SQL },
): SQL<FoundRow> {
  const { filters, sort, limit, after } = query;
  const conditions = Map.groupBy(conditionsOf(filters, now), ({ role }) => role);
  const matchesRole = (role: Role) => allToSql(expressionsOf(conditions.get(role) ?? []));
  const unknownSystem = sql`contracts.start_system_id is null`;
  const placed = countsUnknownSystem(filters) ? sql`not ${unknownSystem}` : sql`1`;
  const inPlace = countsUnknownSystem(filters)
    ? sql`(${matchesRole("place")} or ${unknownSystem})`
    : matchesRole("place");
  // Unreachable contracts are counted. Contracts that are merely too far are not looked at again.
  const unreachable = filters.within && sql`${jumpsToStart(filters.within.reach)} is null`;
  const near = unreachable && sql`(${matchesRole("reach")} or ${unreachable})`;
  const key = sql`matching.sort_key`;
  const id = sql`matching.contract_id`;
  return sql<FoundRow>`
    with ${before} matching as materialized (
      select contracts.contract_id, contracts.type, ${sortColumn(query)} as sort_key,
        ${placed} as is_placed, ${unreachable ? sql`not (${unreachable})` : sql`1`} as is_near,
        ${matchesRole("type")} as is_type
      from ${source.from} where ${source.where}
        and ${all([matchesRole("filter"), inPlace, near])}
    ),
    page as materialized (
      select contract_id, sort_key from matching
      where is_placed and is_near and is_type and ${after ? isAfter(after, sort, key, id) : sql`1`}
      order by ${inOrder(sort, key, id)} limit ${limit + 1}
    )
    ${shown(sql`(select 1) left join page on true`, query, totals(query, isTooMany))}`;
}

/** What one source counts of a search, as JSON. */
export type SourceTotals = {
  byType: Record<ContractType, number>;
  /** Null if the regions' counts say it. */
  unknownSystem: number | null;
  /** What matches except for its place, to which no way leads that is known. */
  unreachable: number;
  isTooMany: 0 | 1;
};

function totals({ filters }: ContractQuery, isTooMany: SQL): SQL {
  const countOf = (type: ContractType) =>
    sql`${type}, coalesce(sum(is_placed and is_near and type = ${type}), 0)`;
  const unknown = countsUnknownSystem(filters)
    ? sql`coalesce(sum(not is_placed and is_type), 0)`
    : sql`null`;
  return sql`(
    select json_object(
      'byType', json_object(${sql.join(contractTypes.map(countOf), sql`, `)}),
      'unknownSystem', ${unknown},
      'unreachable', coalesce(sum(is_placed and not is_near and is_type), 0),
      'isTooMany', ${isTooMany}
    ) from matching
  )`;
}

/** Some contracts with all that is shown of them. */
export const contractsByIds = (contractIds: SQL): SQL<SummaryRow> => sql<SummaryRow>`
  select ${summaryColumns} from ${byIds(contractIds).from} ${joinNames}`;
