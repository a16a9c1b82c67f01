import { sql, type SQL } from "drizzle-orm";

import type { ItemFilter } from "../../domain/contract-query.ts";
import { folded } from "../../domain/folded-text.ts";
import type { ItemType } from "../../domain/item.ts";
import { ftsPhrase, jsonIds } from "../d1.ts";

/**
 * The document of a contract in the full-text index: its title, the names of the offered types, and
 * their ids.
 *
 * FTS5's trigram index is an inverted index from three characters to the contracts that hold them.
 * So an id written as three characters is one term: looking up a type, a group or a category reads
 * its contracts and nothing else, for one row written a contract, however many items it has. The
 * characters are CJK ideographs, which no case folding touches; the first tells the kind of id, and
 * a space between ids keeps any other three of them from spelling one.
 */
const digits = 4096;
const maxId = digits ** 3 - 1;

const firstCharacterOf = { type: 0x4e00, group: 0x5e00, category: 0x6e00 } as const;
type IdKind = keyof typeof firstCharacterOf;

const hasTerm = (id: number): boolean => Number.isInteger(id) && id >= 0 && id <= maxId;

function idTerm(kind: IdKind, id: number): string {
  if (!hasTerm(id)) throw new RangeError(`${kind} ${id}`);
  return String.fromCodePoint(
    firstCharacterOf[kind] + Math.floor(id / digits ** 2),
    firstCharacterOf.type + (Math.floor(id / digits) % digits),
    firstCharacterOf.type + (id % digits),
  );
}

/** `idTerm` in SQL, for ids that a query finds. */
export const idTermOf = (kind: IdKind, id: SQL): SQL => sql`char(
  ${firstCharacterOf[kind]} + ${id} / ${digits ** 2},
  ${firstCharacterOf.type} + ${id} / ${digits} % ${digits},
  ${firstCharacterOf.type} + ${id} % ${digits}
)`;

/** The offered types' names, one a line: no phrase runs from one into the next. */
export const searchNames = (types: readonly ItemType[]): string | null =>
  types.length === 0 ? null : types.map(({ name }) => folded(name)).join("\n");

export function searchTypeIds(types: readonly ItemType[]): string | null {
  if (types.length === 0) return null;
  const terms = types.flatMap(({ typeId, groupId, categoryId }) => [
    idTerm("type", typeId),
    idTerm("group", groupId),
    idTerm("category", categoryId),
  ]);
  return [...new Set(terms)].join(" ");
}

/** An FTS5 expression that matches contracts offering any of these: what has no term, none offers. */
export function offersAny(kind: IdKind, ids: readonly number[]): string {
  const terms = ids.filter(hasTerm).map((id) => idTerm(kind, id));
  // FTS5 finds the empty phrase nowhere.
  const phrases = terms.length > 0 ? terms : [""];
  return `type_ids : (${phrases.map(ftsPhrase).join(" OR ")})`;
}

/**
 * An FTS5 expression that matches contracts offering one item of all these types, groups and
 * categories at once. It names the types that belong to the given groups and categories, or else
 * the groups that belong to the given categories.
 */
export function offersOneOfAll({ typeIds, groupIds, categoryIds }: ItemFilter): SQL {
  const [kind, id, from] = typeIds
    ? (["type", sql`type_id`, sql`types cross join groups using (group_id)`] as const)
    : (["group", sql`group_id`, sql`groups`] as const);
  const isAmong = (column: SQL, ids: readonly number[] | undefined) =>
    ids ? sql`${column} in ${jsonIds(ids)}` : sql`1`;
  return sql`(
    select 'type_ids : (' || coalesce(group_concat('"' || ${idTermOf(kind, id)} || '"', ' OR '), '""') || ')'
    from ${from}
    where ${isAmong(sql`type_id`, typeIds)} and ${isAmong(sql`groups.group_id`, groupIds)}
      and ${isAmong(sql`category_id`, categoryIds)}
  )`;
}

/** An FTS5 expression that matches contracts whose title, or an offered type's name, holds the text. */
export const mentions = (text: string): string => `{title names} : ${ftsPhrase(folded(text))}`;

/** An FTS5 expression: written here, or made by a query of what it names. */
export type FtsExpression = string | SQL;

/** FTS5 expressions that must all hold; undefined if none is asked for. */
export function allSearches(
  searches: readonly (FtsExpression | undefined)[],
): FtsExpression | undefined {
  const [first, ...more] = searches.filter((search) => search !== undefined);
  if (first === undefined || more.length === 0) return first;
  const all = [first, ...more].map((search) => sql`'(' || ${search} || ')'`);
  return sql`(${sql.join(all, sql` || ' AND ' || `)})`;
}

/** Adds the documents of stored contracts to an index that holds none of them yet. */
export const addDocuments = (index: SQL, contractIds: SQL, condition: SQL): SQL => sql`
  insert into ${index} (rowid, title, names, type_ids)
  select contract_id, search_title, search_names, search_type_ids
  from contracts
  where contract_id in ${contractIds} and ${condition}
    and (search_title is not null or search_names is not null)`;

export const listedSearch = sql`listed_search`;
export const endedSearch = sql`ended_search`;
