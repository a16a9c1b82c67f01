import type { Extract } from "../../src/cli/universe/extract.ts";
/** The extract that ships with the project, as text modules (`[[rules]]` in wrangler.toml). */
import categories from "../../src/universe/data/categories.jsonl";
import constellations from "../../src/universe/data/constellations.jsonl";
import groups from "../../src/universe/data/groups.jsonl";
import jumps from "../../src/universe/data/jumps.jsonl";
import manifest from "../../src/universe/data/manifest.json";
import marketGroups from "../../src/universe/data/market_groups.jsonl";
import metaGroups from "../../src/universe/data/meta_groups.jsonl";
import regions from "../../src/universe/data/regions.jsonl";
import stations from "../../src/universe/data/stations.jsonl";
import systems from "../../src/universe/data/systems.jsonl";
import types from "../../src/universe/data/types.jsonl";

export const committedExtract: Extract = {
  manifest,
  texts: {
    regions,
    constellations,
    systems,
    jumps,
    stations,
    categories,
    groups,
    market_groups: marketGroups,
    meta_groups: metaGroups,
    types,
  },
};
