type Value = string | number | boolean;
export type Values = Readonly<Record<string, Value | readonly Value[] | undefined>>;

const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);

/** Ids by number, words by letter; what is given twice says nothing more. */
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
 * What is asked, in the one way in which ETag, `Link` and every cache of ours know it: names in
 * alphabetical order, lists sorted and joined by commas, numbers plain, defaults left out. It is a
 * path with a query, and asks for the same.
 *
 * @param values as they are parsed, with ids where names were.
 * @param defaults what is assumed if nothing is said, as it is written in a query.
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

/** The same, whichever page and fields of it are asked for: what a cursor is good for. */
export const searchOf = (
  path: string,
  { cursor: _cursor, limit: _limit, fields: _fields, ...values }: Values,
  defaults: Readonly<Record<string, string>>,
): string => questionOf(path, values, defaults);
