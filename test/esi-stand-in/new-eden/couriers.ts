/** What haulers are offered: from where to where, how much, and for what. */
import { type Random, type Weighted, hashOf, shareOf } from "../random.ts";
import type { Universe } from "../universe.ts";
import { createDistances } from "./distances.ts";
import { rounded } from "./money.ts";
import { type Places, hubStations } from "./places.ts";
import type { Way } from "./titles.ts";

/** How much of what is hauled starts or ends at a trade hub. */
const hubWeights: Readonly<Record<number, number>> = {
  10_000_002: 0.42,
  10_000_043: 0.15,
  10_000_032: 0.08,
  10_000_042: 0.05,
  10_000_030: 0.06,
};

/** Of each end: nine of ten couriers have stations at both [HB]. */
const structureShare = 0.035;

/** What a blockade runner, a deep space transport, a jump freighter and a freighter hold, m³. */
const volumes: Weighted<readonly [low: number, high: number]> = [
  [0.14, [12_500, 12_500]],
  [0.16, [60_000, 60_000]],
  [0.12, [345_000, 345_000]],
  [0.06, [320_000, 320_000]],
  [0.05, [850_000, 850_000]],
  [0.03, [1_250_000, 1_250_000]],
  [0.12, [5, 5_000]],
  [0.17, [5_000, 62_500]],
  [0.15, [62_500, 900_000]],
];

/** A jump freighter's hold: freighters stay in highsec. */
const mostOutsideHighsec = 345_000;

const days: Weighted<number> = [
  [0.12, 1],
  [0.1, 2],
  [0.32, 3],
  [0.08, 5],
  [0.26, 7],
  [0.02, 10],
  [0.1, 14],
];

/** A collateral that no reward is worth: half of these end if nobody can dock. */
const scamShare = 0.08;

/** Regions have this many places of their own that things are hauled to. */
const outpostsOfRegion = 3;

/** Jumps that are paid for where no stargates lead, or nobody knows where it is. */
const unknownJumps = 15;

type End = { locationId: number; systemId: number | undefined; regionId: number };

type Load = { start: End; end: End; volume: number; isSafe: boolean };

export type Courier = {
  startLocationId: number;
  endLocationId: number;
  way: Way;
  /** ISK, m³ and days. */
  reward: number;
  collateral: number;
  volume: number;
  days: number;
};

type Options = { universe: Universe; places: Places; seed: number };

export function createCouriers({ universe, places, seed }: Options) {
  const { stations, systems, regions } = universe;
  const jumpsBetween = createDistances(universe);
  const endAt = (stationId: number, regionId: number): End => {
    return { locationId: stationId, systemId: stations.get(stationId)?.systemId, regionId };
  };

  const hubs = Object.entries(hubStations).flatMap(([id, stationId]) => {
    const regionId = Number(id);
    if (!stations.has(stationId)) return [];
    return [[hubWeights[regionId] ?? 0, endAt(stationId, regionId)] as const];
  });
  const outposts = [...regions.keys()].flatMap((regionId) =>
    places
      .stationsIn(regionId)
      .filter((stationId) => stationId !== hubStations[regionId])
      .toSorted((a, b) => hashOf(seed, a, 26) - hashOf(seed, b, 26))
      .slice(0, outpostsOfRegion)
      .map((stationId) => endAt(stationId, regionId)),
  );

  const jumpsOf = (start: End, end: End): number =>
    (start.systemId !== undefined && end.systemId !== undefined
      ? jumpsBetween(start.systemId, end.systemId)
      : undefined) ?? unknownJumps;

  const reach = new Map<End, Weighted<End>>();

  /** What is near is supplied more often; some places are busier than others. */
  function outpostsAround(hub: End): Weighted<End> {
    const known = reach.get(hub);
    if (known !== undefined) return known;
    const around = outposts.map(
      (outpost) =>
        [
          Math.exp(2 * shareOf(seed, outpost.locationId, 27)) / (6 + jumpsOf(hub, outpost)),
          outpost,
        ] as const,
    );
    reach.set(hub, around);
    return around;
  }

  /** Between two hubs, from a hub, or to one. */
  function laneOf(random: Random): readonly [start: End, end: End] {
    const hub = random.weighted(hubs);
    const others = hubs.filter(([, other]) => other !== hub);
    const form = random.next();
    if ((form < 0.4 || outposts.length === 0) && others.length > 0)
      return [hub, random.weighted(others)];
    if (outposts.length === 0) return [hub, hub];
    const outpost = random.weighted(outpostsAround(hub));
    return form < 0.78 ? [hub, outpost] : [outpost, hub];
  }

  const inStructure = ({ regionId }: End, random: Random): End => {
    return { locationId: places.structureIn(regionId, random), systemId: undefined, regionId };
  };

  /** Structures in the regions of the hubs are near them. */
  const isHighsec = ({ systemId, regionId }: End): boolean =>
    systemId === undefined
      ? hubStations[regionId] !== undefined
      : (systems.get(systemId)?.security ?? 0) >= 0.45;

  function payOf({ start, end, volume, isSafe }: Load, random: Random) {
    const jumps = Math.max(jumpsOf(start, end), 1);
    const goods = volume * random.logNormal(3_000, 0.8) + random.logNormal(60_000_000, 1);
    const collateral = random.chance(0.07) ? 0 : rounded(Math.min(goods, 8e9), random);
    // Jump freighters charge by volume, freighters by the jump.
    const haul = isSafe
      ? jumps * (180_000 + volume * 0.75)
      : 8_000_000 + volume * (350 + jumps * 12);
    const fair = (haul + collateral * 0.012) * random.logNormal(1, 0.35);
    // Few ask for a risk of more than fifty times what they pay.
    return {
      collateral,
      reward: rounded(Math.max(fair, collateral / random.between(25, 52)), random),
    };
  }

  const scamOf = (reward: number, random: Random): number =>
    rounded(reward * random.between(60, 900), random);

  const nameOf = ({ systemId }: End): string | undefined => systems.get(systemId ?? 0)?.name;

  return {
    /** A courier is listed where it starts: drawn first, so that both agree. */
    regionOf: (random: Random): number => laneOf(random)[0].regionId,
    courierOf(random: Random): Courier {
      const [from, to] = laneOf(random);
      const isScam = random.chance(scamShare);
      const start = random.chance(structureShare) ? inStructure(from, random) : from;
      const end = random.chance(isScam ? 0.5 : structureShare) ? inStructure(to, random) : to;
      const isSafe = isHighsec(start) && isHighsec(end);
      const [low, high] = random.weighted(volumes);
      const drawn = Math.round(low * (high / low) ** random.next());
      const volume = isSafe ? drawn : Math.min(drawn, mostOutsideHighsec);
      const { reward, collateral } = payOf({ start, end, volume, isSafe }, random);
      return {
        startLocationId: start.locationId,
        endLocationId: end.locationId,
        way: { from: nameOf(start), to: nameOf(end) },
        reward,
        collateral: isScam ? scamOf(reward, random) : collateral,
        volume,
        days: random.weighted(days),
      };
    },
  };
}
