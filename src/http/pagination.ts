import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import { z } from "zod";

import { fingerprintOf } from "../lib/fingerprint.ts";
import { InvalidParameters } from "./problem.ts";

const utf8 = {
  encode: new TextEncoder(),
  decode: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
};

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

/** Cursors for one kind of list. They are opaque to callers, and contain base64url of JSON. */
export function createCursors<Position>(positionSchema: z.ZodType<Position>) {
  const cursorSchema = z.tuple([z.string(), positionSchema]);
  return {
    /**
     * @param search the search, as written by `searchOf`. A cursor is valid only for that search.
     */
    async encode(search: string, position: Position | null): Promise<string | null> {
      if (position === null) return null;
      const cursor = [await fingerprintOf(search), position];
      return base64url(utf8.encode.encode(JSON.stringify(cursor)));
    },

    /**
     * The position that a cursor stands for. Null without a cursor.
     *
     * @throws {InvalidParameters} when the cursor is invalid, or belongs to another search.
     */
    async decode(search: string, cursor: string | undefined): Promise<Position | null> {
      if (cursor === undefined) return null;
      const result = cursorSchema.safeParse(decoded(cursor));
      if (!result.success) return refuse("Malformed");
      const [meantFor, position] = result.data;
      const isMeant = meantFor === (await fingerprintOf(search));
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
