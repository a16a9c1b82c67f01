/** What is in a contract. Made from its index alone, so that nobody has to keep it. */
import { type Random, type Weighted, createRandom } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import type { ItemRow } from "../wire.ts";
import { createBlueprints } from "./blueprints.ts";
import { type Drawn, drawFrom } from "./drawn.ts";
import type { Theme } from "./mix.ts";
import { newerIds } from "./newer.ts";
import type { PoolName, Pools } from "./pools.ts";
import { type Scheme, createSchemes } from "./schemes.ts";
import { type Berth, createShips } from "./ships.ts";
import type { Values } from "./values.ts";

/** Bundles: most have a handful of items, a few have hundreds [EO: p99 71, most 1000]. */
const bundleSizes: Weighted<readonly [low: number, high: number]> = [
  [0.2, [2, 2]],
  [0.23, [3, 5]],
  [0.26, [6, 12]],
  [0.21, [13, 50]],
  [0.075, [51, 150]],
  [0.019, [151, 500]],
  [0.006, [501, 1000]],
];

const anything = [
  "modules",
  "charges",
  "commodities",
  "drones",
  "materials",
  "skins",
  "containers",
] as const;

/** What people buy by contract, and take in exchange. */
const wanted: Weighted<PoolName> = [
  [0.3, "commodities"],
  [0.25, "materials"],
  [0.15, "modules"],
  [0.12, "accessories"],
  [0.1, "implants"],
  [0.08, "ships"],
];

export function sizeOf(theme: Theme, random: Random): number {
  if (!random.chance(theme === "mixed" ? 0.9 : 0.095)) return 1;
  const [low, high] = random.weighted(bundleSizes);
  return random.between(low, high);
}

export type WantToBuy = "nothing" | "something" | "everything";

export type ContentsPlan = {
  index: number;
  theme: Theme;
  size: number;
  wants: WantToBuy;
  scheme?: Scheme | undefined;
};

/** What its rows, its title and its price are made from. */
export type Contents = {
  drawn: readonly Drawn[];
  /** ISK, of what is offered and of what is asked for. */
  offered: number;
  asked: number;
  volume: number;
  berth: Berth;
  /** What a ship is fitted for. */
  role?: string | undefined;
  /** What the title names, though it is not there. */
  names?: string | undefined;
};

export const noContents: Contents = {
  drawn: [],
  offered: 0,
  asked: 0,
  volume: 0,
  berth: "anywhere",
};

/** Fields in ESI's order. A requested item has no id, and no levels (53 of 53 real ones). */
function itemOf(drawn: Drawn, recordId: number, itemId: number): ItemRow {
  const { type, quantity, blueprint, isAsked } = drawn;
  if (isAsked) return { is_included: false, quantity, record_id: recordId, type_id: type.typeId };
  const isCopy = blueprint?.copyRuns !== undefined;
  return {
    ...(isCopy && { is_blueprint_copy: true }),
    is_included: true,
    item_id: itemId,
    ...(blueprint && { material_efficiency: blueprint.me }),
    quantity,
    record_id: recordId,
    ...(isCopy && { runs: blueprint.copyRuns }),
    ...(blueprint && { time_efficiency: blueprint.te }),
    type_id: type.typeId,
  };
}

/**
 * Record ids go up by 16 a contract: those of a larger one are also its neighbours'. Nothing says
 * that they are unique but within their contract (rules.md 37).
 */
export function itemRowsOf({ drawn }: Contents, index: number): ItemRow[] {
  const [firstRecord, firstItem] = [5_100_000_000 + index * 16, 1_047_000_000_000 + index * 2048];
  return drawn.map((entry, position) =>
    itemOf(entry, firstRecord + position, firstItem + position),
  );
}

/** All but ships, which are drawn whole. */
type GoodsTheme = Exclude<Theme, "ship">;

type Options = { universe: Universe; pools: Pools; values: Values; seed: number };

