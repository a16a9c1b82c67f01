import type { ContractItem } from "./item.ts";
import type { TypePrice } from "./price-book.ts";
import { cents, type Depth } from "./price-rule.ts";

export const priceSources = ["jita", "average", "none"] as const;
export type PriceSource = (typeof priceSources)[number];

/** How certain a price is, the most certain first: docs/market.md. */
export const priceConfidences = ["firm", "thin", "average"] as const;
export type PriceConfidence = (typeof priceConfidences)[number];

/** Null if there is no price. Prices of an earlier version have no known depth. */
export function confidenceOf(
  source: PriceSource,
  depth: Depth | undefined,
): PriceConfidence | null {
  if (source === "none") return null;
  if (source === "average") return "average";
  return depth?.isFirm ? "firm" : "thin";
}

/** Why an item has no price: the kind of item, or that no market knows it. */
export const unpricedReasons = ["blueprint_copy", "abyssal", "no_market", "unknown_type"] as const;
export type UnpricedReason = (typeof unpricedReasons)[number];

/** ISK per unit. Null if there is no price. */
export type ItemPrice = {
  sell: number | null;
  buy: number | null;
  sellSource: PriceSource;
  buySource: PriceSource;
  /** The orders behind Jita's prices. Absent if Jita has no price on that side. */
  sellDepth?: Depth;
  buyDepth?: Depth;
  unpricedReason: UnpricedReason | null;
};

/** The facts that decide whether an item may have a market price. */
export type Priceable = Pick<ContractItem, "isBlueprintCopy"> & {
  /** Null if the type is not known. */
  isAbyssal: boolean | null;
};

const unpriced = (unpricedReason: UnpricedReason): ItemPrice => ({
  sell: null,
  buy: null,
  sellSource: "none",
  buySource: "none",
  unpricedReason,
});

type Side = { price: number | null; source: PriceSource };

/** Nobody buys for more than things sell for. If the average contradicts this, Jita wins. */
function inOrder(sell: Side, buy: Side): [sell: Side, buy: Side] {
  if (sell.price === null || buy.price === null || buy.price <= sell.price) return [sell, buy];
  return sell.source === "average"
    ? [{ ...sell, price: buy.price }, buy]
    : [sell, { ...buy, price: sell.price }];
}

function side(atJita: number | null, average: number | null): Side {
  if (atJita !== null) return { price: atJita, source: "jita" };
  return average === null ? { price: null, source: "none" } : { price: average, source: "average" };
}

/**
 * The price of an item: Jita's, or New Eden's average if nobody in Jita offers it. Blueprint copies
 * and abyssal modules are each one of a kind, so a market price of their type does not apply to
 * them.
 */
export function priceOf(item: Priceable, market: TypePrice | undefined): ItemPrice {
  if (item.isBlueprintCopy) return unpriced("blueprint_copy");
  if (item.isAbyssal === null) return unpriced("unknown_type");
  if (item.isAbyssal) return unpriced("abyssal");
  // ESI sends an average of zero if nobody traded the type.
  const average = market?.average || null;
  const [sell, buy] = inOrder(
    side(market?.sell ?? null, average),
    side(market?.buy ?? null, average),
  );
  if (sell.price === null) return unpriced("no_market");
  return {
    sell: sell.price,
    buy: buy.price,
    sellSource: sell.source,
    buySource: buy.source,
    ...(market?.sellDepth && { sellDepth: market.sellDepth }),
    ...(market?.buyDepth && { buyDepth: market.buyDepth }),
    unpricedReason: null,
  };
}

/** What a contract's items are worth, in ISK. */
export type Valuation = {
  /** Value of the offered rows that have a price. Null if none has one. */
  valueSell: number | null;
  /** Value of those rows that somebody would also buy. */
  valueBuy: number | null;
  /** Offered rows with a price. */
  pricedCount: number;
  /** Value of everything requested. 0 if nothing is requested, null if a row has no price. */
  requestedValue: number | null;
  /** The share of `valueSell` from the most valuable offered row. */
  topShare: number | null;
  /**
   * The confidence of the least certain price behind these values. Null if nothing offered has a
   * price.
   */
  priceConfidence: PriceConfidence | null;
};

const lessSure = (a: PriceConfidence, b: PriceConfidence): PriceConfidence =>
  priceConfidences.indexOf(a) > priceConfidences.indexOf(b) ? a : b;

type ValuedItem = Pick<ContractItem, "isIncluded" | "quantity">;

export function valuationOf<Item extends ValuedItem>(
  items: readonly Item[],
  priceOfItem: (item: Item) => ItemPrice,
): Valuation {
  let valueSell = 0;
  let valueBuy: number | null = null;
  let pricedCount = 0;
  let requestedValue: number | null = 0;
  let top = 0;
  let leastSure: PriceConfidence = "firm";
  for (const item of items) {
    const { sell, buy, sellSource, sellDepth } = priceOfItem(item);
    leastSure = lessSure(leastSure, confidenceOf(sellSource, sellDepth) ?? "firm");
    if (!item.isIncluded) {
      requestedValue =
        sell === null || requestedValue === null ? null : requestedValue + sell * item.quantity;
    } else if (sell !== null) {
      const worth = sell * item.quantity;
      valueSell += worth;
      if (buy !== null) valueBuy = (valueBuy ?? 0) + buy * item.quantity;
      top = Math.max(top, worth);
      pricedCount += 1;
    }
  }
  const isPriced = pricedCount > 0;
  return {
    valueSell: isPriced ? cents(valueSell) : null,
    valueBuy: valueBuy === null ? null : cents(valueBuy),
    pricedCount,
    requestedValue: requestedValue === null ? null : cents(requestedValue),
    topShare: isPriced && valueSell > 0 ? top / valueSell : null,
    priceConfidence: isPriced ? leastSure : null,
  };
}

/** A value that moved by less than this share is not written again. */
export const movingShare = 0.01;

const hasMoved = (before: number | null, after: number | null): boolean => {
  if (before === null || after === null) return before !== after;
  return Math.abs(after - before) > Math.abs(before) * movingShare;
};

/** Whether a new valuation differs from the stored one. */
export const isRevalued = (before: Valuation, after: Valuation): boolean =>
  before.pricedCount !== after.pricedCount ||
  before.priceConfidence !== after.priceConfidence ||
  hasMoved(before.valueSell, after.valueSell) ||
  hasMoved(before.valueBuy, after.valueBuy) ||
  hasMoved(before.requestedValue, after.requestedValue);
