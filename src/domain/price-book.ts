/** What items are worth, by the orders at Jita IV - Moon 4. */

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

/** ISK apiece, each null where nobody offers; `average` is ESI's own, over all of New Eden. */
export type TypePrice = { sell: number | null; buy: number | null; average: number | null };

export type PriceBook = {
  prices: ReadonlyMap<number, TypePrice>;
  /** Orders that were left out: too far from the average to mean what they say. */
  outliers: number;
};

/** The best part of a side's volume decides: one small order moves no price. */
export const bestShare = 0.05;
/** Orders outside of these multiples of the average are slips, traps or jokes. */
export const outlierBounds = { min: 0.1, max: 10 } as const;

export const isOutlier = (price: number, average: number | null): boolean =>
  average !== null &&
  average > 0 &&
  (price < average * outlierBounds.min || price > average * outlierBounds.max);

/** Sums of doubles end in noise; ISK has two decimals. */
export const cents = (isk: number): number => Math.round(isk * 100) / 100;

/**
 * The volume-weighted price of the best 5% of a side's volume, the order at the boundary counting in
 * part; null where there is no volume.
 */
export function bestPrice(orders: readonly Order[], isBuy: boolean): number | null {
  const best = orders.toSorted((a, b) => (isBuy ? b.price - a.price : a.price - b.price));
  const total = best.reduce((sum, { volume }) => sum + volume, 0);
  if (total <= 0) return null;
  const wanted = total * bestShare;
  let taken = 0;
  let cost = 0;
  for (const { price, volume } of best) {
    const part = Math.min(volume, wanted - taken);
    cost += part * price;
    taken += part;
    if (taken >= wanted) break;
  }
  return cents(cost / taken);
}

/** Makes a book of all orders; an order that came twice, since pages shifted, counts once. */
export function priceBookOf(
  orders: Iterable<Order>,
  averages: ReadonlyMap<number, number>,
): PriceBook {
  const seen = new Set<number>();
  const sides = new Map<number, { sell: Order[]; buy: Order[] }>();
  let outliers = 0;
  for (const order of orders) {
    if (seen.has(order.orderId)) continue;
    seen.add(order.orderId);
    if (isOutlier(order.price, averages.get(order.typeId) ?? null)) {
      outliers += 1;
      continue;
    }
    const side = sides.get(order.typeId) ?? { sell: [], buy: [] };
    side[order.isBuy ? "buy" : "sell"].push(order);
    sides.set(order.typeId, side);
  }
  const typeIds = new Set([...sides.keys(), ...averages.keys()]);
  const prices = new Map(
    Array.from(typeIds, (typeId) => {
      const { sell = [], buy = [] } = sides.get(typeId) ?? {};
      return [
        typeId,
        {
          sell: bestPrice(sell, false),
          buy: bestPrice(buy, true),
          average: averages.get(typeId) ?? null,
        },
      ];
    }),
  );
  return { prices, outliers };
}
