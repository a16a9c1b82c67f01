/**
 * The one way in which texts are made alike before they are compared: what players type differs from
 * what keyboards, phones and CCP's translators write. Nothing folded is ever served.
 */

/** Rises with each change below: what is stored folded is then folded again. */
export const foldingVersion = 1;

/** Combining marks of letters that have them or not: accents, not the vowels of other scripts. */
const marks = /[\u0300-\u036f]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/gu;

/** Spaces of no width, joiners, soft hyphens and selectors of variants: nobody sees them. */
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]|[\ufe00-\ufe0f]/gu;

const quotes = /[\u2018-\u201b\u2032\u2035\u02b9\u02bb-\u02bd\u055a\u05f3\u00b4`]/gu;
const doubleQuotes = /[\u201c-\u201f\u2033\u2036\u00ab\u00bb\u05f4\u02ba]/gu;
const dashes = /[\u2010-\u2015\u2212\u2043\u02d7\ufe58]/gu;
const spaces = /[\p{Z}\t]/gu;

/** Letters that Unicode takes for letters of their own, and whoever lacks the key writes so. */
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
 * Letter case, accents, ligatures, widths and the kinds of quotes, dashes and spaces are folded:
 * NFKC first, so that full-width letters are ASCII (Unicode Standard Annex 15). Folding what is folded
 * changes nothing.
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
