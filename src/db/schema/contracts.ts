/**
 * Contracts and their items. Columns carry ESI's names. Dates that ESI sends are epoch seconds;
 * instants of our own clock are epoch milliseconds.
 *
 * A contract is listed while the latest complete list of its region holds it. Every search index is
 * partial on that: a contract that ends leaves all of them with the one row written that ends it (D1
 * counts entries put into an index, not entries taken out). `docs/read-model.md` names the query each
 * index is for.
 */
import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";

import { hasUnreadableFlags } from "./unreadable.ts";

const listed = sql`is_listed = 1`;
/** All but item exchanges, which are 98 of 100. */
const listedOther = sql`is_listed = 1 and type <> 'item_exchange'`;
const listedShip = sql`is_listed = 1 and is_ship = 1`;

/** What the more common filters ask of a row. */
const searched = [
  "type",
  "dateExpired",
  "price",
  "dateIssued",
  "startSecurityClass",
  "startSystemId",
  "startLocationId",
  "isShip",
  "itemsStatus",
  "itemCount",
  "requestedItemCount",
  "hasBlueprintCopy",
  "hasBlueprintOriginal",
  "blueprintCount",
  "blueprintIsCopy",
  "blueprintRuns",
  "blueprintMaterialEfficiency",
  "blueprintTimeEfficiency",
  "issuerId",
  "issuerCorporationId",
] as const;

const searchedColumns = (table: Record<(typeof searched)[number], AnySQLiteColumn>) =>
  searched.map((name) => table[name]);

export const contracts = sqliteTable(
  "contracts",
  {
    contractId: integer("contract_id").primaryKey(),
    regionId: integer("region_id").notNull(),
    type: text("type").notNull(),
    title: text("title"),
    price: real("price"),
    reward: real("reward"),
    collateral: real("collateral"),
    volume: real("volume"),
    buyout: real("buyout"),
    daysToComplete: integer("days_to_complete"),
    dateIssued: integer("date_issued").notNull(),
    dateExpired: integer("date_expired").notNull(),
    forCorporation: integer("for_corporation").notNull(),
    issuerId: integer("issuer_id").notNull(),
    issuerCorporationId: integer("issuer_corporation_id").notNull(),
    startLocationId: integer("start_location_id"),
    /** Null if the location is a structure, or a station not resolved yet. */
    startSystemId: integer("start_system_id"),
    startSecurityClass: text("start_security_class"),
    /** Couriers only. */
    endLocationId: integer("end_location_id"),
    endSystemId: integer("end_system_id"),
    endSecurityClass: text("end_security_class"),
    /** Couriers only: jumps from start to end, by the shortest way and by highsec alone. */
    routeJumps: integer("route_jumps"),
    routeJumpsHighsec: integer("route_jumps_highsec"),

    /** 1 while the latest complete list of its region, which we cover, holds it. */
    isListed: integer("is_listed").notNull(),
    /** When we stored it; never less than that of a contract stored before. */
    firstSeenAt: integer("first_seen_at").notNull(),
    /** Once it is no longer listed: the time of the last list that held it, in epoch seconds. */
    lastListedAt: integer("last_listed_at"),
    /** The time of the first list that lacked it, in epoch seconds. */
    endedAt: integer("ended_at"),

    itemsStatus: text("items_status").notNull(),
    /** When ESI may be asked for the items next, in epoch seconds; 0 if it never was. */
    itemsDueAt: integer("items_due_at"),
    itemsAttempts: integer("items_attempts").notNull().default(0),

    /** What follows is derived from the items. */
    itemCount: integer("item_count"),
    requestedItemCount: integer("requested_item_count"),
    label: text("label"),
    primaryTypeId: integer("primary_type_id"),
    isShip: integer("is_ship"),
    /** How many offered rows are blueprints; the columns below are of the only one. */
    blueprintCount: integer("blueprint_count"),
    hasBlueprintCopy: integer("has_blueprint_copy"),
    hasBlueprintOriginal: integer("has_blueprint_original"),
    blueprintIsCopy: integer("blueprint_is_copy"),
    blueprintRuns: integer("blueprint_runs"),
    blueprintMaterialEfficiency: integer("blueprint_material_efficiency"),
    blueprintTimeEfficiency: integer("blueprint_time_efficiency"),
    /** Where it offers several items: each kind of blueprint among them once, as JSON. */
    blueprints: text("blueprints"),
    /** The type that all offered items are of, with its group and category; null if they differ. */
    offeredTypeId: integer("offered_type_id"),
    offeredGroupId: integer("offered_group_id"),
    offeredCategoryId: integer("offered_category_id"),
    /** The offered types if there are several, as JSON: each with its group and category. */
    offeredTypes: text("offered_types"),

    /** The type of the hull that is all it offers, and asks nothing for but ISK. */
    hullTypeId: integer("hull_type_id"),
    /** What its title and its items are flagged for: a bit a code, and all of it as JSON. */
    itemFlagBits: integer("item_flag_bits"),
    itemFlags: text("item_flags"),

    /** What its items are worth by the price book, in ISK, and by the book of which time. */
    valueSell: real("value_sell"),
    valueBuy: real("value_buy"),
    pricedCount: integer("priced_count"),
    requestedValue: real("requested_value"),
    topShare: real("top_share"),
    pricedAt: integer("priced_at"),
    /** How sure the least sure of the prices is: `firm`, `thin` or `average`. */
    priceConfidence: text("price_confidence"),

    /** The contract's document in the full-text index, folded. Last, since they are long. */
    searchTitle: text("search_title"),
    searchNames: text("search_names"),
    searchTypeIds: text("search_type_ids"),
  },
  (table) => [
    index("contracts_listed")
      .on(table.regionId, ...searchedColumns(table))
      .where(listed),
    index("contracts_by_date_issued").on(table.dateIssued).where(listed),
    index("contracts_by_date_expired").on(table.dateExpired).where(listed),
    index("contracts_by_price").on(table.price).where(listed),
    index("others_by_date_issued").on(table.type, table.dateIssued).where(listedOther),
    index("others_by_date_expired").on(table.type, table.dateExpired).where(listedOther),
    index("others_by_price").on(table.type, table.price).where(listedOther),
    index("contracts_by_region_date_issued").on(table.regionId, table.dateIssued).where(listed),
    index("contracts_by_region_date_expired").on(table.regionId, table.dateExpired).where(listed),
    index("contracts_by_region_price").on(table.regionId, table.price).where(listed),
    index("ships_by_date_issued").on(table.dateIssued).where(listedShip),
    index("ships_by_date_expired").on(table.dateExpired).where(listedShip),
    index("ships_by_price").on(table.price).where(listedShip),
    index("ships_by_region_date_issued").on(table.regionId, table.dateIssued).where(listedShip),
    index("ships_by_region_date_expired").on(table.regionId, table.dateExpired).where(listedShip),
    index("ships_by_region_price").on(table.regionId, table.price).where(listedShip),
    index("contracts_by_start_location").on(table.startLocationId).where(listed),
    index("contracts_unplaced")
      .on(table.regionId)
      .where(sql`is_listed = 1 and start_system_id is null`),
    index("contracts_by_first_seen").on(table.firstSeenAt).where(listed),
    index("contracts_unfolded")
      .on(table.contractId)
      .where(sql`title is not null and search_title is null`),
    index("contracts_due_for_items")
      .on(table.itemsDueAt)
      .where(sql`is_listed = 1 and items_due_at is not null`),
    index("contracts_left_behind")
      .on(table.regionId, table.dateExpired)
      .where(sql`is_listed = 0 and ended_at is null`),
    index("contracts_ended")
      .on(table.endedAt, table.regionId, ...searchedColumns(table))
      .where(sql`ended_at is not null`),
    index("contracts_unreadable").on(table.contractId).where(hasUnreadableFlags),
  ],
);

