import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../src/db/client.ts";
import { rowGroupsWith } from "../../src/db/row-groups/row-group-cache.ts";
import {
  countedColumns,
  countOffers,
  isAmongMany,
  type OfferCounts,
} from "../../src/db/taxonomy/offer-counts.ts";
import { loadTestUniverse } from "../support/universe.ts";
import { corpus } from "./search/arbitrary.ts";
import type { OracleContract } from "./search/oracle.ts";
import { createSearching } from "./search/searching.ts";
import { wideUniverse } from "./search/wide-universe.ts";

const db = createDatabase(env.DB);

/** Counted contract by contract, from what the corpus says. */
function countedSlowly(contracts: readonly OracleContract[], now: number) {
  const counts: Record<keyof OfferCounts, Record<number, number>> = {
    type: {},
    group: {},
    category: {},
    system: {},
  };
  const { types, groups, stations } = wideUniverse;
  for (const { row, items, endedAt = null } of contracts) {
    if (endedAt !== null || Date.parse(row.date_expired) <= now) continue;
    const hasItems = row.type === "item_exchange" || row.type === "auction";
    const offered = (hasItems ? (items ?? []) : []).filter((item) => item.is_included);
    const typeIds = offered.map(({ type_id: typeId }) => typeId);
    const groupIds = typeIds.map((typeId) => types.get(typeId)?.groupId ?? -1);
    const categoryIds = groupIds.map((groupId) => groups.get(groupId)?.categoryId ?? -1);
    const systemId = stations.get(row.start_location_id ?? 0)?.systemId;
    const ids = {
      type: typeIds,
      group: groupIds,
      category: categoryIds,
      system: systemId === undefined ? [] : [systemId],
    };
    for (const kind of ["type", "group", "category", "system"] as const) {
      for (const id of new Set(ids[kind])) counts[kind][id] = (counts[kind][id] ?? 0) + 1;
    }
  }
  return counts;
}

describe("countOffers", () => {
  it("counts contracts as a slow count does, once each whatever they offer", async () => {
    await loadTestUniverse(wideUniverse);
    const searching = createSearching();
    const now = searching.clock.now();
    let counted = 0;
    await fc.assert(
      fc.asyncProperty(corpus(now), fc.boolean(), async (contracts, leavesRowGroups) => {
        await searching.store(contracts, wideUniverse, { leavesRowGroups });
        const groups = rowGroupsWith(countedColumns);

        const counts = countOffers(groups.read(...(await db.batch(groups.queries))) ?? [], now);

        const plain = Object.fromEntries(
          Object.entries(counts).map(([kind, byId]) => [kind, Object.fromEntries(byId)]),
        );
        expect(plain).toEqual(countedSlowly(contracts, now));
        counted += counts.type.size;
      }),
      { numRuns: 25 },
    );
    expect(counted).toBeGreaterThan(50);
  }, 60_000);
});

describe("isAmongMany", () => {
  it.each([
    [[], [0, 5]],
    [[0], [0, 1]],
    [
      [5, 90_000, 131_071],
      [4, 5, 90_000, 131_071],
    ],
    [
      [5, 131_072, 2_000_000_000],
      [5, 131_071, 131_072, 2_000_000_000],
    ],
  ])("says of ids whether they are among %j", async (ids, asked) => {
    const among = new Set(ids);
    for (const id of asked) {
      const [row] = await db.all(
        sql<{ found: number }>`select ${isAmongMany(sql`${id}`, ids)} as found`,
      );
      expect([id, row?.found]).toEqual([id, Number(among.has(id))]);
    }
  });
});
