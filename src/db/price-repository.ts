import { sql, type SQL } from "drizzle-orm";

import type { Order, PriceBook, TypePrice } from "../domain/price-book.ts";
import type { Depth } from "../domain/price-rule.ts";
import type { EpochMs } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { jsonIds, jsonRows } from "./d1.ts";
import { hasUnreadablePrices } from "./schema/unreadable.ts";
import { type Guard, isNumber, listOf, readJson } from "./stored-json.ts";

/** The book that is being made: which page of orders comes next. */
export type BookUnderway = { begunAt: EpochMs; nextPage: number };

export type PriceState = {
  madeAt: EpochMs | null;
  dueAt: EpochMs;
  failures: number;
  underway: BookUnderway | null;
};

/** How far contracts were valued by the newest book: in the order in which we saw them. */
export type ValuedUpTo = { firstSeenAt: EpochMs; contractId: number };

type StateRow = {
  made_at: number | null;
  due_at: number;
  failures: number;
  begun_at: number | null;
  next_page: number | null;
};

/** Rows of a book: few to write, and few to read for the types of one contract. */
export const priceParts = 8;
/** Each holds the orders of twenty pages: up to a megabyte. */
const rowsAtOnce = 8;

const partOf = (typeId: number): number => typeId % priceParts;

/** What stands behind a price: orders, units, and whether it is firm. */
type StoredDepth = [orders: number, units: number, isFirm: 0 | 1];
/** Books of earlier versions have no depths; a side that nobody is on has none, written as 0. */
type StoredPrice = [
  typeId: number,
  sell: number | null,
  buy: number | null,
  average: number | null,
  sellDepth?: StoredDepth | 0,
  buyDepth?: StoredDepth | 0,
];
type StoredOrder = [orderId: number, typeId: number, isBuy: 0 | 1, price: number, volume: number];

export const abyssalMetaGroupId = 15;

/** A row of numbers, any but the first of which may be null. */
const isOfNumbers =
  <Row extends readonly unknown[]>(length: number): Guard<Row> =>
  (value): value is Row & unknown[] =>
    Array.isArray(value) &&
    value.length === length &&
    isNumber(value[0]) &&
    value.every((part) => part === null || isNumber(part));

const isDepth = (value: unknown): boolean =>
  value === undefined || value === 0 || isOfNumbers<StoredDepth>(3)(value);

const arePrices = listOf(
  (value): value is StoredPrice =>
    Array.isArray(value) &&
    isOfNumbers(4)(value.slice(0, 4)) &&
    isDepth(value[4]) &&
    isDepth(value[5]),
);
const areOrders = listOf(isOfNumbers<StoredOrder>(5));
const areAverages = listOf(isOfNumbers<[number, number]>(2));

