/** Who issues contracts: a few traders much, most players once, and always somebody new. */
import { nameFor } from "../names.ts";
import { type Random, createRandom, shareOf } from "../random.ts";
import type { NameRow } from "../wire.ts";

export type Issuer = { issuerId: number; corporationId: number };

/** Characters made since; the id tells by which contract they came. */
const newcomers = { first: 2_121_000_000, most: 8_000_000, share: 0.02 };

function characterId(random: Random): number {
  const [low, high] = random.weighted([
    [0.45, [90_000_000, 97_999_999]],
    [0.4, [2_112_000_000, 2_120_999_999]],
    [0.15, [100_000_000, 2_099_999_999]],
  ] as const);
  return random.between(low, high);
}

/** Players' corporations, and those that CCP puts a player without one into. */
function corporationId(random: Random): number {
  return random.chance(0.2)
    ? random.between(1_000_165, 1_000_182)
    : random.between(98_000_000, 98_899_999);
}

export type Issuers = ReturnType<typeof createIssuers>;

export function createIssuers(count: number, seed: number) {
  const random = createRandom(seed, 5);
  const corporations = Array.from({ length: Math.ceil(count / 3) }, () => corporationId(random));
  const known = Array.from({ length: count }, (): Issuer => {
    return { issuerId: characterId(random), corporationId: random.favour(corporations) };
  });
  const ids = new Set([...known.map(({ issuerId }) => issuerId), ...corporations]);

  const isNewcomer = (index: number) =>
    index >= 0 && index < newcomers.most && shareOf(seed, index, 6) < newcomers.share;

  function nameOf(id: number): NameRow | undefined {
    const isKnown = ids.has(id) || isNewcomer(id - newcomers.first);
    return isKnown ? nameFor(id) : undefined;
  }

  return {
    of(index: number, chance: Random): Issuer {
      const issuer = chance.favour(known);
      return isNewcomer(index) ? { ...issuer, issuerId: newcomers.first + index } : issuer;
    },
    nameOf,
    /** Names belong to the ids of the pool; newcomers are found by id only. */
    named: (name: string): NameRow[] => [...ids].map(nameFor).filter((row) => row.name === name),
  };
}
