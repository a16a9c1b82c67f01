/** Builds small universes for tests: one row a table, and what a test says beyond that. */
import type { Universe } from "../../src/cli/universe/extract.ts";

export const plainRows = {
  regions: [{ region_id: 10_000_002, name: "The Forge" }],
  constellations: [{ constellation_id: 20_000_020, name: "Kimotoro", region_id: 10_000_002 }],
  systems: [
    {
      system_id: 30_000_142,
      name: "Jita",
      constellation_id: 20_000_020,
      region_id: 10_000_002,
      security: 0.945_913_116_665,
    },
    {
      system_id: 30_000_144,
      name: "Perimeter",
      constellation_id: 20_000_020,
      region_id: 10_000_002,
      security: 1,
    },
  ],
  jumps: [{ system_a: 30_000_142, system_b: 30_000_144 }],
  stations: [
    {
      station_id: 60_003_760,
      name: "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
      system_id: 30_000_142,
      type_id: 1529,
    },
  ],
  categories: [{ category_id: 6, name: "Ship", is_published: 1 }],
  groups: [{ group_id: 25, name: "Frigate", category_id: 6, is_published: 1 }],
  market_groups: [{ market_group_id: 4, name: "Ships", parent_group_id: null }],
  meta_groups: [{ meta_group_id: 1, name: "Tech I" }],
  types: [aType({})],
} satisfies Universe["rows"];

export function aType(fields: Partial<Universe["rows"]["types"][number]>) {
  return {
    type_id: 587,
    name: "Rifter",
    group_id: 25,
    is_published: 1,
    market_group_id: 64,
    meta_group_id: 1,
    base_type_id: null,
    volume: 27_289,
    ...fields,
  };
}

export function aUniverse(rows: Partial<Universe["rows"]> = {}, version = "sde-1"): Universe {
  return { version, source: "a test", rows: { ...plainRows, ...rows } };
}
