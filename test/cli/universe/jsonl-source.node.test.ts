import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { problemsIn } from "../../../src/cli/universe/integrity.ts";
import { readJsonlSource } from "../../../src/cli/universe/jsonl-source.ts";
import { type Dataset, datasets, jsonLinesZip } from "../../support/ccp-export.ts";
import { aFolder } from "../../support/folders.ts";

async function read(zip: Buffer, steps: string[] = []) {
  const path = join(await aFolder(), "export.zip");
  await writeFile(path, zip);
  return readJsonlSource(path, (step) => steps.push(step));
}

const readWith = (changes: Parameters<typeof jsonLinesZip>[0]) => read(jsonLinesZip(changes));

/** The rows of a dataset with one of them changed. */
const changed = (dataset: string, at: number, fields: object) =>
  (datasets[dataset] ?? []).map((row, index) => (index === at ? { ...row, ...fields } : row));

describe("readJsonlSource", () => {
  it("reads CCP's JSON Lines export", async () => {
    const universe = await read(jsonLinesZip());

    expect(universe).toMatchObject({
      version: "sde-3142455",
      source: "CCP's static data export (JSON Lines), build 3142455",
    });
    expect(problemsIn(universe)).toEqual([]);
    expect(universe.rows.types).toEqual([
      {
        type_id: 587,
        name: "Rifter",
        group_id: 25,
        is_published: 1,
        market_group_id: 64,
        meta_group_id: 1,
        base_type_id: null,
        volume: 27_289.5,
      },
      expect.objectContaining({ type_id: 11_400, base_type_id: 587, volume: null }),
      expect.objectContaining({ type_id: 1529, is_published: 0, market_group_id: null }),
    ]);
    expect(universe.rows.market_groups).toEqual([
      { market_group_id: 4, name: "Ships", parent_group_id: null },
      { market_group_id: 64, name: "Minmatar", parent_group_id: 4 },
    ]);
    expect(universe.rows.systems[0]).toEqual({
      system_id: 30_000_142,
      name: "Jita",
      constellation_id: 20_000_020,
      region_id: 10_000_002,
      security: 0.945_913_116_665,
    });
  });

  it("has each pair of joined systems once, lower id first", async () => {
    const { rows } = await read(jsonLinesZip());

    expect(rows.jumps).toEqual([
      { system_a: 30_000_142, system_b: 30_000_144 },
      { system_a: 30_000_144, system_b: 30_000_145 },
    ]);
  });

  it("builds the names of stations, and takes exceptions as they are", async () => {
    const { rows } = await read(jsonLinesZip());

    expect(rows.stations.map(({ name }) => name)).toEqual([
      "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
      "Jita IV - Caldari Navy",
      "Perimeter VIII (Oris) - Moon 3 - Caldari Navy",
      "Perimeter VIII (Oris) - Moon Griklaeum - Caldari Navy",
      "Perimeter - Deathless Custodians - The Fulcrum",
      "A Station of Its Own Name",
    ]);
  });

  it("tells what it reads", async () => {
    const steps: string[] = [];

    await read(jsonLinesZip(), steps);

    expect(steps).toContain("Reading types.jsonl");
    expect(steps).toContain("Reading mapMoons.jsonl");
  });

  it.each(Object.keys(datasets))("says that %s.jsonl is missing", async (dataset) => {
    await expect(readWith({ [dataset]: undefined })).rejects.toThrow(
      new RegExp(`^${dataset}\\.jsonl is missing in .*export\\.zip$`),
    );
  });

  it("refuses a zip that is cut off at any point", async () => {
    const zip = jsonLinesZip();

    for (const part of [0, 0.01, 0.5, 0.9, 0.999]) {
      const cut = zip.subarray(0, Math.floor(zip.length * part));
      await expect(read(cut)).rejects.toThrow(/export\.zip is not a complete zip file/);
    }
  });

  it("refuses a zip in which a byte has changed, naming the file", async () => {
    const zip = jsonLinesZip({ types: datasets["types"] });
    const at = zip.indexOf("types.jsonl") + "types.jsonl".length + 40;
    zip.writeUInt8(zip.readUInt8(at) ^ 0xff, at);

    await expect(read(zip)).rejects.toThrow(/^types\.jsonl in the zip is damaged/);
  });

  it.each<[string, string, Dataset | string, RegExp]>([
    ["no JSON", "types", '{"_key":587', /^types\.jsonl, line 1: not valid JSON$/],
    ["a row without key", "types", '\n{"name":{}}', /^types\.jsonl, line 2: .* with a _key$/],
    ["a row that is no object", "groups", "[1]", /^groups\.jsonl, line 1: a row must be an object/],
    ["an empty file", "_sde", [], /^_sde\.jsonl is empty/],
    [
      "a text for an id",
      "types",
      changed("types", 0, { groupID: "x" }),
      /^types\.jsonl, 587: groupID must be a number, not "x"$/,
    ],
    [
      "a fraction for an id",
      "types",
      changed("types", 0, { groupID: 2.5 }),
      /^types\.jsonl, 587: groupID must be an id, not 2\.5$/,
    ],
    [
      "no group",
      "types",
      changed("types", 0, { groupID: undefined }),
      /^types\.jsonl, 587: groupID is missing$/,
    ],
    [
      "no name",
      "types",
      changed("types", 1, { name: undefined }),
      /^types\.jsonl, 11400: name is missing$/,
    ],
    [
      "no English name",
      "types",
      changed("types", 1, { name: { de: "x" } }),
      /^types\.jsonl, 11400: name has no English text$/,
    ],
    [
      "a flag that is none",
      "groups",
      changed("groups", 0, { published: 1 }),
      /^groups\.jsonl, 25: published must be true or false, not 1$/,
    ],
    [
      "a key that is no id",
      "groups",
      changed("groups", 0, { _key: "x" }),
      /^groups\.jsonl, x: the key must be an id$/,
    ],
    [
      "no security",
      "mapSolarSystems",
      changed("mapSolarSystems", 0, { securityStatus: null }),
      /^mapSolarSystems\.jsonl, 30000142: securityStatus is missing$/,
    ],
    [
      "a gate to nowhere",
      "mapStargates",
      changed("mapStargates", 0, { destination: 5 }),
      /^mapStargates\.jsonl, 50000056: destination is missing$/,
    ],
    [
      "no orbit",
      "npcStations",
      changed("npcStations", 0, { orbitID: 77 }),
      /^npcStations\.jsonl, 60003760: its orbitID 77 has no name$/,
    ],
    [
      "no owner",
      "npcStations",
      changed("npcStations", 0, { ownerID: 77 }),
      /^npcStations\.jsonl, 60003760: its ownerID 77 has no name$/,
    ],
    [
      "no operation",
      "npcStations",
      changed("npcStations", 0, { operationID: 77 }),
      /^npcStations\.jsonl, 60003760: its operationID 77 has no name$/,
    ],
    [
      "a moon without planet",
      "mapMoons",
      changed("mapMoons", 0, { orbitID: 77 }),
      /^mapMoons\.jsonl, 40009082: its orbitID 77 has no name$/,
    ],
    [
      "a planet without place",
      "mapPlanets",
      changed("mapPlanets", 0, { celestialIndex: 0 }),
      /^mapPlanets\.jsonl, 40009080: celestialIndex must count from 1$/,
    ],
    [
      "a planet without system",
      "mapPlanets",
      changed("mapPlanets", 0, { solarSystemID: 77 }),
      /^mapPlanets\.jsonl, 40009080: its solarSystemID is not known$/,
    ],
  ])("names the file and the key of %s", async (_, dataset, rows, message) => {
    await expect(readWith({ [dataset]: rows })).rejects.toThrow(message);
  });
});
