/** What is computed of a contract's columns, the same for whoever shows, filters or sorts by it. */
import { sql, type SQL } from "drizzle-orm";

/** Of a courier; null where a part is unknown or zero. */
const rewardPer = (divisor: SQL): SQL =>
  sql`case when contracts.type = 'courier' then nullif(contracts.reward, 0) / ${divisor} end`;

export const rewardPerVolume = rewardPer(sql`nullif(contracts.volume, 0)`);
/** A way of no jumps counts as one. */
export const rewardPerJump = rewardPer(sql`max(contracts.route_jumps, 1)`);

/** What taking a contract costs, ISK; null where a part of it is unknown. */
export const cost = sql`(contracts.price + contracts.requested_value - coalesce(contracts.reward, 0))`;

/** Whether every offered row has a price; null where that is not known. */
export const isFullyPriced = sql`(contracts.priced_count = contracts.item_count and contracts.item_count > 0)`;

const costToValue = sql`${cost} / nullif(contracts.value_sell, 0)`;
export const priceToValue = sql`case when ${isFullyPriced} then ${costToValue} end`;
export const priceToPartialValue = sql`case when not ${isFullyPriced} then ${costToValue} end`;
