export const shipCategoryId = 6;
export const blueprintCategoryId = 9;

/**
 * One row of a contract's items, as ESI sends it. Fields that ESI leaves out to mean "no" are
 * filled in.
 */
export type ContractItem = {
  recordId: number;
  typeId: number;
  quantity: number;
  /** True if the issuer offers the item. False if the issuer asks for it. */
  isIncluded: boolean;
  itemId: number | null;
  isBlueprintCopy: boolean;
  /** Runs of a copy. An original has none. */
  runs: number | null;
  /** Percent. */
  materialEfficiency: number | null;
  timeEfficiency: number | null;
};

/** What the universe data says about a type. */
export type ItemType = { typeId: number; name: string; groupId: number; categoryId: number };

/** ESI has no flag for originals. An original is a blueprint that is not a copy. */
export const isBlueprintOriginal = (
  item: Pick<ContractItem, "isBlueprintCopy">,
  type: Pick<ItemType, "categoryId">,
): boolean => type.categoryId === blueprintCategoryId && !item.isBlueprintCopy;
