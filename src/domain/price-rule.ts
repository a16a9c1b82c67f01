/**
 * What the orders of a type say of its price. Orders that agree with each other are believed before
 * ESI's average, and no single one before the others: docs/market.md says how well that does.
 */

/** An order, as far as a price needs it: ISK apiece, and how many. */
export type Lot = { price: number; volume: number };

/** What stands behind a price: the orders that were believed, and their units. */
export type Depth = {
  orders: number;
  units: number;
  /** Enough of both, at several prices: no single seller or buyer can have made it. */
  isFirm: boolean;
};

export type SidePrice = Depth & { price: number };

/** A type's market; a side is null if nobody who is believed is on it. */
export type MarketPrice = {
  sell: SidePrice | null;
  buy: SidePrice | null;
  /** ESI's average; null if there is none, or where the orders contradict it. */
  average: number | null;
  /** Orders that were not believed. */
  outliers: number;
};

/** The best part of a side's volume decides: one small order moves no price. */
export const bestShare = 0.05;
/** From so many units on the best part is five of them: one unit is a fifth of it at most. */
export const wellStockedUnits = 100;
/** Where fewer decide, the best order counts if the next one is no further from it than this. */
export const borneOutWithin = 1.1;
/** Orders agree that are no further than this from the middle of their side. */
export const middleWithin = 2;
/** A side of so many orders judges itself, where enough of them agree. */
export const selfJudgingOrders = 5;
/** So many orders that agree outweigh an average that would leave out every one of them. */
export const agreeingOrders = 3;
/** Sides agree if what sellers ask is no more than so many times what buyers pay. */
export const agreeingWithin = 3;
/** Of an average, first what is near is believed, then what is not far. */
export const averageBounds = { near: 3, far: 10 } as const;
export const firmFrom = { orders: 5, units: 10, prices: 3 } as const;

/** Sums of doubles end in noise; ISK has two decimals. */
export const cents = (isk: number): number => Math.round(isk * 100) / 100;

const unitsOf = (lots: readonly Lot[]): number => lots.reduce((sum, { volume }) => sum + volume, 0);

/** The best first; lots without volume are nobody's. */
const bestFirst = (lots: readonly Lot[], isBuy: boolean): Lot[] =>
  lots
    .filter(({ volume }) => volume > 0)
    .toSorted((a, b) => (isBuy ? b.price - a.price : a.price - b.price) || a.volume - b.volume);

/**
 * The volume-weighted price of the best 5% of a side's volume, the order at the boundary counting in
 * part; null if there is no volume.
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
 * Where a third of a side's volume is as good or better. Bait is one unit, and jokes are of any size:
 * an order counts with no more than the volume of the middle one.
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

/** Whether a price is at most so many times another one, and no less than that part of it. */
const isWithin = (price: number, other: number, times: number): boolean =>
  price * times >= other && price <= other * times;

function nearMiddle(best: readonly Lot[]): Lot[] {
  const middle = middleOf(best);
  if (middle === null) return [];
  return best.filter(({ price }) => isWithin(price, middle, middleWithin));
}

const judgesItself = (best: readonly Lot[]): boolean =>
  best.length >= selfJudgingOrders && nearMiddle(best).length >= agreeingOrders;

/** Whether what a side says, which judges itself, and the average exclude each other. */
function contradicts(best: readonly Lot[], isBuy: boolean, average: number): boolean {
  const middle = judgesItself(best) ? middleOf(best) : null;
  if (middle === null) return false;
  // Buyers may pay as little as they like: that says nothing of what a thing is worth.
  return isBuy
    ? middle > average * averageBounds.far
    : !isWithin(middle, average, averageBounds.far);
}

/** Whether the average would leave out every order, of some that agree with each other. */
function isOutvoted(sells: readonly Lot[], buys: readonly Lot[], average: number): boolean {
  if ([...sells, ...buys].some(({ price }) => isWithin(price, average, averageBounds.far)))
    return false;
  const voters = nearMiddle(sells).length + nearMiddle(buys).length;
  if (voters < agreeingOrders) return false;
  const [asked, paid] = [middleOf(sells), middleOf(buys)];
  if (asked === null) return paid !== null && paid > average;
  return paid === null || isWithin(asked, paid, agreeingWithin);
}

/** The orders that are believed. An average has a say only if they are few, or disagree. */
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

/** Nobody buys for more than others sell for: the side that is less sure gives way, or the buyers. */
function inOrder(sell: SidePrice | null, buy: SidePrice | null) {
  if (!sell || !buy || buy.price <= sell.price) return { sell, buy };
  return buy.isFirm && !sell.isFirm
    ? { sell: { ...sell, price: buy.price }, buy }
    : { sell, buy: { ...buy, price: sell.price } };
}

/** Prices a type by all orders that trade at one place, and by ESI's average, if it has one. */
export function marketPriceOf(
  { sells, buys }: { sells: readonly Lot[]; buys: readonly Lot[] },
  esiAverage: number | null,
): MarketPrice {
  const asked = bestFirst(sells, false);
  const paid = bestFirst(buys, true);
  // An average of zero is ESI's way to say that nobody traded it.
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
