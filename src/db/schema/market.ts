/** The price book, and what hulls are asked for: docs/market.md. */
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

import { hasUnreadableAsks, hasUnreadablePrices } from "./unreadable.ts";

export const priceBook = sqliteTable("price_book", {
  /** Always 1: there is one book. */
  id: integer("id").primaryKey(),
  /** When the book in use was made, and how many orders it left out; null until there is one. */
  madeAt: integer("made_at"),
  outliers: integer("outliers"),
  /** When the next one may be begun, and how often that failed in a row. */
  dueAt: integer("due_at").notNull().default(0),
  failures: integer("failures").notNull().default(0),
  /** The book that is being made: when it was begun, and the page of orders that comes next. */
  begunAt: integer("begun_at"),
  nextPage: integer("next_page"),

  /** The book by which all contracts were valued; how far that is done for the newest. */
  valuedBy: integer("valued_by"),
  valuedUpToSeen: integer("valued_up_to_seen").notNull().default(0),
  valuedUpToId: integer("valued_up_to_id").notNull().default(0),
});

/** The prices of the book, as JSON: types by their id's remainder, so that a book is few rows. */
export const priceParts = sqliteTable(
  "price_parts",
  {
    part: integer("part").primaryKey(),
    prices: text("prices").notNull(),
  },
  (table) => [index("price_parts_unreadable").on(table.part).where(hasUnreadablePrices)],
);

/** Orders of the book that is being made, as JSON; page 0 has ESI's averages. */
export const orderPages = sqliteTable("order_pages", {
  fromPage: integer("from_page").primaryKey(),
  orders: text("orders").notNull(),
});

/** Hulls on offer alone: their asks as JSON, `[contract_id, price, date_expired, region_id]` each. */
export const hulls = sqliteTable(
  "hulls",
  {
    hullTypeId: integer("hull_type_id").primaryKey(),
    listed: integer("listed").notNull(),
    medianAsk: real("median_ask").notNull(),
    asks: text("asks").notNull(),
  },
  (table) => [index("hulls_unreadable").on(table.hullTypeId).where(hasUnreadableAsks)],
);

/** What was seen of a hull on a day (UTC). */
export const hullDays = sqliteTable(
  "hull_days",
  {
    hullTypeId: integer("hull_type_id").notNull(),
    date: text("date").notNull(),
    /** On offer an hour after the day's end. */
    listed: integer("listed").notNull(),
    new: integer("new").notNull(),
    gone: integer("gone").notNull(),
    medianAsk: real("median_ask"),
    /** Of the last asks of those gone. */
    medianGoneAsk: real("median_gone_ask"),
  },
  (table) => [
    primaryKey({ columns: [table.date, table.hullTypeId] }),
    index("hull_days_by_hull").on(table.hullTypeId),
  ],
);

/** Of the last thirty days together, as of the last one that was written down. */
export const hullTotals = sqliteTable("hull_totals", {
  hullTypeId: integer("hull_type_id").primaryKey(),
  gone: integer("gone").notNull(),
});
