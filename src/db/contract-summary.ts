import { sql, type SQL } from "drizzle-orm";

import type { ContractSummary, Location, Named, Worth } from "../domain/contract-summary.ts";
import {
  type ContractStatus,
  contractStatus,
  type ContractType,
  type ItemsStatus,
} from "../domain/contract.ts";
import { describe, type Flag } from "../domain/flags/flag.ts";
import { type ItemFlag, itemFlagCodes } from "../domain/flags/item-flags.ts";
import { type RowFacts, rowFlags } from "../domain/flags/row-flags.ts";
import { type HullStanding, liveAsks, standingOf } from "../domain/hull-market.ts";
import { locationKind } from "../domain/location.ts";
import { displayedSecurity, securityClass } from "../domain/security.ts";
import type { Reach, Stargates } from "../domain/stargates.ts";
import type { PriceConfidence } from "../domain/valuation.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../lib/time.ts";
import { flagFromColumn } from "./d1.ts";
import { storedAsks } from "./hull-repository.ts";
import {
  cost,
  priceToPartialValue,
  priceToValue,
  rewardPerJump,
  rewardPerVolume,
} from "./search/derived-columns.ts";
import { toSql } from "./search/expression-sql.ts";
import { type Guard, isNumber, isText, listOf, readJson } from "./stored-json.ts";

/** The columns that make a `ContractSummary`, of `contracts` and all that `joinNames` joins. */
export const summaryColumns = sql`
  contracts.contract_id, contracts.region_id, region.name as region_name, contracts.type, contracts.title, contracts.price,
  contracts.reward, contracts.collateral, contracts.volume, contracts.buyout,
  contracts.days_to_complete, contracts.date_issued, contracts.date_expired,
  contracts.for_corporation, contracts.issuer_id, issuer.name as issuer_name,
  contracts.issuer_corporation_id, corporation.name as issuer_corporation_name,
  contracts.start_location_id, start_station.name as start_station_name,
  start_system.system_id as start_system_id, start_system.name as start_system_name,
  start_system.security as start_system_security, start_system.region_id as start_system_region_id,
  contracts.end_location_id, end_station.name as end_station_name,
  end_system.system_id as end_system_id, end_system.name as end_system_name,
  end_system.security as end_system_security, end_system.region_id as end_system_region_id,
  contracts.route_jumps, contracts.route_jumps_highsec,
  ${toSql(rewardPerVolume)} as reward_per_volume,
  ${toSql(rewardPerJump)} as reward_per_jump,
  contracts.value_sell, contracts.value_buy, contracts.priced_count, contracts.requested_value,
  contracts.top_share, contracts.priced_at, contracts.price_confidence, ${toSql(cost)} as cost, ${toSql(priceToValue)} as price_to_value,
  ${toSql(priceToPartialValue)} as price_to_partial_value, hulls.asks as hull_asks,
  hulls.listed as hull_listed, hulls.median_ask as hull_median_ask, contracts.item_flags,
  contracts.is_listed, contracts.first_seen_at, contracts.last_listed_at, contracts.ended_at,
  contracts.items_status, contracts.item_count, contracts.requested_item_count, contracts.label,
  contracts.primary_type_id, primary_type.name as primary_type_name,
  primary_type.group_id as primary_group_id, primary_group.name as primary_group_name,
  primary_group.category_id as primary_category_id,
  primary_group.category_name as primary_category_name,
  contracts.is_ship, contracts.has_blueprint_copy, contracts.has_blueprint_original,
  contracts.blueprint_is_copy, contracts.blueprint_runs, contracts.blueprint_material_efficiency,
  contracts.blueprint_time_efficiency`;

/** Joins what has names: at most one row each, by primary key. */
export const joinNames: SQL = sql`
  left join regions as region on region.region_id = contracts.region_id
  left join names as issuer on issuer.id = contracts.issuer_id
  left join names as corporation on corporation.id = contracts.issuer_corporation_id
  left join stations as start_station on start_station.station_id = contracts.start_location_id
  left join systems as start_system
    on start_system.system_id = coalesce(contracts.start_system_id, start_station.system_id)
  left join stations as end_station on end_station.station_id = contracts.end_location_id
  left join systems as end_system on end_system.system_id = end_station.system_id
  left join types as primary_type on primary_type.type_id = contracts.primary_type_id
  left join hulls on hulls.hull_type_id = contracts.hull_type_id
    and contracts.type = 'item_exchange' and contracts.is_listed = 1
  left join groups as primary_group on primary_group.group_id = primary_type.group_id`;

