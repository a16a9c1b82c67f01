/** Deterministic chance: what it yields follows from the seed alone, on every machine. */

const scale = 2 ** 32;

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit hash of integers, negative ones and those past 2^32 included. */
export function hashOf(...parts: number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    h = mix(h ^ (part >>> 0));
    h = mix(h + (Math.floor(part / scale) >>> 0) + 0x9e3779b9);
  }
  return h;
}

/** The hash as a fraction in [0, 1). */
export function shareOf(...parts: number[]): number {
  return hashOf(...parts) / scale;
}

export type Weighted<T> = readonly (readonly [weight: number, value: T])[];

export type Random = ReturnType<typeof createRandom>;

export function createRandom(...seed: number[]) {
  let state = hashOf(...seed);

  // Mulberry32: one addition and a mix a number.
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / scale;
  }

  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));

  function pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(next() * list.length)];
    if (found === undefined) throw new Error("Nothing to pick from.");
    return found;
  }

  /** Favours the head of the list: what players trade is a few things much and most things little. */
  function favour<T>(list: readonly T[], bias = 3): T {
    const found = list[Math.floor(next() ** bias * list.length)];
    if (found === undefined) throw new Error("Nothing to favour.");
    return found;
  }

  function weighted<T>(choices: Weighted<T>): T {
    let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    const last = choices.at(-1);
    if (last === undefined) throw new Error("Nothing to weigh.");
    return last[1];
  }

  const gaussian = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  return {
    next,
    /** A whole number from `low` to `high`, both included. */
    between,
    chance: (probability: number) => next() < probability,
    pick,
    favour,
    weighted,
    logNormal: (median: number, sigma: number) => median * Math.exp(sigma * gaussian()),
  };
}