export function createPriceRepository(db: Database) {
  return {
    async state(): Promise<PriceState> {
      const row = await db.first(sql<StateRow>`
        select made_at, due_at, failures, begun_at, next_page from price_book`);
      if (!row) throw new Error("price_book has no row: run the migrations");
      const { begun_at: begunAt, next_page: nextPage } = row;
      return {
        madeAt: row.made_at,
        dueAt: row.due_at,
        failures: row.failures,
        underway: begunAt === null || nextPage === null ? null : { begunAt, nextPage },
      };
    },

    /** How far contracts are valued by the newest book; undefined if all are, or there is none. */
    async valuedUpTo(): Promise<ValuedUpTo | undefined> {
      const row = await db.first(sql<{ seen: number; id: number }>`
        select valued_up_to_seen as seen, valued_up_to_id as id from price_book
        where made_at is not valued_by`);
      return row && { firstSeenAt: row.seen, contractId: row.id };
    },

    /** Prices of some types; those that no market knows are missing, null is what cannot be read. */
    async of(typeIds: readonly number[]): Promise<Map<number, TypePrice | null>> {
      const parts = [...new Set(typeIds.map(partOf))];
      const wanted = new Set(typeIds);
      const rows = await db.all(sql<{ part: number; prices: string }>`
        select part, prices from price_parts where part in (${sql.raw(parts.join(", "))})`);
      const found = new Map<number, TypePrice | null>();
      for (const { part, prices } of rows) {
        const stored = readJson(prices, arePrices, { column: "price_parts.prices", row: part });
        if (!stored)
          for (const typeId of wanted) if (partOf(typeId) === part) found.set(typeId, null);
        for (const price of stored ?? []) {
          const [typeId] = price;
          if (wanted.has(typeId)) found.set(...priceFrom(price));
        }
      }
      return found;
    },

    /** Types of which each is one of a kind: none of them has a market. */
    async abyssalTypeIds(typeIds: readonly number[]): Promise<Set<number>> {
      const rows = await db.all(sql<{ type_id: number }>`
        select type_id from types
        where type_id in ${jsonIds(typeIds)} and meta_group_id = ${abyssalMetaGroupId}`);
      return new Set(rows.map(({ type_id }) => type_id));
    },

    /** Begins a book, with ESI's averages. */
    begin: (averages: ReadonlyMap<number, number>, at: EpochMs): SQL[] => [
      sql`delete from order_pages`,
      sql`insert into order_pages (from_page, orders) values (0, ${JSON.stringify([...averages])})`,
      sql`update price_book set begun_at = ${at}, next_page = 1`,
    ],

    addOrders: (fromPage: number, orders: readonly Order[], nextPage: number): SQL[] => [
      sql`insert into order_pages (from_page, orders)
        values (${fromPage}, ${JSON.stringify(orders.map(storedOrder))})
        on conflict (from_page) do update set orders = excluded.orders`,
      sql`update price_book set next_page = ${nextPage}`,
    ],

    /**
     * Returns what was gathered for the book that is being made. Only some of its texts are in
     * memory at once. Undefined if a part of it cannot be read.
     */
    async gathered(): Promise<{ averages: Map<number, number>; orders: Order[] } | undefined> {
      const averages = new Map<number, number>();
      const orders: Order[] = [];
      let last = -1;
      for (;;) {
        const rows = await db.all(sql<{ from_page: number; orders: string }>`
          select from_page, orders from order_pages where from_page > ${last}
          order by from_page limit ${rowsAtOnce}`);
        for (const row of rows) {
          last = row.from_page;
          const place = { column: "order_pages.orders", row: last };
          const ofPage = last === 0 ? undefined : readJson(row.orders, areOrders, place);
          const ofTypes = last === 0 ? readJson(row.orders, areAverages, place) : undefined;
          if (!ofPage && !ofTypes) return undefined;
          for (const [typeId, average] of ofTypes ?? []) averages.set(typeId, average);
          for (const order of ofPage ?? []) orders.push(orderFrom(order));
        }
        if (rows.length < rowsAtOnce) return { averages, orders };
      }
    },

    /** Puts a whole book in the place of the last one. */
    replace(book: PriceBook, at: EpochMs, dueAt: EpochMs): SQL[] {
      const parts = Map.groupBy(book.prices, ([typeId]) => partOf(typeId));
      const rows = [...parts].map(([part, prices]) => ({
        part,
        prices: JSON.stringify(prices.map(storedPrice)),
      }));
      return [
        sql`delete from order_pages`,
        sql`delete from price_parts where part not in ${jsonIds([...parts.keys()])}`,
        sql`insert into price_parts (part, prices)
          select value ->> 'part', value ->> 'prices' from ${jsonRows(rows)} where true
          on conflict (part) do update set prices = excluded.prices`,
        sql`update price_book set made_at = ${at}, outliers = ${book.outliers}, due_at = ${dueAt},
          failures = 0, begun_at = null, next_page = null, valued_up_to_seen = 0,
          valued_up_to_id = 0`,
      ];
    },

    /** Goes on later with the book that is being made. */
    postpone: (dueAt: EpochMs): SQL =>
      sql`update price_book set due_at = ${dueAt}, failures = failures + 1`,

    /**
     * Makes a new book due if a part of the current one cannot be read. It does nothing if a book
     * is already due, underway or was tried in vain.
     */
    renewUnreadable: (at: EpochMs): SQL => sql`
      update price_book set due_at = ${at}
      where due_at > ${at} and failures = 0 and begun_at is null and exists (
        select 1 from price_parts indexed by price_parts_unreadable where ${hasUnreadablePrices}
      )`,

    /** Gives a book up that is being made; the last one stays. */
    abandon: (dueAt: EpochMs): SQL[] => [
      sql`delete from order_pages`,
      sql`update price_book set begun_at = null, next_page = null, due_at = ${dueAt},
        failures = failures + 1`,
    ],

    /** Says how far contracts are valued by the newest book; null: all are. */
    setValuedUpTo: (upTo: ValuedUpTo | null): SQL =>
      upTo
        ? sql`update price_book set valued_up_to_seen = ${upTo.firstSeenAt},
            valued_up_to_id = ${upTo.contractId}`
        : sql`update price_book set valued_by = made_at`,
  };
}

export type PriceRepository = ReturnType<typeof createPriceRepository>;

const storedDepth = (depth: Depth | undefined): StoredDepth | 0 =>
  depth ? [depth.orders, depth.units, depth.isFirm ? 1 : 0] : 0;

const depthFrom = ([orders, units, isFirm]: StoredDepth): Depth => ({
  orders,
  units,
  isFirm: isFirm === 1,
});

const storedPrice = ([typeId, price]: [number, TypePrice]): StoredPrice => [
  typeId,
  price.sell,
  price.buy,
  price.average,
  storedDepth(price.sellDepth),
  storedDepth(price.buyDepth),
];

const priceFrom = (stored: StoredPrice): [number, TypePrice] => {
  const [typeId, sell, buy, average, sellDepth, buyDepth] = stored;
  return [
    typeId,
    {
      sell,
      buy,
      average,
      ...(sellDepth && { sellDepth: depthFrom(sellDepth) }),
      ...(buyDepth && { buyDepth: depthFrom(buyDepth) }),
    },
  ];
};

const storedOrder = ({ orderId, typeId, isBuy, price, volume }: Order): StoredOrder => [
  orderId,
  typeId,
  isBuy ? 1 : 0,
  price,
  volume,
];

const orderFrom = ([orderId, typeId, isBuy, price, volume]: StoredOrder): Order => ({
  orderId,
  typeId,
  isBuy: isBuy === 1,
  price,
  volume,
});
