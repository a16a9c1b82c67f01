import { sql, type SQL } from "drizzle-orm";

import type { ContractFilters, FilterName } from "../../domain/contract-query.ts";
import { coveredByRegionCounts } from "../../domain/counted-filters.ts";
import { type Relaxed, relaxedEach } from "../../domain/relaxation.ts";
import { type EpochMs, toSeconds } from "../../lib/time.ts";
import { endedSource, searchedIn } from "./candidates.ts";
import { type Condition, conditionsOf, isOutstanding } from "./conditions.ts";
import { toSql } from "./expression-sql.ts";
import { itemCondition } from "./item-condition.ts";
import { all } from "./terms.ts";

/**
 * For filters that were given, how many contracts would match without each; null if counting that
 * would cost too much.
 */
export type Relaxations = Partial<Record<FilterName, number | null>>;

/** The filters whose relaxation no kept count tells. */
export const uncountedRelaxations = (filters: ContractFilters): Relaxed[] =>
  relaxedEach(filters).filter((relaxed) => !coveredByRegionCounts(relaxed.filters));

/** What is left of the filters on items once one of them is lifted; undefined if nothing is. */
export function insteadOf({ name, filters }: Relaxed, now: EpochMs): Condition | undefined {
  if (name === "statuses") {
    return { name, role: "filter", expression: isOutstanding(toSeconds(now)) };
  }
  if (!name.startsWith("item.") || !filters.item) return undefined;
  return { name: "item", role: "filter", ...itemCondition(filters.item) };
}

/** The condition that a filter is part of. */
export const conditionName = (name: FilterName): Condition["name"] =>
  name.startsWith("item.") ? "item" : name;

/** A condition that can be asked of any ended contract, wherever it was found. */
const asked = ({ expression, search }: Pick<Condition, "expression" | "search">): SQL =>
  all([
    search === undefined
      ? undefined
      : sql`contracts.contract_id in (${searchedIn(sql`ended_search`, search)})`,
    expression && toSql(expression),
  ]);

/**
 * A JSON object of `Relaxations`, for contracts that have ended. One pass keeps the contracts that
 * fail at most one condition. Each of them matches a search without that condition. The filters on
 * items are one condition there, because one item must satisfy all of them. They are lifted one by
 * one, from the contracts that fail no other condition. A search without its given statuses is a
 * search for outstanding contracts, so no ended contract counts there.
 */
export function endedRelaxations(
  filters: ContractFilters,
  relaxed: readonly Relaxed[],
  now: EpochMs,
): SQL<{ counts: string }> {
  const columns = conditionsOf(filters, now).map((condition, index) => ({
    name: condition.name,
    column: sql.raw(`c${index}`),
    holds: sql`(${asked(condition)}) is true`,
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
  const counts = relaxed.map((each) => {
    const { name } = each;
    if (name === "statuses") return sql`${name}, 0`;
    const instead = insteadOf(each, now);
    return sql`${name}, ${failing(conditionName(name), instead ? asked(instead) : sql`1`)}`;
  });
  return sql<{ counts: string }>`
    with judged as materialized (
      select * from (
        select contracts.contract_id, ${sql.join(judged, sql`, `)}
        from ${endedSource.from} where ${endedSource.where}
      ) where ${met} >= ${enough}
    )
    select json_object(${sql.join(counts, sql`, `)}) as counts
    from (select *, ${met} as met from judged) cross join contracts using (contract_id)`;
}
