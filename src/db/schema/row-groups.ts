/**
 * Listed contracts once more, by column: what a search that no index narrows reads instead of every
 * row. A row group holds the listed contracts of a range of ids, each column as one JSON list in the
 * order of `contract_id`. Triggers on `contracts` mark a group as out of date in the batch that
 * changes one of its contracts; the sync writes it again at the end of its run.
 */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const rowGroups = sqliteTable("row_groups", {
  /** `contract_id / 4096`. */
  groupId: integer("group_id").primaryKey(),
  /** Another random number for each content of the columns; null while they are out of date. */
  stamp: integer("stamp"),
});

export const rowGroupColumns = sqliteTable("row_group_columns", {
  groupId: integer("group_id").primaryKey(),
  contractId: text("contract_id"),
  regionId: text("region_id"),
  type: text("type"),
  price: text("price"),
  reward: text("reward"),
  collateral: text("collateral"),
  volume: text("volume"),
  buyout: text("buyout"),
  daysToComplete: text("days_to_complete"),
  dateIssued: text("date_issued"),
  dateExpired: text("date_expired"),
  issuerId: text("issuer_id"),
  issuerCorporationId: text("issuer_corporation_id"),
  startLocationId: text("start_location_id"),
  startSystemId: text("start_system_id"),
  startSecurityClass: text("start_security_class"),
  endLocationId: text("end_location_id"),
  endSystemId: text("end_system_id"),
  endSecurityClass: text("end_security_class"),
  routeJumps: text("route_jumps"),
  firstSeenAt: text("first_seen_at"),
  itemCount: text("item_count"),
  requestedItemCount: text("requested_item_count"),
  label: text("label"),
  isShip: text("is_ship"),
  blueprintCount: text("blueprint_count"),
  hasBlueprintCopy: text("has_blueprint_copy"),
  hasBlueprintOriginal: text("has_blueprint_original"),
  blueprintIsCopy: text("blueprint_is_copy"),
  blueprintRuns: text("blueprint_runs"),
  blueprintMaterialEfficiency: text("blueprint_material_efficiency"),
  blueprintTimeEfficiency: text("blueprint_time_efficiency"),
  blueprints: text("blueprints"),
  offeredTypeId: text("offered_type_id"),
  offeredGroupId: text("offered_group_id"),
  offeredCategoryId: text("offered_category_id"),
  offeredTypes: text("offered_types"),
  hullTypeId: text("hull_type_id"),
  itemFlagBits: text("item_flag_bits"),
  valueSell: text("value_sell"),
  pricedCount: text("priced_count"),
  requestedValue: text("requested_value"),
  topShare: text("top_share"),
  pricedAt: text("priced_at"),
  priceConfidence: text("price_confidence"),
});
