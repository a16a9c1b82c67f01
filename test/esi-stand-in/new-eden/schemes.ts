/** Contracts that deserve a second look: slips, gifts, jokes and scams, a few of each kind. */
import type { Random, Weighted } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import type { Blueprints } from "./blueprints.ts";
import { type Drawn, drawFrom } from "./drawn.ts";
import type { Pools } from "./pools.ts";
import type { Values } from "./values.ts";

/** Shares of the item exchanges that ask for nothing. */
const shares = [
  // A zero too many, and one too few.
  [0.0025, "too-dear"],
  [0.002, "too-cheap"],
  [0.002, "gift"],
  [0.0015, "fillers"],
  [0.0015, "names-other"],
  [0.0012, "skin-for-ship"],
  [0.0012, "blueprint-for-ship"],
  [0.0012, "lookalike"],
  [0.0012, "asks-for-same"],
  [0.001, "asks-for-unpriced"],
] as const;

export type Scheme = (typeof shares)[number][1];

export function schemeAt(share: number, times: number): Scheme | undefined {
  let left = share / times;
  for (const [weight, scheme] of shares) {
    left -= weight;
    if (left < 0) return scheme;
  }
  return undefined;
}

/** What it holds, and what its title names if that matters. */
export type Staged = { drawn: Drawn[]; names?: string };

const one = (type: Type): Drawn => ({ type, quantity: 1 });
const asked = (drawn: Drawn): Drawn => ({ ...drawn, isAsked: true });

const goods: Weighted<"ships" | "modules" | "implants" | "accessories" | "drones"> = [
  [0.35, "ships"],
  [0.3, "modules"],
  [0.15, "implants"],
  [0.1, "accessories"],
  [0.1, "drones"],
];

type Pair = { named: Type; offered: Type };

/** The faction's variant, and the plain hull that it looks like. */
function lookalikesIn(ships: readonly Type[]): Pair[] {
  const byId = new Map(ships.map((type) => [type.typeId, type]));
  return ships.flatMap((named) => {
    const offered = byId.get(named.baseTypeId ?? -1);
    return named.metaGroupId === 4 && offered !== undefined ? [{ named, offered }] : [];
  });
}

/** SKINs begin with the name of their hull. */
function skinsIn({ skins, ships }: Pools): Pair[] {
  const byName = new Map(ships.map((type) => [type.name, type]));
  return skins.slice(0, 1_000).flatMap((offered) => {
    const words = offered.name.split(" ");
    const names = words.map((_, index) => words.slice(0, words.length - index).join(" "));
    const named = names.map((name) => byName.get(name)).find((type) => type !== undefined);
    return offered.name.includes("SKIN") && named !== undefined ? [{ named, offered }] : [];
  });
}

/** In the order of the hulls: the best known first. */
function blueprintsOf(hulls: readonly Type[], { blueprints }: Pools, values: Values): Pair[] {
  const byProduct = new Map(blueprints.map((type) => [values.productOf(type), type]));
  return hulls.flatMap((named) => {
    const offered = byProduct.get(named);
    return offered === undefined ? [] : [{ named, offered }];
  });
}

export function createSchemes(
  { groups }: Universe,
  pools: Pools,
  values: Values,
  blueprints: Blueprints,
) {
  const isShip = (type: Type) => groups.get(type.groupId)?.categoryId === 6;
  const ships = pools.ships.filter(isShip);
  const worthLying = ships.filter(({ typeId }) => values.valueOf(typeId) > 100_000_000);
  const plain = ships.filter(({ typeId }) => values.valueOf(typeId) < 20_000_000);
  const lookalikes = lookalikesIn(ships);
  const skins = skinsIn({ ...pools, ships });
  const shipBlueprints = blueprintsOf(worthLying, pools, values);

  function posed(pairs: readonly Pair[], random: Random, draw = one): Staged | undefined {
    if (pairs.length === 0) return undefined;
    const { named, offered } = random.favour(pairs, 2.5);
    return { drawn: [draw(offered)], names: named.name };
  }

  function fillers(random: Random): Staged {
    const kinds = Array.from({ length: random.between(2, 5) }, () =>
      random.favour(pools.charges, 6),
    );
    const rows = Array.from({ length: random.between(22, 70) }, () => ({
      type: random.pick(kinds),
      quantity: random.between(1, 20),
    }));
    return {
      drawn: [one(random.favour(worthLying.length > 0 ? worthLying : pools.ships)), ...rows],
    };
  }

  /** "Double your ISK": the same thing, and more of it. */
  function sameItem(random: Random): Staged {
    const { type, quantity } = drawFrom(random.pick(["accessories", "implants"]), pools, random);
    return { drawn: [{ type, quantity }, asked({ type, quantity: quantity * 2 })] };
  }

  function stage(scheme: Scheme, random: Random): Staged | undefined {
    switch (scheme) {
      case "names-other":
        if (worthLying.length === 0 || plain.length === 0) return undefined;
        return { drawn: [one(random.favour(plain))], names: random.favour(worthLying).name };
      case "skin-for-ship":
        return posed(skins, random);
      case "blueprint-for-ship":
        return posed(shipBlueprints, random, (type) => blueprints.copyOf(type, random));
      case "lookalike":
        return posed(lookalikes, random);
      case "fillers":
        return fillers(random);
      case "asks-for-same":
        return sameItem(random);
      case "asks-for-unpriced":
        return {
          drawn: [one(random.favour(pools.modules)), asked(one(random.favour(pools.abyssal)))],
        };
      default: {
        const { type } = drawFrom(random.weighted(goods), pools, random);
        return { drawn: [one(type)] };
      }
    }
  }

  return { stage };
}
