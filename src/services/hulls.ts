import type { HullDay, HullRepository, StoredHull } from "../db/hull-repository.ts";
import type { PriceRepository } from "../db/price-repository.ts";
import type { VersionRepository } from "../db/version-repository.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import type { DataVersion } from "../domain/data-version.ts";
import { folded } from "../domain/folded-text.ts";
import { type Ask, type AskStatistics, liveAsks, statisticsOf } from "../domain/hull-market.ts";
import type { TypePrice } from "../domain/price-book.ts";
import type { Depth } from "../domain/price-rule.ts";
import { AppError } from "../errors.ts";
import { dateOf, dayMs, type EpochMs } from "../lib/time.ts";
import type { ContractSearch } from "./contract-search.ts";

/** A hull on offer: what it is asked for, and what the market asks for it. ISK. */
export type HullSummary = AskStatistics & {
  typeId: number;
  name: string;
  groupId: number | null;
  groupName: string | null;
  jitaSell: number | null;
  /** What stands behind `jitaSell`; undefined if nothing is known of it. */
  sellDepth: Depth | undefined;
  gone30d: number;
};

export const hullSortKeys = ["label", "listed", "lowest_ask", "median_ask"] as const;
export type HullSort = { key: (typeof hullSortKeys)[number]; isDescending: boolean };

/** A place in the order: by what is sorted, and the type. */
export type HullPosition = { value: number | string | null; typeId: number };

export type HullQuery = {
  groupIds?: readonly number[];
  regionIds?: readonly number[];
  /** A part of the name, letter case aside. */
  text?: string;
  sort: HullSort;
  limit: number;
  after: HullPosition | null;
};

export type HullPage = {
  version: DataVersion;
  hulls: HullSummary[];
  total: number;
  /** Where the page ended; null if it is the last one. */
  next: HullPosition | null;
};

export type HullDetail = HullSummary & {
  cheapest: ContractSummary[];
  byRegion: (AskStatistics & { regionId: number; regionName: string | null })[];
  history: HullDay[];
};

type Deps = {
  hulls: HullRepository;
  prices: PriceRepository;
  contractSearch: ContractSearch;
  versions: VersionRepository;
  now: () => EpochMs;
};

const historyDays = 365;
const cheapestShown = 10;
/** Looked at for ten that are clean. */
const cheapestLookedAt = 50;

const valueOf: Record<HullSort["key"], (hull: HullSummary) => number | string | null> = {
  label: ({ name }) => name,
  listed: ({ listed }) => listed,
  lowest_ask: ({ lowestAsk }) => lowestAsk,
  median_ask: ({ medianAsk }) => medianAsk,
};

const positionOf = ({ key }: HullSort, hull: HullSummary): HullPosition => ({
  value: valueOf[key](hull),
  typeId: hull.typeId,
});

/** Nulls last either way; ties by type id in the same direction. */
function compare({ isDescending }: HullSort, a: HullPosition, b: HullPosition): number {
  const sign = isDescending ? -1 : 1;
  if (a.value === b.value) return sign * (a.typeId - b.typeId);
  if (a.value === null) return 1;
  if (b.value === null) return -1;
  return sign * (a.value < b.value ? -1 : 1);
}

/** What lone hulls are asked for, over all regions or some. */
export function createHulls({ hulls, prices, contractSearch, versions, now }: Deps) {
  const summaryOf = (
    hull: StoredHull,
    asks: readonly Ask[],
    market: TypePrice | null | undefined,
  ) => ({
    typeId: hull.typeId,
    name: hull.name,
    groupId: hull.groupId,
    groupName: hull.groupName,
    ...statisticsOf(asks),
    jitaSell: market?.sell ?? null,
    sellDepth: market?.sellDepth,
    gone30d: hull.gone,
  });

  async function read(at: EpochMs, typeId?: number) {
    const version = await versions.of({}, at);
    const { hulls: stored, regionNames } = await hulls.onOffer(typeId);
    const live = stored.map((hull) => ({ hull, asks: liveAsks(hull.asks, at) }));
    return { version, live: live.filter(({ asks }) => asks.length > 0), regionNames };
  }

  const isIn = <Value>(wanted: readonly Value[] | undefined, value: Value | null): boolean =>
    wanted === undefined || (value !== null && wanted.includes(value));

  return {
    version: (): Promise<DataVersion> => versions.of({}, now()),

    async find({ groupIds, regionIds, text, sort, limit, after }: HullQuery): Promise<HullPage> {
      const { version, live } = await read(now());
      const wanted = live
        .filter(({ hull }) => isIn(groupIds, hull.groupId))
        .filter(({ hull }) => text === undefined || folded(hull.name).includes(folded(text)))
        .map(({ hull, asks }) => ({
          hull,
          asks: asks.filter(({ regionId }) => isIn(regionIds, regionId)),
        }))
        .filter(({ asks }) => asks.length > 0);
      const market = await prices.of(wanted.map(({ hull }) => hull.typeId));
      const all = wanted
        .map(({ hull, asks }) => summaryOf(hull, asks, market.get(hull.typeId)))
        .toSorted((a, b) => compare(sort, positionOf(sort, a), positionOf(sort, b)));
      const left = after
        ? all.filter((hull) => compare(sort, positionOf(sort, hull), after) > 0)
        : all;
      const page = left.slice(0, limit);
      const last = page.length < left.length ? page.at(-1) : undefined;
      const next = last ? positionOf(sort, last) : null;
      return { version, hulls: page, total: all.length, next };
    },

    /** @throws {AppError} `hull-not-found` if nobody offers it alone. */
    async one(typeId: number): Promise<{ version: DataVersion; hull: HullDetail }> {
      const at = now();
      const { version, live, regionNames } = await read(at, typeId);
      const [found] = live;
      if (!found) throw new AppError("hull-not-found", `No hull ${typeId} is on offer alone.`);
      const market = await prices.of([typeId]);
      const { hull, asks } = found;
      const byRegion = [...Map.groupBy(asks, ({ regionId }) => regionId)].map(
        ([regionId, those]) => ({
          regionId,
          regionName: regionNames.get(regionId) ?? null,
          ...statisticsOf(those),
        }),
      );
      const cheapest = asks.toSorted((a, b) => a.price - b.price).slice(0, cheapestLookedAt);
      const { contracts } = await contractSearch.find({
        filters: {
          statuses: ["outstanding"],
          contractIds: cheapest.map(({ contractId }) => contractId),
        },
        sort: { key: "price", isDescending: false },
        reach: null,
        limit: cheapestLookedAt,
        after: null,
      });
      return {
        version,
        hull: {
          ...summaryOf(hull, asks, market.get(typeId)),
          cheapest: contracts.filter(isClean).slice(0, cheapestShown),
          byRegion: byRegion.toSorted((a, b) => b.listed - a.listed || a.regionId - b.regionId),
          history: await hulls.history(typeId, dateOf(at - historyDays * dayMs)),
        },
      };
    },
  };
}

/** Nothing about it is dangerous, as far as our rules see. */
const isClean = ({ flags }: ContractSummary): boolean =>
  flags.every(({ severity }) => severity !== "danger");

export type Hulls = ReturnType<typeof createHulls>;
