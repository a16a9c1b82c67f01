import { sql, type SQL } from "drizzle-orm";

import type {
  ContractPosition,
  ContractQuery,
  ContractSort,
  ContractSortKey,
} from "../../domain/contract-query.ts";
import { priceToValue, rewardPerJump, rewardPerVolume } from "./derived-columns.ts";
import { toSql } from "./expression-sql.ts";
import { column, type Expression, number } from "./expression.ts";

/** What contracts are sorted by; null is unknown. */
const sortExpressions: Record<Exclude<ContractSortKey, "jumps">, Expression> = {
  date_issued: column("date_issued"),
  date_expired: column("date_expired"),
  first_seen_at: column("first_seen_at"),
  price: column("price"),
  reward: column("reward"),
  collateral: column("collateral"),
  volume: column("volume"),
  buyout: column("buyout"),
  days_to_complete: column("days_to_complete"),
  reward_per_volume: rewardPerVolume,
  reward_per_jump: rewardPerJump,
  route_jumps: column("route_jumps"),
  value_sell: column("value_sell"),
  price_to_value: priceToValue,
  label: column("label"),
};

type Sorting = Pick<ContractQuery, "sort" | "reach">;

export function sortExpression({ sort: { key }, reach }: Sorting): Expression {
  if (key !== "jumps") return sortExpressions[key];
  return reach ? { kind: "jumps", reach } : number(null);
}

export const sortColumn = (sorting: Sorting): SQL => toSql(sortExpression(sorting));

/** Rows of `key` and `contract_id`, in order: nulls last either way, ties in the same direction. */
export const inOrder = ({ isDescending }: ContractSort, key: SQL, contractId: SQL): SQL =>
  isDescending
    ? sql`${key} is null, ${key} desc, ${contractId} desc`
    : sql`${key} is null, ${key}, ${contractId}`;

/** Rows that come after a position. */
export function isAfter(
  position: ContractPosition,
  { isDescending }: ContractSort,
  key: SQL,
  contractId: SQL,
): SQL {
  const beyond = isDescending ? sql`<` : sql`>`;
  const nextById = sql`${contractId} ${beyond} ${position.contractId}`;
  if (position.value === null) return sql`${key} is null and ${nextById}`;
  const { value } = position;
  return sql`(${key} ${beyond} ${value} or (${key} = ${value} and ${nextById}) or ${key} is null)`;
}

type Value = ContractPosition["value"];

/** A UTF-16 unit by the place of its code point: those beyond U+FFFF come last. */
function placeOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Texts as SQLite compares them: by their bytes in UTF-8, which is by their code points. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = placeOf(a.charCodeAt(at)) - placeOf(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareValues(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareTexts(String(a), String(b));
}

/** `inOrder` for positions outside of SQL. */
export const positionOrder =
  ({ isDescending }: ContractSort) =>
  (a: ContractPosition, b: ContractPosition): number => {
    if (a.value === null || b.value === null) {
      if (a.value !== null) return -1;
      if (b.value !== null) return 1;
    }
    const sign = isDescending ? -1 : 1;
    const difference =
      a.value === null || a.value === b.value ? 0 : compareValues(a.value, b.value);
    return sign * (difference || a.contractId - b.contractId);
  };
