/** Player structures have ids of a trillion or more; nobody without docking rights is told their names. */
export const isStructure = (locationId: number): boolean => locationId >= 1_000_000_000_000;

/** NPC stations, outposts that became stations included (CCP's developer documentation, "ID ranges"). */
export const isStation = (locationId: number): boolean =>
  locationId >= 60_000_000 && locationId < 64_000_000;
