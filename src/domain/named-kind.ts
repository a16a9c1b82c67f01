/** Things that can be requested by name as well as by id. */
export type NamedKind = "region" | "system" | "type";

/**
 * A text that contains a letter is a name, or a list with a name in it. So is `5-3722`, which is a
 * system.
 */
export const isName = (text: string): boolean => /\p{L}|\d-\d/u.test(text);

/** The error message for a text that is neither an id nor a name. */
export const noId = "An id is a positive whole number";
