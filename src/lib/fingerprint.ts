import { encodeBase64Url } from "hono/utils/encode";

/** The SHA-256 of a text, in 43 characters that never need escaping. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return encodeBase64Url(digest).replace(/=+$/, "");
}

/** This many characters of a digest hold 72 bits. In practice, no two texts share them. */
const shortLength = 12;

/** The beginning of a digest. That is enough where nobody gains from a collision. */
export const shortened = (digest: string): string => digest.slice(0, shortLength);

/** A short fingerprint of a text, in twelve characters that never need escaping. */
export const fingerprintOf = async (text: string): Promise<string> =>
  shortened(await digestOf(text));
