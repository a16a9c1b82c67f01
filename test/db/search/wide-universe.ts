/** The small universe with what distances need: a highsec island, and a station without stargates. */
import { smallTables } from "../../esi-stand-in/small-universe.ts";
import { loadUniverse } from "../../esi-stand-in/universe.ts";

const withRows = (text: string, ...rows: unknown[][]) =>
  [text, ...rows.map((row) => JSON.stringify(row))].join("\n");

export const wideUniverse = loadUniverse({
  ...smallTables,
  regions: withRows(smallTables.regions, [10000054, "Aridia"]),
  constellations: withRows(smallTables.constellations, [20000627, "Efu", 10000054]),
  systems: withRows(smallTables.systems, [30004295, "Keba", 20000627, 10000054, 0.472105]),
  stations: withRows(
    smallTables.stations,
    [60000166, "Keba II - CBD Corporation Storage", 30004295, 1531],
    [60015148, "Thera XII - The Sanctuary Fullerene Loading", 31000005, 1531],
  ),
});
