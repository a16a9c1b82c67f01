/** Values that say nothing: without them the same question is asked. */
const defaults: Record<string, string> = {
  limit: "50",
  sort: "-date_issued",
  status: "outstanding",
};

/**
 * A `Link` to the next page (RFC 8288), written in one way: names in alphabetical order, lists with
 * commas, defaults left out. The same question asked alike is one entry in every cache.
 */
export function linkToNext(url: string, cursor: string): string {
  const { origin, pathname, searchParams } = new URL(url);
  const names = [...new Set([...searchParams.keys(), "cursor"])].toSorted();
  const written = names.flatMap((name) => {
    const given = name === "cursor" ? [cursor] : searchParams.getAll(name);
    // What is given again and holds a comma may be one name: joined, it would be several.
    const values = given.some((value) => value.includes(",")) ? given : [given.join(",")];
    return values.filter((value) => value !== defaults[name]).map((value) => [name, value]);
  });
  return `<${origin}${pathname}?${new URLSearchParams(written).toString()}>; rel="next"`;
}
