/**
 * The only way to normalize texts before they are compared. Players type differently from what
 * keyboards, phones and CCP's translators write. Folded text is never served.
 */

/** Raise this with each change below. Stored folded text is then folded again. */
export const foldingVersion = 1;

/**
 * Combining marks that are optional on their letters: accents, but not the vowels of other scripts.
 */
const marks = /[\u0300-\u036f]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/gu;

/** Invisible characters: zero-width spaces, joiners, soft hyphens and variation selectors. */
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]|[\ufe00-\ufe0f]/gu;

const quotes = /[\u2018-\u201b\u2032\u2035\u02b9\u02bb-\u02bd\u055a\u05f3\u00b4`]/gu;
const doubleQuotes = /[\u201c-\u201f\u2033\u2036\u00ab\u00bb\u05f4\u02ba]/gu;
const dashes = /[\u2010-\u2015\u2212\u2043\u02d7\ufe58]/gu;
const spaces = /[\p{Z}\t]/gu;

/**
 * Letters that Unicode treats as separate letters, and what people write if their keyboard lacks
 * them.
 */
const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ŧ: "t",
  ı: "i",
  ς: "σ",
};
const lettersPattern = new RegExp(`[${Object.keys(letters).join("")}]`, "gu");

const onlyAscii = /^[\x20-\x7e]*$/;

/**
 * Folds letter case, accents, ligatures, widths, and the kinds of quotes, dashes and spaces. NFKC
 * comes first, so that full-width letters become ASCII (Unicode Standard Annex 15). Folding a
 * folded text changes nothing.
 */
export function folded(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase().replaceAll("`", "'");
  return text
    .normalize("NFKC")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(marks, "")
    .replace(invisible, "")
    .replace(lettersPattern, (letter) => letters[letter] ?? letter)
    .replace(quotes, "'")
    .replace(doubleQuotes, '"')
    .replace(dashes, "-")
    .replace(spaces, " ")
    .normalize("NFC");
}
