/** ESI's bodies, as far as they are used: fields that are not named here are let through unread. */
import { z } from "zod";

const id = z.int().positive();
/** ISK and m³: doubles on the wire. Anything negative or beyond a quintillion is none. */
const amount = z.number().min(0).max(1e18);
const percent = z.int().min(0).max(100);
/** JSON can escape half of a surrogate pair; UTF-8, and so the database, has no bytes for it. */
const text = z.string().transform((value) => value.toWellFormed());

/** From EVE's first year to the end of the century, in epoch seconds. */
const instant = z.iso
  .datetime({ offset: true })
  .transform((value) => Math.floor(Date.parse(value) / 1000))
  .pipe(z.int().min(1_041_379_200).max(4_102_444_800));

/** Only what ESI's specification requires is required. */
export const contractRowSchema = z.object({
  contract_id: id,
  type: z.string(),
  issuer_id: id,
  issuer_corporation_id: id,
  date_issued: instant,
  date_expired: instant,
  title: text.optional(),
  for_corporation: z.boolean().optional(),
  start_location_id: id.optional(),
  end_location_id: id.optional(),
  price: amount.optional(),
  buyout: amount.optional(),
  reward: amount.optional(),
  collateral: amount.optional(),
  volume: amount.optional(),
  days_to_complete: z.int().min(0).max(100_000).optional(),
});
export type ContractRow = z.output<typeof contractRowSchema>;

/** What is read of rows that are stored already: contracts do not change, but for auctions' dates. */
export const auctionDatesSchema = z.object({ date_issued: instant, date_expired: instant });

export const itemsSchema = z.array(
  z.object({
    record_id: id,
    type_id: id,
    quantity: z.int().min(0),
    is_included: z.boolean(),
    item_id: id.optional(),
    is_blueprint_copy: z.boolean().optional(),
    material_efficiency: percent.optional(),
    time_efficiency: percent.optional(),
    /** -1 is documented for originals, and never sent. */
    runs: z.int().min(-1).optional(),
  }),
);

export type EsiItem = z.output<typeof itemsSchema>[number];

export const arraySchema = z.array(z.unknown());

export const averagePriceSchema = z.object({ type_id: id, average_price: amount.optional() });

export const orderSchema = z.object({
  order_id: id,
  type_id: id,
  is_buy_order: z.boolean(),
  location_id: id,
  system_id: id,
  range: z.string(),
  price: amount,
  volume_remain: z.int().min(0),
  min_volume: z.int(),
});

export const bidsSchema = z.array(z.object({ bid_id: id, amount, date_bid: instant }));

export const namesSchema = z.array(z.object({ id, name: text }));

export const typeSchema = z.object({
  type_id: id,
  name: text,
  published: z.boolean(),
  group_id: z.int().min(0),
  market_group_id: id.optional(),
  volume: z.number().optional(),
});

export const groupSchema = z.object({
  group_id: z.int().min(0),
  name: text,
  published: z.boolean(),
  category_id: z.int().min(0),
});

export const categorySchema = z.object({
  category_id: z.int().min(0),
  name: text,
  published: z.boolean(),
});

export const stationSchema = z.object({
  station_id: id,
  name: text,
  system_id: id,
  type_id: id,
});

export const systemSchema = z.object({
  system_id: id,
  name: text,
  constellation_id: id,
  security_status: z.number(),
});

export const constellationSchema = z.object({
  constellation_id: id,
  name: text,
  region_id: id,
});
