import { type ItemFlag, type KnownItem, typesIn } from "./item-flag.ts";

/** A blueprint copy and its original have the same type, but are not the same item. */
const kindOf = ({ typeId, isBlueprintCopy }: KnownItem): string => `${typeId} ${isBlueprintCopy}`;

/** The same type is offered and asked for. */
export function asksForSameItem(items: readonly KnownItem[]): ItemFlag[] {
  const kinds = new Set(items.filter(({ isIncluded }) => isIncluded).map(kindOf));
  const requested = items.filter((item) => !item.isIncluded && kinds.has(kindOf(item)));
  const requestedKinds = new Set(requested.map(kindOf));
  const types = typesIn(requested);
  if (types.length === 0) return [];
  // A copy does not count as offered if the contract asks for the original.
  const quantityOf = (isIncluded: boolean, typeId: number) =>
    items
      .filter((item) => item.isIncluded === isIncluded && item.typeId === typeId)
      .filter((item) => requestedKinds.has(kindOf(item)))
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const evidence = {
    types: types.map(({ name }) => name),
    type_ids: types.map(({ typeId }) => typeId),
    offered_quantities: types.map(({ typeId }) => quantityOf(true, typeId)),
    requested_quantities: types.map(({ typeId }) => quantityOf(false, typeId)),
  };
  return [{ code: "asks_for_same_item", evidence }];
}
