/** The tag of answers about all regions. */
export const allRegionsTag = "region-all";

/** The tag of answers about one region. */
export const regionTag = (regionId: number): string => `region-${regionId}`;

/** The tags to purge after the answers about some regions have changed. */
export const tagsOfChanged = (regionIds: ReadonlySet<number>): string[] =>
  regionIds.size === 0 ? [] : [allRegionsTag, ...[...regionIds].map(regionTag)];
