/** What items are worth, by the orders that trade at Jita IV - Moon 4. */

import { type Depth, marketPriceOf, type SidePrice } from "./price-rule.ts";

export const priceRegionId = 10_000_002;
export const priceLocationId = 60_003_760;

/** Of a market's orders, what prices are made from. */
export type Order = {
  orderId: number;
  typeId: number;
  isBuy: boolean;
  /** ISK apiece. */
  price: number;
  /** What is left of it. */
  volume: number;
};

/**
 * ISK apiece, each null if nobody offers; `average` is ESI's own, over all of New Eden, if no
 * orders contradict it.
 */
export type TypePrice = {
  sell: number | null;
  buy: number | null;
  average: number | null;
  /** What stands behind `sell`, and behind `buy`; absent if nothing is known of it. */
  sellDepth?: Depth;
  buyDepth?: Depth;
};

export type PriceBook = {
  prices: ReadonlyMap<number, TypePrice>;
  /** Orders that were left out: too far from what others say to mean what they say. */
  outliers: number;
};

const depthOf = ({ orders, units, isFirm }: SidePrice): Depth => ({ orders, units, isFirm });

/** Makes a book of all orders; an order that came twice, since pages shifted, counts once. */
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