export type SummaryRow = {
  contract_id: number;
  region_id: number;
  region_name: string | null;
  type: ContractType;
  title: string | null;
  price: number | null;
  reward: number | null;
  collateral: number | null;
  volume: number | null;
  buyout: number | null;
  days_to_complete: number | null;
  date_issued: number;
  date_expired: number;
  for_corporation: number;
  issuer_id: number;
  issuer_name: string | null;
  issuer_corporation_id: number;
  issuer_corporation_name: string | null;
  start_location_id: number | null;
  start_station_name: string | null;
  start_system_id: number | null;
  start_system_name: string | null;
  start_system_security: number | null;
  start_system_region_id: number | null;
  end_location_id: number | null;
  end_station_name: string | null;
  end_system_id: number | null;
  end_system_name: string | null;
  end_system_security: number | null;
  end_system_region_id: number | null;
  route_jumps: number | null;
  route_jumps_highsec: number | null;
  reward_per_volume: number | null;
  reward_per_jump: number | null;
  value_sell: number | null;
  value_buy: number | null;
  priced_count: number | null;
  requested_value: number | null;
  top_share: number | null;
  priced_at: number | null;
  price_confidence: PriceConfidence | null;
  cost: number | null;
  price_to_value: number | null;
  price_to_partial_value: number | null;
  hull_asks: string | null;
  hull_listed: number | null;
  hull_median_ask: number | null;
  item_flags: string | null;
  is_listed: number;
  first_seen_at: number;
  last_listed_at: number | null;
  ended_at: number | null;
  items_status: ItemsStatus;
  item_count: number | null;
  requested_item_count: number | null;
  label: string | null;
  primary_type_id: number | null;
  primary_type_name: string | null;
  primary_group_id: number | null;
  primary_group_name: string | null;
  primary_category_id: number | null;
  primary_category_name: string | null;
  is_ship: number | null;
  has_blueprint_copy: number | null;
  has_blueprint_original: number | null;
  blueprint_is_copy: number | null;
  blueprint_runs: number | null;
  blueprint_material_efficiency: number | null;
  blueprint_time_efficiency: number | null;
};

const named = (id: number | null, name: string | null): Named | null =>
  id === null ? null : { id, name };

function location(
  locationId: number | null,
  locationName: string | null,
  system: {
    id: number | null;
    name: string | null;
    security: number | null;
    regionId: number | null;
  },
): Location {
  const { id: systemId, name: systemName, security, regionId } = system;
  const isKnown = security !== null && regionId !== null;
  return {
    locationId,
    locationName,
    systemId,
    systemName,
    security: isKnown ? displayedSecurity(security) : null,
    securityClass: isKnown ? securityClass(security, regionId) : null,
    kind: locationKind(locationId),
  };
}

const startOf = (row: SummaryRow): Location =>
  location(row.start_location_id, row.start_station_name, {
    id: row.start_system_id,
    name: row.start_system_name,
    security: row.start_system_security,
    regionId: row.start_system_region_id,
  });

const endOf = (row: SummaryRow): Location =>
  location(row.end_location_id, row.end_station_name, {
    id: row.end_system_id,
    name: row.end_system_name,
    security: row.end_system_security,
    regionId: row.end_system_region_id,
  });

function worthOf(row: SummaryRow): Worth | null {
  const { priced_at: pricedAt, priced_count: pricedCount, item_count: itemCount } = row;
  if (pricedAt === null) return null;
  return {
    valueSell: row.value_sell,
    valueBuy: row.value_buy,
    pricedRatio: pricedCount === null || !itemCount ? null : pricedCount / itemCount,
    requestedValue: row.requested_value,
    priceConfidence: row.price_confidence,
    pricedAt,
  };
}

/** Of an ask that still stands. */
function hullOf(row: SummaryRow, now: EpochMs): HullStanding | null {
  const { hull_asks: json, price, date_expired: dateExpired } = row;
  if (json === null || price === null || dateExpired * 1000 <= now) return null;
  // A lone hull is what its contract is named by.
  const asks = storedAsks(row.primary_type_id, json);
  return asks ? standingOf(price, liveAsks(asks, now)) : null;
}

type Seen = {
  status: ContractStatus;
  start: Location;
  end: Location | null;
  isIsland: (place: Location) => boolean | null;
  now: EpochMs;
};

const isPlain = (value: unknown): boolean => isNumber(value) || isText(value);

const isItemFlag: Guard<ItemFlag> = (value): value is ItemFlag => {
  if (typeof value !== "object" || value === null) return false;
  if (!("code" in value && "evidence" in value)) return false;
  const { code, evidence } = value;
  if (typeof evidence !== "object" || evidence === null) return false;
  const values: unknown[] = Object.values(evidence);
  return itemFlagCodes.some((known) => known === code) && values.flat().every(isPlain);
};
const areItemFlags = listOf(isItemFlag);

