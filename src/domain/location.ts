/** Player structures have ids from here; nobody without docking rights is told their names. */
export const firstStructureId = 1_000_000_000_000;

export const isStructure = (locationId: number): boolean => locationId >= firstStructureId;

/** NPC stations, outposts that became stations included (CCP's developer documentation, "ID ranges"). */
export const isStation = (locationId: number): boolean =>
  locationId >= 60_000_000 && locationId < 64_000_000;