export function createContents({ universe, pools, values, seed }: Options) {
  const blueprints = createBlueprints(pools, values);
  const ships = createShips(universe, pools);
  const schemes = createSchemes(universe, pools, values, blueprints);

  /** A few are of types that the extract does not know yet. */
  function orNewer(type: Type, typeId: number, share: number, random: Random): Type {
    return random.chance(share) ? (universe.types.get(typeId) ?? type) : type;
  }

  function drawOne(theme: GoodsTheme, random: Random): Drawn {
    switch (theme) {
      case "copies": {
        const type = random.favour(pools.blueprints, 2.5);
        return blueprints.copyOf(orNewer(type, newerIds.blueprint, 0.005, random), random);
      }
      case "abyssal": {
        const type = random.favour(pools.abyssal);
        return { type: orNewer(type, newerIds.module, 0.01, random), quantity: 1 };
      }
      case "originals":
        return blueprints.originalOf(random.favour(pools.originals, 2.5), random);
      case "mixed":
        return drawOne(random.chance(0.04) ? "copies" : random.pick(anything), random);
      default:
        return drawFrom(theme, pools, random);
    }
  }

  function drawAll(theme: GoodsTheme, size: number, random: Random): Drawn[] {
    const first = drawOne(theme, random);
    // A pack of blueprint copies is often the same one many times.
    const isSet = theme === "copies" && random.chance(0.5);
    const rest = Array.from({ length: size - 1 }, () => (isSet ? first : drawOne(theme, random)));
    return [first, ...rest];
  }

  function worthOf({ type, quantity, blueprint }: Drawn): number {
    if (blueprint?.copyRuns !== undefined) return blueprints.worthOfCopy(type, blueprint.copyRuns);
    if (blueprint !== undefined) return blueprints.worthOfOriginal(type, blueprint.me);
    return values.valueOf(type.typeId) * quantity;
  }

  /** As much of one thing as comes near to a value: of minerals, where others are worth more. */
  function inExchange(value: number, random: Random): Drawn {
    const drawn = random.favour(pools[random.weighted(wanted)]);
    const isTooMuch = values.valueOf(drawn.typeId) > value;
    const type = isTooMuch ? random.favour(pools.materials) : drawn;
    const quantity = Math.round(value / values.valueOf(type.typeId));
    return { type, quantity: Math.min(Math.max(quantity, 1), 1_000_000), isAsked: true };
  }

  function wish(size: number, random: Random): Drawn[] {
    const pool = random.weighted(wanted);
    return Array.from({ length: size }, () => ({
      ...drawFrom(pool, pools, random),
      isAsked: true as const,
    }));
  }

  function draw(plan: ContentsPlan, random: Random): Pick<Contents, "drawn" | "role" | "names"> {
    const { theme, size, wants, scheme } = plan;
    if (wants === "everything") return { drawn: wish(size, random) };
    const staged = scheme && schemes.stage(scheme, random);
    if (staged) return staged;
    if (theme === "ship") return ships.draw(random);
    return { drawn: drawAll(theme, size, random) };
  }

  return function contentsOf(plan: ContentsPlan): Contents {
    const random = createRandom(seed, plan.index, 10);
    const { drawn: own, ...said } = draw(plan, random);
    let [offered, asked, volume] = [0, 0, 0];
    for (const entry of own) {
      if (entry.isAsked) asked += worthOf(entry);
      else {
        offered += worthOf(entry);
        volume += entry.type.volume * entry.quantity;
      }
    }
    const berth = plan.theme === "ship" || plan.scheme ? ships.berthOf(own) : "anywhere";
    if (plan.wants !== "something") return { drawn: own, offered, asked, volume, berth, ...said };
    const exchange = inExchange(offered * random.between(3, 11) * 0.1, random);
    const drawn = [...own, exchange];
    return { drawn, offered, asked: worthOf(exchange), volume, berth, ...said };
  };
}
