/**
 * A `Link` to the next page (RFC 8288) of a question, as written by `questionOf`. The same question
 * always has the same address, so every cache stores it once.
 */
export function linkToNext(origin: string, question: string, cursor: string): string {
  const { pathname, searchParams } = new URL(question, origin);
  searchParams.set("cursor", cursor);
  searchParams.sort();
  return `<${origin}${pathname}?${searchParams.toString()}>; rel="next"`;
}