function storedFlags({ contract_id: row, item_flags: json }: SummaryRow): ItemFlag[] {
  if (json === null) return [];
  return readJson(json, areItemFlags, { column: "contracts.item_flags", row }) ?? [];
}

/** Flags of its numbers, and those that are stored of its title and items. */
function flagsOf(row: SummaryRow, { status, start, end, isIsland, now }: Seen): Flag[] {
  const { hull_listed: listed, hull_median_ask: medianAsk, item_count: itemCount } = row;
  const facts: RowFacts = {
    type: row.type,
    status,
    price: row.price,
    reward: row.reward,
    collateral: row.collateral,
    dateExpired: row.date_expired,
    itemCount,
    requestedItemCount: row.requested_item_count,
    valueSell: row.value_sell,
    isFullyPriced:
      row.priced_count === null || itemCount === null
        ? null
        : itemCount > 0 && row.priced_count === itemCount,
    // Before there is a price book, nobody can say that something has no price.
    requestedValue: row.priced_at === null ? 0 : row.requested_value,
    cost: row.cost,
    topShare: row.top_share,
    priceConfidence: row.price_confidence,
    hasBlueprintOriginal: flagFromColumn(row.has_blueprint_original),
    hull: listed === null || medianAsk === null ? null : { listed, medianAsk },
    ends: (end ? [start, end] : [start]).map((place) => ({
      locationKind: place.kind,
      securityClass: place.securityClass,
      isHighsecIsland: isIsland(place),
    })),
  };
  return [...rowFlags(facts, toSeconds(now)), ...storedFlags(row).map(describe)];
}

/** What a contract is shown by, beside its row. */
export type Viewpoint = {
  /** The time of the latest list of the contract's region. */
  snapshotAt: EpochSeconds | null;
  now: EpochMs;
  stargates: Pick<Stargates, "isHighsecIsland">;
  reach: Reach | null;
};

export function summaryFromRow(
  row: SummaryRow,
  { snapshotAt, now, stargates, reach }: Viewpoint,
): ContractSummary {
  const start = startOf(row);
  const end = row.type === "courier" ? endOf(row) : null;
  const isIsland = ({ systemId }: Location) =>
    systemId === null ? null : stargates.isHighsecIsland(systemId);
  const isListed = row.is_listed === 1;
  const lifetime = { dateExpired: row.date_expired, endedAt: row.ended_at };
  const status = contractStatus(lifetime, now);
  return {
    contractId: row.contract_id,
    type: row.type,
    status,
    title: row.title,
    price: row.price,
    reward: row.reward,
    collateral: row.collateral,
    volume: row.volume,
    buyout: row.buyout,
    daysToComplete: row.days_to_complete,
    dateIssued: row.date_issued,
    dateExpired: row.date_expired,
    forCorporation: row.for_corporation === 1,
    issuerId: row.issuer_id,
    issuerName: row.issuer_name,
    issuerCorporationId: row.issuer_corporation_id,
    issuerCorporationName: row.issuer_corporation_name,
    regionId: row.region_id,
    regionName: row.region_name,
    start,
    startIsHighsecIsland: isIsland(start),
    jumps: reach?.jumpsTo(start.systemId) ?? null,
    end,
    routeJumps: row.route_jumps,
    routeJumpsHighsec: row.route_jumps_highsec,
    cost: row.cost,
    priceToValue: row.price_to_value,
    priceToPartialValue: row.price_to_partial_value,
    worth: worthOf(row),
    hull: hullOf(row, now),
    flags: flagsOf(row, { status, start, end, isIsland, now }),
    rewardPerVolume: row.reward_per_volume,
    rewardPerJump: row.reward_per_jump,
    itemsStatus: row.items_status,
    itemCount: row.item_count,
    requestedItemCount: row.requested_item_count,
    label: row.label,
    primaryType: named(row.primary_type_id, row.primary_type_name),
    primaryGroup: named(row.primary_group_id, row.primary_group_name),
    primaryCategory: named(row.primary_category_id, row.primary_category_name),
    isShip: flagFromColumn(row.is_ship),
    hasBlueprintCopy: flagFromColumn(row.has_blueprint_copy),
    hasBlueprintOriginal: flagFromColumn(row.has_blueprint_original),
    wantsItems: row.requested_item_count === null ? null : row.requested_item_count > 0,
    blueprint:
      row.blueprint_is_copy === null
        ? null
        : {
            isCopy: row.blueprint_is_copy === 1,
            runs: row.blueprint_runs,
            materialEfficiency: row.blueprint_material_efficiency,
            timeEfficiency: row.blueprint_time_efficiency,
          },
    firstSeenAt: row.first_seen_at,
    lastSeenAt: isListed ? snapshotAt : row.last_listed_at,
  };
}
