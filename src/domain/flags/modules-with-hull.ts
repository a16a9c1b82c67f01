import { shipCategoryId } from "../item.ts";
import { type ItemFlag, type KnownItem, typesIn } from "./item-flag.ts";

export const moduleCategoryId = 7;

/**
 * Groups of modules that are rigs, such as "Rig Armor". A test checks them against the universe
 * data.
 */
export const rigGroupIds: ReadonlySet<number> = new Set([
  773, 774, 775, 776, 777, 778, 779, 781, 782, 786, 896, 904, 1232, 1233, 1234, 1308,
]);

const quantityOf = (items: readonly KnownItem[]): number =>
  items.reduce((sum, { quantity }) => sum + quantity, 0);

/** ESI does not say what is fitted. Modules offered with a hull may be fitted to it. */
export function modulesWithHull(items: readonly KnownItem[]): ItemFlag[] {
  const offered = items.filter(({ isIncluded }) => isIncluded);
  const hulls = offered.filter(({ type }) => type.categoryId === shipCategoryId);
  const modules = offered.filter(({ type }) => type.categoryId === moduleCategoryId);
  if (hulls.length === 0 || modules.length === 0) return [];
  const rigs = modules.filter(({ type }) => rigGroupIds.has(type.groupId));
  const types = typesIn(hulls);
  const evidence = {
    hulls: types.map(({ name }) => name),
    hull_type_ids: types.map(({ typeId }) => typeId),
    modules: quantityOf(modules) - quantityOf(rigs),
    rigs: quantityOf(rigs),
  };
  return [{ code: "modules_with_hull", evidence }];
}
