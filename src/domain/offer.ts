import { type ContractItem, isBlueprintOriginal, type ItemType, shipCategoryId } from "./item.ts";

/**
 * The version of the rules below. Their results are stored with each contract. If the stored
 * version differs, the upkeep derives the offer again from the stored items.
 */
export const offerVersion = 4;

export type Blueprint = {
  isCopy: boolean;
  runs: number | null;
  materialEfficiency: number | null;
  timeEfficiency: number | null;
};

/** The facts that lists show and searches use, derived from a contract's items. */
export type Offer = {
  itemCount: number;
  requestedItemCount: number;
  label: string | null;
  primaryTypeId: number | null;
  isShip: boolean;
  blueprintCount: number;
  hasBlueprintCopy: boolean;
  hasBlueprintOriginal: boolean;
  /** The only offered blueprint. Null if there is none, or more than one. */
  blueprint: Blueprint | null;
  /** All offered blueprints. */
  blueprints: readonly (Blueprint & { type: ItemType })[];
  /**
   * The type of the hull, if the contract offers only that hull and asks only for ISK. Otherwise
   * null.
   */
  hullTypeId: number | null;
  /** The offered types, without duplicates. */
  types: readonly ItemType[];
};

type OfferedItem = { item: ContractItem; type: ItemType };

/** Ships come first, then the largest quantity, then the lowest record id. */
function primaryFirst(a: OfferedItem, b: OfferedItem): number {
  const shipsFirst =
    Number(b.type.categoryId === shipCategoryId) - Number(a.type.categoryId === shipCategoryId);
  return shipsFirst || b.item.quantity - a.item.quantity || a.item.recordId - b.item.recordId;
}

/** "Ishtar", or "Ishtar + 12 more". */
function labelOf(primary: OfferedItem, itemCount: number): string {
  return itemCount > 1 ? `${primary.type.name} + ${itemCount - 1} more` : primary.type.name;
}

function blueprintOf({ item }: OfferedItem): Blueprint {
  const { isBlueprintCopy, runs, materialEfficiency, timeEfficiency } = item;
  return {
    isCopy: isBlueprintCopy,
    runs: isBlueprintCopy ? runs : null,
    materialEfficiency,
    timeEfficiency,
  };
}

/**
 * One ship and nothing else, requested or offered. Such contracts can be compared by price alone.
 */
const isLoneHull = (items: readonly OfferedItem[]): boolean =>
  items.length === 1 &&
  items.every(
    ({ item, type }) =>
      item.isIncluded && item.quantity === 1 && type.categoryId === shipCategoryId,
  );

/**
 * Derives the offer from all items of one contract. Requested items count only as requested: they
 * never label a contract or make it a ship.
 *
 * @throws when `typeOf` does not know the type of an item. Items are complete only once every
 *   type is resolved.
 */
export function offerOf(
  items: readonly ContractItem[],
  typeOf: (typeId: number) => ItemType | undefined,
): Offer {
  const known = items.map((item) => {
    const type = typeOf(item.typeId);
    if (!type) throw new Error(`Type ${item.typeId} is not resolved`);
    return { item, type };
  });
  const offered = known.filter(({ item }) => item.isIncluded).toSorted(primaryFirst);
  const copies = offered.filter(({ item }) => item.isBlueprintCopy);
  const originals = offered.filter(({ item, type }) => isBlueprintOriginal(item, type));
  const blueprints = [...copies, ...originals];
  const [primary] = offered;
  const [blueprint] = blueprints;

  return {
    itemCount: offered.length,
    requestedItemCount: known.length - offered.length,
    label: primary ? labelOf(primary, offered.length) : null,
    primaryTypeId: primary?.type.typeId ?? null,
    isShip: offered.some(({ type }) => type.categoryId === shipCategoryId),
    blueprintCount: blueprints.length,
    hasBlueprintCopy: copies.length > 0,
    hasBlueprintOriginal: originals.length > 0,
    blueprint: blueprint && blueprints.length === 1 ? blueprintOf(blueprint) : null,
    blueprints: blueprints.map((each) => ({ type: each.type, ...blueprintOf(each) })),
    hullTypeId: isLoneHull(known) ? (primary?.type.typeId ?? null) : null,
    types: [...new Map(offered.map(({ type }) => [type.typeId, type])).values()],
  };
}
