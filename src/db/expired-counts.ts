import { sql } from "drizzle-orm";

import type { ContractType } from "../domain/contract.ts";
import { type Countable, count, noCounts, type RegionCounts } from "../domain/region-counts.ts";
import { type EpochMs, toSeconds } from "../lib/time.ts";
import { flagFromColumn } from "./d1.ts";

export type ExpiredRow = {
  region_id: number;
  type: ContractType;
  is_ship: number | null;
  is_system_known: number;
  is_pending: number;
  contracts: number;
};

/** Counts what `date_expired` has put an end to since the last lists, by what `RegionCounts` counts. */
export const expiredCounts = (now: EpochMs) => sql<ExpiredRow>`
  select region_id, type, is_ship, start_system_id is not null as is_system_known,
    items_status = 'pending' as is_pending, count(*) as contracts
  from contracts indexed by contracts_by_date_expired
  where is_listed = 1 and date_expired <= ${toSeconds(now)}
  group by 1, 2, 3, 4, 5`;

export function expiredFromRows(rows: readonly ExpiredRow[]): Map<number, RegionCounts> {
  const byRegion = new Map<number, RegionCounts>();
  for (const row of rows) {
    const counts = byRegion.get(row.region_id) ?? noCounts();
    byRegion.set(row.region_id, counts);
    const contract: Countable = {
      type: row.type,
      isShip: flagFromColumn(row.is_ship),
      isSystemKnown: row.is_system_known === 1,
      isPending: row.is_pending === 1,
    };
    count(counts, contract, row.contracts);
  }
  return byRegion;
}
