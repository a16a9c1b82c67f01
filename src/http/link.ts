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
    const value = name === "cursor" ? cursor : searchParams.getAll(name).join(",");
    return value === defaults[name] ? [] : [[name, value]];
  });
  return `<${origin}${pathname}?${new URLSearchParams(written).toString()}>; rel="next"`;
}
