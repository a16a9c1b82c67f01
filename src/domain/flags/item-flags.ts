import { asksForSameItem } from "./asks-for-same-item.ts";
import type { FlagItem, FlagType, ItemFlag, KnownItem } from "./item-flag.ts";
import { modulesWithHull } from "./modules-with-hull.ts";
import { titleFlags } from "./title-flags.ts";
import type { TitleNames } from "./title-names.ts";

export {
  type FlagItem,
  type FlagType,
  flagRulesVersion,
  type ItemFlag,
  type ItemFlagCode,
  itemFlagCodes,
} from "./item-flag.ts";

export type ItemFacts = {
  title: string | null;
  items: readonly FlagItem[];
  typeOf: (typeId: number) => FlagType | undefined;
  names: TitleNames;
};

/**
 * The flags raised by a contract's title and items, in the order of `itemFlagCodes`. An unknown
 * type raises no flag, because it may be the one that makes the contract right.
 */
export function itemFlags({ title, items, typeOf, names }: ItemFacts): ItemFlag[] {
  const known: KnownItem[] = [];
  for (const item of items) {
    const type = typeOf(item.typeId);
    if (!type) return [];
    known.push({ ...item, type });
  }
  return [
    ...titleFlags({ title, items: known, names }),
    ...asksForSameItem(known),
    ...modulesWithHull(known),
  ];
}
