import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { getTableName, is, sql } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import journal from "../../migrations/meta/_journal.json";
import { createDatabase, type Database } from "../../src/db/client.ts";
import * as contracts from "../../src/db/schema/contracts.ts";
import * as market from "../../src/db/schema/market.ts";
import * as rowGroups from "../../src/db/schema/row-groups.ts";
import * as sync from "../../src/db/schema/sync.ts";
import * as universe from "../../src/db/schema/universe.ts";

type Table = { name: string; sql: string };

async function tables(): Promise<Table[]> {
  const { results } = await env.DB.prepare(
    `select name, sql from sqlite_master
     where type = 'table' and name not glob '*_search_*' and name not glob '_cf_*'
       and name not in ('d1_migrations', 'sqlite_sequence')
     order by name`,
  ).all<Table>();
  return results;
}

const names = async (isOne: (table: Table) => boolean) =>
  (await tables()).filter((table) => isOne(table)).map(({ name }) => name);

describe("the migrations", () => {
  it("make every table from nothing", async () => {
    await reset();
    expect(await tables()).toEqual([]);

    await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

    const ofSchema = Object.values({ ...contracts, ...market, ...rowGroups, ...sync, ...universe })
      .filter((value) => is(value, SQLiteTable))
      .map(getTableName);
    const ofText = ["ended_search", "listed_search", "types_search"];
    expect(ofSchema.length).toBeGreaterThan(15);
    expect(await names(() => true)).toEqual([...ofSchema, ...ofText].toSorted());
  });

  it("are applied in the order in which they were made", async () => {
    const { results } = await env.DB.prepare("select name from d1_migrations order by id").all();

    expect(results).toEqual(journal.entries.map(({ tag }) => ({ name: `${tag}.sql` })));
  });

  it("change nothing when they are applied again", async () => {
    const before = await tables();

    await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

    expect(await tables()).toEqual(before);
  });

  it("give tables with compound keys no separate row id, so that one inserted row is one row written", async () => {
    expect(await names((table) => table.sql.endsWith("WITHOUT ROWID"))).toEqual([
      "contract_items",
      "esi_limits",
      "hull_days",
      "jumps",
      "sync_days",
    ]);
    const item =
      "insert into contract_items values (230000001, 5000000001, 587, 1, 1, null, 0, null, null, null, 1)";
    expect((await env.DB.prepare(item).run()).meta.rows_written).toBe(1);
  });

  it("use the same conditions in triggers as in the indexes of unreadable rows", async () => {
    const { results } = await env.DB.prepare(
      `select type, name, tbl_name as "table", sql from sqlite_master where name glob '*_unreadable*'`,
    ).all<{ type: string; name: string; table: string; sql: string }>();
    const conditions = results.map(({ type, table, sql: text }) => ({
      type,
      table,
      condition: /\b(?:WHEN|WHERE) (case .*? end)/s.exec(text)?.[1]?.replaceAll("new.", ""),
    }));
    const indexes = conditions.filter(({ type }) => type === "index");

    expect(indexes.map(({ table }) => table).toSorted()).toEqual([
      "contracts",
      "hulls",
      "price_parts",
      "region_states",
    ]);
    for (const { table, condition } of indexes) {
      expect(conditions.filter((each) => each.type === "trigger" && each.table === table)).toEqual([
        { type: "trigger", table, condition },
        { type: "trigger", table, condition },
      ]);
    }
  });

  it("make full-text indexes that store no text of their own and allow deletes", async () => {
    const isIndex = (table: Table) =>
      ["content=''", "contentless_delete=1", "tokenize='trigram'"].every((option) =>
        table.sql.includes(option),
      );

    expect(await names(isIndex)).toEqual(["ended_search", "listed_search"]);
  });

  it("begin with a sync that has never run", async () => {
    const { results } = await env.DB.prepare("select * from sync_state").all();

    expect(results).toEqual([
      {
        id: 1,
        lease_token: 0,
        lease_expires_at: 0,
        version: 0,
        changed_at: 0,
        stale_times: null,
        lists_due_at: 0,
        covered_regions: "",
        derived_by: "",
        deriving_by: "",
        derived_up_to: 0,
        pruned_at: 0,
        hulls_recorded_on: null,
        has_unreadable: 0,
        unpurged_tags: null,
      },
    ]);
  });
});

