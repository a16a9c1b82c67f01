/** How far prices are from true ones, and how many contracts they accuse wrongly. */
import { type Lot, marketPriceOf } from "../../src/domain/price-rule.ts";
import type { MadeType, MarketKind } from "./made-market.ts";
import { oldPrices } from "./old-rule.ts";

type Prices = {
  sell: number | null;
  buy: number | null;
  /** Whether a flag by the price at sell is more than a hint. */
  isFirm: boolean;
};

export type Rule = (type: MadeType) => Prices;

export const oldRule: Rule = ({ orders, average }) => ({
  ...oldPrices(orders, average),
  isFirm: true,
});

export const newRule: Rule = ({ orders, average: given }) => {
  const lots = (isBuy: boolean): Lot[] => orders.filter((order) => order.isBuy === isBuy);
  const { sell, buy, average } = marketPriceOf({ sells: lots(false), buys: lots(true) }, given);
  return {
    sell: sell?.price ?? average,
    buy: buy?.price ?? average,
    isFirm: sell?.isFirm ?? false,
  };
};

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** How far off, as a share: 1 is twice as much, or half. */
const errorOf = (price: number, truth: number): number =>
  Math.max(price / truth, truth / price) - 1;

/** Of what is asked, in shares of what it is worth: fair, ten times too much, a tenth of it. */
const fairAsks = [0.8, 1, 1.3];
const oddAsks = [15, 0.06];

const isFlagged = (cost: number, value: number): boolean =>
  cost >= 10 * value || cost < 0.1 * value;

export type Verdict = {
  sides: number;
  medianError: number;
  p95Error: number;
  /** Sides that an honest order is on, and that have no price. */
  unpriced: number;
  /** Share of contracts at a fair price that a flag accuses with more than a hint. */
  wrongFlags: number;
  /** Share of contracts at an odd price that it accuses so. */
  caught: number;
};

export function judge(market: readonly MadeType[], rule: Rule, kind?: MarketKind): Verdict {
  const errors: number[] = [];
  const flags = { fair: [] as boolean[], odd: [] as boolean[] };
  let unpriced = 0;
  for (const type of market) {
    if (kind !== undefined && type.kind !== kind) continue;
    const { truth } = type;
    const prices = rule(type);
    for (const side of ["sell", "buy"] as const) {
      const [price, wanted] = [prices[side], truth[side]];
      if (wanted === null) continue;
      if (price === null) unpriced += 1;
      else errors.push(errorOf(price, wanted));
    }
    const [value, wanted] = [prices.sell, truth.sell];
    if (wanted === null) continue;
    const isAccused = (share: number) =>
      value !== null && prices.isFirm && isFlagged(wanted * share, value);
    flags.fair.push(...fairAsks.map(isAccused));
    flags.odd.push(...oddAsks.map(isAccused));
  }
  const share = (those: readonly boolean[]) => those.filter(Boolean).length / (those.length || 1);
  return {
    sides: errors.length + unpriced,
    medianError: quantile(errors, 0.5),
    p95Error: quantile(errors, 0.95),
    unpriced,
    wrongFlags: share(flags.fair),
    caught: share(flags.odd),
  };
}
