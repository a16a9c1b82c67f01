/**
 * Prices a type by its orders. Orders that agree with each other are believed before ESI's average.
 * No single order is believed before the others. docs/market.md says how well that works.
 */

/** The parts of an order that a price needs: ISK per unit, and the number of units. */
export type Lot = { price: number; volume: number };

/** What a price is based on: the believed orders, and their units. */
export type Depth = {
  orders: number;
  units: number;
  /**
   * Enough orders and units, at several prices. No single seller or buyer can have made the price.
   */
  isFirm: boolean;
};

export type SidePrice = Depth & { price: number };

/** The market of a type. A side is null if it has no believed orders. */
export type MarketPrice = {
  sell: SidePrice | null;
  buy: SidePrice | null;
  /** ESI's average. Null if there is none, or if the orders contradict it. */
  average: number | null;
  /** Orders that were not believed. */
  outliers: number;
};

/**
 * The share of a side's volume, best prices first, that decides its price. One small order moves no
 * price.
 */
export const bestShare = 0.05;
/** With this many units, the best share is five units, so one unit is at most a fifth of it. */
export const wellStockedUnits = 100;
/** With fewer units, the best order counts if the next one is within this factor of it. */
export const borneOutWithin = 1.1;
/** Orders agree if they are within this factor of the middle of their side. */
export const middleWithin = 2;
/** A side with this many orders judges itself if enough of them agree. */
export const selfJudgingOrders = 5;
/** This many agreeing orders outweigh an average that would leave out all of them. */
export const agreeingOrders = 3;
/** The sides agree if sellers ask at most this many times what buyers pay. */
export const agreeingWithin = 3;
/**
 * Orders near the average are believed first. If there are none, orders that are not far are
 * believed.
 */
export const averageBounds = { near: 3, far: 10 } as const;
export const firmFrom = { orders: 5, units: 10, prices: 3 } as const;

/** Rounds to two decimals, as ISK has. Sums of doubles are inexact. */
export const cents = (isk: number): number => Math.round(isk * 100) / 100;

const unitsOf = (lots: readonly Lot[]): number => lots.reduce((sum, { volume }) => sum + volume, 0);

/** Sorts the best lots first. Lots without volume are dropped. */
const bestFirst = (lots: readonly Lot[], isBuy: boolean): Lot[] =>
  lots
    .filter(({ volume }) => volume > 0)
    .toSorted((a, b) => (isBuy ? b.price - a.price : a.price - b.price) || a.volume - b.volume);

/**
 * The volume-weighted price of the best 5% of a side's volume. The order at the boundary counts in
 * part. Null if there is no volume.
 */
