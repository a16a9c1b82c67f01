import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../../src/db/client.ts";
import { createContractRepository } from "../../../src/db/contracts/contract-repository.ts";
import { contractSortKeys } from "../../../src/domain/contract-query.ts";
import { noRoute } from "../../../src/domain/courier-route.ts";
import { parseContractRow } from "../../../src/esi/contract-row.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { loadTestUniverse } from "../../support/universe.ts";
import { corpus } from "./arbitrary.ts";
import { createOracle, type OracleContract } from "./oracle.ts";
import { createSearching } from "./searching.ts";

const searching = createSearching();
const sorts = contractSortKeys
  .flatMap((key) => [key, `-${key}`])
  .map((sort) => ({ sort, ...(/^-?jumps$/.test(sort) ? { from_system_id: 30_000_142 } : {}) }));

const searchOf = (query: object) => new URLSearchParams(Object.entries(query)).toString();

/** Everything a walk visits, page by page; `between` happens after each page but the last. */
async function visited(
  search: string,
  between: (page: number) => Promise<void>,
): Promise<number[]> {
  const ids: number[] = [];
  let cursor = "";
  for (let page = 0; ; page += 1) {
    const { data, meta } = await searching.list(`${search}${cursor}`);
    ids.push(...data.map(({ contract_id }) => contract_id));
    if (!meta.next_cursor) return ids;
    cursor = `&cursor=${meta.next_cursor}`;
    await between(page);
  }
}

/** Outstanding item exchanges, whatever the corpus said: all of them match throughout. */
function listed(contracts: readonly OracleContract[], now: number): OracleContract[] {
  const expiry = new Date(now + 86_400_000).toISOString();
  return contracts.map((contract) => ({
    ...contract,
    endedAt: null,
    row: { ...contract.row, date_expired: `${expiry.slice(0, 19)}Z` },
  }));
}

/** A list of their region that lacks some contracts, and holds some more. */
async function change(ended: readonly OracleContract[], added: readonly OracleContract[]) {
  const db = createDatabase(env.DB);
  const contracts = createContractRepository(db);
  const at = searching.clock.now();
  const times = { endedAt: Math.floor(at / 1000), lastListedAt: null };
  const rows = added.flatMap(({ row }) => parseContractRow(row) ?? []);
  const placed = rows.map((row) => ({
    ...row,
    startSystemId: null,
    startSecurityClass: null,
    ...noRoute,
  }));
  await db.batch([
    ...contracts.unlist(
      ended.map(({ row }) => row.contract_id),
      times,
    ),
    ...(placed.length > 0 ? contracts.insertListed(10_000_002, placed, at, []) : []),
  ]);
}

describe("a walk along next_cursor", () => {
  it("visits every match exactly once, by each sort, through ties and nulls", async () => {
    await loadTestUniverse();
    const now = searching.clock.now();
    await fc.assert(
      fc.asyncProperty(corpus(now), fc.constantFrom(1, 3, 10), async (contracts, limit) => {
        await searching.store(contracts, smallUniverse);
        const ask = createOracle(contracts, smallUniverse, now);
        for (const sort of sorts) {
          const ids = await visited(`${searchOf(sort)}&limit=${limit}`, async () => {});
          expect(ids, sort.sort).toEqual(ask(sort).ids);
        }
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  it("visits each contract that matches throughout exactly once, while others come and go", async () => {
    await loadTestUniverse();
    const now = searching.clock.now();
    await fc.assert(
      fc.asyncProperty(
        corpus(now),
        fc.constantFrom(...sorts),
        fc.array(fc.record({ end: fc.nat(200), add: fc.nat(200) }), {
          minLength: 1,
          maxLength: 20,
        }),
        async (made, sort, changes) => {
          const contracts = listed(made, now);
          // Two of three are there from the start; the others come in between.
          const start = contracts.filter((_, index) => index % 3 > 0);
          const waiting = contracts.filter((_, index) => index % 3 === 0);
          await searching.store(start, smallUniverse);
          const gone = new Set<number>();
          const ids = await visited(`${searchOf(sort)}&limit=4`, async (page) => {
            const { end, add } = changes[page % changes.length] ?? { end: 0, add: 0 };
            const ended = start.filter((_, index) => index === end % (start.length + 1));
            for (const { row } of ended) gone.add(row.contract_id);
            await change(ended, waiting.splice(0, add % 3));
          });

          const throughout = start.map(({ row }) => row.contract_id).filter((id) => !gone.has(id));
          const counts = throughout.map((id) => ids.filter((each) => each === id).length);
          expect(counts).toEqual(throughout.map(() => 1));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
