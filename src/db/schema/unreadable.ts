/**
 * What the columns of JSON hold that is surely none of ours. Each is the condition of a partial index,
 * empty while nothing is wrong, that finds the rows: queries must repeat it word for word. It is the
 * condition of triggers too, which note in `sync_state` that there is one: a row that each tick reads
 * anyway, so that looking costs nothing.
 *
 * SQLite looks at the shape of the first part only; what reads a column looks at all of it.
 */
import { type SQL, sql } from "drizzle-orm";

/**
 * `json_type` fails on what is no JSON, and `case` asks it of nothing else. Null is no fault if a
 * column may be null; it is not asked for by `is null`, which SQLite leaves out of a query, and so
 * out of what it compares with the index, if the column is never null.
 */
const isUnreadable = (column: string, isWrong: string): SQL =>
  sql.raw(`case json_valid(${column}) when 1 then ${isWrong} when 0 then 1 else 0 end`);

const isNo = (type: string, column: string, path: string): string =>
  `json_type(${column}, '${path}') is not '${type}'`;

export const hasUnreadableFlags = isUnreadable(
  "item_flags",
  `${isNo("text", "item_flags", "$[0].code")} or ${isNo("object", "item_flags", "$[0].evidence")}`,
);

export const hasUnreadableAsks = isUnreadable("asks", isNo("integer", "asks", "$[0][3]"));

/** The first type and its three prices, each of which may be null. */
export const hasUnreadablePrices = isUnreadable("prices", "json_type(prices, '$[0][3]') is null");

export const hasUnreadableCounts = isUnreadable(
  "counts",
  ["$.byType.unknown.shipless", "$.unknownSystemByType.unknown.shipless", "$.itemsPending"]
    .map((path) => isNo("integer", "counts", path))
    .join(" or "),
);

/** Of the one row of `sync_state`, which is read anyway: it needs no index. */
export const hasUnreadableStaleTimes = isUnreadable(
  "stale_times",
  `${isNo("array", "stale_times", "$")} or json_type(stale_times, '$[0]') <> 'integer'`,
);
