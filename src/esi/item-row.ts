import type { ContractItem } from "../domain/item.ts";
import type { EsiItem } from "./schema.ts";

/** ESI leaves out a key to mean no. */
export function itemFromRow(row: EsiItem): ContractItem {
  return {
    recordId: row.record_id,
    typeId: row.type_id,
    quantity: row.quantity,
    isIncluded: row.is_included,
    itemId: row.item_id ?? null,
    isBlueprintCopy: row.is_blueprint_copy ?? false,
    runs: row.runs != null && row.runs >= 0 ? row.runs : null,
    materialEfficiency: row.material_efficiency ?? null,
    timeEfficiency: row.time_efficiency ?? null,
  };
}
