import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { extractFrom } from "../../src/cli/universe/extract.ts";
import { stargateMapOf } from "../../src/cli/universe/stargate-map.ts";
import {
  createStargates,
  noThoroughfare,
  type RouteKind,
  routeKinds,
} from "../../src/domain/stargates.ts";
import { aUniverse } from "../support/extract-builders.ts";

/** Systems by their ids, with their security, and the gates between them. */
type Graph = { securities: Record<number, number>; gates: (readonly [number, number])[] };

async function stargatesOf({ securities, gates }: Graph) {
  const systems = Object.entries(securities).map(([id, security]) => ({
    system_id: Number(id),
    name: id,
    constellation_id: 20_000_020,
    region_id: 10_000_002,
    security,
  }));
  const jumps = gates.map(([a, b]) => ({ system_a: Math.min(a, b), system_b: Math.max(a, b) }));
  return createStargates(stargateMapOf(await extractFrom(aUniverse({ systems, jumps }))));
}

/** No thoroughfare, in the game and in these graphs. */
const zarzakh = 30_100_000;

const graphs: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 30_000_001, max: 30_000_400 }), {
      minLength: 2,
      maxLength: 12,
    }),
    fc.constantFrom([], [zarzakh]),
  )
  .map(([ids, more]) => [...ids, ...more])
  .chain((ids) => {
    const pairs = ids.flatMap((a, at) => ids.slice(at + 1).map((b) => [a, b] as const));
    const security = fc.constantFrom(1, 0.9, 0.45, 0.4499, 0.1, -0.4);
    return fc.record({
      securities: fc
        .tuple(...ids.map(() => security))
        .map((values) => Object.fromEntries(ids.map((id, at) => [id, values[at] ?? 0]))),
      gates: fc.uniqueArray(fc.constantFrom(...pairs), { maxLength: 2 * ids.length }),
    });
  });

const idsOf = ({ securities }: Graph) => Object.keys(securities).map(Number);

/**
 * Floyd and Warshall's distances: of each two systems, infinite if there is no way. None leads by
 * Zarzakh.
 */
function distancesOf(graph: Graph, kind: RouteKind): (from: number, to: number) => number {
  const ids = idsOf(graph);
  const isOpen = (id: number) => kind === "shortest" || (graph.securities[id] ?? 0) >= 0.45;
  const key = (from: number, to: number) => `${from} ${to}`;
  const distances = new Map(ids.map((id) => [key(id, id), 0]));
  const at = (from: number, to: number) => distances.get(key(from, to)) ?? Infinity;
  for (const [a, b] of graph.gates) {
    if (isOpen(b)) distances.set(key(a, b), 1);
    if (isOpen(a)) distances.set(key(b, a), 1);
  }
  for (const by of ids) {
    if (by === zarzakh) continue;
    for (const from of ids) {
      for (const to of ids) {
        distances.set(key(from, to), Math.min(at(from, to), at(from, by) + at(by, to)));
      }
    }
  }
  return at;
}

const orNull = (distance: number) => (distance === Infinity ? null : distance);

/** A property of all graphs, for both kinds of route; a failure prints its seed. */
const holds = (
  property: (
    graph: Graph,
    kind: RouteKind,
    stargates: Awaited<ReturnType<typeof stargatesOf>>,
  ) => void,
) =>
  fc.assert(
    fc.asyncProperty(graphs, async (graph) => {
      const stargates = await stargatesOf(graph);
      for (const kind of routeKinds) property(graph, kind, stargates);
    }),
    { numRuns: 200 },
  );

describe("jumps and reach", () => {
  it("are the true distances in any graph", () =>
    holds((graph, kind, stargates) => {
      const distance = distancesOf(graph, kind);

      for (const from of idsOf(graph)) {
        const reach = stargates.reach(from, kind);
        const expected = idsOf(graph).map((to) => [to, orNull(distance(from, to))] as const);
        expect(expected.map(([to]) => [to, stargates.jumps(from, to, kind)])).toEqual(expected);
        expect(expected.map(([to]) => [to, reach.jumpsTo(to)])).toEqual(expected);
        expect(new Map(reach.entries())).toEqual(
          new Map(expected.filter(([, jumps]) => jumps !== null)),
        );
      }
    }));

  it("find no way to an unknown system, or to none at all", async () => {
    const stargates = await stargatesOf({ securities: { 1: 1, 2: 1 }, gates: [[1, 2]] });

    expect(stargates.jumps(1, 3, "shortest")).toBeNull();
    expect(stargates.reach(1, "shortest").jumpsTo(3)).toBeNull();
    expect(stargates.reach(1, "shortest").jumpsTo(null)).toBeNull();
  });
});

describe("neighbours", () => {
  it("are the systems one jump away, of any graph", () =>
    holds((graph, _, stargates) => {
      const distance = distancesOf(graph, "shortest");

      for (const from of idsOf(graph)) {
        const expected = idsOf(graph).filter((to) => distance(from, to) === 1);
        expect(stargates.neighbours(from).toSorted((a, b) => a - b)).toEqual(expected);
      }
    }));

  it("are none for an unknown system", async () => {
    const stargates = await stargatesOf({ securities: { 1: 1, 2: 1 }, gates: [[1, 2]] });

    expect(stargates.neighbours(3)).toEqual([]);
  });
});

