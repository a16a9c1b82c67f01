/** JSON as ESI writes it, and tokens that `JSON.stringify` cannot make. */

/** ESI's `double` fields keep their `.0`. */
const doubles = new Set(
  "price reward collateral buyout volume amount average_price adjusted_price".split(" "),
);

/** A token written as it stands, for numbers JavaScript has no value for: `rawJson("1e400")`. */
export type RawJson = { readonly rawJson: string };

export function rawJson(token: string): RawJson {
  return { rawJson: token };
}

function isRaw(value: object): value is RawJson {
  return "rawJson" in value && typeof value.rawJson === "string";
}

function numberText(value: number, key: string): string {
  const isWhole = doubles.has(key) && Number.isInteger(value) && Math.abs(value) < 1e21;
  return isWhole ? `${value}.0` : JSON.stringify(value);
}

/** Slashes are escaped, as in the titles that ESI sends (esi.md section 3). */
function stringText(value: string): string {
  const text = JSON.stringify(value);
  return value.includes("/") ? text.replaceAll("/", String.raw`\/`) : text;
}

/** A frozen row cannot change: a list says it again every half hour. */
const textOfFrozen = new WeakMap<object, string>();

function objectText(value: object): string {
  const known = textOfFrozen.get(value);
  if (known !== undefined) return known;

  const parts: string[] = [];
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== undefined) parts.push(`${JSON.stringify(name)}:${esiJson(entry, name)}`);
  }
  const text = `{${parts.join(",")}}`;
  if (Object.isFrozen(value)) textOfFrozen.set(value, text);
  return text;
}

export function esiJson(value: unknown, key = ""): string {
  if (typeof value === "number") return numberText(value, key);
  if (typeof value === "string") return stringText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map((entry) => esiJson(entry)).join(",")}]`;
  return isRaw(value) ? value.rawJson : objectText(value);
}
