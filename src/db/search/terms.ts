import { sql, type SQL } from "drizzle-orm";

import type { Bounds } from "../../domain/contract-query.ts";
import { jsonRows } from "../d1.ts";

/**
 * Joins terms as a balanced tree. SQLite accepts expressions up to 100 deep, and a chain of terms
 * is as deep as it is long.
 */
function joined(terms: readonly SQL[], operator: SQL): SQL | undefined {
  const [first, ...more] = terms;
  if (!first || more.length === 0) return first;
  const middle = Math.ceil(terms.length / 2);
  const [left, right] = [terms.slice(0, middle), terms.slice(middle)];
  return sql`(${joined(left, operator)} ${operator} ${joined(right, operator)})`;
}

const isGiven = (term: SQL | undefined): term is SQL => term !== undefined;

/** Terms joined by `and`; those that are not asked for are left out. */
export const all = (terms: readonly (SQL | undefined)[]): SQL =>
  joined(terms.filter(isGiven), sql`and`) ?? sql`1`;

/** Terms joined by `or`: none is false. */
export const any = (terms: readonly SQL[]): SQL => joined(terms, sql`or`) ?? sql`0`;

/** One value is an equality, which an index goes on from in order; several are a list. */
export function isOneOf(
  column: SQL,
  values: readonly (string | number)[] | undefined,
): SQL | undefined {
  if (!values) return undefined;
  return values.length === 1
    ? sql`${column} = ${values[0]}`
    : sql`${column} in ${jsonRows(values)}`;
}

/** Written out, not bound: only so does SQLite see that a partial index covers it. */
const flagLiteral = (flag: boolean): SQL => (flag ? sql`1` : sql`0`);

export const isFlag = (column: SQL, flag: boolean | undefined) =>
  flag === undefined ? undefined : sql`${column} = ${flagLiteral(flag)}`;

/**
 * A number written as a literal. Otherwise a query with many filters would run out of D1's 100
 * parameters.
 */
const literal = (value: number): SQL => sql.raw(Number.isFinite(value) ? String(value) : "null");

export function isWithin(column: SQL, bounds: Bounds | undefined): SQL | undefined {
  if (!bounds) return undefined;
  const { min, max } = bounds;
  return all([
    min === undefined ? undefined : sql`${column} >= ${literal(min)}`,
    max === undefined ? undefined : sql`${column} <= ${literal(max)}`,
  ]);
}
