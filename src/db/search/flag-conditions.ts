import { sql, type SQL } from "drizzle-orm";

import type { FlagFilter } from "../../domain/contract-query.ts";
import type { FlagCode } from "../../domain/flags/flag.ts";
import { type ItemFlagCode, itemFlagCodes } from "../../domain/flags/item-flags.ts";
import {
  collateralOfReward,
  fillersMinRows,
  fillersTopShare,
  medianMinListed,
  priceMagnitudeOfMedian,
  priceMagnitudeOfValue,
  tooCheapOfValue,
} from "../../domain/flags/price-flags.ts";
import { expiresSoonSeconds } from "../../domain/flags/row-flags.ts";
import { locationIdsOf } from "../../domain/location.ts";
import type { EpochSeconds } from "../../lib/time.ts";
import { jsonIds } from "../d1.ts";
import { cost, isFullyPriced } from "./derived-columns.ts";
import { any } from "./terms.ts";

const number = (value: number): SQL => sql.raw(String(value));

const isNoAuction = sql`contracts.type <> 'auction'`;
const hasValue = sql`(${isFullyPriced} and contracts.value_sell > 0)`;
const asksForItems = sql`contracts.requested_item_count > 0`;

/** Of the same lone hull, where so many are listed that a median means something. */
const medianAsk = sql`(
  select median_ask from hulls where hulls.hull_type_id = contracts.hull_type_id
    and contracts.type = 'item_exchange' and contracts.is_listed = 1
    and hulls.listed >= ${number(medianMinListed)} and hulls.median_ask > 0
)`;

/** Either end: only couriers have a second one. */
const atEither = (condition: (end: "start" | "end") => SQL): SQL =>
  sql`(${condition("start")} or ${condition("end")})`;

const column = (end: "start" | "end", name: string): SQL => sql.raw(`contracts.${end}_${name}`);

/** What a stored mask says: the rules of items are judged when these come. */
const isMarked = (code: ItemFlagCode): SQL =>
  sql`(contracts.item_flag_bits & ${number(1 << itemFlagCodes.indexOf(code))}) <> 0`;

/** Each rule of `src/domain/flags` once more, of a contract's columns: what is shown can be asked for. */
function conditionOf(code: FlagCode, islands: readonly number[], now: EpochSeconds): SQL {
  switch (code) {
    case "price_magnitude":
      return sql`(contracts.price >= ${number(priceMagnitudeOfMedian)} * ${medianAsk}
        or (${hasValue} and contracts.has_blueprint_original = 0
          and ${cost} >= ${number(priceMagnitudeOfValue)} * contracts.value_sell))`;
    case "too_cheap":
      return sql`(${isNoAuction} and ${hasValue}
        and ${cost} < ${number(tooCheapOfValue)} * contracts.value_sell)`;
    case "zero_price":
      return sql`(${isNoAuction} and contracts.price = 0 and (
        (coalesce(contracts.reward, 0) = 0 and ${asksForItems}) or contracts.value_sell > 0))`;
    case "requested_unpriced":
      return sql`(${asksForItems} and contracts.priced_at is not null
        and contracts.requested_value is null)`;
    case "many_fillers":
      return sql`(${isFullyPriced} and contracts.item_count >= ${number(fillersMinRows)}
        and contracts.top_share >= ${number(fillersTopShare)})`;
    case "structure_access_unknown":
      return atEither(
        (end) => sql`${column(end, "location_id")} >= ${number(locationIdsOf.structure[0])}`,
      );
    case "nullsec_location":
      return atEither((end) => sql`${column(end, "security_class")} = 'nullsec'`);
    case "wormhole_location":
      return atEither((end) => sql`${column(end, "security_class")} = 'wormhole'`);
    case "highsec_island":
      return atEither((end) => sql`${column(end, "system_id")} in ${jsonIds(islands)}`);
    case "collateral_over_value":
      return sql`(contracts.type = 'courier'
        and contracts.collateral > ${number(collateralOfReward)} * contracts.reward)`;
    case "expires_soon":
      return sql`(contracts.is_listed = 1 and contracts.date_expired > ${now}
        and contracts.date_expired - ${now} < ${number(expiresSoonSeconds)})`;
    default:
      return isMarked(code);
  }
}

/** Whether a contract has one of the flags. */
export const hasAnyFlag = (asked: FlagFilter | undefined, now: EpochSeconds): SQL | undefined =>
  asked && any(asked.codes.map((code) => conditionOf(code, asked.islands, now)));

/** Whether it has none of them, as far as is known. */
export function hasNoFlag(asked: FlagFilter | undefined, now: EpochSeconds): SQL | undefined {
  if (!asked) return undefined;
  return sql`(${hasAnyFlag(asked, now)}) is not true`;
}
