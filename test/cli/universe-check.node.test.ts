import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { findingsOf } from "../../src/cli/universe/differences.ts";
import { extractFrom } from "../../src/cli/universe/extract.ts";
import { readReference } from "../../src/cli/universe/reference.ts";
import { runCommand } from "../support/commands.ts";
import { aType, aUniverse } from "../support/extract-builders.ts";
import { aFolder } from "../support/folders.ts";

const typeColumns = "type_id,name,group_id,published,market_group_id,meta_group_id,volume,src";

/** A reference that agrees with `aUniverse()`. */
const files: Readonly<Record<string, string>> = {
  "regions.csv": "region_id,name,faction_id\n10000002,The Forge,500001\n",
  "constellations.csv": "constellation_id,name,region_id\n20000020,Kimotoro,10000002\n",
  "systems.csv.gz":
    "system_id,name,constellation_id,region_id,security,security_class\n" +
    "30000142,Jita,20000020,10000002,0.945913,B\n30000144,Perimeter,20000020,10000002,1,B\n",
  "jumps.csv.gz": "system_a,system_b\n30000142,30000144\n",
  "stations.csv.gz":
    "station_id,name,system_id,type_id\n" +
    "60003760,Jita IV - Moon 4 - Caldari Navy Assembly Plant,30000142,1529\n",
  "categories.json": '[{"category_id":6,"name":"Ship","published":1}]',
  "groups.json.gz": '[{"group_id":25,"name":"Frigate","category_id":6,"published":1}]',
  "types.csv.gz": `${typeColumns}\n587,Rifter,25,1,64,1,27289,sde-2024-06\n`,
  "ships.json": '[{"type_id":587,"name":"Rifter","group_id":25,"volume":27289.0}]',
};

async function aReference(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const contents = Object.entries({ ...files, ...changes }).map(([file, text]) => {
    return [file, file.endsWith(".gz") ? gzipSync(text) : text] as const;
  });
  return aFolder(Object.fromEntries(contents));
}

async function findings(changes: Readonly<Record<string, string>>, types = [aType({})]) {
  const folder = await aReference(changes);
  const references = await readReference(folder, join(folder, "ships.json"));
  const all = findingsOf(await extractFrom(aUniverse({ types })), references);
  return all.map(({ table, kind, why, count, example }) => [table, kind, why, count, example]);
}

describe("findingsOf", () => {
  it("finds nothing if extract and reference agree", async () => {
    expect(await findings({})).toEqual([]);
  });

  it("explains rows that are newer than the extract", async () => {
    const more = '90000,"Ship, new ""X""",25,1,,,5,zkb-2025-08\n90001,Y,25,,,,,zkb-2025-08\n';

    expect(await findings({ "types.csv.gz": `${files["types.csv.gz"]}${more}` })).toEqual([
      ["types", "missing", "newer than the extract", 2, '90000 Ship, new "X"'],
    ]);
  });

  it("explains a missing type that CCP's export lacked, but not one that the export must have had", async () => {
    const more = "1,Seen,25,1,,,5,zkb-2025-08\n2,Lost,25,1,,,5,sde-2024-06\n";
    const elsewhere =
      "not in CCP's export of that day, though its id is older: known from elsewhere (zkb-2025-08)";

    expect(await findings({ "types.csv.gz": `${files["types.csv.gz"]}${more}` })).toEqual([
      ["types", "missing", elsewhere, 1, "1 Seen"],
      ["types", "missing", undefined, 1, "2 Lost"],
    ]);
  });

  it("leaves missing map rows unexplained, since amendments should add them", async () => {
    const changes = {
      "regions.csv": `${files["regions.csv"]}10001004,Exordium,\n`,
      "constellations.csv": `${files["constellations.csv"]}20010001,Manifest District,10001004\n`,
      "systems.csv.gz": `${files["systems.csv.gz"]}30100032,Manifest,20010001,10001004,1,A\n`,
      "jumps.csv.gz": `${files["jumps.csv.gz"]}30000142,30100032\n`,
    };

    expect(await findings(changes)).toEqual([
      ["regions", "missing", undefined, 1, "10001004 Exordium"],
      ["constellations", "missing", undefined, 1, "20010001 Manifest District"],
      ["systems", "missing", undefined, 1, "30100032 Manifest"],
      ["jumps", "missing", undefined, 1, "30000142-30100032"],
    ]);
  });

  it("explains changes of name, market group and publishing, and nothing else", async () => {
    const types = [
      aType({ is_published: 0 }),
      aType({ type_id: 588, market_group_id: null }),
      aType({ type_id: 589 }),
    ];
    const reference = [
      "587,Rifter II,25,1,65,1,27289,sde-2024-06",
      "588,Rifter,25,,,1,27289,sde-2024-06",
      "589,Rifter,25,0,64,1,5,sde-2024-06",
    ];
    const systems = files["systems.csv.gz"]?.replace(",1,B", ",0.949,B").replace("0.945913", "0.5");

    expect(
      await findings(
        {
          "types.csv.gz": `${typeColumns}\n${reference.join("\n")}\n`,
          "systems.csv.gz": systems ?? "",
        },
        types,
      ),
    ).toEqual([
      ["systems", "security", undefined, 2, "30000142 Jita: 0.945913116665 → 0.5"],
      ["types", "name", "CCP has renamed it since", 1, "587 Rifter II: Rifter → Rifter II"],
      ["types", "is_published", "CCP has published it since", 1, "587 Rifter II: 0 → 1"],
      [
        "types",
        "market_group_id",
        "CCP has sorted it differently since",
        1,
        "587 Rifter II: 64 → 65",
      ],
      ["types", "is_published", undefined, 1, "589 Rifter: 1 → 0"],
      ["types", "volume", undefined, 1, "589 Rifter: 27289 → 5"],
    ]);
  });

  it("leaves rows that only the extract has unexplained", async () => {
    expect(await findings({}, [aType({}), aType({ type_id: 5 })])).toEqual([
      ["types", "only in the extract", undefined, 1, "5 Rifter"],
    ]);
  });
});

describe("npm run universe:check", () => {
  it("says that there is no reference, and succeeds", async () => {
    const { code, stdout } = await runCommand("universe-check.ts", ["--reference", "/nowhere"]);

    expect(code).toBe(0);
    expect(stdout).toContain("There is no reference in /nowhere");
  });

  it("fails if age does not explain a difference", async () => {
    const reference = await aReference();

    const { code, stdout } = await runCommand("universe-check.ts", [
      "--reference",
      reference,
      "--ships",
      `${reference}/ships.json`,
    ]);

    expect(code).toBe(1);
    expect(stdout).toContain("× only in the extract, UNEXPLAINED");
  });

  it("names a file of the reference that is missing", async () => {
    const { code, stderr } = await runCommand("universe-check.ts", [
      "--reference",
      await aFolder(),
    ]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/regions\.csv is missing/);
  });
});
