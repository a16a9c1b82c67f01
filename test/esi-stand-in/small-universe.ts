/** A New Eden small enough to read, for tests that need no extract: real ids, real names. */
import { type TableName, loadUniverse } from "./universe.ts";

export const table = (columns: string[], ...rows: unknown[][]) =>
  [columns, ...rows].map((line) => JSON.stringify(line)).join("\n");

export const smallTables: Record<TableName, string> = {
  regions: table(
    ["region_id", "name"],
    [10000002, "The Forge"],
    [10000030, "Heimatar"],
    [10000043, "Domain"],
    [11000031, "G-R00031"],
  ),
  constellations: table(
    ["constellation_id", "name", "region_id"],
    [20000020, "Kimotoro", 10000002],
    [20000322, "Throne Worlds", 10000043],
    [20000367, "Hed", 10000030],
    [21000324, "G-C00324", 11000031],
  ),
  systems: table(
    ["system_id", "name", "constellation_id", "region_id", "security"],
    [30000142, "Jita", 20000020, 10000002, 0.945913],
    [30000144, "Perimeter", 20000020, 10000002, 0.949],
    [30002187, "Amarr", 20000322, 10000043, 0.949],
    [30002510, "Rens", 20000367, 10000030, 0.894582],
    [31000005, "Thera", 21000324, 11000031, -0.99],
  ),
  stations: table(
    ["station_id", "name", "system_id", "type_id"],
    [60003760, "Jita IV - Moon 4 - Caldari Navy Assembly Plant", 30000142, 52678],
    [60004588, "Rens VI - Moon 8 - Brutor Tribe Treasury", 30002510, 2498],
    [60008494, "Amarr VIII (Oris) - Emperor Family Academy", 30002187, 1932],
  ),
  // Fewer than there are: it has not the systems between.
  jumps: table(["system_a", "system_b"], [30000142, 30000144]),
  categories: table(
    ["category_id", "name", "is_published"],
    [4, "Material", true],
    [6, "Ship", true],
    [7, "Module", true],
    [8, "Charge", true],
    [9, "Blueprint", true],
    [18, "Drone", true],
  ),
  groups: table(
    ["group_id", "name", "category_id", "is_published"],
    [18, "Mineral", 4, true],
    [25, "Frigate", 6, true],
    [60, "Damage Control", 7, true],
    [65, "Stasis Web", 7, true],
    [85, "Hybrid Charge", 8, true],
    [100, "Combat Drone", 18, true],
    [105, "Frigate Blueprint", 9, true],
    [106, "Cruiser Blueprint", 9, true],
    [358, "Heavy Assault Cruiser", 6, true],
    [774, "Rig Shield", 7, true],
  ),
  types: table(
    ["type_id", "name", "group_id", "is_published", "market_group_id", "volume"],
    [34, "Tritanium", 18, true, 1857, 0.01],
    [222, "Antimatter Charge S", 85, true, 107, 0.0025],
    [587, "Rifter", 25, true, 64, 27289],
    [691, "Rifter Blueprint", 105, true, 264, 0.01],
    [2048, "Damage Control II", 60, true, 615, 5],
    [2456, "Hobgoblin II", 100, true, 837, 5],
    [12005, "Ishtar", 358, true, 451, 115000],
    [12006, "Ishtar Blueprint", 106, true, 456, 0.01],
    [31788, "Small Core Defense Field Extender I", 774, true, 1234, 5],
    [47702, "Abyssal Stasis Webifier", 65, true, null, 5],
  ),
};

export const smallUniverse = loadUniverse(smallTables);
