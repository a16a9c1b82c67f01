import type { Cell } from "../formats/csv.ts";
import type { ContractField } from "./contract-fields.ts";
import type { Contract } from "./contract.schema.ts";

/** The columns of a CSV file if no fields are named. They suit a spreadsheet. */
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

/** The column names of a field. A blueprint has one column for each of its parts. */
export const columnsOf = (field: ContractField): string[] =>
  field === "blueprint" ? blueprintFields.map((part) => `blueprint_${part}`) : [field];

/** The cells of a field. Flags become their codes, separated by spaces. */
export function cellsOf(contract: Contract, field: ContractField): Cell[] {
  if (field === "blueprint") return blueprintFields.map((part) => contract.blueprint?.[part]);
  if (field === "flags") return [contract.flags.map(({ code }) => code).join(" ")];
  return [contract[field]];
}