describe("the triggers", () => {
  let db: Database;

  beforeEach(() => {
    db = createDatabase(env.DB);
  });

  const addType = (typeId: number, name: string | null) => sql`
    insert into types (type_id, name, group_id) values (${typeId}, ${name}, 1)
    on conflict (type_id) do update set name = excluded.name`;
  const removeType = (typeId: number) => sql`delete from types where type_id = ${typeId}`;

  async function found(phrase: string): Promise<number[]> {
    const rows = await db.all(sql<{ id: number }>`
      select rowid as id from types_search where types_search match ${`"${phrase}"`} order by rowid`);
    return rows.map(({ id }) => id);
  }

  it("keep the index of types in line with their names", async () => {
    await db.batch([
      addType(1, "Rifter"),
      addType(2, null),
      addType(3, "Ishtar"),
      addType(4, "Rift"),
    ]);
    expect(await found("rift")).toEqual([1, 4]);

    await db.batch([
      addType(1, "Slasher"),
      addType(2, "Rifter II"),
      addType(3, null),
      removeType(4),
    ]);
    expect([await found("rift"), await found("slash"), await found("ishtar")]).toEqual([
      [2],
      [1],
      [],
    ]);
  });

  it(
    "leave no trace of a type's former name, whatever happens to types",
    { timeout: 30_000 },
    async () => {
      const name = fc.option(
        fc.constantFrom("Rifter", "Rifter Blueprint", "出售蓝图", '"*" NEAR', ""),
      );
      const step = fc.record({
        typeId: fc.integer({ min: 1, max: 3 }),
        name,
        isRemoved: fc.boolean(),
      });

      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          await db.batch([
            sql`delete from types`,
            ...steps.map(({ typeId, name: given, isRemoved }) =>
              isRemoved ? removeType(typeId) : addType(typeId, given),
            ),
            sql`delete from types where name is null`,
          ]);
          // FTS5 compares the index with the names, of which it wants one a row, and fails if they differ.
          const check = db.all(sql`
          insert into types_search (types_search, rank) values ('integrity-check', 1)`);
          await expect(check).resolves.toEqual([]);
        }),
        { numRuns: 50 },
      );
    },
  );

  it("can be caught by an integrity check if the index is out of line", async () => {
    await db.batch([
      addType(1, "Rifter"),
      sql`insert into types_search (rowid, name) values (7, 'Nobody')`,
    ]);

    const check = db.all(sql`
      insert into types_search (types_search, rank) values ('integrity-check', 1)`);
    await expect(check).rejects.toThrow(/malformed/);
  });

  const addGroup = (groupId: number, categoryId: number) => sql`
    insert into groups (group_id, name, category_id, is_published) values (${groupId}, 'G', ${categoryId}, 1)
    on conflict (group_id) do update set category_id = excluded.category_id`;
  const addCategory = (categoryId: number, name: string) => sql`
    insert into categories (category_id, name, is_published) values (${categoryId}, ${name}, 1)
    on conflict (category_id) do update set name = excluded.name`;
  const categoryNames = async () => {
    const rows = await db.all<{ id: number; name: string | null }>(
      sql`select group_id as id, category_name as name from groups order by group_id`,
    );
    return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
  };

  it("keep the name of a group's category, whichever of them comes first", async () => {
    await db.batch([addCategory(6, "Ship"), addGroup(25, 6), addGroup(26, 7)]);
    expect(await categoryNames()).toEqual({ 25: "Ship", 26: null });

    await db.all(addCategory(7, "Module"));
    expect(await categoryNames()).toEqual({ 25: "Ship", 26: "Module" });
  });

  it("keep it when the category is renamed, or the group moves", async () => {
    await db.batch([addCategory(6, "Ship"), addCategory(7, "Module")]);
    await db.batch([addGroup(25, 6), addGroup(26, 6), addGroup(27, 7)]);

    await db.batch([addCategory(6, "Ships"), addGroup(26, 7), addGroup(27, 99)]);

    expect(await categoryNames()).toEqual({ 25: "Ships", 26: "Module", 27: null });
  });
});
