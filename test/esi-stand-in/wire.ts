/** What ESI puts on the wire, in its own words. Absent means no, or unknown: never null, never false. */

export type ContractRow = {
  contract_id: number;
  issuer_id: number;
  issuer_corporation_id: number;
  type: "unknown" | "item_exchange" | "auction" | "courier" | "loan";
  date_issued: string;
  date_expired: string;
  title?: string;
  for_corporation?: true;
  start_location_id?: number;
  end_location_id?: number;
  price?: number;
  buyout?: number;
  reward?: number;
  collateral?: number;
  days_to_complete?: number;
  volume?: number;
};

export type ItemRow = {
  record_id: number;
  type_id: number;
  quantity: number;
  is_included: boolean;
  item_id?: number;
  is_blueprint_copy?: true;
  material_efficiency?: number;
  time_efficiency?: number;
  runs?: number;
};

export type BidRow = { amount: number; bid_id: number; date_bid: string };

export type NameRow = {
  id: number;
  name: string;
  category:
    | "alliance"
    | "character"
    | "constellation"
    | "corporation"
    | "inventory_type"
    | "region"
    | "solar_system"
    | "station"
    | "faction";
};

export type PriceRow = { adjusted_price?: number; average_price?: number; type_id: number };

export type OrderRow = {
  duration: number;
  is_buy_order: boolean;
  issued: string;
  location_id: number;
  min_volume: number;
  order_id: number;
  price: number;
  range: string;
  system_id: number;
  type_id: number;
  volume_remain: number;
  volume_total: number;
};

/** ESI's timestamps have whole seconds: `2026-09-27T22:07:39Z`. */
export function esiTime(at: Date | number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
