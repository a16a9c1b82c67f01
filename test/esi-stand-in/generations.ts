/** When ESI made what it has cached, in epoch milliseconds of whole seconds. */
import { hashOf } from "./random.ts";

export type Generation = { generatedAt: number; expiresAt: number; isHit: boolean };

/**
 * - `lazy`: as ESI does. The first request after expiry makes a new generation, stamped with that
 *   moment; the very first one of a list meets a generation that somebody else's request made.
 * - `steady`: at fixed times, so that a restart never turns back `Last-Modified`.
 */
export type Renewal = "lazy" | "steady";

export type GenerationsOptions = {
  renewal: Renewal;
  /** How many seconds old a list is when it is first asked for; each region has its own. */
  phase?: ((regionId: number) => number) | undefined;
};

const second = 1000;
const wholeSecond = (time: number) => Math.floor(time / second) * second;

export type Generations = ReturnType<typeof createGenerations>;

export function createGenerations({ renewal, phase = phaseOf }: GenerationsOptions) {
  const made = new Map<string, number>();

  function steady(now: number, ttl: number, offset: number): Generation {
    const generatedAt = Math.floor((now - offset) / ttl) * ttl + offset;
    return { generatedAt, expiresAt: generatedAt + ttl, isHit: true };
  }

  function lazy(key: string, now: number, ttl: number, age: number): Generation {
    const last = made.get(key) ?? (age > 0 ? wholeSecond(now) - age : undefined);
    const isHit = last !== undefined && now < last + ttl;
    const generatedAt = isHit ? last : wholeSecond(now);
    made.set(key, generatedAt);
    return { generatedAt, expiresAt: generatedAt + ttl, isHit };
  }

  return {
    ofList(regionId: number, now: number, ttlSeconds: number): Generation {
      const age = (phase(regionId) % ttlSeconds) * second;
      if (renewal === "steady") return steady(now, ttlSeconds * second, age);
      return lazy(`list ${regionId}`, now, ttlSeconds * second, age);
    },
    /** What belongs to one contract: first made when first asked for. */
    ofContract(key: string, now: number, ttlSeconds: number): Generation {
      if (renewal === "lazy") return lazy(key, now, ttlSeconds * second, 0);
      const generatedAt = wholeSecond(now);
      return { generatedAt, expiresAt: generatedAt + ttlSeconds * second, isHit: false };
    },
    of(key: string, now: number, ttlSeconds: number): Generation {
      if (renewal === "lazy") return lazy(key, now, ttlSeconds * second, 0);
      return steady(now, ttlSeconds * second, 0);
    },
    /** Makes the list again now, whatever its age; two generations never share a second. */
    renewList(regionId: number, now: number): void {
      const key = `list ${regionId}`;
      const last = made.get(key) ?? 0;
      made.set(key, Math.max(wholeSecond(now), last + second));
    },
    /** Static routes expire daily at 11:05 [SW]. */
    daily(now: number): Generation {
      const offset = (11 * 60 + 5) * 60 * second;
      return steady(now, 86_400 * second, offset);
    },
  };
}

function phaseOf(regionId: number): number {
  return hashOf(regionId, 1800) % 1800;
}
