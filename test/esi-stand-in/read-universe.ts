/** The extract that the project ships, for scripts and tests in Node. Workers import it as text. */
import { readFileSync } from "node:fs";

import { type TableName, type Universe, loadUniverse } from "./universe.ts";

export function readUniverse(directory = "src/universe/data"): Universe {
  const textOf = (table: TableName) => readFileSync(`${directory}/${table}.jsonl`, "utf8");
  return loadUniverse({
    categories: textOf("categories"),
    constellations: textOf("constellations"),
    groups: textOf("groups"),
    jumps: textOf("jumps"),
    regions: textOf("regions"),
    stations: textOf("stations"),
    systems: textOf("systems"),
    types: textOf("types"),
  });
}
