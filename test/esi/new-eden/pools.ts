/** The types that contracts are made of, by what a contract is about; the most traded ones first. */
import { shareOf } from "../random.ts";
import type { Type, Universe } from "../universe.ts";

/** Each pool's category of types, and what narrows it. */
const poolSpecs = {
  blueprints: { category: 9 },
  ships: { category: 6 },
  modules: { category: 7, isNot: /^Rig |Abyssal/ },
  rigs: { category: 7, group: /^Rig / },
  abyssal: { category: 7, name: /\bAbyssal\b/ },
  charges: { category: 8 },
  commodities: { category: 17 },
  drones: { category: 18 },
  implants: { category: 20 },
  apparel: { category: 30 },
  skins: { category: 91 },
  materials: { category: 4 },
  accessories: { category: 5 },
  skills: { category: 16 },
  containers: { category: 2 },
  structures: { category: 65 },
} as const satisfies Record<string, PoolSpec>;

type PoolSpec = { category: number; group?: RegExp; name?: RegExp; isNot?: RegExp };

export type PoolName = keyof typeof poolSpecs;

export type Pools = Readonly<Record<PoolName, readonly Type[]>>;

function isIn(spec: PoolSpec, { groups }: Universe, type: Type): boolean {
  const group = groups.get(type.groupId);
  if (!type.isPublished || group?.categoryId !== spec.category) return false;
  if (spec.isNot?.test(group.name) || spec.isNot?.test(type.name)) return false;
  return (spec.group?.test(group.name) ?? true) && (spec.name?.test(type.name) ?? true);
}

export function createPools(universe: Universe, seed: number): Pools {
  const ranked = [...universe.types.values()]
    .map((type) => ({ type, rank: shareOf(seed, type.typeId, 8) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ type }) => type);

  const poolOf = (spec: PoolSpec) => ranked.filter((type) => isIn(spec, universe, type));
  // A universe too small for a pool lends it what it has.
  const anything = ranked.filter((type) => type.isPublished);
  const entries = Object.entries(poolSpecs).map(([name, spec]) => {
    const pool = poolOf(spec);
    return [name, pool.length > 0 ? pool : anything];
  });
  return Object.fromEntries(entries);
}
