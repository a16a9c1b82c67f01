import { sql } from "drizzle-orm";

import type { ContractType } from "../domain/contract.ts";
import { type Countable, count, noCounts, type RegionCounts } from "../domain/region-counts.ts";
import { type EpochMs, toSeconds } from "../lib/time.ts";
import { flagFromColumn, jsonIds } from "./d1.ts";

export type CountedRow = {
  region_id: number;
  type: ContractType;
  is_ship: number | null;
  is_system_known: number;
  is_pending: number;
  contracts: number;
};

const countedColumns = sql`
  region_id, type, is_ship, start_system_id is not null as is_system_known,
    items_status = 'pending' as is_pending, count(*) as contracts`;

/** Counts all that regions list, from one index: what is kept of them is the same, if it can be read. */
export const listedCounts = (regionIds: readonly number[]) => sql<CountedRow>`
  select ${countedColumns}
  from contracts indexed by contracts_listed
  where is_listed = 1 and region_id in ${jsonIds(regionIds)}
  group by 1, 2, 3, 4, 5`;

/** Counts what `date_expired` has put an end to since the last lists, by what `RegionCounts` counts. */
export const expiredCounts = (now: EpochMs) => sql<CountedRow>`
  select ${countedColumns}
  from contracts indexed by contracts_by_date_expired
  where is_listed = 1 and date_expired <= ${toSeconds(now)}
  group by 1, 2, 3, 4, 5`;

export function countsFromRows(rows: readonly CountedRow[]): Map<number, RegionCounts> {
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
