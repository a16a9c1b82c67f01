import { sql, type SQL } from "drizzle-orm";

import { medianMinListed } from "../../domain/flags/price-flags.ts";
import { jsonRows } from "../d1.ts";
import type { Expression } from "./expression.ts";
import { jumpsToStart } from "./jumps.ts";
import { offersItemOf, offersSuchItem } from "./offered-item.ts";

/**
 * A number written as a literal. Otherwise a query with many filters would run out of D1's 100
 * parameters.
 */
const literal = (value: number | null): SQL =>
  sql.raw(value !== null && Number.isFinite(value) ? String(value) : "null");

/**
 * Joins terms as a balanced tree. SQLite accepts expressions up to 100 deep, and a chain of terms
 * is as deep as it is long.
 */
export function joined(terms: readonly SQL[], operator: SQL): SQL | undefined {
  const [first, ...more] = terms;
  if (!first || more.length === 0) return first;
  const middle = Math.ceil(terms.length / 2);
  const [left, right] = [terms.slice(0, middle), terms.slice(middle)];
  return sql`(${joined(left, operator)} ${operator} ${joined(right, operator)})`;
}

/** An expression as SQL, of the columns of `contracts`. */
export function toSql(expression: Expression): SQL {
  switch (expression.kind) {
    case "column":
      return sql.raw(`contracts.${expression.name}`);
    case "number":
      return literal(expression.value);
    case "text":
      return sql`${expression.value}`;
    case "comparison":
    case "arithmetic": {
      const { operator, left, right } = expression;
      // SQLite divides integers without their rest.
      const dividend = operator === "/" ? sql`1.0 * ` : sql``;
      return sql`(${dividend}${toSql(left)} ${sql.raw(operator)} ${toSql(right)})`;
    }
    case "oneOf":
      return oneOf(expression);
    case "and":
      return joined(expression.terms.map(toSql), sql`and`) ?? sql`1`;
    case "or":
      return joined(expression.terms.map(toSql), sql`or`) ?? sql`0`;
    case "isNotTrue":
      return sql`(${toSql(expression.operand)} is not true)`;
    case "isNull":
      return sql`(${toSql(expression.operand)} is null)`;
    case "isNotNull":
      return sql`(${toSql(expression.operand)} is not null)`;
    case "coalesce":
      return sql`coalesce(${toSql(expression.operand)}, ${literal(expression.fallback)})`;
    case "nullIfZero":
      return sql`nullif(${toSql(expression.operand)}, 0)`;
    case "atLeast":
      return sql`max(${toSql(expression.operand)}, ${literal(expression.least)})`;
    case "when": {
      const { condition, value, otherwise = { kind: "number", value: null } } = expression;
      return sql`case when ${toSql(condition)} then ${toSql(value)} else ${toSql(otherwise)} end`;
    }
    case "jumps":
      return jumpsToStart(expression.reach);
    case "hullMedianAsk":
      return medianAsk;
    case "offersItem":
      return offersItemOf(expression.item);
    default:
      return offersSuchItem(expression.item);
  }
}

/** All of the expressions; 1 if there is none. */
export const allToSql = (expressions: readonly (Expression | undefined)[]): SQL =>
  toSql({ kind: "and", terms: expressions.filter((each) => each !== undefined) });

type OneOf = Extract<Expression, { kind: "oneOf" }>;

/** One value is an equality, which an index goes on from in order; several are a list. */
function oneOf({ operand, values, isNegated }: OneOf): SQL {
  const [first, ...more] = values;
  const left = toSql(operand);
  if (first !== undefined && more.length === 0 && !isNegated) return sql`(${left} = ${first})`;
  return sql`(${left} ${isNegated ? sql`not in` : sql`in`} ${jsonRows(values)})`;
}

const medianAsk = sql`(
  select median_ask from hulls where hulls.hull_type_id = contracts.hull_type_id
    and contracts.type = 'item_exchange' and contracts.is_listed = 1
    and hulls.listed >= ${literal(medianMinListed)} and hulls.median_ask > 0
)`;
