/** What ESI knows and the shipped extract cannot: it is newer. No real id is that high. */
import type { Group, Station, Type, Universe } from "../universe.ts";

const groups: readonly Group[] = [
  { groupId: 970_000, name: "Vorton Damper", categoryId: 7, isPublished: true },
];

const type = (typeId: number, name: string, groupId: number, volume: number): Type => {
  return { typeId, name, groupId, isPublished: true, marketGroupId: null, volume };
};

const types: readonly Type[] = [
  type(970_001, "Skua", 25, 16_500),
  type(970_002, "Skua Blueprint", 105, 0.01),
  // Of a group that is new as well.
  type(970_003, "Abyssal Vorton Damper", 970_000, 5),
];

const stations: readonly Station[] = [
  {
    stationId: 60_999_001,
    name: "Perimeter II - Moon 1 - Hangar Bay",
    systemId: 30_000_144,
    typeId: 1531,
  },
];

export const newerIds = {
  group: 970_000,
  ship: 970_001,
  blueprint: 970_002,
  module: 970_003,
  station: 60_999_001,
} as const;

/** The universe as ESI has it: the extract, and what came after. */
export function withNewer(universe: Universe): Universe {
  return {
    ...universe,
    groups: new Map([
      ...universe.groups,
      ...groups.map((entry) => [entry.groupId, entry] as const),
    ]),
    types: new Map([...universe.types, ...types.map((entry) => [entry.typeId, entry] as const)]),
    stations: new Map([
      ...universe.stations,
      ...stations.map((entry) => [entry.stationId, entry] as const),
    ]),
  };
}
