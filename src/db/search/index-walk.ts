import { sql, type SQL } from "drizzle-orm";

import type {
  ContractFilters,
  ContractQuery,
  ContractSortKey,
} from "../../domain/contract-query.ts";

/** An index that has matching contracts in the order asked for. */
export type IndexWalk = {
  index: SQL;
  /** What SQLite must read to see that the index holds every match. */
  condition: SQL;
  /** Whether rows without the key follow those with it. */
  hasNulls: boolean;
};

const walkedKeys = ["date_issued", "date_expired", "price"] as const;
type WalkedKey = (typeof walkedKeys)[number];

const isWalked = (key: ContractSortKey): key is WalkedKey =>
  (walkedKeys as readonly string[]).includes(key);

/** Filters whose totals the regions' counts say, and whose pages an index has in order. */
const walkedFilters: readonly string[] = [
  "statuses",
  "types",
  "regionIds",
  "isShip",
] satisfies (keyof ContractFilters)[];

/** Whether the regions' counts say how many contracts match. */
export const isCounted = ({ filters }: Pick<ContractQuery, "filters">): boolean =>
  filters.statuses.length === 1 &&
  filters.statuses[0] === "outstanding" &&
  Object.keys(filters).every((name) => walkedFilters.includes(name));

/** The narrowest of the walked indexes: of ships, of one region, of one of the rarer types, or all. */
function indexName({ isShip, regionIds, types }: ContractFilters, key: WalkedKey): string {
  const isOneRegion = regionIds?.length === 1;
  if (isShip) return isOneRegion ? `ships_by_region_${key}` : `ships_by_${key}`;
  if (isOneRegion) return `contracts_by_region_${key}`;
  const isOneOther = types?.length === 1 && types[0] !== "item_exchange";
  return isOneOther ? `others_by_${key}` : `contracts_by_${key}`;
}

/** The index that a query is answered from without looking at anything else; undefined where none is. */
export function indexWalkFor(query: ContractQuery): IndexWalk | undefined {
  const { key } = query.sort;
  if (!isCounted(query) || !isWalked(key)) return undefined;
  const name = indexName(query.filters, key);
  return {
    index: sql.raw(name),
    condition: name.startsWith("others") ? sql`contracts.type <> 'item_exchange'` : sql`1`,
    hasNulls: key === "price",
  };
}
