/** Names of ids, and ids of names. */
import { type Answer, failure } from "./answers.ts";
import type { Call } from "./call.ts";
import type { Server } from "./server.ts";
import type { Universe } from "./universe.ts";
import type { NameRow } from "./wire.ts";
import type { World } from "./world.ts";

function nameOf({ universe, nameOf: personOf }: World, id: number): NameRow | undefined {
  const places = [
    ["inventory_type", universe.types],
    ["solar_system", universe.systems],
    ["station", universe.stations],
    ["constellation", universe.constellations],
    ["region", universe.regions],
  ] as const;
  for (const [category, all] of places) {
    const found = all.get(id);
    if (found !== undefined) return { category, id, name: found.name };
  }
  return personOf(id);
}

/** An array of 1 to `most` different values, or nothing. */
function uniqueList<T>(body: unknown, most: number, is: (value: unknown) => value is T) {
  if (!Array.isArray(body) || body.length === 0 || body.length > most) return undefined;
  const values = body.filter((value) => is(value));
  return new Set(values).size === body.length ? values : undefined;
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length >= 1 && value.length <= 100;

/** `POST /universe/names`: all of them, or none at all. */
export function resolveNames(call: Call, { world }: Server): Answer {
  const ids = uniqueList(call.body, 1000, isId);
  if (ids === undefined) return failure(400, "1 to 1000 unique ids are required.");

  const rows = ids.map((id) => nameOf(world, id));
  if (rows.includes(undefined)) return failure(404, "Ensure all IDs are valid before resolving.");
  return { status: 200, body: rows };
}

const idsByName = new WeakMap<Universe, Map<string, { kind: string; id: number }[]>>();

function indexOf(universe: Universe) {
  const known = idsByName.get(universe);
  if (known !== undefined) return known;

  const index = new Map<string, { kind: string; id: number }[]>();
  const { constellations, regions, stations, systems, types: inventory_types } = universe;
  const all = { constellations, inventory_types, regions, stations, systems };
  for (const [kind, entries] of Object.entries(all)) {
    for (const [id, { name }] of entries)
      index.set(name, [...(index.get(name) ?? []), { kind, id }]);
  }
  idsByName.set(universe, index);
  return index;
}

/** `POST /universe/ids`: exact names only; what is not found is left out. */
export function resolveIds(call: Call, { world }: Server): Answer {
  const names = uniqueList(call.body, 500, isName);
  if (names === undefined) return failure(400, "1 to 500 unique names are required.");

  const found: Record<string, { id: number; name: string }[]> = {};
  for (const name of names) {
    for (const { kind, id } of indexOf(world.universe).get(name) ?? [])
      (found[kind] ??= []).push({ id, name });
    for (const { category, id } of world.named(name))
      (found[`${category}s`] ??= []).push({ id, name });
  }
  return { status: 200, body: found };
}
