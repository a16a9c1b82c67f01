import { expect, it } from "vitest";

import { createAsk } from "./asking.ts";
import { createRecordedWorld } from "./recorded.ts";
import { createStandIn } from "./stand-in.ts";
import type { ContractRow, ItemRow } from "./wire.ts";

const now = new Date("2041-03-05T09:00:00Z");

const row = (contractId: number, issued: string, expired: string): ContractRow => ({
  contract_id: contractId,
  date_expired: expired,
  date_issued: issued,
  issuer_corporation_id: 98_000_001,
  issuer_id: 90_000_001,
  type: "item_exchange",
});

const item = (recordId: number): ItemRow => ({
  is_included: true,
  item_id: 1,
  quantity: 1,
  record_id: recordId,
  type_id: 587,
});

const world = createRecordedWorld({
  contracts: [
    row(20, "2022-01-15T23:03:13Z", "2022-02-12T23:03:13Z"),
    row(10, "2022-01-14T00:57:07Z", "2022-02-11T00:57:07Z"),
  ],
  items: { "5": [item(1)], "40": [item(2), item(3)], "50": [item(4)] },
  now,
});

it("moves all dates by one span, the newest contract to a minute before now", () => {
  const rows = world.listAt(10_000_002, now);

  expect(rows.map((found) => [found.contract_id, found.date_issued, found.date_expired])).toEqual([
    [10, "2041-03-03T10:52:54Z", "2041-03-31T10:52:54Z"],
    [20, "2041-03-05T08:59:00Z", "2041-04-02T08:59:00Z"],
  ]);
});

it("gives the i-th contract the i-th item set", () => {
  expect(world.contract(10)?.items()).toEqual([item(1)]);
  expect(world.contract(20)?.items()).toEqual([item(2), item(3)]);
});

it("is served like any other world", async () => {
  const ask = createAsk(createStandIn({ world, now: () => now, phase: () => 0 }));

  const list = await (await ask("/contracts/public/10000002")).json<ContractRow[]>();
  const names = await ask("/universe/names", { post: [90_000_001, 98_000_001] });

  expect(list).toHaveLength(2);
  expect(names.status).toBe(200);
});
