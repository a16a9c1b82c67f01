export const locationKinds = ["npc_station", "structure"] as const;
export type LocationKind = (typeof locationKinds)[number];

/**
 * The first and last id of each kind. Stations include the outposts that became stations (CCP's
 * developer documentation, "ID ranges"). ESI tells the name of a structure only to those with
 * docking rights.
 */
export const locationIdsOf: Record<LocationKind, readonly [number, number]> = {
  npc_station: [60_000_000, 63_999_999],
  structure: [1_000_000_000_000, Number.MAX_SAFE_INTEGER],
};

const isOf = (kind: LocationKind) => {
  const [from, to] = locationIdsOf[kind];
  return (locationId: number): boolean => locationId >= from && locationId <= to;
};

export const isStructure = isOf("structure");
export const isStation = isOf("npc_station");

/** Null if there is no location, or if it is of neither kind. */
export function locationKind(locationId: number | null): LocationKind | null {
  if (locationId === null) return null;
  if (isStructure(locationId)) return "structure";
  return isStation(locationId) ? "npc_station" : null;
}
