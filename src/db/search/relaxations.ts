import { sql, type SQL } from "drizzle-orm";

import type {
  ContractFilters,
  FilterName,
  ItemFilter,
  ItemFilterName,
} from "../../domain/contract-query.ts";
import { type EpochMs, toSeconds } from "../../lib/time.ts";
import { foundBy } from "./candidates.ts";
import { type Condition, conditionsOf, isOutstanding } from "./conditions.ts";
import { isLive } from "./counted.ts";
import { itemCondition } from "./item-condition.ts";
import { all } from "./terms.ts";

/** For each filter that was given, how many contracts would match without it. */
export type Relaxations = Partial<Record<FilterName, number>>;

/** The filters on items without one of them; undefined where nothing is left. */
type Lifted = { name: ItemFilterName; item: ItemFilter | undefined };

const orNothing = (item: ItemFilter): ItemFilter | undefined =>
  Object.keys(item).length === 0 ? undefined : item;

function withoutEach(item: ItemFilter): Lifted[] {
  const { runs, materialEfficiency, timeEfficiency, ...plain } = item;
  const ranges = { runs, materialEfficiency, timeEfficiency };
  const fromPlain = (["typeIds", "groupIds", "categoryIds", "blueprint"] as const)
    .filter((name) => plain[name] !== undefined)
    .map((name): Lifted => {
      const { [name]: _lifted, ...rest } = item;
      return { name: `item.${name}`, item: orNothing(rest) };
    });
  const fromRanges = (["runs", "materialEfficiency", "timeEfficiency"] as const).flatMap((name) =>
    (["min", "max"] as const)
      .filter((end) => ranges[name]?.[end] !== undefined)
      .map((end): Lifted => {
        const { [end]: _lifted, ...left } = ranges[name] ?? {};
        const { [name]: _range, ...rest } = item;
        const isLeft = Object.keys(left).length > 0;
        return {
          name: `item.${name}.${end}`,
          item: orNothing(isLeft ? { ...rest, [name]: left } : rest),
        };
      }),
  );
  return [...fromPlain, ...fromRanges];
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
 * A scalar query that says, for a search without a match, how many contracts would match without
 * each filter: a JSON object of `Relaxations`.
 *
 * One pass over the contracts keeps those that fail one condition at the most; each is the match of
 * a search without that condition. The filters on items, of which one and the same item must satisfy
 * all, are one condition there, and are lifted one by one from the contracts that fail no other.
 */
export function relaxations(filters: ContractFilters, now: EpochMs): SQL {
  const isLiveOnly = isLive(filters);
  const conditions = conditionsOf(filters, now).filter(
    ({ name }) => !(isLiveOnly && name === "statuses"),
  );
  const columns = conditions.map((condition, index) => ({
    name: condition.name,
    column: sql.raw(`c${index}`),
    holds: asked(condition, isLiveOnly),
  }));
  const judged = columns.map(({ column, holds }) => sql`(${holds}) is true as ${column}`);
  const met = sql.join(
    columns.map(({ column }) => column),
    sql` + `,
  );
  const failing = (name: Condition["name"], others: SQL) => {
    const column = columns.find((each) => each.name === name)?.column ?? sql`1`;
    return sql`sum(met = ${columns.length - 1} and not ${column} and ${others})`;
  };

  const liftedStatuses = isOutstanding(toSeconds(now));
  const lifted = columns
    .filter(({ name }) => name !== "item")
    .map(({ name }) => {
      // Without a filter on the status, what is outstanding is asked for.
      const others = name === "statuses" ? liftedStatuses : sql`1`;
      return sql`${name}, coalesce(${failing(name, others)}, 0)`;
    });
  const liftedItems = withoutEach(filters.item ?? {}).map(({ name, item }) => {
    const holds = item ? asked(itemCondition(item), isLiveOnly) : sql`1`;
    return sql`${name}, coalesce(${failing("item", sql`(${holds})`)}, 0)`;
  });
  const from = isLiveOnly ? sql`contracts indexed by contracts_listed` : sql`contracts`;
  const within = isLiveOnly ? liftedStatuses : sql`1`;
  return sql`(
    with judged as materialized (
      select * from (
        select contracts.contract_id, ${sql.join(judged, sql`, `)} from ${from} where ${within}
      ) where ${met} >= ${columns.length - 1}
    )
    select json_object(${sql.join([...lifted, ...liftedItems], sql`, `)})
    from (select *, ${met} as met from judged) cross join contracts using (contract_id)
  )`;
}
