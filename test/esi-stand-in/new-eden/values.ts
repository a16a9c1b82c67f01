/** What a type is worth: near what it costs in New Eden, the same at every asking. */
import { createRandom } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import { byCategory, factionHulls, hulls, known, modules } from "./price-guide.ts";

export type Values = ReturnType<typeof createValues>;

export const cents = (price: number) => Math.round(price * 100) / 100;

type Guess = readonly [median: number, sigma: number];

const [factionMeta, tech2Meta] = [4, 2];

function hullGuess({ metaGroupId }: Type, group: string): Guess {
  const usual = hulls[group] ?? 30_000_000;
  if (metaGroupId !== factionMeta) return [usual, 0.2];
  return [factionHulls[group] ?? usual * 10, 0.4];
}

/** Modules grow with the ships that they are for, and so does what they take up, in m³. */
const moduleSizes = [
  [1_000, 120],
  [50, 4],
  [20, 3],
  [10, 1.6],
  [0, 1],
] as const;

function moduleGuess({ metaGroupId, volume }: Type): Guess {
  const meta = metaGroupId ?? 1;
  const [, size = 1] = moduleSizes.find(([from]) => volume >= from) ?? [];
  // What is rare is dear at any size.
  const times = meta > tech2Meta ? Math.min(size, 12) : size;
  return [(modules[meta] ?? 1_000_000) * times, meta === tech2Meta ? 0.4 : 0.9];
}

const rigSizes = [
  [/^Small /, 300_000],
  [/^Medium /, 2_500_000],
  [/^Large /, 14_000_000],
  [/^Capital /, 140_000_000],
] as const;

function rigGuess({ name }: Type): Guess {
  const [, price = 5_000_000] = rigSizes.find(([size]) => size.test(name)) ?? [];
  return [name.endsWith(" II") ? price * 9 : price, 0.4];
}

/** Of drones and ammunition the better ones cost some times as much. */
function betterGuess({ metaGroupId }: Type, [median, sigma]: Guess): Guess {
  const times = metaGroupId === factionMeta ? 4 : metaGroupId === tech2Meta ? 1.4 : 0.4;
  return [median * times, sigma];
}

export function createValues({ types, groups }: Universe, seed: number) {
  const values = new Map<number, number>();
  const byName = new Map([...types.values()].map((type) => [type.name, type.typeId]));
  for (const [name, price] of Object.entries(known)) {
    const typeId = byName.get(name);
    if (typeId !== undefined) values.set(typeId, price);
  }

  /** What a blueprint makes. */
  function productOf({ name }: Type): Type | undefined {
    const productId = byName.get(name.replace(/ (?:Blueprint|Reaction Formula)$/, ""));
    return productId === undefined ? undefined : types.get(productId);
  }

  /** Originals cost some of what they make: few of a capital ship, hundreds of a charge. */
  function blueprintGuess(type: Type): Guess {
    const product = productOf(type);
    if (product === undefined) return [15_000_000, 1.5];
    const value = valueOf(product.typeId);
    const times = type.metaGroupId === tech2Meta ? 200 : value > 500_000_000 ? 1 : 5;
    return [Math.max(value * times, 100_000), 0.4];
  }

  function guessOf(type: Type): Guess {
    const group = groups.get(type.groupId);
    const usual = byCategory[group?.categoryId ?? 0] ?? ([1_000_000, 1.5] as const);
    if (group === undefined) return usual;
    switch (group.categoryId) {
      case 6:
        return hullGuess(type, group.name);
      case 7:
        return group.name.startsWith("Rig ") ? rigGuess(type) : moduleGuess(type);
      case 8:
      case 18:
        return betterGuess(type, usual);
      case 9:
        return blueprintGuess(type);
      default:
        return usual;
    }
  }

  function valueOf(typeId: number): number {
    const value = values.get(typeId);
    if (value !== undefined) return value;

    const type = types.get(typeId);
    const [median, sigma] = type === undefined ? ([1_000_000, 1.5] as const) : guessOf(type);
    const fresh = Math.max(0.01, cents(createRandom(seed, typeId, 9).logNormal(median, sigma)));
    values.set(typeId, fresh);
    return fresh;
  }

  return { valueOf, productOf };
}
