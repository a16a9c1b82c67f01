import { createDatabase } from "../../src/db/client.ts";
/** A market that a test writes, and changes while Hangar Bay looks. */
import { createPriceRepository } from "../../src/db/price-repository.ts";
import { createOrderReach, type RegionOrder } from "../../src/domain/order-reach.ts";
import { priceBookOf, type TypePrice } from "../../src/domain/price-book.ts";
import { shippedStargates } from "../../src/universe/shipped-stargates.ts";
import type { Market } from "../esi-stand-in/market.ts";
import type { OrderRow, PriceRow } from "../esi-stand-in/wire.ts";
import { rowsOf } from "./database.ts";

export const pricesRoute = "/markets/prices";
export const ordersRoute = "/markets/{region_id}/orders";

export const jita = 60_003_760;

/** ISK apiece, by type: what sellers ask at Jita, what buyers pay, and ESI's average. */
export type Quotes = Record<number, { sell?: number; buy?: number; average?: number }>;

let lastId = 6_900_000_000;

/** A seller of a hundred Rifters at Jita for a million, except for what is told. */
export function anOrderRow(fields: Partial<OrderRow> = {}): OrderRow {
  lastId += 1;
  return {
    duration: 90,
    is_buy_order: false,
    issued: "2026-02-01T00:00:00Z",
    location_id: jita,
    min_volume: 1,
    order_id: lastId,
    price: 1_000_000,
    range: "region",
    system_id: 30_000_142,
    type_id: 587,
    volume_remain: 100,
    volume_total: 100,
    ...fields,
  };
}

/** So many sellers of Rifters, each a little dearer. */
export const manyOrders = (count: number): OrderRow[] =>
  Array.from({ length: count }, (_, index) => anOrderRow({ price: 1_000_000 + index }));

function ordersOf(quotes: Quotes): OrderRow[] {
  return Object.entries(quotes).flatMap(([typeId, { sell, buy }]) => [
    ...(sell === undefined ? [] : [anOrderRow({ type_id: Number(typeId), price: sell })]),
    ...(buy === undefined
      ? []
      : [anOrderRow({ type_id: Number(typeId), price: buy, is_buy_order: true })]),
  ]);
}

const pricesOf = (quotes: Quotes): PriceRow[] =>
  Object.entries(quotes).flatMap(([typeId, { average }]) =>
    average === undefined ? [] : [{ type_id: Number(typeId), average_price: average }],
  );

export function aMarket(quotes: Quotes = {}) {
  const known = { orders: ordersOf(quotes), averages: pricesOf(quotes) };
  const esi: Market = { prices: () => known.averages, orders: () => known.orders };
  return Object.assign(known, {
    /** What ESI is asked for. */
    esi,
    /** Other prices from here on. */
    quote(others: Quotes): void {
      known.orders = ordersOf(others);
      known.averages = pricesOf(others);
    },
  });
}

/** The book that a market's orders make. */
export function bookOf({ esi }: { esi: Market }) {
  const orders = esi
    .orders(10_000_002)
    .map((row): RegionOrder => ({
      orderId: row.order_id,
      typeId: row.type_id,
      isBuy: row.is_buy_order,
      price: row.price,
      volume: row.volume_remain,
      locationId: row.location_id,
      systemId: row.system_id,
      range: row.range,
      minVolume: row.min_volume,
    }))
    .filter(createOrderReach(shippedStargates));
  const averages = esi
    .prices()
    .flatMap((row): [number, number][] =>
      row.average_price === undefined ? [] : [[row.type_id, row.average_price]],
    );
  return priceBookOf(orders, new Map(averages));
}

/** The book in use, as contracts are valued by it. */
export async function storedBook(db: D1Database): Promise<Map<number, TypePrice>> {
  const rows = await rowsOf<{ prices: string }>(db, "select prices from price_parts");
  const stored = rows.flatMap(({ prices }): [number][] => JSON.parse(prices));
  const prices = createPriceRepository(createDatabase(db));
  const book = await prices.of(stored.map(([typeId]) => typeId));
  return new Map([...book].flatMap(([typeId, price]) => (price ? [[typeId, price]] : [])));
}
