export const shipCategoryId = 6;
export const blueprintCategoryId = 9;

/** One row of a contract's items, as ESI sends it, with what it leaves out for "no" filled in. */
export type ContractItem = {
  recordId: number;
  typeId: number;
  quantity: number;
  /** Offered by the issuer; false: asked for. */
  isIncluded: boolean;
  itemId: number | null;
  isBlueprintCopy: boolean;
  /** Of a copy; an original has none. */
  runs: number | null;
  /** Percent. */
  materialEfficiency: number | null;
  timeEfficiency: number | null;
};

/** What the universe says of a type. */
export type ItemType = { typeId: number; name: string; groupId: number; categoryId: number };

/** ESI has no flag for an original: it is a blueprint that is no copy. */
export const isBlueprintOriginal = (
  item: Pick<ContractItem, "isBlueprintCopy">,
  type: Pick<ItemType, "categoryId">,
): boolean => type.categoryId === blueprintCategoryId && !item.isBlueprintCopy;
