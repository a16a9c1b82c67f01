import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { createDatabase, type Database } from "../../src/db/client.ts";
import { createContractRepository } from "../../src/db/contracts/contract-repository.ts";
import { type RowGroupColumn, rowGroupColumnNames } from "../../src/db/row-groups/columns.ts";
import { rowGroupsWith } from "../../src/db/row-groups/row-group-cache.ts";
import { createRowGroupRepository } from "../../src/db/row-groups/row-group-repository.ts";
import { aPlacedContract } from "../support/contract-builders.ts";
import { renewRowGroups } from "../support/corpus.ts";
import { rowsOf } from "../support/database.ts";
import { meteredD1 } from "../support/metered-d1.ts";

const meter = meteredD1(env.DB);
const db: Database = createDatabase(meter.db);
const contracts = createContractRepository(db);
const rowGroups = createRowGroupRepository(db);

const idsPerGroup = 4_096;
const end = { endedAt: 1_772_366_460, lastListedAt: 1_772_366_400 };

const list = (...ids: number[]) =>
  db.batch(
    contracts.insertListed(
      10_000_002,
      ids.map((contractId) => aPlacedContract({ contractId, price: contractId * 10 })),
      0,
      [],
    ),
  );

/** Reads columns as a search does, and what that cost. */
async function read(...names: RowGroupColumn[]) {
  meter.reset();
  const groups = rowGroupsWith(names);
  const found = groups.read(...(await db.batch(groups.queries))) ?? [];
  const prices = found.flatMap((group) => [...group.numbers("contract_id")]);
  return { found, ids: prices.toSorted((a, b) => a - b), rowsRead: meter.bill().rowsRead };
}

const outOfDate = () => rowGroups.outOfDate();

beforeEach(async () => {
  await db.batch([sql`delete from contracts`, sql`delete from row_groups`]);
});

