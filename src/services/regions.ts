import type { Config } from "../config.ts";
import type { RegionRepository, RegionState } from "../db/region-repository.ts";
import type { RegionSnapshot } from "../db/region-repository.ts";
import type { VersionRepository } from "../db/version-repository.ts";
import {
  type ContractType,
  contractTypes,
  type CountByType,
  countByType,
} from "../domain/contract.ts";
import type { DataVersion } from "../domain/data-version.ts";
import { noCounts } from "../domain/region-counts.ts";
import type { RegionStatus } from "../domain/region.ts";
import { AppError } from "../errors.ts";
import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import { coveredRegionIds } from "./covered-regions.ts";
import { type Freshness, freshnessOf, regionStatus } from "./freshness.ts";

export type RegionSummary = {
  regionId: number;
  name: string | null;
  outstandingByType: CountByType;
  outstanding: number;
  ships: number;
  asOf: EpochSeconds | null;
  nextSyncAt: EpochMs;
  status: RegionStatus;
  lastError: string | null;
};

export type RegionList = Freshness & { regions: RegionSummary[] };

type Deps = {
  config: Pick<Config, "syncRegionIds">;
  regions: RegionRepository;
  versions: VersionRepository;
  now: () => EpochMs;
};

const none = noCounts();

/** A region as the API shows it. Contracts that expired since its last list are subtracted. */
export function regionSummary(
  state: RegionState,
  { names, expired }: Pick<RegionSnapshot, "names" | "expired">,
  now: EpochMs,
): RegionSummary {
  const { byType: over } = expired.get(state.regionId) ?? none;
  const { byType } = state.counts;
  const outstandingByType = countByType((type) => byType[type].all - over[type].all);
  const sum = (countOf: (type: ContractType) => number) =>
    contractTypes.reduce((total, type) => total + countOf(type), 0);
  return {
    regionId: state.regionId,
    name: names.get(state.regionId) ?? null,
    outstandingByType,
    outstanding: sum((type) => outstandingByType[type]),
    ships: sum((type) => byType[type].ships - over[type].ships),
    asOf: state.snapshotAt,
    nextSyncAt: state.nextDueAt,
    status: regionStatus(state, now),
    lastError: state.lastError,
  };
}

/** The regions that are synced. */
export function createRegions({ config, regions, versions, now }: Deps) {
  const summaries = (snapshot: RegionSnapshot, at: EpochMs) =>
    snapshot.states
      .filter(({ isActive }) => isActive)
      .map((state) => regionSummary(state, snapshot, at))
      .toSorted((a, b) => a.regionId - b.regionId);

  return {
    version: (regionId?: number): Promise<DataVersion> => versions.ofStates(regionId, now()),

    async list(): Promise<{ version: DataVersion; list: RegionList }> {
      const at = now();
      const snapshot = await regions.snapshot(undefined, at);
      const freshness = freshnessOf(
        snapshot.states.filter(({ isActive }) => isActive),
        at,
      );
      return {
        version: snapshot.version,
        list: { ...freshness, regions: summaries(snapshot, at) },
      };
    },

    /** Those of some regions that no run of the sync will ask for. */
    async notSynced(regionIds: readonly number[]): Promise<number[]> {
      const covered = new Set(await coveredRegionIds(config, regions));
      return regionIds.filter((id) => !covered.has(id));
    },

    /** @throws {AppError} `region-not-found` when it is not synced. */
    async get(regionId: number): Promise<{ version: DataVersion; region: RegionSummary }> {
      const at = now();
      const snapshot = await regions.snapshot(regionId, at);
      const region = summaries(snapshot, at).find((each) => each.regionId === regionId);
      if (!region) throw new AppError("region-not-found", `Region ${regionId} is not synced.`);
      return { version: snapshot.version, region };
    },
  };
}

export type Regions = ReturnType<typeof createRegions>;
