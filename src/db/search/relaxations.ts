import { sql, type SQL } from "drizzle-orm";

import type { ContractFilters, FilterName } from "../../domain/contract-query.ts";
import { type Relaxed, relaxedEach } from "../../domain/relaxation.ts";
import { type EpochMs, toSeconds } from "../../lib/time.ts";
import { candidatesFor, foundBy, fromEach, isSelective, sourcesOf } from "./candidates.ts";
import { type Condition, conditionsOf, isOutstanding } from "./conditions.ts";
import { isCounted, isLive } from "./counted.ts";
import { itemCondition } from "./item-condition.ts";
import { allSearches } from "./search-document.ts";
import { all } from "./terms.ts";

/** For filters that were given, how many contracts would match without each. */
export type Relaxations = Partial<Record<FilterName, number>>;

/** With more filters than these, all are judged in one pass: D1 takes 100 parameters a statement. */
const maxCountedApart = 6;

/**
 * A scalar query that says, for a search without a match, how many contracts would match without
 * each filter: a JSON object of `Relaxations`. What the regions' counts say is left to them; what is
 * still found by an index is counted there; the rest is judged in one pass.
 */
export function relaxations(filters: ContractFilters, now: EpochMs): SQL {
  const relaxed = relaxedEach(filters).filter((each) => !isCounted(each.filters));
  const isFew = relaxed.length <= maxCountedApart;
  const apart = relaxed.filter((each) => isFew && isSelective(each.filters));
  const together = relaxed.filter((each) => !apart.includes(each));
  const counts = apart.map(({ name, filters: left }) => sql`${name}, ${countOf(left, now)}`);
  const countedApart = sql`json_object(${sql.join(counts, sql`, `)})`;
  return together.length === 0
    ? countedApart
    : sql`json_patch(${countedApart}, ${judgedTogether(filters, together, now)})`;
}

function countOf(filters: ContractFilters, now: EpochMs): SQL {
  const conditions = conditionsOf(filters, now);
  const search = allSearches(conditions.map((condition) => condition.search));
  const sources = candidatesFor(filters, { search, withUnknownSystem: false, now });
  const matches = all(conditions.map((condition) => condition.sql));
  const counts = sources.map(
    ({ from, where }) => sql`(select count(*) from ${from} where ${where} and ${matches})`,
  );
  return sql`(${sql.join(counts, sql` + `)})`;
}

/** A condition that can be asked of any contract, wherever it was found. */
function asked(
  { sql: ofRow, search }: Pick<Condition, "sql" | "search">,
  isLiveOnly: boolean,
): SQL {
  const ofDocument = search && sql`contracts.contract_id in (${foundBy(search, isLiveOnly)})`;
  return all([ofDocument || undefined, ofRow]);
}

/**
 * One pass over the contracts keeps those that fail one condition at the most; each is the match of
 * a search without that condition. The filters on items, of which one and the same item must satisfy
 * all, are one condition there, and are lifted one by one from the contracts that fail no other.
 */
function judgedTogether(filters: ContractFilters, relaxed: readonly Relaxed[], now: EpochMs): SQL {
  const isLiveOnly = isLive(filters);
  const isOnSale = isOutstanding(toSeconds(now));
  const conditions = conditionsOf(filters, now).filter(
    ({ name }) => !(isLiveOnly && name === "statuses"),
  );
  const columns = conditions.map((condition, index) => ({
    name: condition.name,
    column: sql.raw(`c${index}`),
    holds: sql`(${asked(condition, isLiveOnly)}) is true`,
  }));
  const judged = columns.map(({ column, holds }) => sql`${holds} as ${column}`);
  const met = sql.join(
    columns.map(({ column }) => column),
    sql` + `,
  );
  const enough = sql.raw(String(columns.length - 1));

  /** How many fail this condition alone, and satisfy what takes its place. */
  const failing = (name: Condition["name"], instead: SQL) => {
    const column = columns.find((each) => each.name === name)?.column ?? sql`1`;
    return sql`coalesce(sum(met = ${enough} and not ${column} and (${instead})), 0)`;
  };
  const counts = relaxed.map(({ name, filters: { item } }) => {
    if (name.startsWith("item.")) {
      return sql`${name}, ${failing("item", item ? asked(itemCondition(item), isLiveOnly) : sql`1`)}`;
    }
    return sql`${name}, ${failing(name, name === "statuses" ? isOnSale : sql`1`)}`;
  });
  // Without the statuses that were asked for, a search is for what is outstanding.
  const sources = sourcesOf([...filters.statuses, "outstanding"], now);
  return sql`(
    with judged as materialized (
      select * from (${fromEach(
        sources,
        ({ from, where }) => sql`
          select contracts.contract_id, ${sql.join(judged, sql`, `)}
          from ${from} where ${where} and ${isLiveOnly ? isOnSale : sql`1`}`,
      )}) where ${met} >= ${enough}
    )
    select json_object(${sql.join(counts, sql`, `)})
    from (select *, ${met} as met from judged) cross join contracts using (contract_id)
  )`;
}
