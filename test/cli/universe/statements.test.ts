import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { extractFrom, type Universe } from "../../../src/cli/universe/extract.ts";
import { type Statement, universeStatements } from "../../../src/cli/universe/statements.ts";
import { maxStatementBytes } from "../../../src/db/d1.ts";
import { folded } from "../../../src/domain/folded-text.ts";
import { committedExtract } from "../../support/committed-extract.ts";
import { aType, aUniverse, plainRows } from "../../support/extract-builders.ts";

const loadedAt = Date.parse("2026-03-01T12:00:00Z");

async function statementsFor(universe: Universe): Promise<Statement[]> {
  return universeStatements(await extractFrom(universe), loadedAt);
}

async function run(statements: readonly Statement[]): Promise<number> {
  let written = 0;
  for (const { sql } of statements) written += (await env.DB.prepare(sql).run()).meta.rows_written;
  return written;
}

async function load(universe: Universe): Promise<number> {
  return run(await statementsFor(universe));
}

async function rowsIn(table: string): Promise<Record<string, unknown>[]> {
  return (await env.DB.prepare(`select * from ${table} order by 1, 2`).all()).results;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;

describe("the load of the extract that ships", () => {
  it("puts every row into D1, and writes nothing when repeated", { timeout: 60_000 }, async () => {
    const statements = universeStatements(committedExtract, loadedAt);

    expect(await run(statements)).toBeGreaterThan(70_000);

    for (const [table, count] of Object.entries(committedExtract.manifest.rows)) {
      const stored = await env.DB.prepare(`select count(*) as count from ${table}`).first("count");
      expect([table, stored]).toEqual([table, count]);
    }
    const { results: types } = await env.DB.prepare("select name, search_name from types").all<{
      name: string;
      search_name: string;
    }>();
    const misfolded = types.filter(({ name, search_name }) => folded(name) !== search_name);
    expect(misfolded).toEqual([]);
    expect(await run(universeStatements(committedExtract, loadedAt + 1000))).toBe(0);
  });

  it("keeps to what D1 takes as one statement", () => {
    const sizes = universeStatements(committedExtract, loadedAt).map(({ sql }) => bytesOf(sql));

    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxStatementBytes);
    expect(Math.max(...sizes)).toBeGreaterThan(0.99 * maxStatementBytes);
  });
});

describe("universeStatements", () => {
  it("writes a universe down and reads the same back", async () => {
    await load(aUniverse());

    expect(await rowsIn("universe")).toEqual([
      { id: 1, version: "sde-1", loaded_at: loadedAt, structures_version: null },
    ]);
    expect(await rowsIn("systems")).toEqual(plainRows.systems);
    expect(await rowsIn("jumps")).toEqual(plainRows.jumps);
    expect(await rowsIn("market_groups")).toEqual(plainRows.market_groups);
    expect(await rowsIn("types")).toEqual([
      { ...plainRows.types[0], resolve_at: null, resolve_attempts: 0, search_name: "rifter" },
    ]);
  });

  it("fills a statement to the last byte, and begins another with one byte more", async () => {
    const forTypes = async (nameLength: number) => {
      const types = [aType({ type_id: 1 }), aType({ type_id: 2, name: "x".repeat(nameLength) })];
      const all = await statementsFor(aUniverse({ types }));
      return all.filter(({ table }) => table === "types");
    };
    const [small] = await forTypes(1);
    const room = maxStatementBytes - bytesOf(small?.sql ?? "") + 1;

    const full = await forTypes(room);
    const overfull = await forTypes(room + 1);

    expect(full.map(({ sql, rows }) => [bytesOf(sql), rows])).toEqual([[maxStatementBytes, 2]]);
    expect(overfull.map(({ rows }) => rows)).toEqual([1, 1]);
    await run([...full, ...overfull]);
    expect((await rowsIn("types")).map(({ name }) => String(name).length)).toEqual([6, room + 1]);
  });

  it("counts bytes, and the quotes that are doubled", async () => {
    const names = ["é".repeat(40_000), "'".repeat(40_000), "马".repeat(20_000)];
    const types = names.map((name, at) => aType({ type_id: at + 1, name }));

    await load(aUniverse({ types }));

    const sizes = (await statementsFor(aUniverse({ types }))).map(({ sql }) => bytesOf(sql));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxStatementBytes);
    expect((await rowsIn("types")).map(({ name }) => name)).toEqual(names);
  });

  it("takes a row that fills a statement alone, and refuses a longer one", async () => {
    const withName = (length: number) =>
      statementsFor(aUniverse({ types: [aType({ name: "x".repeat(length) })] }));
    const typesIn = (all: Statement[]) => all.find(({ table }) => table === "types")?.sql ?? "";
    const room = maxStatementBytes - bytesOf(typesIn(await withName(0)));

    expect(bytesOf(typesIn(await withName(room)))).toBe(maxStatementBytes);
    await expect(withName(room + 1)).rejects.toThrow(/^types: a row of \d+ bytes does not fit/);
  });

  it("knows exactly how long a statement D1 accepts", async () => {
    const ofLength = (length: number) => env.DB.prepare(`select '${"x".repeat(length - 9)}'`).run();

    await expect(ofLength(maxStatementBytes)).resolves.toMatchObject({ success: true });
    await expect(ofLength(maxStatementBytes + 1)).rejects.toThrow(/too long|too big/i);
  });

  it.each([
    "Men's 'Strider' Pants",
    "'); drop table types; --",
    '"double" \\" and \\',
    "semi; colon -- comment /* */",
    "%_*?$1 :name @p ?1",
    " spaces kept ",
    "line\nend\ttab",
    "马克瑞级YC117年特别版蓝图",
    "\u202Eright to left\u2028",
    "🚀",
    "1e5",
    "null",
  ])("keeps the name %j", async (name) => {
    await load(aUniverse({ types: [aType({ name })] }));

    const stored = await env.DB.prepare("select name, typeof(name) as type from types").first();
    expect(stored).toEqual({ name, type: "text" });
  });

  it("keeps the version as text, quotes included", async () => {
    await load(aUniverse({}, "sde-'1'"));

    expect(await rowsIn("universe")).toMatchObject([{ version: "sde-'1'" }]);
  });

  it("refuses a table with fewer rows than the manifest promises", async () => {
    const extract = await extractFrom(aUniverse());
    extract.texts.systems = `${extract.texts.systems.split("\n").slice(0, 2).join("\n")}\n`;

    expect(() => universeStatements(extract, loadedAt)).toThrow(
      "systems.jsonl has 1 rows, the manifest 2",
    );
  });
});

