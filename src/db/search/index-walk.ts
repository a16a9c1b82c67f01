import { sql, type SQL } from "drizzle-orm";

import type {
  ContractFilters,
  ContractQuery,
  ContractSortKey,
} from "../../domain/contract-query.ts";
import { coveredByRegionCounts, isSingleRareType } from "../../domain/counted-filters.ts";

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

/** The narrowest of the walked indexes: of ships, of one region, of one of the rarer types, or all. */
function indexName(filters: ContractFilters, key: WalkedKey): string {
  const isOneRegion = filters.regionIds?.length === 1;
  if (filters.isShip) return isOneRegion ? `ships_by_region_${key}` : `ships_by_${key}`;
  if (isSingleRareType(filters)) return `others_by_${key}`;
  return isOneRegion ? `contracts_by_region_${key}` : `contracts_by_${key}`;
}

/** The index that a page can be read off without looking at anything else; undefined if none is. */
export function indexWalkFor({ filters, sort }: ContractQuery): IndexWalk | undefined {
  const { key } = sort;
  if (!coveredByRegionCounts(filters) || !isWalked(key)) return undefined;
  const name = indexName(filters, key);
  return {
    index: sql.raw(name),
    condition: name.startsWith("others") ? sql`contracts.type <> 'item_exchange'` : sql`1`,
    hasNulls: key === "price",
  };
}
