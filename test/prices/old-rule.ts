/** The rule that prices were made by before: one average judges every order. Kept to compare with. */
import type { Order } from "../../src/domain/price-book.ts";

const isOutlier = (price: number, average: number | null): boolean =>
  average !== null && average > 0 && (price < average * 0.1 || price > average * 10);

function bestPrice(orders: readonly Order[], isBuy: boolean): number | null {
  const best = orders.toSorted((a, b) => (isBuy ? b.price - a.price : a.price - b.price));
  const total = best.reduce((sum, { volume }) => sum + volume, 0);
  if (total <= 0) return null;
  const wanted = total * 0.05;
  let taken = 0;
  let cost = 0;
  for (const { price, volume } of best) {
    const part = Math.min(volume, wanted - taken);
    cost += part * price;
    taken += part;
    if (taken >= wanted) break;
  }
  return Math.round((cost / taken) * 100) / 100;
}

/** What a type's orders and its average came to. */
export function oldPrices(orders: readonly Order[], average: number | null) {
  const kept = orders.filter(({ price }) => !isOutlier(price, average));
  const sideOf = (isBuy: boolean) =>
    bestPrice(
      kept.filter((order) => order.isBuy === isBuy),
      isBuy,
    ) ??
    (average || null);
  return { sell: sideOf(false), buy: sideOf(true) };
}
