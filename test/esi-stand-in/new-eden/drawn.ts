/** What is drawn for a contract, before it is written as ESI's rows. */
import type { Random } from "../random.ts";
import type { Type } from "../universe.ts";
import type { PoolName, Pools } from "./pools.ts";

export type Drawn = {
  type: Type;
  quantity: number;
  blueprint?: { copyRuns?: number; me: number; te: number };
  /** What the contract asks for; the others it offers. */
  isAsked?: true;
};

const stacks: Partial<Record<PoolName, readonly [low: number, high: number]>> = {
  charges: [100, 20_000],
  materials: [1_000, 1_000_000],
  commodities: [1, 400],
  drones: [1, 50],
  accessories: [1, 20],
  skills: [1, 5],
};

export function drawFrom(pool: PoolName, pools: Pools, random: Random): Drawn {
  const [low, high] = stacks[pool] ?? [1, random.chance(0.1) ? 10 : 1];
  const type = random.favour(pools[pool]);
  // Small stacks are far more frequent than large ones.
  return { type, quantity: Math.floor(low * (high / low) ** random.next()) };
}
