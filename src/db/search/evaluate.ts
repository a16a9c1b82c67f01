import type { Bounds, ItemFilter } from "../../domain/contract-query.ts";
import type { Reach } from "../../domain/stargates.ts";
import { codesOf, type StoredBlueprint } from "../row-groups/columns.ts";
import type { Numbers, RowGroup } from "../row-groups/row-group-cache.ts";
import type {
  ArithmeticOperator,
  ColumnName,
  ComparisonOperator,
  Expression,
} from "./expression.ts";

/** What an expression asks for beyond the columns of contracts. */
export type Surroundings = {
  /** Of the hulls that are listed often enough. */
  hullMedianAsks: ReadonlyMap<number, number>;
};

/** What SQL calls null: a number that is not known, or a condition that is neither. */
const unknown = Number.NaN;
const isUnknown = (value: number): boolean => value !== value;

/**
 * The values of an expression for each contract of a row group: a condition is 1, 0 or unknown
 * (NaN). A whole column at a time, in plain loops: a hundred thousand contracts take a few
 * milliseconds.
 */
export function evaluate(expression: Expression, group: RowGroup, around: Surroundings): Numbers {
  const of = (part: Expression): Numbers => evaluate(part, group, around);
  switch (expression.kind) {
    case "column":
      return columnValues(expression.name, group);
    case "number":
      return constant(group.size, expression.value ?? unknown);
    case "text":
      throw new TypeError(`The text ${expression.value} stands outside of a comparison`);
    case "comparison": {
      const { operator, left, right } = expression;
      return compared(operator, of(left), rightOf(left, right) ?? of(right));
    }
    case "arithmetic": {
      const { operator, left, right } = expression;
      return computed(operator, of(left), rightOf(left, right) ?? of(right));
    }
    case "oneOf":
      return oneOf(expression, of(expression.operand));
    case "and":
      return joined(expression.terms.map(of), group.size, 0);
    case "or":
      return joined(expression.terms.map(of), group.size, 1);
    case "isNotTrue":
      return of(expression.operand).map((value) => (value !== 0 && !isUnknown(value) ? 0 : 1));
    case "isNull":
      return of(expression.operand).map((value) => (isUnknown(value) ? 1 : 0));
    case "isNotNull":
      return of(expression.operand).map((value) => (isUnknown(value) ? 0 : 1));
    case "coalesce": {
      const { operand, fallback } = expression;
      return of(operand).map((value) => (isUnknown(value) ? fallback : value));
    }
    case "nullIfZero":
      return of(expression.operand).map((value) => (value === 0 ? unknown : value));
    case "atLeast": {
      const { operand, least } = expression;
      return of(operand).map((value) => (value < least ? least : value));
    }
    case "when": {
      const conditions = of(expression.condition);
      const otherwise = expression.otherwise && of(expression.otherwise);
      return of(expression.value).map((value, row) => {
        const condition = conditions[row] ?? unknown;
        const isTrue = condition !== 0 && !isUnknown(condition);
        return isTrue ? value : (otherwise?.[row] ?? unknown);
      });
    }
    case "jumps":
      return jumps(expression.reach, group);
    case "hullMedianAsk":
      return hullMedianAsks(group, around);
    case "offersItem":
      return offersItem(expression.item, group);
    default:
      return offersBlueprint(expression.item, group);
  }
}

const constant = (size: number, value: number): Numbers => new Float64Array(size).fill(value);

function columnValues(name: ColumnName, group: RowGroup): Numbers {
  if (name === "is_listed") return constant(group.size, 1);
  if (name === "ended_at") return constant(group.size, unknown);
  return group.numbers(name);
}

/** What a row group holds for a word: one that its set does not have equals none. */
function codeOf(operand: Expression, word: number | string): number {
  if (typeof word === "number") return word;
  const codes = operand.kind === "column" ? codesOf(operand.name) : undefined;
  if (!codes) throw new TypeError(`${word} is compared with what is no word`);
  return codes.indexOf(word);
}

/** The number that an operand is for all contracts; undefined if each has its own. */
function rightOf(left: Expression, right: Expression): number | undefined {
  if (right.kind === "text") return codeOf(left, right.value);
  return right.kind === "number" ? (right.value ?? unknown) : undefined;
}

/** What stands on the right of an operator: a number that all contracts share, or one of each. */
type Right = Numbers | number;

function compared(operator: ComparisonOperator, left: Numbers, right: Right): Numbers {
  const result = new Float64Array(left.length);
  for (let row = 0; row < result.length; row += 1) {
    const a = left[row] ?? unknown;
    const b = typeof right === "number" ? right : (right[row] ?? unknown);
    result[row] = isUnknown(a) || isUnknown(b) ? unknown : Number(holds(operator, a, b));
  }
  return result;
}

