import type { HullAsks, HullDay, HullRepository } from "../../../db/hull-repository.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import type { Due } from "../../../db/sync-repository.ts";
import { liveAsks, percentile, statisticsOf } from "../../../domain/hull-market.ts";
import { dateOf, dayMs, type EpochMs } from "../../../lib/time.ts";
import type { SyncRun } from "../run.ts";

type Deps = { hulls: HullRepository; regions: RegionRepository };

const queriesPerStep = 12;
const daysOfTotals = 30;

const byNumber = (a: number, b: number): number => a - b;

const regionsOf = (hulls: readonly HullAsks[]): number[] => [
  ...new Set(hulls.flatMap(({ asks }) => asks.map(({ regionId }) => regionId))),
];

/**
 * Lists from the last minutes of a day, and the items of contracts in them, arrive after the day
 * ends.
 */
const settlingMs = 3_600_000;

/** The last whole day (UTC), which is written down an hour after its end. */
export const lastDay = (now: EpochMs): string => dateOf(now - dayMs - settlingMs);

/** What lone hulls are asked for: kept beside the contracts after each change, and day by day. */
export function createHullSync({ hulls, regions }: Deps) {
  /**
   * An ask changes the standing of all other asks for its hull, so the answers of their regions
   * change too.
   */
  async function refresh(run: SyncRun): Promise<void> {
    const { listed, stored } = await hulls.current();
    const changed = listed.filter(({ hullTypeId, json }) => stored.get(hullTypeId) !== json);
    const isListed = new Set(listed.map(({ hullTypeId }) => hullTypeId));
    const gone = [...stored.keys()].filter((hullTypeId) => !isListed.has(hullTypeId));
    if (changed.length + gone.length === 0) return;
    const regionIds = regionsOf(changed);
    await run.commitChange(regionIds, (at) => [
      ...hulls.store(changed, gone),
      regions.touched(regionIds, at),
    ]);
  }

  /** The record of a day: one entry for each hull that was listed, appeared or left. */
  async function dayOf(date: string, now: EpochMs): Promise<HullDay[]> {
    const from = Date.parse(`${date}T00:00:00Z`);
    const { came, left } = await hulls.seenBetween(from, from + dayMs);
    const { listed } = await hulls.current();
    const asksOf = new Map(listed.map(({ hullTypeId, asks }) => [hullTypeId, asks]));
    const leftOf = Map.groupBy(left, ({ hullTypeId }) => hullTypeId);
    const cameOf = Map.groupBy(came, (hullTypeId) => hullTypeId);
    const ids = new Set([...asksOf.keys(), ...leftOf.keys(), ...cameOf.keys()]);
    const days = Array.from(ids, (hullTypeId) => {
      const asks = statisticsOf(liveAsks(asksOf.get(hullTypeId) ?? [], now));
      const gone = leftOf.get(hullTypeId) ?? [];
      const lastAsks = gone.map(({ price }) => price).filter((price) => price !== null);
      return {
        hullTypeId,
        date,
        listed: asks.listed,
        new: cameOf.get(hullTypeId)?.length ?? 0,
        gone: gone.length,
        medianAsk: asks.medianAsk,
        medianGoneAsk: percentile(lastAsks.toSorted(byNumber), 0.5),
      };
    });
    return days.filter((day) => day.listed + day.new + day.gone > 0);
  }

  /**
   * Nothing is recorded for the day of the first run or the days before it. None of them was seen
   * whole.
   */
  async function record(run: SyncRun): Promise<void> {
    const date = lastDay(run.now());
    const days = (await hulls.isSeenBefore(date)) ? await dayOf(date, run.now()) : [];
    const since = dateOf(Date.parse(`${date}T00:00:00Z`) - (daysOfTotals - 1) * dayMs);
    await run.commitChange([], () => hulls.record(date, days, since));
  }

  return async function syncHulls(run: SyncRun, due: Due): Promise<void> {
    const mayHaveChanged = run.changedRegions.size > 0 || due.repairs;
    if (mayHaveChanged && run.canQuery(queriesPerStep)) await refresh(run);
    if (due.hullsRecordedOn === lastDay(run.now()) || !run.canQuery(queriesPerStep)) return;
    await record(run);
  };
}

export type HullSync = ReturnType<typeof createHullSync>;
