/** How many jumps lie between two systems, by the shortest way. */
import type { Universe } from "../universe.ts";

export type Distances = ReturnType<typeof createDistances>;

export function createDistances({ neighbours }: Universe) {
  const known = new Map<number, ReadonlyMap<number, number>>();

  function distancesFrom(systemId: number): ReadonlyMap<number, number> {
    const distances = new Map([[systemId, 0]]);
    // A map is walked in the order of its entries, those included that are added on the way.
    for (const [at, jumps] of distances)
      for (const next of neighbours.get(at) ?? [])
        if (!distances.has(next)) distances.set(next, jumps + 1);
    return distances;
  }

  /** Undefined if no stargates lead there. Walked once for each `from`. */
  return function jumpsBetween(from: number, to: number): number | undefined {
    const distances = known.get(from) ?? distancesFrom(from);
    known.set(from, distances);
    return distances.get(to);
  };
}
