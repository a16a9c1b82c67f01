/** Things that may be asked for by their name in place of their id. */
export type NamedKind = "region" | "system" | "type";
