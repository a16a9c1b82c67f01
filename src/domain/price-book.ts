/** What items are worth, based on the orders that trade at Jita IV - Moon 4. */

import { type Depth, marketPriceOf, type SidePrice } from "./price-rule.ts";

export const priceRegionId = 10_000_002;
export const priceLocationId = 60_003_760;

/** The fields of a market order that prices are made from. */
export type Order = {
  orderId: number;
  typeId: number;
  isBuy: boolean;
  /** ISK per unit. */
  price: number;
  /** The remaining units. */
  volume: number;
};

/**
 * ISK per unit. A side is null if nobody offers a price. `average` is ESI's own average over all of
 * New Eden, and is null if the orders contradict it.
 */
export type TypePrice = {
  sell: number | null;
  buy: number | null;
  average: number | null;
  /** The orders behind `sell` and `buy`. Absent if nothing is known about them. */
  sellDepth?: Depth;
  buyDepth?: Depth;
};

export type PriceBook = {
  prices: ReadonlyMap<number, TypePrice>;
  /** Orders that were left out because their prices are too far from the others to be believed. */
  outliers: number;
};

const depthOf = ({ orders, units, isFirm }: SidePrice): Depth => ({ orders, units, isFirm });

/**
 * Makes a price book from all orders. An order that appears twice, because pages shifted, counts
 * once.
 */
export function priceBookOf(
  orders: Iterable<Order>,
  averages: ReadonlyMap<number, number>,
): PriceBook {
  const seen = new Set<number>();
  const markets = new Map<number, { sells: Order[]; buys: Order[] }>();
  for (const order of orders) {
    if (seen.has(order.orderId)) continue;
    seen.add(order.orderId);
    const market = markets.get(order.typeId) ?? { sells: [], buys: [] };
    market[order.isBuy ? "buys" : "sells"].push(order);
    markets.set(order.typeId, market);
  }
  const prices = new Map<number, TypePrice>();
  let outliers = 0;
  for (const typeId of new Set([...markets.keys(), ...averages.keys()])) {
    const market = markets.get(typeId) ?? { sells: [], buys: [] };
    const priced = marketPriceOf(market, averages.get(typeId) ?? null);
    outliers += priced.outliers;
    prices.set(typeId, {
      sell: priced.sell?.price ?? null,
      buy: priced.buy?.price ?? null,
      average: priced.average,
      ...(priced.sell && { sellDepth: depthOf(priced.sell) }),
      ...(priced.buy && { buyDepth: depthOf(priced.buy) }),
    });
  }
  return { prices, outliers };
}
