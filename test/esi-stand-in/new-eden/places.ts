/** Where contracts are: The Forge above all, and there Jita. */
import { type Random, hashOf, shareOf } from "../random.ts";
import type { Universe } from "../universe.ts";
import { newerIds } from "./newer.ts";
import type { Berth } from "./ships.ts";

/** Shares of all contracts, after the real sizes of the lists on 2026-08-01 [HB]. */
const hubShares: Readonly<Record<number, number>> = {
  10_000_002: 0.75,
  10_000_043: 0.06,
  10_000_030: 0.045,
  10_000_032: 0.034,
  10_000_042: 0.0215,
};

const forge = 10_000_002;

export const hubStations: Readonly<Record<number, number>> = {
  10_000_002: 60_003_760,
  10_000_043: 60_008_494,
  10_000_030: 60_004_588,
  10_000_032: 60_011_866,
  10_000_042: 60_005_686,
};

/** With the regions that have nothing else, about 8% of all contracts are in structures. */
const structureShare = 0.04;

/** No gate leads there. */
const unreachable = new Set([10_000_004, 10_000_017, 10_000_019]);
const thera = 11_000_031;

/** How large a region is beside others of its kind: some have hundreds of contracts, most a few. */
function weightOf(regionId: number, seed: number): number {
  const isEmpty = shareOf(seed, regionId, 1) < 0.12;
  const isOpen = regionId < 11_000_000 && !unreachable.has(regionId) && !isEmpty;
  return isOpen ? Math.exp(3 * shareOf(seed, regionId, 2)) : 0;
}

/** Each region's share of all contracts, without those that have none. */
function sharesOf({ regions }: Universe, seed: number): Map<number, number> {
  const shares = new Map<number, number>();
  const others = new Map<number, number>();
  for (const regionId of regions.keys()) {
    const isWormhole = regionId >= 11_000_000 && regionId < 12_000_000;
    const hub = hubShares[regionId];
    if (hub !== undefined) shares.set(regionId, hub);
    else if (regionId === thera) shares.set(regionId, 0.0015);
    else if (isWormhole && shareOf(seed, regionId, 1) < 0.06) shares.set(regionId, 0.0003);
    else if (weightOf(regionId, seed) > 0) others.set(regionId, weightOf(regionId, seed));
  }
  const left = 1 - sum(shares.values());
  const weight = sum(others.values());
  for (const [regionId, own] of others) shares.set(regionId, (left * own) / weight);
  return shares;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

function stationsByRegion({ stations, systems }: Universe): Map<number, number[]> {
  const byRegion = new Map<number, number[]>();
  for (const { stationId, systemId } of stations.values()) {
    const regionId = systems.get(systemId)?.regionId;
    if (regionId === undefined || stationId === newerIds.station) continue;
    const known = byRegion.get(regionId);
    if (known === undefined) byRegion.set(regionId, [stationId]);
    else known.push(stationId);
  }
  return byRegion;
}

/** Structures have ids of 1e12 and up, and nothing else that can be known of them. */
function structuresOf(regionId: number, seed: number): number[] {
  const count = regionId === 10_000_002 ? 14 : 4;
  return Array.from({ length: count }, (_, index) => {
    return 1_030_000_000_000 + (hashOf(seed, regionId, index) % 20_000_000) * 1_000 + index;
  });
}

export type Places = ReturnType<typeof createPlaces>;

/** Highsec begins at 0.45, which shows as 0.5. */
const highsec = 0.45;

export function createPlaces(universe: Universe, seed: number) {
  const stations = stationsByRegion(universe);
  const shares = sharesOf(universe, seed);
  const total = sum(shares.values());
  // The largest first: they are asked for most.
  const regions = [...shares].toSorted(([, a], [, b]) => b - a);
  const structures = new Map(regions.map(([id]) => [id, structuresOf(id, seed)]));
  let reached = 0;
  const bounds = regions.map(([, share]) => (reached += share / total));

  function regionAt(share: number): number {
    const [found] = regions.at(bounds.findIndex((bound) => share < bound)) ?? [];
    if (found === undefined) throw new Error("The universe has no region for contracts.");
    return found;
  }

  const securityOf = (stationId: number): number =>
    universe.systems.get(universe.stations.get(stationId)?.systemId ?? 0)?.security ?? 0;
  const outsideHighsec = new Map(
    [...stations].map(([id, known]) => [id, known.filter((each) => securityOf(each) < highsec)]),
  );

  function stationIn(regionId: number, berth: Berth, random: Random): number | undefined {
    const known = (berth === "anywhere" ? stations : outsideHighsec).get(regionId) ?? [];
    if (known.length === 0 || berth === "structure") return undefined;
    const hub = hubStations[regionId];
    if (berth !== "anywhere" || hub === undefined) return random.favour(known);
    if (regionId === forge && random.chance(0.004)) return newerIds.station;
    return universe.stations.has(hub) && random.chance(0.93) ? hub : random.favour(known);
  }

  const structureIn = (regionId: number, random: Random): number =>
    random.favour(structures.get(regionId) ?? [1_030_000_000_001], 2);

  return {
    /** The region of a contract, by its share of all: cheap, for it is asked of each. */
    regionOf: (index: number) => regionAt(shareOf(seed, index, 3)),
    locationIn(regionId: number, berth: Berth, random: Random): number {
      const station = random.chance(structureShare)
        ? undefined
        : stationIn(regionId, berth, random);
      return station ?? structureIn(regionId, random);
    },
    structureIn,
    /** The stations of each region that has contracts. */
    stationsIn: (regionId: number): readonly number[] =>
      shares.has(regionId) ? (stations.get(regionId) ?? []) : [],
  };
}
