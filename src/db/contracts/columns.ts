import { type SQL, sql } from "drizzle-orm";

export type ColumnValues = Record<string, string | number | null>;

export const assignments = (
  columns: readonly [name: string, valueOf: unknown][],
  from: string,
): SQL => sql.raw(columns.map(([name]) => `${name} = ${from}.value ->> '${name}'`).join(", "));
