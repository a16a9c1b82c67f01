/** What Jita trades, the most traded types first. */
import type { Type, Universe } from "../universe.ts";
import { fitTexts } from "./fits.ts";
import type { PoolName, Pools } from "./pools.ts";
import { known } from "./price-guide.ts";

/** How much of a pool is traded much: the rank of each type is held against this. */
const depths: Partial<Record<PoolName, number>> = {
  ships: 300,
  modules: 900,
  rigs: 120,
  charges: 250,
  commodities: 250,
  drones: 90,
  implants: 250,
  apparel: 60,
  skins: 150,
  materials: 150,
  accessories: 11,
  skills: 150,
  containers: 30,
  structures: 17,
  originals: 200,
};

/** What ships are fitted with, and what lies in their holds. */
const fittedNames: ReadonlySet<string> = new Set(
  fitTexts.flatMap(({ hull, modules, rigs, holds }) => [
    hull,
    ...[modules, rigs, holds].flatMap((list) =>
      list.split(", ").map((entry) => entry.replace(/ x\d+$/, "")),
    ),
  ]),
);

/** All that the market has a place for. */
export function tradedTypes({ types }: Universe, pools: Pools): Type[] {
  const ranks = new Map<number, number>();
  for (const [name, pool] of Object.entries(pools)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of Pools
    const depth = depths[name as PoolName];
    if (depth === undefined) continue;
    for (const [position, { typeId }] of pool.entries())
      ranks.set(typeId, Math.min(position / depth, ranks.get(typeId) ?? Infinity));
  }
  const rankOf = ({ typeId, name }: Type): number =>
    fittedNames.has(name) || Object.hasOwn(known, name) ? -1 : (ranks.get(typeId) ?? 1_000_000);
  return [...types.values()]
    .filter(({ marketGroupId, isPublished }) => marketGroupId !== null && isPublished)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.typeId - b.typeId);
}
