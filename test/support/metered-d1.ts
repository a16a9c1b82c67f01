/** A D1 that counts what is asked of it, and fails when told to. */

type Connection = Pick<D1Database, "prepare" | "batch">;

const oneLine = (text: string) => text.trim().replaceAll(/\s+/g, " ");

/** Wraps a database: the sessions it gives count into the same bill. */
export function meteredD1(d1: D1Database) {
  let roundTrips = 0;
  let rowsRead = 0;
  let rowsWritten = 0;
  let texts: string[] = [];
  let last = { rowsRead: 0, rowsWritten: 0 };
  let failure: Error | undefined;

  const metered = (real: Connection): Connection => ({
    prepare(text) {
      texts.push(oneLine(text));
      return real.prepare(text);
    },
    async batch<Row>(statements: D1PreparedStatement[]) {
      roundTrips += 1;
      if (failure) throw failure;
      const results = await real.batch<Row>(statements);
      last = { rowsRead: 0, rowsWritten: 0 };
      for (const { meta } of results) {
        last.rowsRead += meta.rows_read;
        last.rowsWritten += meta.rows_written;
      }
      rowsRead += last.rowsRead;
      rowsWritten += last.rowsWritten;
      return results;
    },
  });

  const db: D1Database = {
    ...metered(d1),
    exec: (query) => d1.exec(query),
    dump: () => d1.dump(),
    withSession(constraint) {
      const session = d1.withSession(constraint);
      return { ...metered(session), getBookmark: () => session.getBookmark() };
    },
  };

  return {
    db,
    /** What was asked since the last `reset`. */
    bill: () => ({ roundTrips, statements: texts.length, rowsRead, rowsWritten }),
    /** What the last batch cost. */
    last: () => last,
    /** The text of each statement since the last `reset`. */
    statements: (): readonly string[] => texts,
    reset(): void {
      [roundTrips, rowsRead, rowsWritten, texts] = [0, 0, 0, []];
    },
    /** Every batch fails with this from now on, or no more. */
    failWith(error: Error | undefined): void {
      failure = error;
    },
  };
}
