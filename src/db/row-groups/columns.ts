import { contractTypes } from "../../domain/contract.ts";
import { securityClasses } from "../../domain/security.ts";
import { priceConfidences } from "../../domain/valuation.ts";

/** How a row group's column is kept, and read: see `Values`. */
type Kind = "integer" | "real" | "text" | "json" | { codes: readonly string[] };

/** The columns of `contracts` that searches ask for, filter, sort and count by. */
export const rowGroupColumns = {
  contract_id: "integer",
  region_id: "integer",
  type: { codes: contractTypes },
  price: "real",
  reward: "real",
  collateral: "real",
  volume: "real",
  buyout: "real",
  days_to_complete: "integer",
  date_issued: "integer",
  date_expired: "integer",
  issuer_id: "integer",
  issuer_corporation_id: "integer",
  start_location_id: "integer",
  start_system_id: "integer",
  start_security_class: { codes: securityClasses },
  end_location_id: "integer",
  end_system_id: "integer",
  end_security_class: { codes: securityClasses },
  route_jumps: "integer",
  first_seen_at: "integer",
  item_count: "integer",
  requested_item_count: "integer",
  label: "text",
  is_ship: "integer",
  blueprint_count: "integer",
  has_blueprint_copy: "integer",
  has_blueprint_original: "integer",
  blueprint_is_copy: "integer",
  blueprint_runs: "integer",
  blueprint_material_efficiency: "integer",
  blueprint_time_efficiency: "integer",
  blueprints: "json",
  hull_type_id: "integer",
  item_flag_bits: "integer",
  value_sell: "real",
  priced_count: "integer",
  requested_value: "real",
  top_share: "real",
  priced_at: "integer",
  price_confidence: { codes: priceConfidences },
  offered_type_id: "integer",
  offered_group_id: "integer",
  offered_category_id: "integer",
  offered_types: "json",
} as const satisfies Record<string, Kind>;

export type RowGroupColumn = keyof typeof rowGroupColumns;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object above
export const rowGroupColumnNames = Object.keys(rowGroupColumns) as RowGroupColumn[];

export const kindOf = (name: RowGroupColumn): Kind => rowGroupColumns[name];

/** The codes of a column of a closed set of words; undefined if it is none. */
export const codesOf = (name: string): readonly string[] | undefined => codesByName.get(name);

const codesByName = new Map(
  Object.entries<Kind>(rowGroupColumns).flatMap(([name, kind]) =>
    typeof kind === "object" ? [[name, kind.codes] as const] : [],
  ),
);

/** A type among several that are offered, as the column `offered_types` lists it. */
export type StoredType = [typeId: number, groupId: number, categoryId: number];

/** A blueprint among several items, as the column `blueprints` lists it. */
export type StoredBlueprint = [
  typeId: number,
  groupId: number,
  categoryId: number,
  isCopy: 0 | 1,
  runs: number | null,
  materialEfficiency: number | null,
  timeEfficiency: number | null,
];
