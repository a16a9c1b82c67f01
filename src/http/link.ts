/**
 * A `Link` to the next page (RFC 8288) of a question, as `questionOf` writes it: the same question
 * asked alike is one entry in every cache.
 */
export function linkToNext(origin: string, question: string, cursor: string): string {
  const { pathname, searchParams } = new URL(question, origin);
  searchParams.set("cursor", cursor);
  searchParams.sort();
  return `<${origin}${pathname}?${searchParams.toString()}>; rel="next"`;
}
