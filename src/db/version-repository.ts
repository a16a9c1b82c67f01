import { sql, type SQL } from "drizzle-orm";

import type { DataVersion } from "../domain/data-version.ts";
import { type EpochMs, toSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { jsonIds } from "./d1.ts";

export type VersionRow = {
  universe: string | null;
  version: number | null;
  changed_at: number | null;
  stale_at: number | null;
  expired_at: number | null;
};

/** More regions than these are looked at as all: it reads fewer rows. */
const maxRegions = 4;

const universe = sql`(select version from universe)`;

const versionOfAll = (now: EpochMs) => sql<VersionRow>`
  select ${universe} as universe, version, changed_at, stale_at, (
      select max(date_expired) from contracts
      where is_listed = 1 and date_expired <= ${toSeconds(now)}
    ) as expired_at
  from sync_state`;

/** `regionIds` is a query, or a list in parentheses. */
export const versionOfRegions = (regionIds: SQL, now: EpochMs): SQL<VersionRow> => sql<VersionRow>`
  select ${universe} as universe, sum(version) as version, max(changed_at) as changed_at,
    min(case when snapshot_at is null then 0 else snapshot_at + 2 * cache_seconds end) as stale_at,
    max((
      select max(date_expired) from contracts
      where is_listed = 1 and contracts.region_id = region_states.region_id
        and date_expired <= ${toSeconds(now)}
    )) as expired_at
  from region_states where region_id in ${regionIds}`;

/** The version of answers about some regions, or about all, for a batch with what it versions. */
export const selectVersion = (
  regionIds: readonly number[] | undefined,
  now: EpochMs,
): SQL<VersionRow> =>
  regionIds && regionIds.length <= maxRegions
    ? versionOfRegions(jsonIds(regionIds), now)
    : versionOfAll(now);

export function versionFromRow(row: VersionRow | undefined, now: EpochMs): DataVersion {
  const { universe: universeVersion, version, changed_at, stale_at, expired_at } = row ?? {};
  const isStale = stale_at == null || stale_at < toSeconds(now);
  return {
    version: [universeVersion ?? "none", version ?? 0, expired_at ?? 0, Number(isStale)].join("."),
    changedAt: Math.max(changed_at ?? 0, (expired_at ?? 0) * 1000),
  };
}

export function createVersionRepository(db: Database) {
  return {
    /** Reads 20 rows at most. */
    async of(regionIds: readonly number[] | undefined, now: EpochMs): Promise<DataVersion> {
      return versionFromRow(await db.first(selectVersion(regionIds, now)), now);
    },
  };
}

export type VersionRepository = ReturnType<typeof createVersionRepository>;
