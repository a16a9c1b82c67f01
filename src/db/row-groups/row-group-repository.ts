import { sql, type SQL } from "drizzle-orm";

import type { Database } from "../client.ts";
import { jsonIds } from "../d1.ts";
import { kindOf, type RowGroupColumn, rowGroupColumnNames } from "./columns.ts";

/** Ids of contracts that a row group spans. `migrations/0003_row-group-triggers.sql` has it too. */
const idsPerGroup = sql.raw("4096");

/** How many groups are written together: some ten thousand contracts. */
export const groupsPerBatch = 64;

export type StampRow = { group_id: number; stamp: number | null };

/** A row group's columns by name, each a JSON list. */
export type GroupRow = { group_id: number } & Partial<Record<RowGroupColumn, string>>;

/** The listed contracts of a group, which may have none. */
const inGroup = sql`contracts.is_listed = 1
  and contracts.contract_id >= row_groups.group_id * ${idsPerGroup}
  and contracts.contract_id < (row_groups.group_id + 1) * ${idsPerGroup}`;

const valueOf = (name: RowGroupColumn): SQL =>
  kindOf(name) === "json" ? sql.raw(`json(contracts.${name})`) : sql.raw(`contracts.${name}`);

/** The columns of groups, made from their contracts: all lists of a group in the same order. */
const made = (names: readonly RowGroupColumn[], which: SQL): SQL => sql`
  select row_groups.group_id, ${sql.join(
    names.map((name) => sql`json_group_array(${valueOf(name)}) as ${sql.raw(name)}`),
    sql`, `,
  )}
  from row_groups cross join contracts not indexed on ${inGroup}
  where ${which} group by row_groups.group_id`;

/** Which groups there are, and what content each has. */
export const selectStamps = sql<StampRow>`select group_id, stamp from row_groups`;

/** Columns of the groups whose content a reader does not know by its stamp. */
export const selectUnknown = (
  names: readonly RowGroupColumn[],
  knownStamps: readonly number[],
): SQL<GroupRow> => sql<GroupRow>`
  select group_id, ${sql.raw(names.join(", "))}
  from row_groups cross join row_group_columns using (group_id)
  where stamp is not null and stamp not in ${jsonIds(knownStamps)}`;

/** Columns of some groups, by their stamps. */
export function selectByStamp(
  names: readonly RowGroupColumn[],
  stamps: readonly number[],
): SQL<GroupRow> {
  if (names.length === 0) return sql<GroupRow>`select group_id from row_groups where 0`;
  return sql<GroupRow>`
    select group_id, ${sql.raw(names.join(", "))}
    from row_groups cross join row_group_columns using (group_id)
    where stamp in ${jsonIds(stamps)}`;
}

/** Columns of the groups that are out of date, or cannot be read, made from their contracts. */
export const selectOutOfDate = (
  names: readonly RowGroupColumn[],
  spoiltStamps: readonly number[],
): SQL<GroupRow> => {
  const withoutStamp = sql`row_groups.stamp is null`;
  const which =
    spoiltStamps.length === 0
      ? withoutStamp
      : sql`(${withoutStamp} or row_groups.stamp in ${jsonIds(spoiltStamps)})`;
  return sql<GroupRow>`${made(names, which)}`;
};

export function createRowGroupRepository(db: Database) {
  return {
    /** How many groups are out of date: one row read a group. */
    async outOfDate(): Promise<number[]> {
      const rows = await db.all(sql<{ group_id: number }>`
        select group_id from row_groups where stamp is null`);
      return rows.map(({ group_id }) => group_id);
    },

    /** Writes groups again: two rows written a group. */
    renew(groupIds: readonly number[]): SQL[] {
      const amongGiven = sql`row_groups.group_id in ${jsonIds(groupIds)}`;
      return [
        sql`insert or replace into row_group_columns (group_id, ${sql.raw(rowGroupColumnNames.join(", "))})
          ${made(rowGroupColumnNames, amongGiven)}`,
        sql`delete from row_groups where ${amongGiven} and not exists (
          select 1 from contracts not indexed where ${inGroup}
        )`,
        sql`delete from row_group_columns where group_id in ${jsonIds(groupIds)}
          and group_id not in (select group_id from row_groups)`,
        // As many bits as a JavaScript number holds.
        sql`update row_groups set stamp = random() >> 11 where ${amongGiven}`,
      ];
    },
  };
}

export type RowGroupRepository = ReturnType<typeof createRowGroupRepository>;
