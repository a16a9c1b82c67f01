import { sql, type SQL } from "drizzle-orm";

import type {
  ContractPosition,
  ContractQuery,
  ContractSort,
  ContractSortKey,
} from "../../domain/contract-query.ts";
import { priceToValue, rewardPerJump, rewardPerVolume } from "./derived-columns.ts";
import { jumpsToStart } from "./jumps.ts";

/** What contracts are sorted by; null is unknown. */
const sortColumns: Record<Exclude<ContractSortKey, "jumps">, SQL> = {
  date_issued: sql`contracts.date_issued`,
  date_expired: sql`contracts.date_expired`,
  first_seen_at: sql`contracts.first_seen_at`,
  price: sql`contracts.price`,
  reward: sql`contracts.reward`,
  collateral: sql`contracts.collateral`,
  volume: sql`contracts.volume`,
  buyout: sql`contracts.buyout`,
  days_to_complete: sql`contracts.days_to_complete`,
  reward_per_volume: rewardPerVolume,
  reward_per_jump: rewardPerJump,
  route_jumps: sql`contracts.route_jumps`,
  value_sell: sql`contracts.value_sell`,
  price_to_value: priceToValue,
  label: sql`contracts.label`,
};

export function sortColumn({ sort: { key }, reach }: Pick<ContractQuery, "sort" | "reach">): SQL {
  if (key !== "jumps") return sortColumns[key];
  return reach ? jumpsToStart(reach) : sql`null`;
}

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
  const isNext = sql`${contractId} ${beyond} ${position.contractId}`;
  if (position.value === null) return sql`${key} is null and ${isNext}`;
  const { value } = position;
  return sql`(${key} ${beyond} ${value} or (${key} = ${value} and ${isNext}) or ${key} is null)`;
}
