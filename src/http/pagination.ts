import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import { z } from "zod";

import { fingerprintOf } from "../lib/fingerprint.ts";
import { InvalidParameters } from "./problem.ts";

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
 * What is asked for, in short, but for the page and how long that is: a cursor is only good for the
 * question it was made for.
 */
const fingerprint = (question: object): Promise<string> =>
  fingerprintOf(JSON.stringify(canonical(question)));

const base64url = (bytes: Uint8Array): string =>
  encodeBase64Url(Uint8Array.from(bytes).buffer).replace(/=+$/, "");

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(utf8.decode.decode(decodeBase64Url(cursor)));
  } catch {
    return undefined;
  }
}

export type Cursors<Position> = ReturnType<typeof createCursors<Position>>;

const refuse = (detail: string): never => {
  throw new InvalidParameters([{ parameter: "cursor", detail }]);
};

/** Cursors of one kind of list: opaque to callers, base64url of JSON inside. */
export function createCursors<Position>(positionSchema: z.ZodType<Position>) {
  const cursorSchema = z.tuple([z.string(), positionSchema]);
  return {
    async encode(question: object, position: Position | null): Promise<string | null> {
      if (position === null) return null;
      const cursor = [await fingerprint(question), position];
      return base64url(utf8.encode.encode(JSON.stringify(cursor)));
    },

    /**
     * The position that a cursor stands for; null without one.
     *
     * @throws {InvalidParameters} when it stands for none, or for one in another question.
     */
    async decode(question: object, cursor: string | undefined): Promise<Position | null> {
      if (cursor === undefined) return null;
      const result = cursorSchema.safeParse(decoded(cursor));
      if (!result.success) return refuse("Malformed");
      const [meantFor, position] = result.data;
      const isMeant = meantFor === (await fingerprint(question));
      return isMeant ? position : refuse("Made for other filters or another sort");
    },
  };
}

/** Where a page of contracts ended. */
export const contractCursors = createCursors(
  z.object({
    value: z.union([z.number(), z.string(), z.null()]),
    contractId: z.int().nonnegative(),
  }),
);

/** Where a page of named things ended. */
export const namedCursors = createCursors(
  z.object({ rank: z.int(), name: z.string(), id: z.int().nonnegative() }),
);

/** Where a page of hulls ended. */
export const hullCursors = createCursors(
  z.object({
    value: z.union([z.number(), z.string(), z.null()]),
    typeId: z.int().nonnegative(),
  }),
);
