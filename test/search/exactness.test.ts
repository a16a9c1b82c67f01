import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createApp } from "../../src/app.ts";
import { createDatabase } from "../../src/db/client.ts";
import { createWorld } from "../esi/hand-made.ts";
import { smallUniverse } from "../esi/small-universe.ts";
import { insertCorpus } from "../support/corpus.ts";
import { createClock, createHarness } from "../support/harness.ts";
import { loadTestUniverse } from "../support/universe.ts";
import { corpus, type Question, question, regionIds, toSearch } from "./arbitrary.ts";
import { createOracle, type OracleAnswer, type OracleContract } from "./oracle.ts";

const clock = createClock();
const harness = createHarness({ world: createWorld({ at: clock.date() }), clock });
const app = createApp(() => harness.container());

type Totals = Omit<OracleAnswer, "ids"> & { as_of: string | null; stale: boolean };
type List = {
  data: { contract_id: number }[];
  meta: Totals & { next_cursor: string | null };
};

async function store(contracts: readonly OracleContract[]): Promise<void> {
  const tables = ["contracts", "contract_items", "listed_search", "ended_search", "region_states"];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`delete from ${table}`)));
  const db = createDatabase(env.DB);
  await insertCorpus(db, { universe: smallUniverse, contracts, regionIds, at: clock.now() });
}

/** Asks for all pages; each says the same totals. */
async function walk(asked: Question): Promise<OracleAnswer & { pages: number[] }> {
  const ids: number[] = [];
  const pages: number[] = [];
  let cursor: string | null = null;
  let first: Totals | undefined;
  do {
    const search = toSearch(asked, pages.length % 2 === 0 ? "commas" : "repeated");
    if (cursor) search.set("cursor", cursor);
    const response: Response = await app.request(`/v1/contracts?${search}`, {}, harness.env);
    expect(response.status, await response.clone().text()).toBe(200);
    const { data, meta }: List = await response.json();
    ids.push(...data.map(({ contract_id }) => contract_id));
    pages.push(data.length);
    const { next_cursor: next, ...totals } = meta;
    if (first) expect(totals).toEqual({ ...first });
    first ??= totals;
    cursor = next;
  } while (cursor);
  const { as_of: _asOf, stale: _stale, ...totals } = first;
  return { ids, ...totals, pages };
}

describe("GET /v1/contracts", () => {
  it("answers random questions about random corpora as a slow, obvious search does", async () => {
    await loadTestUniverse();
    let cases = 0;
    let matched = 0;
    const now = clock.now();
    await fc.assert(
      fc.asyncProperty(
        corpus(now),
        fc.array(question(now), { minLength: 60, maxLength: 60 }),
        async (contracts, questions) => {
          await store(contracts);
          const ask = createOracle(contracts, smallUniverse, now);
          for (const asked of questions) {
            const { pages, ...answer } = await walk(asked);
            expect(answer, toSearch(asked).toString()).toEqual(ask(asked.query));
            // Full pages, and one that is not: nothing is cut short on the way.
            expect(pages.slice(0, -1).every((length) => length === asked.limit)).toBe(true);
            cases += 1;
            matched += Number(answer.total > 0);
          }
        },
      ),
      { numRuns: 100 },
    );
    console.log(`${cases} questions, ${matched} of them with matches`);
    expect(matched).toBeGreaterThan(cases / 4);
  }, 300_000);
});