export const contractItems = sqliteTable(
  "contract_items",
  {
    contractId: integer("contract_id").notNull(),
    /** Unique within its contract, except for items that are alike in all; nothing says that it is unique alone. */
    recordId: integer("record_id").notNull(),
    typeId: integer("type_id").notNull(),
    quantity: integer("quantity").notNull(),
    /** 1: offered by the issuer. 0: asked for. */
    isIncluded: integer("is_included").notNull(),
    itemId: integer("item_id"),
    isBlueprintCopy: integer("is_blueprint_copy").notNull(),
    runs: integer("runs"),
    materialEfficiency: integer("material_efficiency"),
    timeEfficiency: integer("time_efficiency"),
    /** How many items this row stands for: ESI has told of two by the same row, twice. */
    copies: integer("copies").notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.contractId, table.recordId] })],
);

/**
 * What ESI last said of an auction's bids, as JSON; null if it did not say. It is not asked again
 * before that expires.
 */
export const contractBids = sqliteTable("contract_bids", {
  contractId: integer("contract_id").primaryKey(),
  bids: text("bids"),
  expiresAt: integer("expires_at").notNull(),
});

/** Characters and corporations: without a name, they wait to be asked of ESI. */
export const names = sqliteTable(
  "names",
  {
    id: integer("id").primaryKey(),
    name: text("name"),
    requestedAt: integer("requested_at").notNull(),
    resolveAt: integer("resolve_at"),
    resolveAttempts: integer("resolve_attempts").notNull().default(0),
  },
  (table) => [
    index("names_to_resolve")
      .on(table.resolveAt)
      .where(sql`resolve_at is not null`),
  ],
);
