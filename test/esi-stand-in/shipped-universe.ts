/** The extract that the project ships, for tests and Workers: workerd imports it as text. */
import categories from "../../src/universe/data/categories.jsonl";
import constellations from "../../src/universe/data/constellations.jsonl";
import groups from "../../src/universe/data/groups.jsonl";
import jumps from "../../src/universe/data/jumps.jsonl";
import regions from "../../src/universe/data/regions.jsonl";
import stations from "../../src/universe/data/stations.jsonl";
import systems from "../../src/universe/data/systems.jsonl";
import types from "../../src/universe/data/types.jsonl";
import { type Universe, loadUniverse } from "./universe.ts";

let loaded: Universe | undefined;

/** Reads it once, when it is first asked for. */
export function shippedUniverse(): Universe {
  loaded ??= loadUniverse({
    categories,
    constellations,
    groups,
    jumps,
    regions,
    stations,
    systems,
    types,
  });
  return loaded;
}
