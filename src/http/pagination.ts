import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import { z } from "zod";

import type { ContractPosition, ContractQuery } from "../domain/contract-query.ts";

/** Which query a cursor is for, the sort key of the last contract seen, and its id. */
const cursorSchema = z.tuple([
  z.string(),
  z.union([z.number(), z.string(), z.null()]),
  z.int().nonnegative(),
]);

const utf8 = {
  encode: new TextEncoder(),
  decode: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
};

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

/** Names and values in an order of their own: it says nothing in which order they were asked for. */
function canonical(filter: unknown): unknown {
  if (Array.isArray(filter)) return filter.toSorted(byText);
  if (typeof filter !== "object" || filter === null) return filter;
  return Object.entries(filter)
    .toSorted(([a], [b]) => byText(a, b))
    .map(([name, value]) => [name, canonical(value)]);
}

/**
 * What a query asks for, in short, but for its page and how long that is: a cursor is only good for
 * the query it was made for.
 */
async function fingerprintOf({
  filters,
  sort,
}: Pick<ContractQuery, "filters" | "sort">): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    utf8.encode.encode(JSON.stringify([canonical(filters), sort])),
  );
  return base64url(new Uint8Array(digest, 0, 9));
}

const base64url = (bytes: Uint8Array): string =>
  encodeBase64Url(Uint8Array.from(bytes).buffer).replace(/=+$/, "");

/** Opaque to callers: base64url of JSON. */
export async function encodeCursor(
  query: Pick<ContractQuery, "filters" | "sort">,
  { value, contractId }: ContractPosition,
): Promise<string> {
  const cursor: z.input<typeof cursorSchema> = [await fingerprintOf(query), value, contractId];
  return base64url(utf8.encode.encode(JSON.stringify(cursor)));
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(utf8.decode.decode(decodeBase64Url(cursor)));
  } catch {
    return undefined;
  }
}

/** The position that a cursor stands for, or why it stands for none in this query. */
export async function decodeCursor(
  query: Pick<ContractQuery, "filters" | "sort">,
  cursor: string,
): Promise<ContractPosition | "malformed" | "of-another-query"> {
  const result = cursorSchema.safeParse(decoded(cursor));
  if (!result.success) return "malformed";
  const [fingerprint, value, contractId] = result.data;
  if (fingerprint !== (await fingerprintOf(query))) return "of-another-query";
  return { value, contractId };
}
