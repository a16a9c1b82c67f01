/**
 * A D1 with a replica that hears of nothing new once it is told to lag: a session that may begin
 * anywhere begins there, one that begins at the primary reads what is.
 */
export function laggingD1(d1: D1Database) {
  const known = new Map<string, D1Result>();
  const textOf = new WeakMap<D1PreparedStatement, string>();
  let isLagging = false;

  function prepared(text: string, statement: D1PreparedStatement): D1PreparedStatement {
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => {
      const bound = bind(...values);
      textOf.set(bound, text);
      return bound;
    };
    return statement;
  }

  /** A query of another moment is the same query: instants stand in its text. */
  const keyOf = (statement: D1PreparedStatement): string =>
    (textOf.get(statement) ?? "").replaceAll(/\d{9,}/g, "#");

  const old = (statements: readonly D1PreparedStatement[]) =>
    statements.flatMap((statement) => known.get(keyOf(statement)) ?? []);

  const db: D1Database = {
    prepare: (text) => d1.prepare(text),
    batch: <Row>(statements: D1PreparedStatement[]) => d1.batch<Row>(statements),
    exec: (query) => d1.exec(query),
    dump: () => d1.dump(),
    withSession(constraint) {
      const session = d1.withSession(constraint);
      const mayLag = constraint === undefined || constraint === "first-unconstrained";
      return {
        prepare: (text) => prepared(text, session.prepare(text)),
        getBookmark: () => session.getBookmark(),
        async batch<Row>(statements: D1PreparedStatement[]) {
          const stale = mayLag && isLagging ? old(statements) : [];
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rows of the same SQL
          if (stale.length === statements.length) return stale as D1Result<Row>[];
          const results = await session.batch<Row>(statements);
          for (const [index, statement] of statements.entries()) {
            const result = results[index];
            if (result && !isLagging) known.set(keyOf(statement), result);
          }
          return results;
        },
      };
    },
  };

  const anywhere: D1Database = {
    prepare: (text) => db.prepare(text),
    batch: <Row>(statements: D1PreparedStatement[]) => db.batch<Row>(statements),
    exec: (query) => db.exec(query),
    dump: () => db.dump(),
    withSession: () => db.withSession("first-unconstrained"),
  };

  return {
    db,
    /** The same, but each session may begin at the replica. */
    anywhere,
    /** From now on the replica hears of nothing. */
    lag(): void {
      isLagging = true;
    },
  };
}