describe("a second load", () => {
  it("writes only what differs", async () => {
    const types = [aType({}), aType({ type_id: 588, name: "Reaper", market_group_id: null })];
    await load(aUniverse({ types }));

    const renamed = [aType({ name: "Rifter II" }), types[1] ?? aType({})];

    // One row with its entries in the indexes by group and by name, what is searched of the old name
    // and of the new one, and the version.
    expect(await load(aUniverse({ types: renamed }, "sde-2"))).toBe(6);
    expect(await rowsIn("types")).toMatchObject([
      { type_id: 587, name: "Rifter II" },
      { type_id: 588, name: "Reaper", market_group_id: null },
    ]);
  });

  it("can change a value to null, and null to a value", async () => {
    await load(aUniverse({ types: [aType({ market_group_id: null, volume: 5 })] }));

    await load(aUniverse({ types: [aType({ market_group_id: 64, volume: null })] }));

    expect(await rowsIn("types")).toMatchObject([{ market_group_id: 64, volume: null }]);
  });

  it("keeps what ESI told us about ids that the extract lacks", async () => {
    await env.DB.batch([
      env.DB.prepare("insert into types (type_id, name, group_id) values (90000, 'New Ship', 25)"),
      env.DB.prepare("insert into stations (station_id, name) values (60099999, 'New Station')"),
      env.DB.prepare("insert into types (type_id, resolve_at) values (90001, 5)"),
    ]);

    await load(aUniverse());

    expect(await rowsIn("types")).toMatchObject([
      { type_id: 587 },
      { type_id: 90_000, name: "New Ship" },
      { type_id: 90_001, name: null, resolve_at: 5 },
    ]);
    expect((await rowsIn("stations")).at(-1)).toMatchObject({ name: "New Station" });
  });

  it("fills in a placeholder, and takes it out of the queue for ESI", async () => {
    await env.DB.batch([
      env.DB.prepare(
        "insert into types (type_id, resolve_at, resolve_attempts) values (587, 5, 3)",
      ),
      env.DB.prepare("insert into stations (station_id, resolve_at) values (60003760, 5)"),
    ]);

    await load(aUniverse());

    expect(await rowsIn("types")).toMatchObject([{ name: "Rifter", resolve_at: null }]);
    expect(await rowsIn("stations")).toMatchObject([
      { ...plainRows.stations[0], resolve_at: null },
    ]);
  });

  it("takes a row out of the queue even if ESI had already told us the same", async () => {
    await load(aUniverse());
    await env.DB.prepare("update types set resolve_at = 5").run();

    await load(aUniverse());

    expect(await rowsIn("types")).toMatchObject([{ name: "Rifter", resolve_at: null }]);
  });

  it("removes stargates that no longer exist, in every part of the table", async () => {
    const jump = (a: number) => ({ system_a: a, system_b: a + 1 });
    // Enough for three statements of 100 KB.
    const many = Array.from({ length: 12_000 }, (_, at) => jump(30_000_000 + 10 * at));
    const closed = [1, 29_999_999, 30_000_005, 30_050_005, 30_119_985, 39_999_999].map(jump);
    const insert = "insert into jumps select value ->> 'system_a', value ->> 'system_b'";
    await env.DB.prepare(`${insert} from json_each(?)`).bind(JSON.stringify(closed)).run();

    const statements = await statementsFor(aUniverse({ jumps: many }));

    expect(statements.filter(({ table }) => table === "jumps")).toHaveLength(6);
    await run(statements);
    expect(await rowsIn("jumps")).toEqual(many);
    expect(await run(statements)).toBe(0);
  });
});

describe("a load that is interrupted", () => {
  it("leaves no version behind, and the next load completes it", async () => {
    const statements = await statementsFor(aUniverse());
    expect(statements.at(-1)?.table).toBe("universe");

    for (let done = 0; done < statements.length; done++) {
      await run(statements.slice(0, done));
      expect(await rowsIn("universe")).toEqual([]);
    }

    await run(statements);
    expect(await rowsIn("universe")).toMatchObject([{ version: "sde-1" }]);
    expect(await rowsIn("types")).toHaveLength(1);
  });

  it("keeps the version of the load before it", async () => {
    await load(aUniverse());

    await run((await statementsFor(aUniverse({}, "sde-2"))).slice(0, -1));

    expect(await rowsIn("universe")).toMatchObject([{ version: "sde-1" }]);
  });
});
