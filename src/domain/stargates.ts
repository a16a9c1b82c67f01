/**
 * Routes between systems through the stargates of the universe data. Highsec routes enter no system
 * below 0.45, including the last one. The first system may be below 0.45, because it is not
 * entered. No route of either kind passes through a system of `noThoroughfare`.
 */

/**
 * Systems that a route may begin or end in, but may not pass through.
 *
 * Zarzakh (30100000): since September 2024, a pilot who enters it by one stargate can leave it only
 * by that stargate for six hours. Source: CCP's announcement of the Siege of Zarzakh, as reported
 * at https://www.pcgamesn.com/eve-online/new-siege-event (9 September 2024).
 */
export const noThoroughfare: readonly number[] = [30_100_000];

/** The stargates as they ship with the Worker (`src/universe/data/stargates.json`). */
export type StargateMap = {
  /** The version of the universe data that the map was made from. */
  version: string;
  /**
   * Systems that have stargates, ascending. The first entry is an id. Each later entry is the
   * difference to the previous id.
   */
  systemIds: readonly number[];
  /** One character per system: `1` for highsec. */
  highsec: string;
  /** For each system, its neighbours that come later in the list, as offsets from its own place. */
  later: readonly (readonly number[])[];
};

export const routeKinds = ["shortest", "highsec"] as const;
export type RouteKind = (typeof routeKinds)[number];

/** Jumps from one system to all others, by one kind of route. */
export type Reach = {
  originId: number;
  kind: RouteKind;
  /** All systems that can be reached, and the jumps to each. */
  entries: () => [systemId: number, jumps: number][];
  /** Null if there is no route, or if the system has no known stargate. */
  jumpsTo: (systemId: number | null) => number | null;
};

const unreachable = -1;

/** Decodes the map on first use. Most requests, and all idle runs, do not need it. */
export function createStargates(map: StargateMap) {
  let decoded: ReturnType<typeof decode> | undefined;
  const graph = () => (decoded ??= decode(map));

  return {
    /**
     * The version of everything that jumps depend on: the stargates and the `noThoroughfare`
     * systems.
     */
    version: [map.version, "not-through", ...noThoroughfare].join("-"),

    /** A system without a stargate can be reached only from itself. */
    reach: (originId: number, kind: RouteKind): Reach => graph().reach(originId, kind),

    /** Jumps between two systems. Null if there is no route. */
    jumps: (fromId: number, toId: number, kind: RouteKind): number | null =>
      graph().jumps(fromId, toId, kind),

    /** The systems of a shortest route of that kind, including both ends. Null if there is none. */
    route: (fromId: number, toId: number, kind: RouteKind): number[] | null =>
      graph().route(fromId, toId, kind),

    /** Systems one jump away. Empty if the system has no known stargate. */
    neighbours: (systemId: number): number[] => graph().neighbours(systemId),

    /** Whether the system is highsec but has no highsec route to the main body of highsec. */
    isHighsecIsland: (systemId: number): boolean => graph().islands().has(systemId),

    /** All systems for which `isHighsecIsland` is true. */
    highsecIslands: (): number[] => [...graph().islands()],
  };
}

export type Stargates = ReturnType<typeof createStargates>;

