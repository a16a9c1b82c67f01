import type { ContractType } from "../contract.ts";
import type { PriceConfidence } from "../valuation.ts";
import { asHint, counted, type Flag, flagOf } from "./flag.ts";
import type { Evidence } from "./item-flag.ts";

export const priceMagnitudeOfMedian = 8;
/** With fewer asks than this, the median is not used for comparison. */
export const medianMinListed = 5;
export const priceMagnitudeOfValue = 10;
export const tooCheapOfValue = 0.1;
export const fillersMinRows = 20;
export const fillersTopShare = 0.9;
export const collateralOfReward = 50;

export type PriceFacts = {
  type: ContractType;
  price: number | null;
  reward: number | null;
  collateral: number | null;
  /** Rows; null until items are complete. */
  itemCount: number | null;
  requestedItemCount: number | null;
  valueSell: number | null;
  isFullyPriced: boolean | null;
  requestedValue: number | null;
  /** The cost of taking the contract: price + requestedValue − reward. */
  cost: number | null;
  /** Share of valueSell from the most valuable offered row. */
  topShare: number | null;
  /** The confidence of the least certain price behind value and cost. Null if nothing is priced. */
  priceConfidence: PriceConfidence | null;
  /**
   * Whether a blueprint original is offered. A researched original is worth more than the new one
   * on the market.
   */
  hasBlueprintOriginal: boolean | null;
  /**
   * The counted asks for the same lone hull, including this one. Null if the contract is not a lone
   * hull.
   */
  hull: { listed: number; medianAsk: number } | null;
};

/** A short number for readers. The exact number is in the evidence. */
const inWords = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 1 });

const isk = (value: number): string =>
  `${value.toLocaleString("en-US", { maximumFractionDigits: 2 })} ISK`;

/** A value may accuse only if many orders agree on every price behind it. */
const byValue = (flag: Flag, { priceConfidence }: PriceFacts): Flag =>
  priceConfidence === "firm" ? flag : asHint(flag);
/** What the taker of a contract gives, and what the taker gets. */
type Exchange = { given: number; taken: number; reward: number; cost: number; valueSell: number };

/**
 * A reward is part of what the taker gets. If it were subtracted from the cost instead, every
 * purchase with a high reward would look like a gift, and every one with a low reward would look
 * like a trap. Null if a part is not known, or if the offered items are worth nothing.
 */
function exchangeOf({ cost, reward, valueSell, isFullyPriced }: PriceFacts): Exchange | null {
  if (isFullyPriced !== true || cost === null || valueSell === null || valueSell <= 0) return null;
  const paid = reward ?? 0;
  return { given: cost + paid, taken: valueSell + paid, reward: paid, cost, valueSell };
}

const rewardIn = ({ reward }: Exchange): Evidence => (reward > 0 ? { reward } : {});

/** "1,000,000 ISK at Jita sell", followed by the reward if there is one. */
const takenInWords = ({ valueSell, reward }: Exchange): string =>
  `${isk(valueSell)} at Jita sell${reward > 0 ? `, and a reward of ${isk(reward)}` : ""}`;

export function priceMagnitude(facts: PriceFacts): Flag[] {
  const { price, hull, hasBlueprintOriginal } = facts;
  const exchange = exchangeOf(facts);
  const details: string[] = [];
  const evidence: Evidence = {};
  if (
    price !== null &&
    hull &&
    hull.listed >= medianMinListed &&
    hull.medianAsk > 0 &&
    price >= priceMagnitudeOfMedian * hull.medianAsk
  ) {
    const times = price / hull.medianAsk;
    details.push(
      `Asks ${inWords(times)} times the median of ${hull.listed} asks for this hull, ${isk(hull.medianAsk)}`,
    );
    Object.assign(evidence, {
      ask: price,
      median_ask: hull.medianAsk,
      listed: hull.listed,
      times_median: times,
    });
  }
  if (
    exchange &&
    hasBlueprintOriginal === false &&
    exchange.given >= priceMagnitudeOfValue * exchange.taken
  ) {
    const { cost, valueSell, reward } = exchange;
    const times = exchange.given / exchange.taken;
    details.push(
      reward > 0
        ? `Asks ${inWords(times)} times what it gives: ${takenInWords(exchange)}`
        : `Costs ${inWords(times)} times what is offered is worth at Jita sell, ${isk(valueSell)}`,
    );
    Object.assign(evidence, {
      cost,
      value_sell: valueSell,
      ...rewardIn(exchange),
      times_value: times,
    });
  }
  if (details.length === 0) return [];
  const flag = flagOf("price_magnitude", details.join(". "), evidence);
  return ["median_ask" in evidence ? flag : byValue(flag, facts)];
}

/** Auctions are skipped, because their first bid is not an asking price. */
export function tooCheap(facts: PriceFacts): Flag[] {
  const exchange = facts.type === "auction" ? null : exchangeOf(facts);
  if (!exchange || exchange.given >= tooCheapOfValue * exchange.taken) return [];
  const { cost, valueSell } = exchange;
  const detail = `Costs ${isk(cost)}; what is offered is worth ${takenInWords(exchange)}`;
  const evidence = { cost, value_sell: valueSell, ...rewardIn(exchange) };
  return [byValue(flagOf("too_cheap", detail, evidence), facts)];
}

/** If requested items or a reward change hands, a price of 0 is normal and raises no flag. */
export function zeroPrice(facts: PriceFacts): Flag[] {
  const { type, price, reward, requestedItemCount, valueSell } = facts;
  if (type === "auction" || price !== 0) return [];
  if (requestedItemCount !== 0 || (reward ?? 0) > 0) return [];
  if (valueSell === null || valueSell <= 0) return [];
  const detail = `Has the price 0, asks for nothing, and offers what is worth ${isk(valueSell)} at Jita sell`;
  return [flagOf("zero_price", detail, { price, value_sell: valueSell })];
}

export function requestedUnpriced({ requestedItemCount, requestedValue }: PriceFacts): Flag[] {
  const asked = requestedItemCount ?? 0;
  if (asked === 0 || requestedValue !== null) return [];
  const detail = `Asks for ${counted(asked, "row")} of items; not all can be priced`;
  return [flagOf("requested_unpriced", detail, { requested_items: asked })];
}

/**
 * Applies only if every row has a price. A row without a price may be worth most of the contract.
 */
export function manyFillers({ itemCount, topShare, isFullyPriced }: PriceFacts): Flag[] {
  if (isFullyPriced !== true || itemCount === null || itemCount < fillersMinRows) return [];
  if (topShare === null || topShare < fillersTopShare) return [];
  const detail = `One of ${itemCount} rows carries ${inWords(topShare * 100)}% of the value`;
  return [flagOf("many_fillers", detail, { items: itemCount, top_share: topShare })];
}

export function collateralOverValue({ type, collateral, reward }: PriceFacts): Flag[] {
  if (type !== "courier" || collateral === null || reward === null) return [];
  if (collateral <= collateralOfReward * reward) return [];
  const times = reward > 0 ? collateral / reward : undefined;
  const detail =
    times === undefined
      ? `Has a collateral of ${isk(collateral)}, and no reward`
      : `Has a collateral of ${inWords(times)} times the reward, ${isk(reward)}`;
  const evidence = { collateral, reward, ...(times === undefined ? {} : { times_reward: times }) };
  return [flagOf("collateral_over_value", detail, evidence)];
}