function holds(operator: ComparisonOperator, a: number, b: number): boolean {
  switch (operator) {
    case "=":
      return a === b;
    case "<>":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    default:
      return a >= b;
  }
}

function computed(operator: ArithmeticOperator, left: Numbers, right: Right): Numbers {
  const result = new Float64Array(left.length);
  for (let row = 0; row < result.length; row += 1) {
    const a = left[row] ?? unknown;
    const b = typeof right === "number" ? right : (right[row] ?? unknown);
    // `&` makes 0 of what is not known.
    result[row] = isUnknown(a) || isUnknown(b) ? unknown : resultOf(operator, a, b);
  }
  return result;
}

function resultOf(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? unknown : a / b;
    default:
      return a & b;
  }
}

type OneOf = Extract<Expression, { kind: "oneOf" }>;

function oneOf({ operand, values, isNegated }: OneOf, of: Numbers): Numbers {
  // As in SQL, no value is in an empty list, not even an unknown value.
  if (values.length === 0) return constant(of.length, Number(isNegated));
  const set = new Set(values.map((value) => codeOf(operand, value)));
  return of.map((value) => (isUnknown(value) ? unknown : Number(set.has(value) !== isNegated)));
}

/** Joins terms by `and` (`decisive` 0) or by `or` (1). One decisive term decides the result. */
function joined(terms: readonly Numbers[], size: number, decisive: 0 | 1): Numbers {
  const result = constant(size, 1 - decisive);
  for (const term of terms) {
    for (let row = 0; row < size; row += 1) {
      const value = term[row] ?? unknown;
      if (result[row] === decisive) continue;
      if (isUnknown(value)) result[row] = unknown;
      else if (Number(value !== 0) === decisive) result[row] = decisive;
    }
  }
  return result;
}

function jumps(reach: Reach, group: RowGroup): Numbers {
  return group
    .numbers("start_system_id")
    .map((systemId) => (isUnknown(systemId) ? unknown : (reach.jumpsTo(systemId) ?? unknown)));
}

const exchange = codesOf("type")?.indexOf("item_exchange");

function hullMedianAsks(group: RowGroup, { hullMedianAsks: medians }: Surroundings): Numbers {
  const types = group.numbers("type");
  return group
    .numbers("hull_type_id")
    .map((hull, row) => (types[row] === exchange ? (medians.get(hull) ?? unknown) : unknown));
}

const isWithin = (value: number | null, bounds: Bounds | undefined): boolean =>
  bounds === undefined ||
  (value !== null &&
    value >= (bounds.min ?? Number.NEGATIVE_INFINITY) &&
    value <= (bounds.max ?? Number.POSITIVE_INFINITY));

const isAmong = (id: number, ids: readonly number[] | undefined): boolean =>
  ids === undefined || ids.includes(id);

/** One and the same offered item is of all kinds that are asked for. */
function offersItem({ typeIds, groupIds, categoryIds }: ItemFilter, group: RowGroup): Numbers {
  const kinds = [
    { ids: typeIds, of: group.numbers("offered_type_id"), place: 0 },
    { ids: groupIds, of: group.numbers("offered_group_id"), place: 1 },
    { ids: categoryIds, of: group.numbers("offered_category_id"), place: 2 },
  ].flatMap(({ ids, ...kind }) => (ids ? [{ ...kind, ids: new Set(ids) }] : []));
  const result = new Float64Array(group.size);
  for (const [row, types] of group.offeredTypes().entries()) {
    const isOffered = types
      ? types.some((type) => kinds.every(({ ids, place }) => ids.has(type[place] ?? -1)))
      : kinds.every(({ ids, of }) => ids.has(of[row] ?? unknown));
    result[row] = Number(isOffered);
  }
  return result;
}

function isSuchBlueprint(item: ItemFilter, blueprint: StoredBlueprint): boolean {
  const [typeId, groupId, categoryId, isCopy, runs, materialEfficiency, timeEfficiency] = blueprint;
  return (
    isAmong(typeId, item.typeIds) &&
    isAmong(groupId, item.groupIds) &&
    isAmong(categoryId, item.categoryIds) &&
    (item.blueprint === undefined || (item.blueprint === "copy") === (isCopy === 1)) &&
    // An original has no runs, whatever its row says.
    isWithin(isCopy === 1 ? runs : null, item.runs) &&
    isWithin(materialEfficiency, item.materialEfficiency) &&
    isWithin(timeEfficiency, item.timeEfficiency)
  );
}

function offersBlueprint(item: ItemFilter, group: RowGroup): Numbers {
  const result = new Float64Array(group.size);
  for (const [row, blueprints] of group.blueprints().entries()) {
    result[row] = Number(blueprints?.some((each) => isSuchBlueprint(item, each)) ?? false);
  }
  return result;
}
