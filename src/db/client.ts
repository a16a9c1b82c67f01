import { type SQL, sql } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

import { AppError } from "../errors.ts";

/** What D1 bills, and what it limits by invocation. */
export type Costs = { queries: number; rowsRead: number; rowsWritten: number };

export const noCosts = (): Costs => ({ queries: 0, rowsRead: 0, rowsWritten: 0 });

/** The rows that each query of a batch answers with. */
type Results<Queries extends readonly SQL[]> = {
  [K in keyof Queries]: Queries[K] extends SQL<infer Row> ? Row[] : never;
};

const dialect = new SQLiteSyncDialect();

/**
 * Runs Drizzle's SQL on D1 and keeps the bill: Drizzle's own session drops the `meta` that says how
 * many rows a query read and wrote, and here every cost is a number.
 *
 * A query is written as `sql<Row>`…``: its rows are objects by the names of the selected columns.
 */
export function createDatabase(d1: Pick<D1Database, "prepare" | "batch">) {
  const costs = noCosts();

  function prepare(query: SQL): D1PreparedStatement {
    const { text, values } = numbered(dialect.sqlToQuery(query));
    return d1.prepare(text).bind(...values);
  }

  async function batch<const Queries extends readonly SQL[]>(
    queries: Queries,
  ): Promise<Results<Queries>> {
    costs.queries += queries.length;
    const results = await d1.batch(queries.map(prepare)).catch(rethrow);
    for (const { meta } of results) {
      costs.rowsRead += meta.rows_read;
      costs.rowsWritten += meta.rows_written;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what SQL selects, only SQL knows
    return results.map(({ results: rows }) => rows) as unknown[] as Results<Queries>;
  }

  return {
    /** What all queries so far have cost. */
    costs: costs as Readonly<Costs>,

    /** Runs all queries or none, in order, in one round trip. */
    batch,

    async all<Row>(query: SQL<Row>): Promise<Row[]> {
      const [rows] = await batch([query]);
      return rows;
    },

    async first<Row>(query: SQL<Row>): Promise<Row | undefined> {
      const [rows] = await batch([query]);
      return rows[0];
    },
  };
}

export type Database = ReturnType<typeof createDatabase>;

/**
 * Binds each value once, however often it is used: D1 takes 100 parameters a statement, and a search
 * asks for the same in several places.
 */
function numbered({ sql: text, params }: { sql: string; params: readonly unknown[] }) {
  const values = [...new Set(params)];
  const numbers = new Map(values.map((value, index) => [value, index + 1]));
  let used = 0;
  const withNumbers = text.replaceAll("?", () => {
    const number = numbers.get(params[used]);
    used += 1;
    return `?${number}`;
  });
  if (used !== params.length) throw new Error(`A question mark is no parameter: ${text}`);
  return { text: withNumbers, values };
}

/** The text that SQLite reports when a `guard()` fails. */
const guardFailure = "guard-failed";

/**
 * Errors that SQLite reports about our own statements or stored data. Trying again does not help.
 */
const faultsOfOurs = /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|MISUSE|AUTH|SCHEMA)/;

function rethrow(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.includes(guardFailure)) throw new GuardFailed(message, { cause });
  if (faultsOfOurs.test(message)) throw new Error(message, { cause });
  throw new AppError("database-unavailable", message, { cause });
}

/** A batch was rolled back because its guard's condition did not hold. */
export class GuardFailed extends Error {
  override readonly name = "GuardFailed";
}

/**
 * A query that fails unless the condition holds. Its whole batch fails with it. SQLite can raise
 * chosen errors only inside triggers, but it reports a bad JSON path anywhere, and repeats the path
 * in the error.
 */
export const guard = (condition: SQL): SQL =>
  sql`select case when ${condition} then 1 else json_extract('{}', ${sql.raw(`'${guardFailure}'`)}) end`;
