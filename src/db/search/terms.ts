import { sql, type SQL } from "drizzle-orm";

import type { Bounds } from "../../domain/contract-query.ts";
import { jsonRows } from "../d1.ts";

/** Terms joined by `and`; those that are not asked for are left out. */
export const all = (conditions: readonly (SQL | undefined)[]): SQL =>
  conditions.reduce<SQL | undefined>(
    (sum, condition) => (sum && condition ? sql`${sum} and ${condition}` : (sum ?? condition)),
    undefined,
  ) ?? sql`1`;

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

/** A number written out: a query of many filters would else run out of D1's 100 parameters. */
const literal = (value: number): SQL => sql.raw(Number.isFinite(value) ? String(value) : "null");

export function isWithin(column: SQL, bounds: Bounds | undefined): SQL | undefined {
  if (!bounds) return undefined;
  const { min, max } = bounds;
  return all([
    min === undefined ? undefined : sql`${column} >= ${literal(min)}`,
    max === undefined ? undefined : sql`${column} <= ${literal(max)}`,
  ]);
}
