/** What the API serves of the contracts that test/esi-stand-in/hand-made.ts makes, if a test says no more. */
import { nameFor } from "../esi-stand-in/names.ts";
import { firstContract } from "./api.ts";

const ofRifter = {
  type_id: 587,
  type_name: "Rifter",
  group_id: 25,
  group_name: "Frigate",
  category_id: 6,
  category_name: "Ship",
};

const ofBlueprint = {
  type_id: 691,
  type_name: "Rifter Blueprint",
  group_id: 105,
  group_name: "Frigate Blueprint",
  category_id: 9,
  category_name: "Blueprint",
};

/** One Rifter, the first item of the first contract. */
export const aServedItem = (fields: object = {}) => ({
  record_id: 5_000_000_000 + firstContract * 10,
  ...ofRifter,
  quantity: 1,
  item_id: 1_040_000_000_000 + firstContract * 100,
  is_blueprint_copy: false,
  is_blueprint_original: false,
  runs: null,
  material_efficiency: null,
  time_efficiency: null,
  // Without a price book nothing has a price, and nobody can say why.
  sell: null,
  buy: null,
  price_source: "none",
  buy_price_source: "none",
  price_confidence: null,
  buy_price_confidence: null,
  sell_orders: 0,
  sell_units: 0,
  buy_orders: 0,
  buy_units: 0,
  unpriced_reason: null,
  ...fields,
});

/** The same, as a blueprint of a Rifter. */
export const aServedBlueprint = (fields: object = {}) => aServedItem({ ...ofBlueprint, ...fields });

/** The item that a contract's label names, as the contract has it. */
export const primaryOf = (item: Partial<typeof ofRifter> = ofRifter) => ({
  primary_type_id: item.type_id,
  primary_type_name: item.type_name,
  primary_group_id: item.group_id,
  primary_group_name: item.group_name,
  primary_category_id: item.category_id,
  primary_category_name: item.category_name,
});

export const primaryBlueprint = primaryOf(ofBlueprint);

export const noPrimary = {
  primary_type_id: null,
  primary_type_name: null,
  primary_group_id: null,
  primary_group_name: null,
  primary_category_id: null,
  primary_category_name: null,
};

/** Where a contract offers something else than one hull, or more. */
export const noHull = { hull_rank: null, hull_listed: null, hull_percentile: null };

/** What is not known of a contract before there is a price book. */
const noWorth = {
  value_sell: null,
  value_buy: null,
  priced_ratio: null,
  price_confidence: null,
  requested_value: null,
  cost: null,
  price_to_value: null,
  price_to_partial_value: null,
  priced_at: null,
};

/** The flag of a place that is a player's. */
export const inStructure = (ends: readonly ("start" | "end")[], where = "is") => ({
  code: "structure_access_unknown",
  severity: "warning",
  detail: `It ${where} in a player's structure, whose docking rights are not public`,
  evidence: { ends },
});

/** What is not known of a contract whose items are not. */
export const noOffer = {
  item_count: null,
  requested_item_count: null,
  label: null,
  ...noPrimary,
  is_ship: null,
  has_blueprint_copy: null,
  has_blueprint_original: null,
  wants_items: null,
  blueprint: null,
  ...noHull,
};

const jita = {
  location_id: 60_003_760,
  location_name: "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
  system_id: 30_000_142,
  system_name: "Jita",
  security: 0.9,
  security_class: "highsec",
  location_kind: "npc_station",
};

const amarr = {
  location_id: 60_008_494,
  location_name: "Amarr VIII (Oris) - Emperor Family Academy",
  system_id: 30_002_187,
  system_name: "Amarr",
  security: 0.9,
  security_class: "highsec",
  location_kind: "npc_station",
};

const prefixed = (prefix: string, place: object) =>
  Object.fromEntries(Object.entries(place).map(([name, value]) => [`${prefix}_${name}`, value]));

export const aServedEnd = prefixed("end", amarr);

/** The first contract of a world made at noon of 2026-03-01, as a list shows it. */
export const aServedContract = (fields: object = {}) => ({
  contract_id: firstContract,
  type: "item_exchange",
  status: "outstanding",
  title: null,
  price: 1_000_000,
  reward: 0,
  collateral: null,
  volume: 27_289,
  buyout: null,
  days_to_complete: null,
  date_issued: "2026-02-28T12:00:00Z",
  date_expired: "2026-03-28T12:00:00Z",
  for_corporation: false,
  issuer_id: 2_112_000_001,
  issuer_name: nameFor(2_112_000_001).name,
  issuer_corporation_id: 98_000_001,
  issuer_corporation_name: nameFor(98_000_001).name,
  ...prefixed("start", jita),
  start_is_highsec_island: false,
  jumps: null,
  region_id: 10_000_002,
  region_name: "The Forge",
  ...prefixed("end", Object.fromEntries(Object.keys(amarr).map((name) => [name, null]))),
  route_jumps: null,
  route_jumps_highsec: null,
  reward_per_volume: null,
  reward_per_jump: null,
  items_status: "complete",
  item_count: 1,
  requested_item_count: 0,
  label: "Rifter",
  ...primaryOf(),
  is_ship: true,
  has_blueprint_copy: false,
  has_blueprint_original: false,
  wants_items: false,
  blueprint: null,
  ...noWorth,
  // The only ask for a Rifter that there is.
  hull_rank: 1,
  hull_listed: 1,
  hull_percentile: 0,
  flags: [],
  first_seen_at: "2026-03-01T12:00:00.001Z",
  last_seen_at: "2026-03-01T12:00:00Z",
  ...fields,
});

/** What the detail has beyond the list. */
export const aServedDetail = (fields: object = {}) => ({
  included_items: [aServedItem()],
  requested_items: [],
  bids: null,
  bids_status: null,
  ...fields,
});
