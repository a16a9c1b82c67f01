import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { loadTestUniverse } from "../../support/universe.ts";
import { corpus } from "./arbitrary.ts";
import { createSearching } from "./searching.ts";
import { wideUniverse } from "./wide-universe.ts";

const searching = createSearching();

/** The same random corpora in every run, with ids of their own. */
const contracts = fc
  .sample(corpus(searching.clock.now()), { seed: 7, numRuns: 20 })
  .flatMap((each, index) =>
    each.map((contract) => ({
      ...contract,
      row: { ...contract.row, contract_id: contract.row.contract_id + index * 1_000 },
    })),
  );

beforeEach(async () => {
  await loadTestUniverse(wideUniverse);
  await searching.store(contracts, wideUniverse);
});

const total = async (search: string) => (await searching.list(search)).meta.total;

/** Every parameter that filters, with a value that some contracts have and others have not. */
const filters = [
  "type=auction",
  "type=item_exchange,courier",
  `contract_id=${contracts
    .slice(0, 40)
    .map(({ row }) => row.contract_id)
    .join(",")}`,
  "region_id=10000043",
  "system_id=30000142",
  "location_id=60003760",
  "security=highsec",
  "issuer_id=1",
  "issuer_corporation_id=11",
  "ship=true",
  "ship=false",
  "wants_items=true",
  "wants_items=false",
  "single_item=true",
  "single_item=false",
  "category_id=6",
  "group_id=25",
  "type_id=587",
  "blueprint=copy",
  "blueprint=original",
  "min_runs=10",
  "max_runs=10",
  "min_me=5",
  "max_me=5",
  "min_te=10",
  "max_te=10",
  "q=rifter",
  "min_price=1000000",
  "max_price=999999.99",
  "min_reward=1000000",
  "max_reward=1",
  "min_collateral=1000000",
  "max_collateral=1",
  "min_volume=1",
  "max_volume=1",
  "min_buyout=1000000",
  "max_buyout=1000000",
  "max_days_to_complete=3",
  "max_route_jumps=11",
  "fully_priced=true",
  "fully_priced=false",
  "price_confidence=firm",
  "price_confidence=thin",
  "price_confidence=average",
  "max_price_to_value=1",
  "min_value_sell=400000",
  "flag=structure_access_unknown,too_cheap",
  "without_flag=structure_access_unknown,too_cheap",
  "max_severity=info",
  "min_reward_per_jump=1",
  "min_reward_per_volume=1",
  "highsec_island=true",
  "highsec_island=false",
  "start_location_kind=npc_station",
  "start_location_kind=structure",
  "from_system_id=Jita&max_jumps=5&route=highsec",
  "issued_after=2026-02-28T12:00:00Z",
  "expires_before=2026-03-03T12:00:00Z",
  "first_seen_after=2026-03-01T11:59:30Z",
];

describe("every filter", () => {
  it.each(filters)("narrows: %s", async (filter) => {
    const all = await total("");
    const some = await total(filter);

    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });

  it.each([["expired"], ["gone"], ["outstanding"]])("tells %s contracts apart", async (status) => {
    const all = await total("status=outstanding,expired,gone");
    const some = await total(`status=${status}`);

    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });

  it("is tested here", async () => {
    const { paths } = await searching.json<{
      paths: Record<string, { get: { parameters: { name: string }[] } }>;
    }>("/openapi.json");
    const names = paths["/v1/contracts"]?.get.parameters.map(({ name }) => name) ?? [];
    const tested = new Set(filters.flatMap((filter) => [...new URLSearchParams(filter).keys()]));

    expect(names.filter((name) => !tested.has(name)).toSorted()).toEqual([
      "cursor",
      "fields",
      "limit",
      "sort",
      "status",
    ]);
  });

  it("leaves unknown values out of a filter and of its opposite", async () => {
    const [all, ships, others] = [
      await total(""),
      await total("ship=true"),
      await total("ship=false"),
    ];
    const { meta } = await searching.list("");

    expect(ships + others).toBeLessThan(all);
    expect(meta.items_pending).toBeGreaterThan(0);
  });
});
