/** The types that contracts are made of, by what a contract is about; the most traded ones first. */
import { shareOf } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import { fitTexts } from "./fits.ts";
import { known } from "./price-guide.ts";

/** Each pool's category of types, and what narrows it. */
const poolSpecs = {
  // Formulas of reactions cannot be copied.
  blueprints: { category: 9, isNot: /Reaction Formula/ },
  originals: { category: 9, isOriginal: true },
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
  accessories: { category: 5, isNot: /Outpost|Legacy/ },
  skills: { category: 16 },
  containers: { category: 2, group: /Container|Compressed Gas/ },
  structures: { category: 65 },
} as const satisfies Record<string, PoolSpec>;

type PoolSpec = {
  category: number;
  group?: RegExp;
  name?: RegExp;
  isNot?: RegExp;
  /** Only blueprints that agents sell: Tech I, on the market. */
  isOriginal?: boolean;
};

export type PoolName = keyof typeof poolSpecs;

export type Pools = Readonly<Record<PoolName, readonly Type[]>>;

function isIn(spec: PoolSpec, { groups }: Universe, type: Type): boolean {
  const group = groups.get(type.groupId);
  if (!type.isPublished || group?.categoryId !== spec.category) return false;
  if (spec.isNot?.test(group.name) || spec.isNot?.test(type.name)) return false;
  if (spec.isOriginal && (type.marketGroupId === null || (type.metaGroupId ?? 1) !== 1))
    return false;
  return (spec.group?.test(group.name) ?? true) && (spec.name?.test(type.name) ?? true);
}

const popularHulls: ReadonlySet<string> = new Set(fitTexts.map(({ hull }) => hull));
const popularGroups =
  /^(?:Battleship|Combat Battlecruiser|Heavy Assault Cruiser|Marauder|Strategic Cruiser|Cruiser|(?:Jump )?Freighter|Dreadnought|Carrier|Exhumer|Command Ship)$/;
const rareGroups = /^(?:Corvette|Shuttle|Titan|Supercarrier|Festival Charges)$/;
/** What is made for structures and starbases is traded little. */
const dullBlueprints = /Array|Battery|R\.Db|Standup|Prospecting|Tower|Cenotaph/;
/** Prizes of tournaments, of which there are a few dozen each. */
const prizeGroups = /^(?:Assault Frigate|Covert Ops|Heavy Assault Cruiser|Interceptor|Titan)$/;
const prizes =
  /^(?:Gold|Silver) Magnate$|^Guardian-Vexor$|(?:Imperial|Federate|State|Tribal) Issue$/;
/** By meta group: Tech II, Storyline, Faction, Officer, Deadspace. */
const popularMeta: Readonly<Record<number, number>> = { 2: 3, 3: 0.4, 4: 3, 5: 1.2, 6: 4 };

function popularityOfHull({ name, metaGroupId }: Type, group: string): number {
  if (popularHulls.has(name)) return 20;
  const isPrize = prizes.test(name) || (metaGroupId === 4 && prizeGroups.test(group));
  if (isPrize) return 0.01;
  if (rareGroups.test(group)) return 0.1;
  return popularGroups.test(group) ? 2 : 1;
}

/** How often a type is traded, beside others of its pool. */
function popularityOf(type: Type, { groups }: Universe): number {
  const group = groups.get(type.groupId);
  const usual = popularMeta[type.metaGroupId ?? 1] ?? 1;
  switch (group?.categoryId) {
    case 6:
      return popularityOfHull(type, group.name);
    case 9:
      return dullBlueprints.test(type.name) ? 0.1 : usual;
    default:
      if (Object.hasOwn(known, type.name)) return 10;
      return type.marketGroupId === null ? 0.15 * usual : usual;
  }
}

export function createPools(universe: Universe, seed: number): Pools {
  const ranked = [...universe.types.values()]
    .filter((type) => type.isPublished)
    .map((type) => {
      const share = shareOf(seed, type.typeId, 8);
      return { type, rank: -Math.log(1 - share) / popularityOf(type, universe) };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ type }) => type);

  const poolOf = (spec: PoolSpec) => ranked.filter((type) => isIn(spec, universe, type));
  // A universe too small for a pool lends it what it has.
  const entries = Object.entries(poolSpecs).map(([name, spec]) => {
    const pool = poolOf(spec);
    return [name, pool.length > 0 ? pool : ranked];
  });
  return Object.fromEntries(entries);
}
