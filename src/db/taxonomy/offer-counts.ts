/** How many outstanding contracts offer what, and start where: counted over row groups. */
import { sql, type SQL } from "drizzle-orm";

import { type EpochMs, toSeconds } from "../../lib/time.ts";
import { jsonIds } from "../d1.ts";
import type { RowGroup } from "../row-groups/row-group-cache.ts";

export const countedColumns = [
  "date_expired",
  "start_system_id",
  "offered_type_id",
  "offered_group_id",
  "offered_category_id",
  "offered_types",
] as const;

/** Numbers of contracts by id; of what no contract has there is no number. */
export type OfferCounts = Record<"type" | "group" | "category" | "system", Map<number, number>>;

const countIn = (counts: Map<number, number>, id: number | undefined): void => {
  // NaN: nobody knows, or there are several.
  if (id === undefined || id !== id) return;
  counts.set(id, (counts.get(id) ?? 0) + 1);
};

/** A contract that offers several types of a group counts once there. */
export function countOffers(groups: readonly RowGroup[], now: EpochMs): OfferCounts {
  const counts: OfferCounts = {
    type: new Map(),
    group: new Map(),
    category: new Map(),
    system: new Map(),
  };
  const at = toSeconds(now);
  for (const group of groups) {
    const expiry = group.numbers("date_expired");
    const systems = group.numbers("start_system_id");
    const ofOne = [
      [counts.type, group.numbers("offered_type_id")],
      [counts.group, group.numbers("offered_group_id")],
      [counts.category, group.numbers("offered_category_id")],
    ] as const;
    for (const [row, types] of group.offeredTypes().entries()) {
      if ((expiry[row] ?? 0) <= at) continue;
      countIn(counts.system, systems[row]);
      if (types === null) {
        for (const [count, ids] of ofOne) countIn(count, ids[row]);
        continue;
      }
      for (const [place, [count]] of ofOne.entries()) {
        for (const id of new Set(types.map((type) => type[place]))) countIn(count, id);
      }
    }
  }
  return counts;
}

/** Ids up to here have a place in the table; all types and groups of today do. */
const idsInTable = 131_072;

/**
 * Whether an id is one of many: a table with a character an id, in which SQLite finds a place without
 * reading a row. `json_each` would cost a row an id, in each query.
 */
export function isAmongMany(id: SQL, ids: Iterable<number>): SQL {
  const table = new Uint8Array(idsInTable).fill(0x30);
  const others: number[] = [];
  for (const each of ids) {
    if (each >= 0 && each < idsInTable) table[each] = 0x31;
    else others.push(each);
  }
  const characters = new TextDecoder().decode(table.subarray(0, table.lastIndexOf(0x31) + 1));
  const inTable = sql`(substr((select cast(${characters} as blob)), ${id} + 1, 1) is x'31')`;
  return others.length === 0 ? inTable : sql`(${inTable} or ${id} in ${jsonIds(others)})`;
}
