import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../../src/db/client.ts";
import { createContractRepository } from "../../../src/db/contracts/contract-repository.ts";
import { toSeconds } from "../../../src/lib/time.ts";
import { createNewEden } from "../../esi-stand-in/new-eden/new-eden.ts";
import { shippedUniverse } from "../../esi-stand-in/shipped-universe.ts";
import { contractsOf, renewRowGroups } from "../../support/corpus.ts";
import { loadTestUniverse } from "../../support/universe.ts";
import { question, toSearch } from "./arbitrary.ts";
import { createSearching, type Searching } from "./searching.ts";

const outstanding = 100_000;
const sorts = ["date_issued", "date_expired", "price"].flatMap((key) => [key, `-${key}`]);

/** What one request costs. */
async function cost({ meter, list }: Searching, search: string) {
  meter.reset();
  const { meta } = await list(search);
  return { search, total: meta.total, ...meter.bill() };
}

/** Values of a column that so many contracts at most have, spread over how many those are. */
async function valuesOf(query: string): Promise<string[]> {
  const { results } = await env.DB.prepare(query).all<{ value: number | string; n: number }>();
  const step = Math.max(Math.floor(results.length / 12), 1);
  return results.filter((_, index) => index % step === 0).map(({ value }) => String(value));
}

const selective = {
  type_id: `select type_id as value, count(distinct contract_id) as n from contract_items
    where is_included = 1 group by 1 having n <= 1000 order by n`,
  group_id: `select group_id as value, count(distinct contract_id) as n from contract_items join types using (type_id)
    where is_included = 1 group by 1 having n <= 1000 order by n`,
  system_id: `select start_system_id as value, count(*) as n from contracts
    where start_system_id is not null group by 1 having n <= 1000 order by n`,
  location_id: `select start_location_id as value, count(*) as n from contracts group by 1 having n <= 1000 order by n`,
};

const words = [
  "rifter",
  "ishtar",
  "navy issue",
  "vexor",
  "gecko",
  "abyssal",
  "zzzzz",
  "%_*",
  "便宜的",
  "Рифтер",
];

/** What cost most before row groups, and what a search for the worst question found since. */
const worst = [
  `flag=too_cheap&without_flag=too_cheap&max_severity=warning&max_price=999999999999&highsec_island=false
    &category_id=6,7,8,9,18,20,22,23,25,32,34,35,65,66,87&from_system_id=30000142&sort=jumps&limit=100`,
  "highsec_island=false&sort=label",
  "min_volume=0&limit=100",
  "q=blueprint&sort=label&limit=100",
  "category_id=9&min_me=10&sort=-value_sell&limit=100",
].map((search) => search.replaceAll(/\s/g, ""));

/** What the choices behind a search may read: what is on offer is counted over row groups. */
const taxonomy: readonly (readonly [path: string, rows: number])[] = [
  ["/v1/categories?limit=100", 1_500],
  ["/v1/groups?limit=100", 5_000],
  ["/v1/groups?q=a&limit=100", 5_000],
  ["/v1/types?limit=100", 5_000],
  ["/v1/types?all=true&limit=100", 5_000],
  ["/v1/types?category_id=6&limit=100", 5_000],
  ["/v1/types?q=rifter&limit=100", 5_000],
  ["/v1/types/587", 1_500],
  ["/v1/systems/30000142", 1_500],
  // A name of one or two letters is looked for in all of them.
  ["/v1/types?q=e&limit=100", 100_000],
  ["/v1/types?all=true&q=blueprint&limit=100", 60_000],
  ["/v1/types?all=true&category_id=9&limit=100", 60_000],
  ["/v1/systems?limit=100", 30_000],
];

async function firstPages(searching: Searching) {
  const filters = [
    "",
    "type=item_exchange",
    "type=auction",
    "type=courier",
    "type=loan",
    "region_id=10000002",
    "region_id=10000030",
    "region_id=10000069",
    "region_id=11000001",
    "ship=true",
    "ship=true&region_id=10000002",
    "ship=true&region_id=10000068",
  ];
  const bills = [];
  for (const filter of filters) {
    for (const sort of sorts) bills.push(await cost(searching, `${filter}&sort=${sort}`));
  }
  return bills;
}

