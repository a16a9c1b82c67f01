import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../../src/db/client.ts";
import { listedRelaxations, maxFound } from "../../../src/db/search/listed-scan.ts";
import type { ContractQuery } from "../../../src/domain/contract-query.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { loadTestUniverse } from "../../support/universe.ts";
import { createSearching } from "./searching.ts";

const searching = createSearching();
const db = createDatabase(env.DB);

const titled = 3;

/** Nothing is so dear: each of the three contracts fails this filter alone. */
const query: ContractQuery = {
  filters: { statuses: ["outstanding"], text: "cheap", price: { min: 1e15 } },
  sort: { key: "date_issued", isDescending: true },
  reach: null,
  limit: 1,
  after: null,
};

/** Relaxations of the query, after a search that has found so many documents already. */
async function relaxationsAfter(foundBefore: number) {
  await loadTestUniverse();
  const now = searching.clock.now();
  const contracts = Array.from({ length: titled }, (_, index) => ({
    regionId: 10_000_002,
    firstSeenAt: now,
    items: [{ record_id: index, type_id: 34, quantity: 1, is_included: true }],
    row: {
      contract_id: index + 1,
      type: "item_exchange" as const,
      title: "cheap",
      price: 5,
      issuer_id: 1,
      issuer_corporation_id: 2,
      date_issued: "2026-03-01T00:00:00Z",
      date_expired: "2026-03-20T00:00:00Z",
      start_location_id: 60_003_760,
    },
  }));
  await searching.store(contracts, smallUniverse);
  const known = new Map([
    ["another", new Set(Array.from({ length: foundBefore }, (_, index) => index))],
  ]);
  const asked = listedRelaxations(query, known, now);
  const [a, b, c, d, medians, ...found] = await db.batch([
    ...asked.groups,
    asked.medians,
    ...asked.found,
  ]);
  return asked.read([a, b, c, d], medians, found);
}

describe("the budget of relaxations", () => {
  it("counts as long as enough documents are left in it", async () => {
    expect(await relaxationsAfter(maxFound - titled)).toEqual({ text: 0, "price.min": titled });
  });

  it("skips a filter that has too few documents left, and counts the rest", async () => {
    expect(await relaxationsAfter(maxFound - titled + 1)).toEqual({ text: 0 });
  });
});