describe("a row group", () => {
  it("has the columns of contracts, by the same names", async () => {
    const columnsOf = async (table: string) =>
      (
        await rowsOf<{ name: string }>(env.DB, `select name from pragma_table_info('${table}')`)
      ).map(({ name }) => name);

    expect(await columnsOf("row_group_columns")).toEqual(["group_id", ...rowGroupColumnNames]);
    expect(await columnsOf("contracts")).toEqual(expect.arrayContaining(rowGroupColumnNames));
  });

  it("holds the ids of its range, on both sides of each end", async () => {
    await list(idsPerGroup - 1, idsPerGroup, 2 * idsPerGroup - 1, 2 * idsPerGroup);
    await renewRowGroups(db);

    const rows = await rowsOf(env.DB, "select group_id, contract_id from row_group_columns");

    expect(rows).toEqual([
      { group_id: 0, contract_id: "[4095]" },
      { group_id: 1, contract_id: "[4096,8191]" },
      { group_id: 2, contract_id: "[8192]" },
    ]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["a contract is listed in it", () => list(2)],
    ["one of its contracts ends", () => db.batch(contracts.unlist([1], end))],
    ["one of its contracts changes", () => db.all(sql`update contracts set price = 7`)],
    ["one of its contracts is deleted", () => db.all(sql`delete from contracts`)],
  ])("is out of date as soon as %s, and not before", async (_what, change) => {
    await list(1);
    await renewRowGroups(db);
    expect(await outOfDate()).toEqual([]);

    await change();

    expect(await outOfDate()).toEqual([0]);
  });

  it("ignores changes to contracts that have ended", async () => {
    await list(1, 2);
    await db.batch(contracts.unlist([1], end));
    await renewRowGroups(db);

    await db.all(sql`update contracts set label = 'Rifter' where contract_id = 1`);
    await db.batch(contracts.forget([1]));

    expect(await outOfDate()).toEqual([]);
  });

  it("costs one row to mark, whatever changes, and two to rewrite", async () => {
    await list(1, 2, 3);
    await renewRowGroups(db);

    meter.reset();
    await db.all(sql`update contracts set price = price + 1 where contract_id = 1`);
    const [first] = [meter.bill().rowsWritten];
    await db.all(sql`update contracts set price = price + 1 where contract_id = 1`);
    const second = meter.bill().rowsWritten - first;
    meter.reset();
    await db.batch(rowGroups.renew([0]));

    // The mark is what the first change writes more than the second.
    expect([first - second, meter.bill().rowsWritten]).toEqual([1, 2]);
  });

  it("is gone with its last contract", async () => {
    await list(1, idsPerGroup);
    await renewRowGroups(db);
    await db.batch(contracts.unlist([1], end));

    await renewRowGroups(db);

    expect(await rowsOf(env.DB, "select group_id from row_groups")).toEqual([{ group_id: 1 }]);
    expect(await rowsOf(env.DB, "select group_id from row_group_columns")).toEqual([
      { group_id: 1 },
    ]);
  });
});

describe("a reader", () => {
  const many = Array.from({ length: 300 }, (_, index) => 1 + index);

  it("reads nothing again that it knows, and only what changed", async () => {
    await list(...many, ...many.map((id) => id + idsPerGroup));
    await renewRowGroups(db);
    const cold = await read("price");
    const warm = await read("price");

    await db.batch(contracts.unlist([1], end));
    const outdated = await read("price");
    await renewRowGroups(db);
    const renewed = await read("price");

    expect(cold.ids).toHaveLength(600);
    expect(warm.ids).toEqual(cold.ids);
    expect([outdated.ids, renewed.ids]).toEqual([cold.ids.slice(1), cold.ids.slice(1)]);
    // Two groups, and the stamps that are known.
    expect(cold.rowsRead).toBeLessThanOrEqual(10);
    expect(warm.rowsRead).toBeLessThanOrEqual(10);
    // A group that is out of date is made of its contracts: one row each.
    expect(outdated.rowsRead).toBeGreaterThan(299);
    expect(outdated.rowsRead).toBeLessThanOrEqual(299 + 12);
    expect(renewed.rowsRead).toBeLessThanOrEqual(10);
  });

  it("asks for missing columns of groups that it already knows", async () => {
    await list(1, 2);
    await renewRowGroups(db);
    await read("price");

    const { found } = await read("price", "region_id");

    expect(found.map((group) => [...group.numbers("region_id")])).toEqual([
      [10_000_002, 10_000_002],
    ]);
  });

  it("replaces a group that has the same ids but other content", async () => {
    await list(1);
    await renewRowGroups(db);
    await read("price");
    await db.batch([sql`delete from contracts`, sql`delete from row_groups`]);
    await list(2);
    await renewRowGroups(db);

    expect((await read("price")).ids).toEqual([2]);
  });

  it("is not confused when another reader sees a later state first", async () => {
    await list(1);
    await renewRowGroups(db);
    await read("price");
    const slow = rowGroupsWith(["price"]);
    const rows = await db.batch(slow.queries);
    await list(2);
    await renewRowGroups(db);
    const later = await read("price");

    expect(slow.read(...rows)?.flatMap((group) => [...group.numbers("contract_id")])).toEqual([1]);
    expect(later.ids).toEqual([1, 2]);
    expect((await read("price")).ids).toEqual([1, 2]);
  });

  it.each(["", "garbage", "[1", "null", "7", "[1]", "[1,2,3,4]", "[[1],2,3]", "{}", '["x",1,2]'])(
    "is built from its contracts if a column is unreadable, until it is rewritten: %j",
    async (text) => {
      await list(1, 2, 3);
      await list(idsPerGroup);
      await renewRowGroups(db);
      await db.all(sql`update row_group_columns set price = ${text} where group_id = 0`);
      const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
      onTestFinished(() => logged.mockRestore());

      const first = rowGroupsWith(["price"]);
      expect(first.read(...(await db.batch(first.queries)))).toBeUndefined();
      const spoilt = await read("price");
      const again = await read("price");
      await list(4);
      await renewRowGroups(db);
      const renewed = await read("price");

      expect([spoilt.ids, again.ids]).toEqual([
        [1, 2, 3, idsPerGroup],
        [1, 2, 3, idsPerGroup],
      ]);
      expect(spoilt.found.map((group) => [...group.numbers("price")])).toContainEqual([10, 20, 30]);
      expect(renewed.ids).toEqual([1, 2, 3, 4, idsPerGroup]);
      expect(renewed.rowsRead).toBeLessThanOrEqual(12);
      expect(logged.mock.calls.length).toBeLessThanOrEqual(1);
    },
  );

  it("is built from its contracts if a column read later turns out to be unreadable", async () => {
    await list(1, 2, 3);
    await renewRowGroups(db);
    await read("price");
    await db.all(sql`update row_group_columns set label = 'x', offered_types = '[1,2,3]'`);
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    onTestFinished(() => logged.mockRestore());

    await read("price", "offered_types");
    const { found } = await read("price", "label", "offered_types");

    expect(found.map((group) => group.size)).toEqual([3]);
    expect(found[0]?.texts("label")).toHaveLength(3);
    expect(found[0]?.offeredTypes()).toHaveLength(3);
  });
});
