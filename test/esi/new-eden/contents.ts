/** What is in a contract. Made from its index alone, so that nobody has to keep it. */
import { type Random, type Weighted, createRandom } from "../random.ts";
import type { Type } from "../universe.ts";
import type { ItemRow } from "../wire.ts";
import type { PoolName, Pools } from "./pools.ts";
import type { Values } from "./values.ts";

/** What a contract is about. Shares of item exchanges and auctions (esi.md section 3; [EO]). */
export const themes = [
  [0.496, "copies"],
  [0.052, "originals"],
  [0.0125, "ship"],
  [0.11, "abyssal"],
  [0.11, "modules"],
  [0.062, "commodities"],
  [0.02, "implants"],
  [0.022, "drones"],
  [0.02, "skins"],
  [0.014, "apparel"],
  [0.02, "accessories"],
  [0.016, "charges"],
  [0.012, "materials"],
  [0.006, "skills"],
  [0.008, "containers"],
  [0.004, "structures"],
  [0.017, "mixed"],
] as const;

export type Theme = (typeof themes)[number][1];

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

const researched: Weighted<readonly [me: number, te: number]> = [
  [0.57, [0, 0]],
  [0.15, [10, 20]],
  [0.08, [2, 4]],
  [0.035, [5, 10]],
];

const runs = [1, 1, 1, 2, 2, 3, 5, 5, 10, 10, 20, 25, 30, 40, 50, 60, 100, 200, 600, 20_000];

const stacks: Partial<Record<PoolName, readonly [low: number, high: number]>> = {
  charges: [100, 20_000],
  materials: [1_000, 1_000_000],
  commodities: [1, 400],
  drones: [1, 50],
  accessories: [1, 20],
  skills: [1, 5],
};

export type Contents = { items: readonly ItemRow[]; value: number; volume: number };

type Drawn = {
  type: Type;
  quantity: number;
  blueprint?: { copyRuns?: number; me: number; te: number };
};

function drawBlueprint(pools: Pools, random: Random, isCopy: boolean): Drawn {
  const [me, te] = random.chance(0.835)
    ? random.weighted(researched)
    : [random.between(0, 10), 2 * random.between(0, 10)];
  const type = random.favour(pools.blueprints, 2.5);
  return {
    type,
    quantity: 1,
    blueprint: { me, te, ...(isCopy && { copyRuns: random.pick(runs) }) },
  };
}

function drawFrom(pool: PoolName, pools: Pools, random: Random): Drawn {
  const [low, high] = stacks[pool] ?? [1, random.chance(0.1) ? 10 : 1];
  // Small stacks are far more frequent than large ones.
  const quantity = Math.floor(low * (high / low) ** random.next());
  return { type: random.favour(pools[pool]), quantity };
}

const fitting = [
  [0.6, "modules"],
  [0.12, "rigs"],
  [0.16, "charges"],
  [0.12, "drones"],
] as const;

const anything = [
  "modules",
  "charges",
  "commodities",
  "drones",
  "materials",
  "skins",
  "containers",
] as const;

function drawOne(theme: Theme, position: number, pools: Pools, random: Random): Drawn {
  switch (theme) {
    case "copies":
      return drawBlueprint(pools, random, true);
    case "originals":
      return drawBlueprint(pools, random, false);
    case "ship":
      return position === 0
        ? { type: random.favour(pools.ships), quantity: 1 }
        : drawFrom(random.weighted(fitting), pools, random);
    case "mixed":
      return random.chance(0.04)
        ? drawBlueprint(pools, random, true)
        : drawFrom(random.pick(anything), pools, random);
    default:
      return drawFrom(theme, pools, random);
  }
}

function drawAll(theme: Theme, size: number, pools: Pools, random: Random): Drawn[] {
  const first = drawOne(theme, 0, pools, random);
  // A pack of blueprint copies is often the same one many times.
  const isSet = theme === "copies" && random.chance(0.5);
  const rest = Array.from({ length: size - 1 }, (_, index) =>
    isSet ? first : drawOne(theme, index + 1, pools, random),
  );
  return [first, ...rest];
}

export function sizeOf(theme: Theme, random: Random): number {
  const isBundle = random.chance(theme === "ship" ? 0.6 : theme === "mixed" ? 0.9 : 0.095);
  if (!isBundle) return 1;
  const [low, high] = theme === "ship" ? [4, 40] : random.weighted(bundleSizes);
  return random.between(low, high);
}

export type WantToBuy = "nothing" | "something" | "everything";

export type ContentsPlan = {
  index: number;
  theme: Theme;
  size: number;
  wants: WantToBuy;
};

/** Fields in ESI's order. A requested item has no id, and no levels (53 of 53 real ones). */
function itemOf(drawn: Drawn, isIncluded: boolean, recordId: number, itemId: number): ItemRow {
  const { type, quantity, blueprint } = drawn;
  if (!isIncluded)
    return { is_included: false, quantity, record_id: recordId, type_id: type.typeId };
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

/** Copies are worth something for each run, but less and less. */
function worthOf({ type, quantity, blueprint }: Drawn, { valueOf }: Values): number {
  const each = valueOf(type.typeId);
  if (blueprint?.copyRuns === undefined) return each * quantity;
  return each * 0.1 * blueprint.copyRuns ** 0.6;
}

export function createContents(pools: Pools, values: Values, seed: number) {
  return function contentsOf({ index, theme, size, wants }: ContentsPlan): Contents {
    const random = createRandom(seed, index, 10);
    const drawn = drawAll(theme, size, pools, random);
    if (wants === "something") drawn.push(drawFrom("commodities", pools, random));
    // Record ids go up by 16 a contract: those of a larger one are also its neighbours'. Nothing
    // says that they are unique but within their contract (rules.md 37).
    const [firstRecord, firstItem] = [5_100_000_000 + index * 16, 1_047_000_000_000 + index * 2048];
    let [value, volume] = [0, 0];
    const items = drawn.map((entry, position) => {
      const isLast = position === drawn.length - 1;
      const isIncluded = wants === "nothing" || (wants === "something" && !isLast);
      if (isIncluded || wants === "everything") value += worthOf(entry, values);
      if (isIncluded) volume += entry.type.volume * entry.quantity;
      return itemOf(entry, isIncluded, firstRecord + position, firstItem + position);
    });
    return { items, value, volume };
  };
}
