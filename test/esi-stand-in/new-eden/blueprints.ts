/** Blueprints as players make, invent, loot and research them. */
import type { Random, Weighted } from "../random.ts";
import type { Type } from "../universe.ts";
import type { Drawn } from "./drawn.ts";
import type { Pools } from "./pools.ts";
import type { Values } from "./values.ts";

type Levels = Weighted<readonly [me: number, te: number]>;

const researched: Levels = [
  [0.62, [10, 20]],
  [0.16, [0, 0]],
  [0.06, [9, 18]],
  [0.04, [10, 16]],
  [0.03, [5, 10]],
  [0.03, [8, 16]],
  [0.02, [10, 14]],
];

/** Invention makes 2/4, decryptors make the others. */
const invented: Levels = [
  [0.6, [2, 4]],
  [0.1, [3, 2]],
  [0.1, [1, 8]],
  [0.08, [4, 14]],
  [0.06, [3, 6]],
  [0.06, [0, 4]],
];

/** Looted ones are as they were found. */
const found: Levels = [
  [0.95, [0, 0]],
  [0.05, [5, 10]],
];

/** A few are of any level. */
const oddShare = 0.04;

const copiedRuns = [1, 1, 2, 5, 10, 10, 20, 30, 50, 60, 100, 100, 200, 200, 300, 600];
const inventedRuns = [10, 10, 10, 10, 9, 11, 14, 19, 20];
const inventedShipRuns = [1, 1, 1, 1, 2, 3, 4];
const foundRuns = [1, 1, 1, 1, 1, 2, 3, 5, 10];
/** Of the cheapest things one copy may have thousands [EO: 20,000]. */
const [mostRuns, mostRunsShare] = [20_000, 0.002];

type Origin = "copied" | "invented" | "found";

const originByMeta: Readonly<Record<number, Origin>> = { 2: "invented", 14: "invented" };
const levelsByOrigin: Record<Origin, Levels> = { copied: researched, invented, found };

export type Blueprints = ReturnType<typeof createBlueprints>;

export function createBlueprints(pools: Pools, { valueOf, productOf }: Values) {
  const shipIds = new Set(pools.ships.map(({ typeId }) => typeId));
  const facts = new Map<number, { origin: Origin; isShip: boolean; productValue: number }>();

  function factsOf(type: Type) {
    const known = facts.get(type.typeId);
    if (known !== undefined) return known;
    const product = productOf(type);
    const meta = product?.metaGroupId ?? type.metaGroupId ?? 1;
    const fresh = {
      origin: meta === 1 ? ("copied" as const) : (originByMeta[meta] ?? ("found" as const)),
      isShip: product !== undefined && shipIds.has(product.typeId),
      productValue: product === undefined ? 5_000_000 : valueOf(product.typeId),
    };
    facts.set(type.typeId, fresh);
    return fresh;
  }

  function levelsOf(origin: Origin, random: Random): readonly [me: number, te: number] {
    if (random.chance(oddShare)) return [random.between(0, 10), 2 * random.between(0, 10)];
    return random.weighted(levelsByOrigin[origin]);
  }

  function runsOf(origin: Origin, isShip: boolean, random: Random): number {
    if (origin === "found") return random.pick(foundRuns);
    if (origin === "invented") return random.pick(isShip ? inventedShipRuns : inventedRuns);
    return random.chance(mostRunsShare) ? mostRuns : random.pick(copiedRuns);
  }

  return {
    copyOf(type: Type, random: Random): Drawn {
      const { origin, isShip } = factsOf(type);
      const [me, te] = levelsOf(origin, random);
      const copyRuns = runsOf(origin, isShip, random);
      return { type, quantity: 1, blueprint: { me, te, copyRuns } };
    },
    originalOf(type: Type, random: Random): Drawn {
      const [me, te] = levelsOf("copied", random);
      return { type, quantity: 1, blueprint: { me, te } };
    },
    /** Each further run of a copy is worth a little less. */
    worthOfCopy(type: Type, runs: number): number {
      const { origin, productValue } = factsOf(type);
      const share = origin === "found" ? 0.35 : origin === "invented" ? 0.035 : 0.02;
      return Math.max(50_000, productValue * share * runs ** 0.8);
    },
    /** Research takes months: what is done is paid for. */
    worthOfOriginal(type: Type, me: number): number {
      return valueOf(type.typeId) * (1 + me * 0.04);
    },
  };
}
