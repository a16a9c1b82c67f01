import type { Cell } from "../formats/csv.ts";
import type { ContractField } from "./contract-fields.ts";
import type { Contract } from "./contract.schema.ts";

/** The columns of a CSV file in which no fields are named: what a spreadsheet wants. */
export const defaultColumns = [
  "contract_id",
  "type",
  "status",
  "label",
  "title",
  "price",
  "buyout",
  "reward",
  "collateral",
  "volume",
  "value_sell",
  "value_buy",
  "price_to_value",
  "price_confidence",
  "flags",
  "start_location_name",
  "start_system_name",
  "start_security",
  "region_name",
  "jumps",
  "end_location_name",
  "route_jumps",
  "date_issued",
  "date_expired",
  "issuer_name",
] as const satisfies readonly ContractField[];

const blueprintFields = ["is_copy", "runs", "material_efficiency", "time_efficiency"] as const;

/** The names of a field's columns: a blueprint has one each for what it consists of. */
export const columnsOf = (field: ContractField): string[] =>
  field === "blueprint" ? blueprintFields.map((part) => `blueprint_${part}`) : [field];

/** The cells of a field. Flags are their codes, with a space between them. */
export function cellsOf(contract: Contract, field: ContractField): Cell[] {
  if (field === "blueprint") return blueprintFields.map((part) => contract.blueprint?.[part]);
  if (field === "flags") return [contract.flags.map(({ code }) => code).join(" ")];
  return [contract[field]];
}
