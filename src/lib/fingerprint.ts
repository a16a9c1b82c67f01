import { encodeBase64Url } from "hono/utils/encode";

/** The SHA-256 of a text, in 43 characters that need no escape anywhere. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return encodeBase64Url(digest).replace(/=+$/, "");
}

/** So many characters of a digest hold 72 bits: no two texts that meet in practice have the same. */
const shortLength = 12;

/** The beginning of a digest: enough if nobody gains by a collision. */
export const shortened = (digest: string): string => digest.slice(0, shortLength);

/** Stands for a text, in twelve characters that need no escape anywhere. */
export const fingerprintOf = async (text: string): Promise<string> =>
  shortened(await digestOf(text));
