import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { loadTestUniverse } from "../../support/universe.ts";
import { corpus, type Question, question, toSearch } from "./arbitrary.ts";
import { createOracle, type OracleAnswer } from "./oracle.ts";
import { createSearching, type Totals } from "./searching.ts";
import { wideUniverse } from "./wide-universe.ts";

const corpora = 50;
const questionsEach = 60;

const searching = createSearching();

/** Asks for all pages; each says the same totals. */
async function walk(asked: Question): Promise<OracleAnswer & { pages: number[] }> {
  const ids: number[] = [];
  const pages: number[] = [];
  let cursor: string | null = null;
  let first: Totals | undefined;
  do {
    const search = toSearch(asked, pages.length % 2 === 0 ? "commas" : "repeated");
    if (cursor) search.set("cursor", cursor);
    const { data, meta } = await searching.list(search);
    ids.push(...data.map(({ contract_id }) => contract_id));
    pages.push(data.length);
    const { next_cursor: next, ...totals }: typeof meta = meta;
    first ??= totals;
    expect(totals).toEqual(first);
    cursor = next;
  } while (cursor);
  const { as_of: _asOf, stale: _stale, ...totals } = first;
  return { ids, ...totals, pages };
}

describe("GET /v1/contracts", () => {
  it("answers random questions about random corpora as a slow, obvious search does", async () => {
    await loadTestUniverse(wideUniverse);
    const now = searching.clock.now();
    let corporaDone = 0;
    let cases = 0;
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(
        corpus(now),
        fc.array(question(now), { minLength: questionsEach, maxLength: questionsEach }),
        async (contracts, questions) => {
          // Row groups may be out of date at any moment: then they are made of their contracts.
          await searching.store(contracts, wideUniverse, {
            leavesRowGroups: corporaDone % 2 === 1,
          });
          corporaDone += 1;
          const ask = createOracle(contracts, wideUniverse, now);
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
      { numRuns: corpora, endOnFailure: true },
    );
    console.log(`${cases} questions, ${matched} of them with matches`);
    expect(matched).toBeGreaterThan(cases / 4);
  }, 300_000);
});
