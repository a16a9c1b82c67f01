/** Rows that nobody promised would never come. */
import { rawJson } from "./json.ts";

const absent = (names: string) =>
  Object.fromEntries(names.split(" ").map((name) => [name, undefined]));

const oddities = {
  "extra-fields": { availability: "public", is_singleton: false, nested: { deeper: [1, null] } },
  "unknown-type": { type: "barter" },
  "negative-price": { price: -1 },
  "string-id": (row: object) => ({
    contract_id: String("contract_id" in row ? row.contract_id : ""),
  }),
  "infinite-price": { price: rawJson("1e400") },
  "absurd-numbers": { price: rawJson("1e300"), volume: rawJson("-0.0"), days_to_complete: 2 ** 40 },
  "beyond-2-31": { start_location_id: 2 ** 40 + 1, issuer_id: 2 ** 31 + 7 },
  /** No double has these values: what was parsed is another id. */
  "beyond-2-53": { start_location_id: rawJson("9007199254740993"), issuer_id: 2 ** 53 + 2 },
  "contract-id-beyond-2-53": { contract_id: rawJson("9007199254740993") },
  "null-fields": { price: null, title: null, volume: null, end_location_id: null },
  "bad-date": { date_expired: "soon" },
  "no-optional-fields": absent(
    "title for_corporation start_location_id end_location_id price buyout reward collateral days_to_complete volume item_id is_blueprint_copy material_efficiency time_efficiency runs",
  ),
  "no-contract-id": absent("contract_id"),
  "no-type-id": absent("type_id"),
} as const satisfies Record<string, object | ((row: object) => object)>;

export type Oddity = keyof typeof oddities | "not-an-object";

/** The row, made odd; an undefined field is left out of it. */
export function oddRow(row: unknown, oddity: Oddity): unknown {
  if (oddity === "not-an-object" || typeof row !== "object" || row === null) return "row";
  const odd = oddities[oddity];
  return { ...row, ...(typeof odd === "function" ? odd(row) : odd) };
}
