/** Columns that we wrote as JSON ourselves, and that a bug or a hand may have spoilt since. */
import { log } from "../lib/log.ts";

export type Guard<Value> = (value: unknown) => value is Value;

export const isNumber: Guard<number> = (value): value is number => Number.isFinite(value);

export const isText: Guard<string> = (value): value is string => typeof value === "string";

export const listOf =
  <Value>(isOne: Guard<Value>): Guard<Value[]> =>
  (value): value is Value[] =>
    Array.isArray(value) && value.every(isOne);

function isLike(template: unknown, value: unknown): boolean {
  if (typeof template === "number") return isNumber(value);
  if (typeof template !== "object" || template === null) return typeof value === typeof template;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(template).every(([key, part]) => isLike(part, Reflect.get(value, key)));
}

/** Whether a value has all that the template has, of the same kinds. */
export const like =
  <Value extends object>(template: Value): Guard<Value> =>
  (value): value is Value =>
    isLike(template, value);

/** A column, and the row in which it is looked at. */
export type Place = { column: string; row: number | string };

/** A cache: what this isolate has said in the log, so that requests do not say it again. */
const told = new Set<string>();
/** A table that is spoilt as a whole is told of by its first rows. */
const maxTold = 1_000;

function tell({ column, row }: Place): void {
  const place = `${column} ${row}`;
  if (told.has(place) || told.size >= maxTold) return;
  told.add(place);
  log("error", "unreadable-column", { column, row });
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a JSON column. Returns undefined if the content is not what we write there. The caller goes
 * on without it, so one bad row harms nothing but itself. The log reports it once for each isolate
 * and row.
 */
export function readJson<Value>(
  text: unknown,
  isValue: Guard<Value>,
  place: Place,
): Value | undefined {
  const value = parsed(text);
  if (isValue(value)) return value;
  tell(place);
  return undefined;
}
