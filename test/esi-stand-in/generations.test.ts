import * as fc from "fast-check";
import { expect, it } from "vitest";

import { createGenerations } from "./generations.ts";

const moments = fc.array(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 1, maxLength: 60 });
const start = Date.parse("2041-03-05T09:00:00Z");

it.each(["lazy", "steady"] as const)(
  "%s: is never from the future, never expired, and never goes back",
  (renewal) => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 10_000_001, max: 10_000_070 }), (waits, regionId) => {
        const generations = createGenerations({ renewal });
        let [now, last] = [start, 0];
        for (const wait of waits) {
          now += wait;
          const { generatedAt, expiresAt } = generations.ofList(regionId, now, 1800);
          expect(generatedAt).toBeLessThanOrEqual(now);
          expect(expiresAt).toBeGreaterThan(now);
          expect(expiresAt - generatedAt).toBe(1_800_000);
          expect(generatedAt % 1000).toBe(0);
          expect(generatedAt).toBeGreaterThanOrEqual(last);
          last = generatedAt;
        }
      }),
    );
  },
);

it("gives each region a phase of its own", () => {
  const generations = createGenerations({ renewal: "lazy" });

  const regionIds = Array.from({ length: 60 }, (_, index) => 10_000_001 + index);
  const times = regionIds.map((id) => generations.ofList(id, start, 1800).generatedAt);

  expect(new Set(times).size).toBeGreaterThan(50);
});

it("is the same after a restart if it is steady", () => {
  const made = [1, 2].map(() => {
    const generations = createGenerations({ renewal: "steady" });
    return generations.ofList(10_000_002, start, 1800);
  });

  expect(made[0]).toEqual(made[1]);
});

it("never gives two generations the same second", () => {
  const generations = createGenerations({ renewal: "lazy", phase: () => 0 });
  const before = generations.ofList(10_000_002, start, 1800);

  generations.renewList(10_000_002, start);

  const { generatedAt } = generations.ofList(10_000_002, start, 1800);
  expect(generatedAt).toBe(before.generatedAt + 1000);
});
