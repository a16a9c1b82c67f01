/**
 * The version of the rules of items. What they find is stored with each contract; another number
 * makes the upkeep judge it again from the stored items.
 */
export const flagRulesVersion = 2;

/** In the order of their bits in a stored mask: append only. */
export const itemFlagCodes = [
  "title_names_other_item",
  "skin_not_ship",
  "blueprint_not_ship",
  "lookalike_hull",
  "asks_for_same_item",
  "modules_with_hull",
] as const;
export type ItemFlagCode = (typeof itemFlagCodes)[number];

export type FlagItem = {
  typeId: number;
  quantity: number;
  isIncluded: boolean;
  isBlueprintCopy: boolean;
};

export type FlagType = { typeId: number; name: string; groupId: number; categoryId: number };

/** What a rule has seen, by names that the wire has too. */
export type Evidence = Record<string, number | string | number[] | string[]>;

export type ItemFlag = { code: ItemFlagCode; evidence: Evidence };

/** An item with what is known of its type. */
export type KnownItem = FlagItem & { type: FlagType };

/** How many of a kind evidence names: a contract may hold a thousand. */
export const maxNamed = 5;

/** The first few types among items, each once. */
export function typesIn(items: readonly KnownItem[]): FlagType[] {
  return [...new Map(items.map(({ type }) => [type.typeId, type])).values()].slice(0, maxNamed);
}
