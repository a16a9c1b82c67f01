/** The app over a corpus in D1, with the bill of what it asks of the database. */
import { env } from "cloudflare:workers";

import { createApp } from "../../../src/app.ts";
import { createContainer } from "../../../src/container.ts";
import { createDatabase } from "../../../src/db/client.ts";
import type { Universe } from "../../esi-stand-in/universe.ts";
import { type CorpusContract, insertCorpus } from "../../support/corpus.ts";
import { createClock, testEnv } from "../../support/harness.ts";
import { meteredD1 } from "../../support/metered-d1.ts";
import { regionIds as smallRegionIds } from "./arbitrary.ts";
import type { OracleAnswer } from "./oracle.ts";
import { testPrices } from "./prices.ts";

export type Totals = Omit<OracleAnswer, "ids"> & { as_of: string | null; stale: boolean };

export type List = {
  data: { contract_id: number; price: number | null; [field: string]: unknown }[];
  meta: Totals & { next_cursor: string | null };
};

export function createSearching() {
  const clock = createClock();
  const meter = meteredD1(env.DB);
  const app = createApp((bindings) => createContainer(bindings, { now: clock.now }));
  const bindings: Env = { ...testEnv, DB: meter.db };

  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers }, bindings);

  async function json<Body>(path: string): Promise<Body> {
    const response = await get(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  return {
    clock,
    meter,
    get,
    json,
    list: (search: URLSearchParams | string) => json<List>(`/v1/contracts?${String(search)}`),

    /** Replaces all contracts. */
    async store(
      contracts: Iterable<CorpusContract>,
      universe: Universe,
      {
        regionIds = smallRegionIds,
        leavesRowGroups = false,
      }: { regionIds?: readonly number[]; leavesRowGroups?: boolean } = {},
    ): Promise<void> {
      const tables = [
        "contracts",
        "contract_items",
        "listed_search",
        "ended_search",
        "region_states",
        "hulls",
        "row_groups",
        "row_group_columns",
      ];
      await env.DB.batch(tables.map((table) => env.DB.prepare(`delete from ${table}`)));
      const db = createDatabase(env.DB);
      await insertCorpus(db, {
        universe,
        contracts,
        regionIds,
        prices: testPrices,
        at: clock.now(),
        leavesRowGroups,
      });
    },
  };
}

export type Searching = ReturnType<typeof createSearching>;