/** Ends so many contracts, half of them before their time was over. */
async function endSome(count: number, now: number): Promise<number> {
  const db = createDatabase(env.DB);
  const endedAt = toSeconds(now);
  const ids = (
    await db.all(sql<{ id: number }>`select contract_id as id from contracts limit ${count}`)
  ).map(({ id }) => id);
  await db.batch([
    ...createContractRepository(db).unlist(ids, { endedAt, lastListedAt: endedAt - 1_800 }),
    sql`update contracts set date_expired = ended_at where ended_at is not null and contract_id % 2`,
  ]);
  await renewRowGroups(db);
  return count;
}

describe("a search of 100,000 outstanding contracts", () => {
  it("reads no more than its budget", async () => {
    const searching = createSearching();
    const { clock, meter } = searching;
    const world = createNewEden({
      universe: shippedUniverse(),
      seed: 1,
      contracts: outstanding,
      now: clock.date(),
    });
    const regionIds = [...world.universe.regions.keys()].filter((id) => id < 12_000_000);
    await loadTestUniverse(world.universe);
    await searching.store(contractsOf(world, regionIds, clock.date()), world.universe, {
      regionIds,
    });
    expect((await searching.list("")).meta.total).toBe(outstanding);

    for (const bill of await firstPages(searching)) {
      expect(bill.rowsRead, bill.search).toBeLessThanOrEqual(1_000);
      expect(bill.roundTrips, bill.search).toBe(1);
    }

    for (const [name, query] of Object.entries(selective)) {
      for (const value of await valuesOf(query)) {
        const bill = await cost(searching, `${name}=${value}`);
        expect(bill.rowsRead, bill.search).toBeLessThanOrEqual(20 * bill.total + 200);
      }
    }
    for (const q of words) {
      const bill = await cost(searching, new URLSearchParams({ q }).toString());
      expect(bill.rowsRead, bill.search).toBeLessThanOrEqual(20 * bill.total + 200);
    }

    const questions = fc.sample(question(clock.now()), { seed: 11, numRuns: 150 });
    for (const asked of questions) {
      const bill = await cost(searching, toSearch(asked).toString());
      // Where nothing matches, what would match with a filter less is counted too.
      expect(bill.rowsRead, bill.search).toBeLessThanOrEqual(outstanding);
      expect(bill.roundTrips, bill.search).toBeLessThanOrEqual(3);
    }

    for (const search of worst) {
      const bill = await cost(searching, search);
      expect(bill.rowsRead, bill.search).toBeLessThanOrEqual(outstanding);
      expect(bill.roundTrips, bill.search).toBeLessThanOrEqual(3);
    }

    for (const [path, most] of taxonomy) {
      meter.reset();
      await searching.json(path);
      expect(meter.bill().rowsRead, path).toBeLessThanOrEqual(most);
      expect(meter.bill().roundTrips, path).toBeLessThanOrEqual(2);
    }

    const { data } = await searching.list("limit=100&single_item=false");
    for (const { contract_id: id, item_count, requested_item_count } of data) {
      meter.reset();
      await searching.json(`/v1/contracts/${id}`);
      const items = Number(item_count) + Number(requested_item_count);
      expect(meter.bill().rowsRead, String(id)).toBeLessThanOrEqual(30 + 3 * items);
    }

    for (const search of [
      "",
      "q=blueprint",
      "region_id=10000002",
      "region_id=10000001,10000002,10000003,10000004,10000005",
    ]) {
      const path = `/v1/contracts?${search}`;
      const etag = (await searching.get(path)).headers.get("etag") ?? "";
      meter.reset();
      const again = await searching.get(path, { "if-none-match": etag });
      expect(again.status).toBe(304);
      expect(meter.bill().rowsRead, search).toBeLessThanOrEqual(20);
    }

    const ended = await endSome(5_000, clock.now());
    for (const status of [
      "gone",
      "expired",
      "expired,gone",
      "outstanding,expired,gone",
      "outstanding",
    ]) {
      for (const filter of [
        "",
        "&max_price=1000000000&sort=-price",
        "&blueprint=copy",
        "&issuer_id=1",
      ]) {
        const bill = await cost(searching, `status=${status}${filter}`);
        // Without the statuses that were asked for, a search is for what is outstanding.
        const passes = bill.total === 0 ? 2 : 1;
        expect(bill.rowsRead, bill.search).toBeLessThanOrEqual(passes * 6 * ended + 5_000);
      }
    }
  }, 180_000);
});
