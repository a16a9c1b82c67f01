/** Puts the names of NPC stations together from what CCP's JSON Lines export tells of their orbits. */
import { moonName, planetName, stationName } from "./celestial-names.ts";
import {
  englishIn,
  flagIn,
  idIn,
  keyOf,
  oddEntry,
  optionalEnglish,
  type SourceEntry,
} from "./source-entry.ts";
import type { Datasets } from "./zip-entries.ts";

type Systems = ReadonlyMap<number, { name: string; starId: number | null }>;
type Lookup = ReadonlyMap<number, string>;

/** Reads what the names of these stations need, and nothing more: there are 340,000 moons. */
export async function stationNamesFrom(
  datasets: Datasets,
  stations: readonly SourceEntry[],
  systems: Systems,
): Promise<(station: SourceEntry) => string> {
  const unnamed = stations.filter((station) => ownNameOf(station) === undefined);
  const orbits = new Set(unnamed.map((station) => idIn(station, "orbitID")));
  const moons = await entriesOf(datasets("mapMoons"), orbits);
  const planetIds = [...orbits, ...moons.map((moon) => idIn(moon, "orbitID"))];
  const planets = await entriesOf(datasets("mapPlanets"), new Set(planetIds));
  const corporations = await namesOf(datasets("npcCorporations"), "name");
  const operations = await namesOf(datasets("stationOperations"), "operationName");

  const celestials = new Map<number, string>();
  for (const { name, starId } of systems.values())
    if (starId !== null) celestials.set(starId, name);
  for (const planet of planets) celestials.set(keyOf(planet), planetNameOf(planet, systems));
  for (const moon of moons) celestials.set(keyOf(moon), moonNameOf(moon, celestials));

  return (station) =>
    ownNameOf(station) ??
    stationName({
      orbit: named(station, "orbitID", celestials),
      corporation: named(station, "ownerID", corporations),
      operation: flagIn(station, "useOperationName")
        ? named(station, "operationID", operations)
        : undefined,
    });
}

async function entriesOf(
  entries: AsyncIterable<SourceEntry>,
  ids: ReadonlySet<number>,
): Promise<SourceEntry[]> {
  const wanted: SourceEntry[] = [];
  for await (const entry of entries) if (ids.has(keyOf(entry))) wanted.push(entry);
  return wanted;
}

async function namesOf(entries: AsyncIterable<SourceEntry>, field: string): Promise<Lookup> {
  const names = new Map<number, string>();
  for await (const entry of entries) names.set(keyOf(entry), englishIn(entry, field));
  return names;
}

function ownNameOf(entry: SourceEntry): string | undefined {
  return optionalEnglish(entry, "name") ?? optionalEnglish(entry, "uniqueName");
}

function planetNameOf(planet: SourceEntry, systems: Systems): string {
  const ownName = ownNameOf(planet);
  if (ownName !== undefined) return ownName;
  const system = systems.get(idIn(planet, "solarSystemID"));
  if (!system) throw oddEntry(planet, "its solarSystemID is not known");
  const celestialIndex = idIn(planet, "celestialIndex");
  if (celestialIndex === 0) throw oddEntry(planet, "celestialIndex must count from 1");
  return planetName({ systemName: system.name, celestialIndex });
}

function moonNameOf(moon: SourceEntry, celestials: Lookup): string {
  return (
    ownNameOf(moon) ??
    moonName({
      planet: named(moon, "orbitID", celestials),
      orbitIndex: idIn(moon, "orbitIndex"),
    })
  );
}

function named(entry: SourceEntry, field: string, names: Lookup): string {
  const id = idIn(entry, field);
  const name = names.get(id);
  if (name === undefined) throw oddEntry(entry, `its ${field} ${id} has no name`);
  return name;
}