export function bestPrice(lots: readonly Lot[], isBuy: boolean): number | null {
  const best = bestFirst(lots, isBuy);
  if (best.length === 0) return null;
  const wanted = unitsOf(best) * bestShare;
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

/**
 * The price at which a third of a side's volume is as good or better. Bait orders have one unit,
 * and joke orders have any size. So an order counts with at most the median volume of the side's
 * orders.
 */
function middleOf(best: readonly Lot[]): number | null {
  const volumes = best.map(({ volume }) => volume).toSorted((a, b) => a - b);
  const most = volumes[Math.floor((volumes.length - 1) / 2)] ?? 0;
  const weights = best.map(({ volume }) => Math.min(volume, most));
  const third = weights.reduce((sum, weight) => sum + weight, 0) / 3;
  let passed = 0;
  for (const [index, weight] of weights.entries()) {
    passed += weight;
    if (passed > third) return best[index]?.price ?? null;
  }
  return null;
}

/** Whether two prices are within a factor `times` of each other. */
const isWithin = (price: number, other: number, times: number): boolean =>
  price * times >= other && price <= other * times;

function nearMiddle(best: readonly Lot[]): Lot[] {
  const middle = middleOf(best);
  if (middle === null) return [];
  return best.filter(({ price }) => isWithin(price, middle, middleWithin));
}

const judgesItself = (best: readonly Lot[]): boolean =>
  best.length >= selfJudgingOrders && nearMiddle(best).length >= agreeingOrders;

/** Whether a side that judges itself and the average contradict each other. */
function contradicts(best: readonly Lot[], isBuy: boolean, average: number): boolean {
  const middle = judgesItself(best) ? middleOf(best) : null;
  if (middle === null) return false;
  // Buyers may offer as little as they like. That says nothing about the value of an item.
  return isBuy
    ? middle > average * averageBounds.far
    : !isWithin(middle, average, averageBounds.far);
}

/** Whether some orders agree with each other, but the average would leave out every order. */
function isOutvoted(sells: readonly Lot[], buys: readonly Lot[], average: number): boolean {
  if ([...sells, ...buys].some(({ price }) => isWithin(price, average, averageBounds.far)))
    return false;
  const voters = nearMiddle(sells).length + nearMiddle(buys).length;
  if (voters < agreeingOrders) return false;
  const [asked, paid] = [middleOf(sells), middleOf(buys)];
  if (asked === null) return paid !== null && paid > average;
  return paid === null || isWithin(asked, paid, agreeingWithin);
}

/** The orders that are believed. The average matters only if the orders are few or disagree. */
function believed(best: readonly Lot[], average: number | null): Lot[] {
  if (average === null || judgesItself(best)) return nearMiddle(best);
  for (const times of [averageBounds.near, averageBounds.far]) {
    const within = best.filter(({ price }) => isWithin(price, average, times));
    if (within.length > 0) return nearMiddle(within);
  }
  return [];
}

function priceOfSide(lots: readonly Lot[], isBuy: boolean): SidePrice | null {
  const [best, next] = lots;
  if (!best) return null;
  const units = unitsOf(lots);
  const prices = new Set(lots.map(({ price }) => price));
  const isBorneOut =
    !next ||
    (isBuy ? best.price <= next.price * borneOutWithin : next.price <= best.price * borneOutWithin);
  const ofFew = cents(isBorneOut ? best.price : next.price);
  return {
    price: units < wellStockedUnits ? ofFew : (bestPrice(lots, isBuy) ?? ofFew),
    orders: lots.length,
    units,
    isFirm:
      lots.length >= firmFrom.orders && units >= firmFrom.units && prices.size >= firmFrom.prices,
  };
}

/**
 * Nobody buys for more than others sell for. If the prices say otherwise, the less certain side
 * gives way. If both are equally certain, the buyers give way.
 */
function inOrder(sell: SidePrice | null, buy: SidePrice | null) {
  if (!sell || !buy || buy.price <= sell.price) return { sell, buy };
  return buy.isFirm && !sell.isFirm
    ? { sell: { ...sell, price: buy.price }, buy }
    : { sell, buy: { ...buy, price: sell.price } };
}

/** Prices a type by all orders that trade at one place, and by ESI's average if there is one. */
export function marketPriceOf(
  { sells, buys }: { sells: readonly Lot[]; buys: readonly Lot[] },
  esiAverage: number | null,
): MarketPrice {
  const asked = bestFirst(sells, false);
  const paid = bestFirst(buys, true);
  // ESI sends an average of zero if nobody traded the type.
  const isTrusted =
    esiAverage !== null &&
    esiAverage > 0 &&
    !contradicts(asked, false, esiAverage) &&
    !contradicts(paid, true, esiAverage) &&
    !isOutvoted(asked, paid, esiAverage);
  const average = isTrusted ? esiAverage : null;
  const [sellers, buyers] = [believed(asked, average), believed(paid, average)];
  return {
    ...inOrder(priceOfSide(sellers, false), priceOfSide(buyers, true)),
    average,
    outliers: asked.length + paid.length - sellers.length - buyers.length,
  };
}
