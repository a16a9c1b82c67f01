type Value = string | number | boolean;
export type Values = Readonly<Record<string, Value | readonly Value[] | undefined>>;

const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);

/** Sorts ids by number and words by letter. Repeated values are dropped. */
function listed(values: readonly Value[]): string {
  const areNumbers = values.every((value) => typeof value === "number");
  const byNumber = (a: string, b: string) => Number(a) - Number(b);
  return [...new Set(values)]
    .map(String)
    .toSorted(areNumbers ? byNumber : inOrder)
    .join(",");
}

const written = (value: Value | readonly Value[]): string =>
  typeof value === "object" ? listed(value) : String(value);

/**
 * A question in its one normal form, which ETag, `Link` and all our caches use. Names are in
 * alphabetical order, lists are sorted and joined by commas, numbers are plain, and defaults are
 * left out. The result is a path with a query that asks for the same.
 *
 * @param values the parsed values, with ids in place of names.
 * @param defaults the values that are assumed if a parameter is absent, as written in a query.
 */
export function questionOf(
  path: string,
  values: Values,
  defaults: Readonly<Record<string, string>>,
): string {
  const pairs = Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [[name, written(value)]]))
    .filter(([name = "", text]) => text !== defaults[name])
    .toSorted(([a = ""], [b = ""]) => inOrder(a, b));
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}

/** The question without its page and its fields. A cursor is valid for this. */
export const searchOf = (
  path: string,
  { cursor: _cursor, limit: _limit, fields: _fields, ...values }: Values,
  defaults: Readonly<Record<string, string>>,
): string => questionOf(path, values, defaults);