describe("a route", () => {
  it("is as long as its jumps, and each of its steps is a gate", () =>
    holds(({ gates, ...graph }, kind, stargates) => {
      const known = new Set(gates.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
      const ids = idsOf({ ...graph, gates });

      for (const [from, to] of ids.flatMap((a) => ids.map((b) => [a, b] as const))) {
        const route = stargates.route(from, to, kind);
        expect(route && route.length - 1).toBe(stargates.jumps(from, to, kind));
        if (!route) continue;
        const steps = route.slice(1).map((id, at) => `${route[at]} ${id}`);
        expect([route[0], route.at(-1)]).toEqual([from, to]);
        expect(steps.filter((step) => !known.has(step))).toEqual([]);
      }
    }));

  it("enters only highsec systems if it is a highsec route", () =>
    holds((graph, _, stargates) => {
      const entered = idsOf(graph).flatMap((from) =>
        idsOf(graph).flatMap((to) => stargates.route(from, to, "highsec")?.slice(1) ?? []),
      );

      expect(entered.filter((id) => (graph.securities[id] ?? 0) < 0.45)).toEqual([]);
    }));

  // 1, highsec – 2, lowsec – 3, highsec; 4 has no gate.
  const line: Graph = {
    securities: { 1: 1, 2: 0.4, 3: 0.45, 4: 1 },
    gates: [
      [1, 2],
      [2, 3],
    ],
  };

  it.each<[string, number, number, RouteKind, number[] | null]>([
    ["crosses lowsec where it may", 1, 3, "shortest", [1, 2, 3]],
    ["does not cross lowsec where it may not", 1, 3, "highsec", null],
    ["does not end in lowsec where it may not", 1, 2, "highsec", null],
    ["may leave lowsec for highsec", 2, 3, "highsec", [2, 3]],
    ["leads from a lowsec system to itself", 2, 2, "highsec", [2]],
    ["leads from a system without gates to itself", 4, 4, "shortest", [4]],
    ["leads from a system without gates nowhere else", 4, 1, "shortest", null],
    ["leads to a system without gates from nowhere", 1, 4, "highsec", null],
    ["leads from a system that nobody knows to itself", 9, 9, "highsec", [9]],
  ])("%s", async (_, from, to, kind, route) => {
    const stargates = await stargatesOf(line);

    expect(stargates.route(from, to, kind)).toEqual(route);
    expect(stargates.jumps(from, to, kind)).toBe(route && route.length - 1);
    expect(stargates.reach(from, kind).jumpsTo(to)).toBe(route && route.length - 1);
  });

  it("reaches only that system from one without gates", async () => {
    const stargates = await stargatesOf(line);

    expect(stargates.reach(4, "shortest").entries()).toEqual([[4, 0]]);
  });
});

describe("a system that is no thoroughfare", () => {
  // 1 – Zarzakh – 2, and the long way round: 1 – 3 – 4 – 2. All are highsec.
  const ring: Graph = {
    securities: { 1: 1, 2: 1, 3: 1, 4: 1, [zarzakh]: 1 },
    gates: [
      [1, zarzakh],
      [zarzakh, 2],
      [1, 3],
      [3, 4],
      [4, 2],
    ],
  };

  it.each<[string, number, number, number[]]>([
    ["is gone around", 1, 2, [1, 3, 4, 2]],
    ["may be where a way ends", 1, zarzakh, [1, zarzakh]],
    ["may be where a way begins", zarzakh, 2, [zarzakh, 2]],
    ["is reached from the other side too", 3, zarzakh, [3, 1, zarzakh]],
  ])("%s, by either kind of route", async (_, from, to, route) => {
    const stargates = await stargatesOf(ring);

    for (const kind of routeKinds) {
      expect(stargates.route(from, to, kind)).toEqual(route);
      expect(stargates.jumps(from, to, kind)).toBe(route.length - 1);
      expect(stargates.reach(from, kind).jumpsTo(to)).toBe(route.length - 1);
    }
  });

  it("connects nothing, even if it is the only way", async () => {
    const stargates = await stargatesOf({
      securities: { 1: 1, 2: 1, 3: 1, [zarzakh]: 1 },
      gates: [
        [1, zarzakh],
        [zarzakh, 2],
        [2, 3],
      ],
    });

    expect(stargates.route(1, 2, "shortest")).toBeNull();
    expect(stargates.reach(1, "highsec").entries()).toEqual([
      [1, 0],
      [zarzakh, 1],
    ]);
    expect(stargates.highsecIslands()).toEqual([1]);
    expect(stargates.isHighsecIsland(zarzakh)).toBe(false);
  });

  it("is part of the version, so that jumps stored under another rule are counted again", async () => {
    const { version } = await stargatesOf(ring);

    expect(version).toBe("sde-1-not-through-30100000");
    expect(noThoroughfare).toEqual([zarzakh]);
  });
});

describe("the highsec islands", () => {
  it("are the highsec systems that no highsec route joins to the largest group", () =>
    holds((graph, _, stargates) => {
      const distance = distancesOf(graph, "highsec");
      const joined = new Set(graph.gates.flat());
      const highsec = idsOf(graph).filter(
        (id) => joined.has(id) && (graph.securities[id] ?? 0) >= 0.45,
      );
      const bodyOf = (id: number) => highsec.filter((other) => distance(id, other) < Infinity);
      const thoroughfares = highsec.filter((id) => id !== zarzakh);
      const [main = []] = thoroughfares.map(bodyOf).toSorted((a, b) => b.length - a.length);

      const islands = highsec.filter((id) => !main.includes(id));

      expect(stargates.highsecIslands().toSorted((a, b) => a - b)).toEqual(islands);
      expect(idsOf(graph).filter((id) => stargates.isHighsecIsland(id))).toEqual(islands);
    }));

  it("are neither lowsec, nor the largest body", async () => {
    const stargates = await stargatesOf({
      securities: { 1: 1, 2: 1, 3: 0.4, 4: 0.45 },
      gates: [
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    });

    expect(stargates.highsecIslands()).toEqual([4]);
  });
});
