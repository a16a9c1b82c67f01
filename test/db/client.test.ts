import { env } from "cloudflare:workers";
import { type SQL, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase, guard, GuardFailed, noCosts } from "../../src/db/client.ts";
import { AppError } from "../../src/errors.ts";

type Note = { id: number; text: string | null };

const write = (id: number, text: string | null): SQL =>
  sql`insert into notes (id, text) values (${id}, ${text})`;
const readAll = sql<Note>`select id, text from notes order by id`;

/** What these queries end with: what was thrown. */
async function failureOf(queries: readonly SQL[]): Promise<unknown> {
  try {
    await createDatabase(env.DB).batch(queries);
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}

const notes = () => createDatabase(env.DB).all(readAll);

beforeEach(async () => {
  await env.DB.exec("create table notes (id integer primary key, text text)");
});

describe("a batch", () => {
  it("answers each query in its place", async () => {
    const db = createDatabase(env.DB);

    const results = await db.batch([write(1, "one"), readAll, write(2, null), readAll]);

    expect(results).toEqual([
      [],
      [{ id: 1, text: "one" }],
      [],
      [
        { id: 1, text: "one" },
        { id: 2, text: null },
      ],
    ]);
  });

  it.each([0, 1, 2])("keeps nothing if its query %i fails", async (position) => {
    const queries = [write(1, "one"), write(2, "two")].toSpliced(
      position,
      0,
      write(3, null),
      write(3, null),
    );

    expect(await failureOf(queries)).toMatchObject({ message: /UNIQUE/ });
    expect(await notes()).toEqual([]);
  });
});

describe("one query", () => {
  it("answers with its rows", async () => {
    const db = createDatabase(env.DB);
    await db.batch([write(1, "one"), write(2, "two")]);

    expect(await db.all(readAll)).toEqual([
      { id: 1, text: "one" },
      { id: 2, text: "two" },
    ]);
    expect(await db.first(readAll)).toEqual({ id: 1, text: "one" });
  });

  it("may find nothing", async () => {
    const db = createDatabase(env.DB);

    expect([await db.all(readAll), await db.first(readAll)]).toEqual([[], undefined]);
  });

  it("takes its values as they are", async () => {
    const hostile = "'); drop table notes; --";
    const db = createDatabase(env.DB);

    await db.all(write(1, hostile));

    expect(await db.all(readAll)).toEqual([{ id: 1, text: hostile }]);
  });
});

describe("a guard", () => {
  it("lets a batch pass while its condition holds", async () => {
    await createDatabase(env.DB).batch([guard(sql`1 < 2`), write(1, "one")]);

    expect(await notes()).toEqual([{ id: 1, text: "one" }]);
  });

  it.each([
    ["does not hold", sql`2 < 1`],
    ["is unknown", sql`null`],
    ["asks a row that is not there", sql`(select text from notes where id = 9) = 'x'`],
  ])("fails a batch whose condition %s, and keeps nothing from it", async (_what, condition) => {
    const error = await failureOf([write(1, "one"), guard(condition), write(2, "two")]);

    expect(error).toBeInstanceOf(GuardFailed);
    expect(await notes()).toEqual([]);
  });

  it("sees the effects of the queries before it", async () => {
    const isThere = sql`exists (select 1 from notes where id = 1)`;

    await createDatabase(env.DB).batch([write(1, "one"), guard(isThere)]);

    expect(await notes()).toEqual([{ id: 1, text: "one" }]);
  });
});

describe("an error of the database", () => {
  it.each([
    ["what is not SQL", sql`selec 1`, /syntax error/],
    ["a table that is not there", sql`select * from nothing`, /no such table/],
    ["a constraint", sql`insert into notes (id) values (1), (1)`, /UNIQUE/],
    ["a text where a number must be", sql`insert into notes (id) values ('x')`, /mismatch/],
  ])("is reported as our own fault if a retry cannot help: %s", async (_what, query, message) => {
    const error = await failureOf([query]);

    expect(error).not.toBeInstanceOf(AppError);
    expect(error).toMatchObject({ message, cause: { message } });
  });

  it.each([
    "D1_ERROR: Network connection lost.",
    "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
    "D1_ERROR: database is locked: SQLITE_BUSY",
  ])("is reported as the database being unavailable if a retry may help: %s", async (said) => {
    const broken = {
      prepare: env.DB.prepare.bind(env.DB),
      batch: () => Promise.reject(new Error(said)),
    };

    const failure = createDatabase(broken).all(readAll);

    await expect(failure).rejects.toBeInstanceOf(AppError);
    await expect(failure).rejects.toMatchObject({ code: "database-unavailable", message: said });
  });

  it("is reported as the database being unavailable even if the platform throws something that is not an error", async () => {
    const broken = { prepare: env.DB.prepare.bind(env.DB), batch: () => Promise.reject("gone") };

    await expect(createDatabase(broken).all(readAll)).rejects.toMatchObject({
      code: "database-unavailable",
      message: "gone",
      cause: "gone",
    });
  });
});

describe("the costs", () => {
  it("start at zero", () => {
    expect([noCosts(), createDatabase(env.DB).costs]).toEqual([
      { queries: 0, rowsRead: 0, rowsWritten: 0 },
      { queries: 0, rowsRead: 0, rowsWritten: 0 },
    ]);
  });

  it("add up as D1 bills them, an index included", async () => {
    await env.DB.exec("create index notes_by_text on notes (text)");
    const direct = await env.DB.batch(
      [
        "insert into notes (id, text) values (1, 'one'), (2, 'two'), (3, 'three')",
        "select id, text from notes order by id",
        "update notes set text = 'x' where id < 3 returning id",
        "delete from notes",
      ].map((query) => env.DB.prepare(query)),
    );
    const sum = (rows: "rows_read" | "rows_written") =>
      direct.reduce((total, { meta }) => total + meta[rows], 0);
    const db = createDatabase(env.DB);

    await db.batch([
      sql`insert into notes (id, text) values (1, 'one'), (2, 'two'), (3, 'three')`,
      readAll,
    ]);
    await db.first(sql`update notes set text = 'x' where id < 3 returning id`);
    await db.all(sql`delete from notes`);

    expect(db.costs).toEqual({
      queries: 4,
      rowsRead: sum("rows_read"),
      rowsWritten: sum("rows_written"),
    });
    expect(sum("rows_read")).toBeGreaterThanOrEqual(3 + 2 + 3);
    expect(sum("rows_written")).toBeGreaterThanOrEqual(2 * 3 + 2 * 2 + 3);
  });

  it("count the queries of a failed batch, because D1 limits queries per invocation", async () => {
    const db = createDatabase(env.DB);

    await expect(db.batch([write(1, "one"), sql`selec`])).rejects.toThrow("syntax error");

    expect(db.costs).toEqual({ queries: 2, rowsRead: 0, rowsWritten: 0 });
  });

  it("are each database's own", async () => {
    const [one, other] = [createDatabase(env.DB), createDatabase(env.DB)];

    await one.all(readAll);

    expect(other.costs).toEqual(noCosts());
  });
});
