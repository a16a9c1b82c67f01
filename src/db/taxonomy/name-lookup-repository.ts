import { sql, type SQL } from "drizzle-orm";

import type { NamedKind } from "../../domain/named-kind.ts";
import type { Database } from "../client.ts";
import { jsonRows } from "../d1.ts";

/** One thing that is called what was asked for, letter case aside. */
export type NameMatch = { asked: string; id: number; name: string; isPublished: boolean };

const tables: Record<NamedKind, { table: SQL; id: SQL; isPublished: SQL }> = {
  region: { table: sql`regions`, id: sql`region_id`, isPublished: sql`1` },
  system: { table: sql`systems`, id: sql`system_id`, isPublished: sql`1` },
  type: { table: sql`types`, id: sql`type_id`, isPublished: sql`coalesce(is_published, 0)` },
};

type MatchRow = { asked: string; id: number; name: string; is_published: number };

function matchesOf(kind: NamedKind, names: readonly string[]): SQL<MatchRow> {
  const { table, id, isPublished } = tables[kind];
  return sql<MatchRow>`
    select asked.value as asked, ${id} as id, name, ${isPublished} as is_published
    from ${jsonRows(names)} as asked
    cross join ${table} on name = asked.value collate nocase`;
}

const beginsWith = (begin: string): SQL =>
  sql`name >= ${begin} collate nocase and name < ${`${begin}\u{10ffff}`} collate nocase`;

/** Begins of names that are near enough to be worth a comparison. */
const commonLetters = 2;
const maxNear = 1_000;

export function createNameLookupRepository(db: Database) {
  return {
    /** What things of some kinds are called these names; one round trip. */
    async find(
      asked: readonly { kind: NamedKind; names: readonly string[] }[],
    ): Promise<NameMatch[][]> {
      const found = await db.batch(asked.map(({ kind, names }) => matchesOf(kind, names)));
      return found.map((rows) =>
        rows.map(({ is_published, ...row }) => ({ ...row, isPublished: is_published === 1 })),
      );
    },

    /** Names that begin as a name does, for whoever mistyped it; of regions all, which are few. */
    async near(kind: NamedKind, name: string): Promise<string[]> {
      const begin = Array.from(name).slice(0, commonLetters).join("");
      const { table, isPublished } = tables[kind];
      const rows = await db.all(sql<{ name: string }>`
        select name from ${table}
        where ${kind === "region" ? sql`1` : beginsWith(begin)} and ${isPublished} = 1 limit ${maxNear}`);
      return rows.map((row) => row.name);
    },
  };
}

export type NameLookupRepository = ReturnType<typeof createNameLookupRepository>;
