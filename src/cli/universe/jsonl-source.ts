/**
 * CCP's static data export as it is since 2025: JSON Lines in a zip.
 * https://developers.eveonline.com/docs/services/static-data/
 */
import type { RowOf, Universe } from "./extract.ts";
import {
  englishIn,
  idIn,
  isRecord,
  keyOf,
  numberIn,
  oddEntry,
  optionalId,
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
import { stationNamesFrom } from "./station-names.ts";
import { type Datasets, withZip } from "./zip-entries.ts";

/** @param path - the zip file. */
export async function readJsonlSource(path: string, report: Report): Promise<Universe> {
  return withZip(path, report, async (datasets) => {
    const rows = emptyRows();
    const build = await buildOf(datasets);
    await each(datasets("categories"), (entry) => rows.categories.push(categoryFrom(entry)));
    await each(datasets("groups"), (entry) => rows.groups.push(groupFrom(entry)));
    await each(datasets("marketGroups"), (entry) =>
      rows.market_groups.push(marketGroupFrom(entry, "name")),
    );
    await each(datasets("metaGroups"), (entry) =>
      rows.meta_groups.push(metaGroupFrom(entry, "name")),
    );
    await each(datasets("types"), (entry) => rows.types.push(typeFrom(entry)));
    await readMap(datasets, rows);
    return { ...build, rows };
  });
}

async function each(
  entries: AsyncIterable<SourceEntry>,
  take: (entry: SourceEntry) => void,
): Promise<void> {
  for await (const entry of entries) take(entry);
}

async function buildOf(datasets: Datasets): Promise<Omit<Universe, "rows">> {
  for await (const entry of datasets("_sde")) {
    const build = idIn(entry, "buildNumber");
    const releasedOn = textIn(entry, "releaseDate").slice(0, "YYYY-MM-DD".length);
    if (!/^\d{4}-\d\d-\d\d$/.test(releasedOn)) {
      throw oddEntry(entry, `releaseDate must be an ISO 8601 instant, not ${releasedOn}`);
    }
    return {
      version: `sde-${build}`,
      source: `CCP's static data export (JSON Lines), build ${build}`,
      releasedOn,
    };
  }
  throw new Error("_sde.jsonl is empty: it tells the version of the data");
}

async function readMap(datasets: Datasets, rows: Universe["rows"]): Promise<void> {
  await each(datasets("mapRegions"), (entry) =>
    rows.regions.push({ region_id: keyOf(entry), name: englishIn(entry, "name") }),
  );
  await each(datasets("mapConstellations"), (entry) =>
    rows.constellations.push({
      constellation_id: keyOf(entry),
      name: englishIn(entry, "name"),
      region_id: idIn(entry, "regionID"),
    }),
  );
  const systems = new Map<number, { name: string; starId: number | null }>();
  await each(datasets("mapSolarSystems"), (entry) => {
    const row = systemFrom(entry);
    rows.systems.push(row);
    systems.set(keyOf(entry), {
      name: englishIn(entry, "name"),
      starId: optionalId(entry, "starID"),
    });
  });
  rows.jumps.push(...(await jumpsFrom(datasets)));

  const stations: SourceEntry[] = [];
  await each(datasets("npcStations"), (entry) => stations.push(entry));
  const names = await stationNamesFrom(datasets, stations, systems);
  rows.stations.push(
    ...stations.map((entry) => ({
      station_id: keyOf(entry),
      name: names(entry),
      system_id: idIn(entry, "solarSystemID"),
      type_id: idIn(entry, "typeID"),
    })),
  );
}

function systemFrom(entry: SourceEntry): RowOf<"systems"> {
  return {
    system_id: keyOf(entry),
    name: englishIn(entry, "name"),
    constellation_id: idIn(entry, "constellationID"),
    region_id: idIn(entry, "regionID"),
    security: numberIn(entry, "securityStatus"),
  };
}

/** Each pair of systems once, however many gates join them. */
async function jumpsFrom(datasets: Datasets): Promise<RowOf<"jumps">[]> {
  const pairs = new Map<string, RowOf<"jumps">>();
  await each(datasets("mapStargates"), (entry) => {
    const here = idIn(entry, "solarSystemID");
    const fields = entry.fields["destination"];
    if (!isRecord(fields)) throw oddEntry(entry, "destination is missing");
    const there = idIn({ ...entry, fields }, "solarSystemID");
    const [a, b] = here < there ? [here, there] : [there, here];
    pairs.set(`${a}-${b}`, { system_a: a, system_b: b });
  });
  return [...pairs.values()];
}
