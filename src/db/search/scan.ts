/** Every listed contract looked at, over the columns of row groups. */
import type { ContractPosition, ContractQuery, FilterName } from "../../domain/contract-query.ts";
import { contractTypes, type CountByType, countByType } from "../../domain/contract.ts";
import { countsUnknownSystem } from "../../domain/counted-filters.ts";
import type { RowGroupColumn } from "../row-groups/columns.ts";
import type { Numbers, RowGroup } from "../row-groups/row-group-cache.ts";
import type { Condition, Role } from "./conditions.ts";
import { evaluate, type Surroundings } from "./evaluate.ts";
import { columnsOf } from "./expression.ts";
import { conditionName } from "./relaxations.ts";
import { positionOrder, sortExpression } from "./sort-keys.ts";
import { createTop } from "./top.ts";

/** Contracts that the full-text index found, for each expression that was asked of it. */
export type Found = ReadonlySet<number>;

/** A condition with the contracts that its full-text expression found, if it has one. */
export type AnsweredCondition = Condition & { found?: Found | undefined };

export type ScanResult = {
  byType: CountByType;
  unknownSystem: number | null;
  unreachable: number;
  /** The contracts of the page and the one after it, if there is one. */
  page: ContractPosition[];
};

/** The columns that a scan for a query reads. */
export function scannedColumns(
  query: ContractQuery,
  conditions: readonly Condition[],
): RowGroupColumn[] {
  const expressions = conditions.flatMap(({ expression }) => expression ?? []);
  return [
    ...new Set<RowGroupColumn>([
      "type",
      "start_system_id",
      ...[...expressions, sortExpression(query)].flatMap(columnsOf),
    ]),
  ];
}

type Mask = Uint8Array<ArrayBuffer>;

/** Removes from a mask the contracts for which a condition is not true. */
function keepTrue(mask: Mask, condition: AnsweredCondition, group: RowGroup, around: Surroundings) {
  const { expression, found } = condition;
  if (expression) {
    const values = evaluate(expression, group, around);
    for (let row = 0; row < mask.length; row += 1) {
      const value = values[row] ?? Number.NaN;
      if (value === 0 || value !== value) mask[row] = 0;
    }
  }
  if (found) {
    const ids = group.numbers("contract_id");
    for (let row = 0; row < mask.length; row += 1) {
      if (mask[row] === 1 && !found.has(ids[row] ?? 0)) mask[row] = 0;
    }
  }
}

function sortKeys(query: ContractQuery, group: RowGroup, around: Surroundings) {
  const expression = sortExpression(query);
  if (expression.kind === "column" && expression.name === "label") return group.texts("label");
  const values = evaluate(expression, group, around);
  return { at: (row: number) => orNull(values[row]) };
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || value !== value ? null : value;

/** Counts what matches, and finds the page after the query's position. */
export function scan(
  groups: readonly RowGroup[],
  query: ContractQuery,
  conditions: readonly AnsweredCondition[],
  around: Surroundings,
): ScanResult {
  const { filters, sort, limit, after } = query;
  const ofRole = Map.groupBy(conditions, ({ role }) => role);
  const counts = contractTypes.map(() => 0);
  const order = positionOrder(sort);
  const top = createTop(limit + 1, order);
  const countsUnknown = countsUnknownSystem(filters);
  const reach = filters.within?.reach;
  let unknownSystem = 0;
  let unreachable = 0;

  for (const group of groups) {
    const maskOf = (role: Role, start?: Mask): Mask => {
      const mask = start ? start.slice() : new Uint8Array(group.size).fill(1);
      for (const condition of ofRole.get(role) ?? []) keepTrue(mask, condition, group, around);
      return mask;
    };
    const passes = maskOf("filter");
    if (!passes.includes(1)) continue;
    const isType = maskOf("type");
    const isPlaced = maskOf("place", passes);
    const isNear = maskOf("reach", isPlaced);
    const jumps: Numbers | undefined = reach && evaluate({ kind: "jumps", reach }, group, around);
    const ids = group.numbers("contract_id");
    const types = group.numbers("type");
    const systems = group.numbers("start_system_id");
    const keys = sortKeys(query, group, around);
    for (let row = 0; row < group.size; row += 1) {
      if (passes[row] === 0) continue;
      if (isNear[row] === 1) {
        const type = types[row] ?? 0;
        counts[type] = (counts[type] ?? 0) + 1;
      }
      if (isType[row] === 0) continue;
      if (countsUnknown && orNull(systems[row]) === null) unknownSystem += 1;
      if (jumps && isPlaced[row] === 1 && orNull(jumps[row]) === null) unreachable += 1;
      if (isNear[row] === 0) continue;
      const position = { value: keys.at(row) ?? null, contractId: ids[row] ?? 0 };
      if (after === null || order(position, after) > 0) top.add(position);
    }
  }
  return {
    byType: countByType((type) => counts[contractTypes.indexOf(type)] ?? 0),
    unknownSystem: countsUnknown ? unknownSystem : null,
    unreachable,
    page: top.sorted(),
  };
}

/** How many contracts match without each filter. */
export type LiftedCounts = Partial<Record<FilterName, number>>;

/** A filter of which it is counted what matches without it, with what takes its place. */
export type Lifted = { name: FilterName; instead: AnsweredCondition | undefined };

/**
 * Counts contracts that fail one condition and no other. They match once that filter is lifted. The
 * filters on items are one condition together. Each of them may have a remaining condition in its
 * place.
 */
export function countLifted(
  groups: readonly RowGroup[],
  conditions: readonly AnsweredCondition[],
  lifted: readonly Lifted[],
  around: Surroundings,
): LiftedCounts {
  const result: LiftedCounts = {};
  for (const { name } of lifted) result[name] = 0;
  for (const group of groups) {
    const failures = new Uint8Array(group.size);
    const failed = new Uint8Array(group.size);
    for (const [index, condition] of conditions.entries()) {
      const mask: Mask = new Uint8Array(group.size).fill(1);
      keepTrue(mask, condition, group, around);
      for (let row = 0; row < group.size; row += 1) {
        if (mask[row] === 1) continue;
        failures[row] = Math.min((failures[row] ?? 0) + 1, 2);
        failed[row] = index;
      }
    }
    for (const { name, instead } of lifted) {
      const place = conditions.findIndex((each) => each.name === conditionName(name));
      const mask = Uint8Array.from(failures, (count, row) =>
        Number(count === 1 && failed[row] === place),
      );
      if (!mask.includes(1)) continue;
      if (instead) keepTrue(mask, instead, group, around);
      result[name] = (result[name] ?? 0) + mask.reduce((sum, bit) => sum + bit, 0);
    }
  }
  return result;
}
