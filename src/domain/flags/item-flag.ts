/**
 * The version of the item rules. Their results are stored with each contract. If the stored version
 * differs, the upkeep judges the contract again from the stored items.
 */
export const flagRulesVersion = 2;

/** The order gives each code its bit in a stored mask. Only append to it. */
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

/** The facts that a rule found. The names are the same in API answers. */
export type Evidence = Record<string, number | string | number[] | string[]>;

export type ItemFlag = { code: ItemFlagCode; evidence: Evidence };

/** An item together with what is known about its type. */
export type KnownItem = FlagItem & { type: FlagType };

/** The maximum number of names per kind in evidence. A contract may hold a thousand. */
export const maxNamed = 5;

/** The first few types among the items, without duplicates. */
export function typesIn(items: readonly KnownItem[]): FlagType[] {
  return [...new Map(items.map(({ type }) => [type.typeId, type])).values()].slice(0, maxNamed);
}
