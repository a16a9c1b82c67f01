import type { LocationKind } from "../location.ts";
import type { SecurityClass } from "../security.ts";
import { type Flag, flagOf, type RowFlagCode } from "./flag.ts";

/** A place of a contract. Unknown values are null. */
export type PlaceFacts = {
  locationKind: LocationKind | null;
  securityClass: SecurityClass | null;
  isHighsecIsland: boolean | null;
};

type PlaceRule = { code: RowFlagCode; is: (place: PlaceFacts) => boolean; where: string };

const rules: readonly PlaceRule[] = [
  {
    code: "structure_access_unknown",
    is: ({ locationKind }) => locationKind === "structure",
    where: "in a player's structure, whose docking rights are not public",
  },
  {
    code: "nullsec_location",
    is: ({ securityClass }) => securityClass === "nullsec",
    where: "in nullsec",
  },
  {
    code: "wormhole_location",
    is: ({ securityClass }) => securityClass === "wormhole",
    where: "in wormhole space",
  },
  {
    code: "highsec_island",
    is: ({ isHighsecIsland }) => isHighsecIsland === true,
    where: "on a highsec island",
  },
];

const endNames = ["start", "end"] as const;

/** The start. For couriers, the start and the end. */
export function placeFlags(ends: readonly PlaceFacts[]): Flag[] {
  return rules.flatMap(({ code, is, where }) => {
    const found = endNames.filter((_, index) => {
      const place = ends[index];
      return place !== undefined && is(place);
    });
    if (found.length === 0) return [];
    const verbs = ends.length === 1 ? "is" : found.map((end) => `${end}s`).join(" and ");
    return [flagOf(code, `It ${verbs} ${where}`, { ends: [...found] })];
  });
}
