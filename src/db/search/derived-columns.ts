/** What is computed of a contract's columns, the same for whoever shows, filters or sorts by it. */
import {
  and,
  atLeast,
  coalesce,
  column,
  dividedBy,
  equals,
  type Expression,
  isMore,
  minus,
  nullIfZero,
  plus,
  text,
  when,
} from "./expression.ts";

/** Of a courier; null if a part is unknown or zero. */
const rewardPer = (divisor: Expression): Expression =>
  when(equals(column("type"), text("courier")), dividedBy(nullIfZero(column("reward")), divisor));

export const rewardPerVolume = rewardPer(nullIfZero(column("volume")));
/** A way of no jumps counts as one. */
export const rewardPerJump = rewardPer(atLeast(column("route_jumps"), 1));

/** What taking a contract costs, ISK; null if a part of it is unknown. */
export const cost = minus(
  plus(column("price"), column("requested_value")),
  coalesce(column("reward"), 0),
);

/** Whether every offered row has a price; null if that is not known. */
export const isFullyPriced = and(
  equals(column("priced_count"), column("item_count")),
  isMore(column("item_count"), 0),
);

const costToValue = dividedBy(cost, nullIfZero(column("value_sell")));
export const priceToValue = when(isFullyPriced, costToValue);
export const priceToPartialValue = when(equals(isFullyPriced, 0), costToValue);
