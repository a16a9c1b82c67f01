/**
 * ESI's response bodies, as far as they are used. Fields that are not named here pass through
 * unread.
 */
import { z } from "zod";

const id = z.int().positive();
/** ISK and m³, sent as doubles. Negative amounts and amounts over a quintillion are invalid. */
const amount = z.number().min(0).max(1e18);
const percent = z.int().min(0).max(100);
/** JSON can escape half of a surrogate pair. UTF-8, and so the database, cannot store it. */
const text = z.string().transform((value) => value.toWellFormed());

/**
 * A field that may be absent. An unreadable value costs only the field, not its row. It becomes
 * null, while a field that ESI left out is undefined.
 */
const lenient = <Schema extends z.ZodType>(schema: Schema) =>
  schema.optional().nullable().catch(null);

/** How many fields of a row could not be read. */
export const oddFieldsOf = (row: object): number =>
  Object.values(row).filter((value) => value === null).length;

/** From EVE's first year to the end of the century, in epoch seconds. */
const instant = z.iso
  .datetime({ offset: true })
  .transform((value) => Math.floor(Date.parse(value) / 1000))
  .pipe(z.int().min(1_041_379_200).max(4_102_444_800));

/**
 * Only fields that ESI's specification requires are required here. A lost optional field never
 * makes the contract wrong: null means unknown wherever it is shown, sorted or filtered, and an
 * unknown price is not 0. `for_corporation` cannot be stored as null, but a contract is worth more
 * than that flag.
 */
export const contractRowSchema = z.object({
  contract_id: id,
  type: z.string(),
  issuer_id: id,
  issuer_corporation_id: id,
  date_issued: instant,
  date_expired: instant,
  title: lenient(text),
  for_corporation: lenient(z.boolean()),
  start_location_id: lenient(id),
  end_location_id: lenient(id),
  price: lenient(amount),
  buyout: lenient(amount),
  reward: lenient(amount),
  collateral: lenient(amount),
  volume: lenient(amount),
  days_to_complete: lenient(z.int().min(0).max(100_000)),
});
export type ContractRow = z.output<typeof contractRowSchema>;

/**
 * The fields that are read from rows that are stored already. Contracts do not change, except for
 * the dates of auctions.
 */
export const auctionDatesSchema = z.object({ date_issued: instant, date_expired: instant });

export const itemsSchema = z.array(
  z.object({
    record_id: id,
    type_id: id,
    quantity: z.int().min(0),
    is_included: z.boolean(),
    item_id: lenient(id),
    /**
     * Strict on purpose: an unreadable value makes the items invalid. Otherwise a copy could pass
     * for an original, which is worth a thousand times as much.
     */
    is_blueprint_copy: z.boolean().optional(),
    material_efficiency: lenient(percent),
    time_efficiency: lenient(percent),
    /**
     * -1 is documented for originals, but never sent. A copy with unknown runs matches no bound on
     * runs.
     */
    runs: lenient(z.int().min(-1)),
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
  market_group_id: lenient(id),
  volume: lenient(z.number()),
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
