/**
 * What a search asks of a contract's columns, written once and run in two places: as SQL, if an
 * index has found few candidates (`expression-sql.ts`), and over the columns of row groups, where
 * every listed contract is looked at (`evaluate.ts`). Both follow SQL's three-valued logic.
 */
import type { ItemFilter } from "../../domain/contract-query.ts";
import type { Reach } from "../../domain/stargates.ts";
import type { RowGroupColumn } from "../row-groups/columns.ts";

/** Columns that all listed contracts agree on: row groups do not hold them. */
export type LifetimeColumn = "is_listed" | "ended_at";
export type ColumnName = RowGroupColumn | LifetimeColumn;

export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "&";

export type Expression =
  | { kind: "column"; name: ColumnName }
  /** Null is a number that is not known. */
  | { kind: "number"; value: number | null }
  | { kind: "text"; value: string }
  | { kind: "comparison"; operator: ComparisonOperator; left: Expression; right: Expression }
  | { kind: "arithmetic"; operator: ArithmeticOperator; left: Expression; right: Expression }
  | { kind: "oneOf"; operand: Expression; values: readonly (number | string)[]; isNegated: boolean }
  | { kind: "and" | "or"; terms: readonly Expression[] }
  /** 1 unless the operand is true: if it is null, too. */
  | { kind: "isNotTrue"; operand: Expression }
  | { kind: "isNull" | "isNotNull"; operand: Expression }
  | { kind: "coalesce"; operand: Expression; fallback: number }
  | { kind: "nullIfZero"; operand: Expression }
  | { kind: "atLeast"; operand: Expression; least: number }
  /** `otherwise` if the condition is false or null; null without it. */
  | { kind: "when"; condition: Expression; value: Expression; otherwise?: Expression }
  /** Jumps to the start; null if there is no way there, or nobody knows where it is. */
  | { kind: "jumps"; reach: Reach }
  /** Median ask of the same lone hull, where enough are listed for a median to mean something. */
  | { kind: "hullMedianAsk" }
  /** Whether one offered item is of the types, groups and categories of a filter, as many as it has. */
  | { kind: "offersItem"; item: ItemFilter }
  /** Whether one offered item is a blueprint that satisfies the whole filter. */
  | { kind: "offersBlueprint"; item: ItemFilter };

export const column = (name: ColumnName): Expression => ({ kind: "column", name });
export const number = (value: number | null): Expression => ({ kind: "number", value });
export const text = (value: string): Expression => ({ kind: "text", value });

const operand = (value: Expression | number): Expression =>
  typeof value === "number" ? number(value) : value;

const comparison =
  (operator: ComparisonOperator) =>
  (left: Expression, right: Expression | number): Expression => ({
    kind: "comparison",
    operator,
    left,
    right: operand(right),
  });

export const equals = comparison("=");
export const differs = comparison("<>");
export const isLess = comparison("<");
export const isAtMost = comparison("<=");
export const isMore = comparison(">");
export const isAtLeast = comparison(">=");

const arithmetic =
  (operator: ArithmeticOperator) =>
  (left: Expression, right: Expression | number): Expression => ({
    kind: "arithmetic",
    operator,
    left,
    right: operand(right),
  });

export const plus = arithmetic("+");
export const minus = arithmetic("-");
export const times = arithmetic("*");
/** Null if the divisor is 0. */
export const dividedBy = arithmetic("/");
export const bitAnd = arithmetic("&");

export const and = (...terms: readonly Expression[]): Expression => ({ kind: "and", terms });
export const or = (...terms: readonly Expression[]): Expression => ({ kind: "or", terms });
export const isNotTrue = (term: Expression): Expression => ({ kind: "isNotTrue", operand: term });
export const isNull = (term: Expression): Expression => ({ kind: "isNull", operand: term });
export const isNotNull = (term: Expression): Expression => ({ kind: "isNotNull", operand: term });
export const coalesce = (term: Expression, fallback: number): Expression => ({
  kind: "coalesce",
  operand: term,
  fallback,
});
export const nullIfZero = (term: Expression): Expression => ({ kind: "nullIfZero", operand: term });
export const atLeast = (term: Expression, least: number): Expression => ({
  kind: "atLeast",
  operand: term,
  least,
});
export const when = (
  condition: Expression,
  value: Expression,
  otherwise?: Expression,
): Expression => ({ kind: "when", condition, value, ...(otherwise && { otherwise }) });

/** All that are given; undefined if none is. */
export function allOf(terms: readonly (Expression | undefined)[]): Expression | undefined {
  const given = terms.filter((term) => term !== undefined);
  return given.length > 1 ? and(...given) : given[0];
}

export function isOneOf(
  name: ColumnName,
  values: readonly (number | string)[] | undefined,
): Expression | undefined {
  return values && { kind: "oneOf", operand: column(name), values, isNegated: false };
}

export const isNoneOf = (name: ColumnName, values: readonly number[]): Expression => ({
  kind: "oneOf",
  operand: column(name),
  values,
  isNegated: true,
});

export function isFlag(term: Expression, flag: boolean | undefined): Expression | undefined {
  return flag === undefined ? undefined : equals(term, Number(flag));
}

/** Whether it is true: as SQL has it, a number that is not 0. */
export type Bounds = { min?: number | undefined; max?: number | undefined };

export function isWithin(term: Expression, bounds: Bounds | undefined): Expression | undefined {
  if (!bounds) return undefined;
  const { min, max } = bounds;
  return allOf([
    min === undefined ? undefined : isAtLeast(term, min),
    max === undefined ? undefined : isAtMost(term, max),
  ]);
}

/** The columns that an expression reads of a row group. */
export function columnsOf(expression: Expression): RowGroupColumn[] {
  switch (expression.kind) {
    case "column":
      return expression.name === "is_listed" || expression.name === "ended_at"
        ? []
        : [expression.name];
    case "comparison":
    case "arithmetic":
      return [...columnsOf(expression.left), ...columnsOf(expression.right)];
    case "and":
    case "or":
      return expression.terms.flatMap(columnsOf);
    case "when":
      return [
        ...columnsOf(expression.condition),
        ...columnsOf(expression.value),
        ...(expression.otherwise ? columnsOf(expression.otherwise) : []),
      ];
    case "jumps":
      return ["start_system_id"];
    case "hullMedianAsk":
      return ["hull_type_id", "type"];
    case "offersItem":
      return ["offered_type_id", "offered_group_id", "offered_category_id", "offered_types"];
    case "offersBlueprint":
      return ["blueprints"];
    case "number":
    case "text":
      return [];
    default:
      return columnsOf(expression.operand);
  }
}
