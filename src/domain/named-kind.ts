/** Things that may be asked for by their name in place of their id. */
export type NamedKind = "region" | "system" | "type";

/** What holds a letter is a name, or a list with one; and so is `5-3722`, a system. */
export const isName = (text: string): boolean => /\p{L}|\d-\d/u.test(text);

/** What is said of a text that is neither. */
export const noId = "An id is a positive whole number";
