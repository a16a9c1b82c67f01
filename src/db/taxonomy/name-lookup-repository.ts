import { sql, type SQL } from "drizzle-orm";

import { folded } from "../../domain/folded-text.ts";
import type { NamedKind } from "../../domain/named-kind.ts";
import type { Database } from "../client.ts";
import { jsonRows } from "../d1.ts";

/** One thing that is called what was asked for, letter case aside. */
export type NameMatch = { asked: string; id: number; name: string; isPublished: boolean };

/** `searched` is the folded name, and what its index holds: names of places are ASCII. */
const tables: Record<NamedKind, { table: SQL; id: SQL; searched: SQL; isPublished: SQL }> = {
  region: {
    table: sql`regions`,
    id: sql`region_id`,
    searched: sql`name collate nocase`,
    isPublished: sql`1`,
  },
  system: {
    table: sql`systems`,
    id: sql`system_id`,
    searched: sql`name collate nocase`,
    isPublished: sql`1`,
  },
  type: {
    table: sql`types`,
    id: sql`type_id`,
    searched: sql`search_name`,
    isPublished: sql`coalesce(is_published, 0)`,
  },
};

type MatchRow = { asked: string; id: number; name: string; is_published: number };

function matchesOf(kind: NamedKind, names: readonly string[]): SQL<MatchRow> {
  const { table, id, searched, isPublished } = tables[kind];
  const asked = names.map((name) => [name, folded(name)]);
  return sql<MatchRow>`
    select asked.value ->> 0 as asked, ${id} as id, name, ${isPublished} as is_published
    from ${jsonRows(asked)} as asked
    cross join ${table} on ${searched} = asked.value ->> 1`;
}

const beginsWith = (searched: SQL, begin: string): SQL =>
  sql`${searched} >= ${begin} and ${searched} < ${`${begin}\u{10ffff}`}`;

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
      const begin = Array.from(folded(name)).slice(0, commonLetters).join("");
      const { table, searched, isPublished } = tables[kind];
      const rows = await db.all(sql<{ name: string }>`
        select name from ${table}
        where ${kind === "region" ? sql`1` : beginsWith(searched, begin)} and ${isPublished} = 1 limit ${maxNear}`);
      return rows.map((row) => row.name);
    },
  };
}

export type NameLookupRepository = ReturnType<typeof createNameLookupRepository>;
