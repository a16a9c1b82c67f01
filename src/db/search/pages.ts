import { sql, type SQL } from "drizzle-orm";

import { asksForSystem, type ContractQuery } from "../../domain/contract-query.ts";
import { contractTypes, type ContractType, type CountByType } from "../../domain/contract.ts";
import type { EpochMs } from "../../lib/time.ts";
import { joinNames, summaryColumns, type SummaryRow } from "../contract-summary.ts";
import { candidatesFor, fromEach } from "./candidates.ts";
import { conditionsOf } from "./conditions.ts";
import { isCounted, isUnknownSystemCounted } from "./counted.ts";
import type { IndexWalk } from "./index-walk.ts";
import { jumpsToStart } from "./jumps.ts";
import { type Relaxations, relaxations } from "./relaxations.ts";
import { allSearches } from "./search-document.ts";
import { inOrder, isAfter, sortColumn } from "./sort-keys.ts";
import { all } from "./terms.ts";

export type PageRow = SummaryRow & { sort_key: number | string | null };

/** A row of a page; where none matches, one row without a contract says the totals. */
export type FoundRow = (PageRow | { contract_id: null }) & { totals: string | null };

/** What the query itself counted; null where the regions' counts say it. */
export type Totals = {
  byType: CountByType;
  unknownSystem: number | null;
  /** What matches but for its place, to which no way leads that is known. */
  unreachable: number;
  /** Counted only where nothing matches. */
  relaxations: Relaxations | null;
};

/** A page, one row longer than asked for where there is a next one, with all that is shown of it. */
const shown = (page: SQL, { sort }: ContractQuery, counted: SQL): SQL<FoundRow> => sql<FoundRow>`
  select ${counted} as totals, page.sort_key, ${summaryColumns}
  from ${page}
  left join contracts on contracts.contract_id = page.contract_id
  ${joinNames}
  order by ${inOrder(sort, sql`page.sort_key`, sql`page.contract_id`)}`;

/**
 * A page read off an index in the order asked for: so many rows as it shows, and those that an index
 * has between them. Rows without the key come last, as a walk of their own that is only begun where
 * the first one ends early.
 */
export function walkedPage(query: ContractQuery, walk: IndexWalk, now: EpochMs): SQL<FoundRow> {
  const { filters, sort, limit, after } = query;
  const key = sortColumn(query);
  const id = sql`contracts.contract_id`;
  const direction = sort.isDescending ? sql`desc` : sql`asc`;
  const beyond = sort.isDescending ? sql`<` : sql`>`;
  const conditions = conditionsOf(filters, now);
  const matches = all([...conditions.map((condition) => condition.sql), walk.condition]);
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

/**
 * A page of whatever matches: the matching contracts are found once, as ids with their sort keys,
 * and counted, sorted and cut to a page from there.
 */
export function matchingPage(query: ContractQuery, now: EpochMs): SQL<FoundRow> {
  const { filters, sort, limit, after } = query;
  const conditions = conditionsOf(filters, now);
  const {
    types: ofType,
    systemIds,
    securityClasses,
    highsecIsland,
    within,
    ...rest
  } = Object.fromEntries(conditions.map((condition) => [condition.name, condition.sql]));
  const search = allSearches(conditions.map((condition) => condition.search));
  const countsTypes = !isCounted(filters);
  const countsUnknown = asksForSystem(filters) && !isUnknownSystemCounted(filters);
  const isUnknown = sql`contracts.start_system_id is null`;
  const isThere = all([systemIds, securityClasses, highsecIsland]);
  const inSystem = countsUnknown ? sql`(${isThere} or ${isUnknown})` : isThere;
  // What no way leads to is counted; what is merely too far is not looked at again.
  const isUnreachable = filters.within && sql`${jumpsToStart(filters.within.reach)} is null`;
  const isNear = isUnreachable && sql`(${within} or ${isUnreachable})`;
  const isType = ofType ?? sql`1`;
  const key = sql`matching.sort_key`;
  const id = sql`matching.contract_id`;
  const sources = candidatesFor(filters, { search, withUnknownSystem: countsUnknown, now });
  const matches = all([...Object.values(rest), inSystem, isNear, countsTypes ? undefined : isType]);
  return sql<FoundRow>`
    with matching as materialized (${fromEach(
      sources,
      ({ from, where }) => sql`
        select contracts.contract_id, contracts.type, ${sortColumn(query)} as sort_key,
          ${countsUnknown ? sql`not ${isUnknown}` : sql`1`} as is_placed,
          ${isUnreachable ? sql`not (${isUnreachable})` : sql`1`} as is_near, ${isType} as is_type
        from ${from} where ${where} and ${matches}`,
    )}),
    page as materialized (
      select contract_id, sort_key from matching
      where is_placed and is_near and is_type and ${after ? isAfter(after, sort, key, id) : sql`1`}
      order by ${inOrder(sort, key, id)} limit ${limit + 1}
    )
    ${shown(sql`(select 1) left join page on true`, query, countsTypes ? totals(query, countsUnknown, now) : sql`null`)}`;
}

function totals({ filters }: ContractQuery, countsUnknown: boolean, now: EpochMs): SQL {
  const countOf = (type: ContractType) =>
    sql`${type}, coalesce(sum(is_placed and is_near and type = ${type}), 0)`;
  const unknown = countsUnknown ? sql`coalesce(sum(not is_placed and is_type), 0)` : sql`null`;
  return sql`(
    select json_object(
      'byType', json_object(${sql.join(contractTypes.map(countOf), sql`, `)}),
      'unknownSystem', ${unknown},
      'unreachable', coalesce(sum(is_placed and not is_near and is_type), 0),
      'relaxations', case when coalesce(sum(is_placed and is_near and is_type), 0) = 0
        then json(${relaxations(filters, now)}) end
    ) from matching
  )`;
}
