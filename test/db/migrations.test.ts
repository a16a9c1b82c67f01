import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import journal from "../../migrations/meta/_journal.json";

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

    expect(await names(() => true)).toEqual([
      "categories",
      "constellations",
      "contract_bids",
      "contract_items",
      "contracts",
      "ended_search",
      "esi_limits",
      "groups",
      "jumps",
      "listed_search",
      "market_groups",
      "meta_groups",
      "names",
      "region_states",
      "regions",
      "stations",
      "sync_runs",
      "sync_state",
      "systems",
      "types",
      "universe",
    ]);
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

  it("make the key of two ids the table itself: a row written there is one row", async () => {
    expect(await names(({ sql }) => sql.endsWith("WITHOUT ROWID"))).toEqual([
      "contract_items",
      "jumps",
    ]);
    const item =
      "insert into contract_items values (230000001, 5000000001, 587, 1, 1, null, 0, null, null, null)";
    expect((await env.DB.prepare(item).run()).meta.rows_written).toBe(1);
  });

  it("make full-text indexes that keep no text of their own, and forget what they are told to", async () => {
    const isIndex = ({ sql }: Table) =>
      sql.includes("content=''") &&
      sql.includes("contentless_delete=1") &&
      sql.includes("tokenize='trigram'");

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
        stale_at: null,
        lists_due_at: 0,
        covered_regions: "",
        derived_version: 0,
        derived_up_to: 0,
        unpurged_tags: null,
      },
    ]);
  });
});
