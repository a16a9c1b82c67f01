import type { FlagFilter } from "../../domain/contract-query.ts";
import type { FlagCode } from "../../domain/flags/flag.ts";
import { type ItemFlagCode, itemFlagCodes } from "../../domain/flags/item-flags.ts";
import {
  collateralOfReward,
  fillersMinRows,
  fillersTopShare,
  priceMagnitudeOfMedian,
  priceMagnitudeOfValue,
  tooCheapOfValue,
} from "../../domain/flags/price-flags.ts";
import { expiresSoonSeconds } from "../../domain/flags/row-flags.ts";
import { locationIdsOf } from "../../domain/location.ts";
import type { EpochSeconds } from "../../lib/time.ts";
import { cost, isFullyPriced } from "./derived-columns.ts";
import {
  and,
  bitAnd,
  coalesce,
  column,
  differs,
  equals,
  type Expression,
  isAtLeast,
  isAtMost,
  isLess,
  isMore,
  isNotNull,
  isNotTrue,
  isNull,
  minus,
  or,
  plus,
  text,
  times,
} from "./expression.ts";

const isNoAuction = differs(column("type"), text("auction"));
const hasValue = and(isFullyPriced, isMore(column("value_sell"), 0));
const asksForItems = isMore(column("requested_item_count"), 0);

/** What whoever takes it gives, and gets: added up as the rules do, so that both round alike. */
const reward = coalesce(column("reward"), 0);
const given = plus(cost, reward);
const taken = plus(column("value_sell"), reward);

const medianAsk: Expression = { kind: "hullMedianAsk" };

/** Either end: only couriers have a second one. */
const atEither = (condition: (end: "start" | "end") => Expression): Expression =>
  or(condition("start"), condition("end"));

/** What a stored mask says: the rules of items are judged when these come. */
const isMarked = (code: ItemFlagCode): Expression =>
  differs(bitAnd(column("item_flag_bits"), 1 << itemFlagCodes.indexOf(code)), 0);

/** Costs that many times its value, which no median of asks has a part in. */
const isFarAboveValue = and(
  hasValue,
  equals(column("has_blueprint_original"), 0),
  isAtLeast(given, times(taken, priceMagnitudeOfValue)),
);

const isFarAboveMedian = isAtLeast(column("price"), times(medianAsk, priceMagnitudeOfMedian));

const isFirm = equals(column("price_confidence"), text("firm"));

/** Each rule of `src/domain/flags` once more, of a contract's columns: what is shown can be asked for. */
function conditionOf(code: FlagCode, islands: readonly number[], now: EpochSeconds): Expression {
  switch (code) {
    case "price_magnitude":
      return or(isFarAboveMedian, isFarAboveValue);
    case "too_cheap":
      return and(isNoAuction, hasValue, isLess(given, times(taken, tooCheapOfValue)));
    case "zero_price":
      return and(
        isNoAuction,
        equals(column("price"), 0),
        isAtMost(reward, 0),
        equals(column("requested_item_count"), 0),
        isMore(column("value_sell"), 0),
      );
    case "requested_unpriced":
      return and(asksForItems, isNotNull(column("priced_at")), isNull(column("requested_value")));
    case "many_fillers":
      return and(
        isFullyPriced,
        isAtLeast(column("item_count"), fillersMinRows),
        isAtLeast(column("top_share"), fillersTopShare),
      );
    case "structure_access_unknown":
      return atEither((end) => isAtLeast(column(`${end}_location_id`), locationIdsOf.structure[0]));
    case "nullsec_location":
      return atEither((end) => equals(column(`${end}_security_class`), text("nullsec")));
    case "wormhole_location":
      return atEither((end) => equals(column(`${end}_security_class`), text("wormhole")));
    case "highsec_island":
      return atEither((end) => ({
        kind: "oneOf",
        operand: column(`${end}_system_id`),
        values: islands,
        isNegated: false,
      }));
    case "collateral_over_value":
      return and(
        equals(column("type"), text("courier")),
        isMore(column("collateral"), times(column("reward"), collateralOfReward)),
      );
    case "expires_soon":
      return and(
        equals(column("is_listed"), 1),
        isMore(column("date_expired"), now),
        isLess(minus(column("date_expired"), now), expiresSoonSeconds),
      );
    default:
      return isMarked(code);
  }
}

/** A rule if it is as severe as it is defined: by a value that is not firm, it is a hint. */
function fullConditionOf(
  code: FlagCode,
  islands: readonly number[],
  now: EpochSeconds,
): Expression {
  if (code === "price_magnitude") return or(isFarAboveMedian, and(isFirm, isFarAboveValue));
  const condition = conditionOf(code, islands, now);
  return code === "too_cheap" ? and(isFirm, condition) : condition;
}

/** Whether a contract has one of the flags. */
export const hasAnyFlag = (
  asked: FlagFilter | undefined,
  now: EpochSeconds,
): Expression | undefined =>
  asked && or(...asked.codes.map((code) => conditionOf(code, asked.islands, now)));

/** Whether it has none of them, as far as is known. */
export function hasNoFlag(
  asked: FlagFilter | undefined,
  now: EpochSeconds,
): Expression | undefined {
  const hasAny = hasAnyFlag(asked, now);
  return hasAny && isNotTrue(hasAny);
}

/**
 * Whether it has none of them in full severity. A hint is never above the severity that was asked
 * for.
 */
export const hasNoFullFlag = (
  asked: FlagFilter | undefined,
  now: EpochSeconds,
): Expression | undefined =>
  asked && isNotTrue(or(...asked.codes.map((code) => fullConditionOf(code, asked.islands, now))));
