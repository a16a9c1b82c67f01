/** What a type is worth: log-normal within its category, the same at every asking. */
import { createRandom } from "../random.ts";
import type { Universe } from "../universe.ts";

/** Median and spread (sigma of the logarithm) by category. */
const byCategory: Readonly<Record<number, readonly [median: number, sigma: number]>> = {
  4: [900, 2],
  5: [60_000_000, 1.5],
  6: [40_000_000, 2.2],
  7: [2_500_000, 2],
  8: [250, 1.5],
  9: [15_000_000, 2.2],
  16: [4_000_000, 2],
  17: [150_000, 2.2],
  18: [700_000, 1.6],
  20: [40_000_000, 1.6],
  30: [30_000_000, 1.2],
  65: [900_000_000, 1],
  91: [45_000_000, 1.2],
};

export type Values = ReturnType<typeof createValues>;

export const cents = (price: number) => Math.round(price * 100) / 100;

export function createValues({ types, groups }: Universe, seed: number) {
  const known = new Map<number, number>();

  function valueOf(typeId: number): number {
    const value = known.get(typeId);
    if (value !== undefined) return value;

    const groupId = types.get(typeId)?.groupId ?? 0;
    const [median, sigma] = byCategory[groups.get(groupId)?.categoryId ?? 0] ?? [1_000_000, 2];
    const fresh = Math.max(0.01, cents(createRandom(seed, typeId, 9).logNormal(median, sigma)));
    known.set(typeId, fresh);
    return fresh;
  }

  return { valueOf };
}