function decode({ systemIds: steps, highsec, later }: StargateMap) {
  const count = steps.length;
  const systemIds = new Int32Array(count);
  const isHighsec = new Uint8Array(count);
  const isDeadEnd = new Uint8Array(count);
  const placeOf = new Map<number, number>();
  let id = 0;
  for (let place = 0; place < count; place += 1) {
    id += steps[place] ?? 0;
    systemIds[place] = id;
    isHighsec[place] = highsec[place] === "1" ? 1 : 0;
    isDeadEnd[place] = noThoroughfare.includes(id) ? 1 : 0;
    placeOf.set(id, place);
  }

  // The neighbours of place p run from neighbours[first[p]] up to, but not including,
  // neighbours[first[p + 1]].
  const degrees = new Int32Array(count);
  for (let place = 0; place < count; place += 1) {
    for (const offset of later[place] ?? []) {
      degrees[place] = (degrees[place] ?? 0) + 1;
      degrees[place + offset] = (degrees[place + offset] ?? 0) + 1;
    }
  }
  const first = new Int32Array(count + 1);
  for (let place = 0; place < count; place += 1) {
    first[place + 1] = (first[place] ?? 0) + (degrees[place] ?? 0);
  }
  const neighbours = new Int32Array(first[count] ?? 0);
  const filled = first.slice();
  const put = (from: number, to: number) => {
    const at = filled[from] ?? 0;
    neighbours[at] = to;
    filled[from] = at + 1;
  };
  for (let place = 0; place < count; place += 1) {
    for (const offset of later[place] ?? []) {
      put(place, place + offset);
      put(place + offset, place);
    }
  }

  /**
   * Breadth-first search from one place: the jumps to each place, and the place before it on the
   * way.
   */
  function walk(start: number, kind: RouteKind, target?: number) {
    const jumps = new Int16Array(steps.length).fill(unreachable);
    const from = new Int32Array(steps.length).fill(unreachable);
    const queue = new Int32Array(steps.length);
    let length = 1;
    queue[0] = start;
    jumps[start] = 0;
    const isOpen = kind === "highsec" ? isHighsec : undefined;
    for (let next = 0; next < length; next += 1) {
      const place = queue[next] ?? 0;
      if (place === target) break;
      if (isDeadEnd[place] === 1 && place !== start) continue;
      const distance = (jumps[place] ?? 0) + 1;
      const end = first[place + 1] ?? 0;
      for (let at = first[place] ?? 0; at < end; at += 1) {
        const neighbour = neighbours[at] ?? 0;
        if (jumps[neighbour] !== unreachable || (isOpen && isOpen[neighbour] === 0)) continue;
        jumps[neighbour] = distance;
        from[neighbour] = place;
        queue[length] = neighbour;
        length += 1;
      }
    }
    return { jumps, from, visited: queue.subarray(0, length) };
  }

  const jumpsAt = (jumps: Int16Array, systemId: number | null): number | null => {
    const place = systemId === null ? undefined : placeOf.get(systemId);
    const distance = place === undefined ? unreachable : (jumps[place] ?? unreachable);
    return distance === unreachable ? null : distance;
  };

  /**
   * Highsec systems without a highsec route to the largest body of highsec. A body is the set of
   * systems that one of its systems reaches. A dead end has no body of its own. It belongs to each
   * body that it borders on.
   */
  function findIslands(): ReadonlySet<number> {
    const seen = new Set<number>();
    const bodies: Int32Array[] = [];
    for (let place = 0; place < steps.length; place += 1) {
      if (isHighsec[place] === 0 || isDeadEnd[place] === 1 || seen.has(place)) continue;
      const { visited } = walk(place, "highsec");
      for (const each of visited) seen.add(each);
      bodies.push(visited);
    }
    const [largest = []] = bodies.toSorted((a, b) => b.length - a.length);
    const main = new Set(largest);
    return new Set(systemIds.filter((_, place) => isHighsec[place] === 1 && !main.has(place)));
  }

  let islands: ReadonlySet<number> | undefined;

  return {
    islands: () => (islands ??= findIslands()),
    neighbours(systemId: number): number[] {
      const place = placeOf.get(systemId);
      if (place === undefined) return [];
      return Array.from(
        neighbours.subarray(first[place], first[place + 1]),
        (neighbour) => systemIds[neighbour] ?? 0,
      );
    },
    reach(originId: number, kind: RouteKind): Reach {
      const start = placeOf.get(originId);
      const { jumps, visited } =
        start === undefined ? { jumps: new Int16Array(), visited: undefined } : walk(start, kind);
      return {
        originId,
        kind,
        entries: () =>
          visited
            ? Array.from(visited, (place) => [systemIds[place] ?? 0, jumps[place] ?? 0])
            : [[originId, 0]],
        jumpsTo: (systemId) => {
          if (systemId === originId) return 0;
          return visited ? jumpsAt(jumps, systemId) : null;
        },
      };
    },

    jumps(fromId: number, toId: number, kind: RouteKind): number | null {
      if (fromId === toId) return 0;
      const [start, end] = [placeOf.get(fromId), placeOf.get(toId)];
      if (start === undefined || end === undefined) return null;
      return jumpsAt(walk(start, kind, end).jumps, toId);
    },

    route(fromId: number, toId: number, kind: RouteKind): number[] | null {
      if (fromId === toId) return [fromId];
      const [start, end] = [placeOf.get(fromId), placeOf.get(toId)];
      if (start === undefined || end === undefined) return null;
      const { from, jumps } = walk(start, kind, end);
      if (jumps[end] === unreachable) return null;
      const systems: number[] = [];
      for (let place = end; place !== unreachable; place = from[place] ?? unreachable) {
        systems.unshift(systemIds[place] ?? 0);
      }
      return systems;
    },
  };
}
