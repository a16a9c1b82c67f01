/** Static facts, as far as the project asks for them. */
import { type Answer, failure, ok } from "./answers.ts";
import { type Call, paramOf } from "./call.ts";
import { resolveIds, resolveNames } from "./name-routes.ts";
import type { Handler, Route, Server } from "./server.ts";
import type { Universe } from "./universe.ts";

const nowhere = { x: 0.5, y: 0.5, z: 0.5 };

type Kind = { noun: string; show: (universe: Universe, id: number) => object | undefined };

/** Ids of what lies within, ascending. */
function idsWithin<T>(all: ReadonlyMap<number, T>, isWithin: (entry: T) => boolean): number[] {
  return [...all].filter(([, entry]) => isWithin(entry)).map(([id]) => id);
}

function showType({ types }: Universe, id: number) {
  const type = types.get(id);
  return (
    type && {
      capacity: 0,
      description: "",
      group_id: type.groupId,
      ...(type.marketGroupId !== null && { market_group_id: type.marketGroupId }),
      mass: 0,
      name: type.name,
      packaged_volume: type.volume,
      portion_size: 1,
      published: type.isPublished,
      radius: 1,
      type_id: id,
      volume: type.volume,
    }
  );
}

function showGroup({ groups, types }: Universe, id: number) {
  const group = groups.get(id);
  return (
    group && {
      category_id: group.categoryId,
      group_id: id,
      name: group.name,
      published: group.isPublished,
      types: idsWithin(types, (type) => type.groupId === id),
    }
  );
}

function showCategory({ categories, groups }: Universe, id: number) {
  const category = categories.get(id);
  return (
    category && {
      category_id: id,
      groups: idsWithin(groups, (group) => group.categoryId === id),
      name: category.name,
      published: category.isPublished,
    }
  );
}

function showRegion({ regions, constellations }: Universe, id: number) {
  const region = regions.get(id);
  return (
    region && {
      constellations: idsWithin(constellations, ({ regionId }) => regionId === id),
      description: "",
      name: region.name,
      region_id: id,
    }
  );
}

function showConstellation({ constellations, systems }: Universe, id: number) {
  const constellation = constellations.get(id);
  return (
    constellation && {
      constellation_id: id,
      name: constellation.name,
      position: nowhere,
      region_id: constellation.regionId,
      systems: idsWithin(systems, ({ constellationId }) => constellationId === id),
    }
  );
}

function showSystem({ systems, stations }: Universe, id: number) {
  const system = systems.get(id);
  if (system === undefined) return undefined;
  const within = idsWithin(stations, ({ systemId }) => systemId === id);
  return {
    constellation_id: system.constellationId,
    name: system.name,
    position: nowhere,
    security_status: system.security,
    star_id: id + 10_000_000,
    // Absent if there is none.
    ...(within.length > 0 && { stations: within }),
    system_id: id,
  };
}

function showStation({ stations }: Universe, id: number) {
  const station = stations.get(id);
  return (
    station && {
      max_dockable_ship_volume: 50_000_000,
      name: station.name,
      office_rental_cost: 10_000,
      owner: 1_000_035,
      position: nowhere,
      race_id: 1,
      reprocessing_efficiency: 0.5,
      reprocessing_stations_take: 0.05,
      services: ["market", "fitting", "docking"],
      station_id: id,
      system_id: station.systemId,
      type_id: station.typeId,
    }
  );
}

const kinds: Record<string, Kind> = {
  "/universe/types/{type_id}": { noun: "Type", show: showType },
  "/universe/groups/{group_id}": { noun: "Group", show: showGroup },
  "/universe/categories/{category_id}": { noun: "Category", show: showCategory },
  "/universe/regions/{region_id}": { noun: "Region", show: showRegion },
  "/universe/constellations/{constellation_id}": { noun: "Constellation", show: showConstellation },
  "/universe/systems/{system_id}": { noun: "System", show: showSystem },
  "/universe/stations/{station_id}": { noun: "Station", show: showStation },
};

const showOne =
  ({ noun, show }: Kind, param: string): Handler =>
  (call, { world, generations }) => {
    const found = show(world.universe, paramOf(call, param));
    if (found === undefined) return failure(404, `${noun} not found!`);
    return ok(found, generations.daily(call.at.getTime()));
  };

function listRegions(call: Call, { world, generations }: Server): Answer {
  return ok([...world.universe.regions.keys()], generations.daily(call.at.getTime()));
}

export const universeRoutes: readonly Route[] = [
  { method: "GET", template: "/universe/regions", handle: listRegions },
  ...Object.entries(kinds).map(([template, kind]): Route => {
    const param = template.slice(template.indexOf("{") + 1, -1);
    return { method: "GET", template, handle: showOne(kind, param) };
  }),
  { method: "POST", template: "/universe/names", handle: resolveNames },
  { method: "POST", template: "/universe/ids", handle: resolveIds },
];
