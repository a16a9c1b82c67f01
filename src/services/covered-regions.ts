import type { Config } from "../config.ts";
import type { RegionRepository } from "../db/region-repository.ts";
import { isSyncedByDefault } from "../domain/region.ts";

/** Which regions are synced: those that the settings name, or all that may hold public contracts. */
export async function coveredRegionIds(
  { syncRegionIds }: Pick<Config, "syncRegionIds">,
  regions: Pick<RegionRepository, "allIds">,
): Promise<readonly number[]> {
  if (syncRegionIds.length > 0) return syncRegionIds;
  return (await regions.allIds()).filter(isSyncedByDefault);
}
