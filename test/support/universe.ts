/** Puts the stand-in's small universe into D1, as `npm run db:load` puts the whole one. */
import { env } from "cloudflare:workers";

import { smallUniverse } from "../esi-stand-in/small-universe.ts";
import type { Universe } from "../esi-stand-in/universe.ts";

function insert(table: string, columns: Record<string, string>, rows: Iterable<object>) {
  const names = Object.keys(columns).join(", ");
  const values = Object.values(columns).map((key) => `value ->> '${key}'`);
  const sql = `insert into ${table} (${names}) select ${values.join(", ")} from json_each(?)`;
  return env.DB.prepare(sql).bind(JSON.stringify([...rows]));
}

export async function loadTestUniverse(universe: Universe = smallUniverse): Promise<void> {
  await env.DB.batch([
    insert("regions", { region_id: "regionId", name: "name" }, universe.regions.values()),
    insert(
      "constellations",
      { constellation_id: "constellationId", name: "name", region_id: "regionId" },
      universe.constellations.values(),
    ),
    insert(
      "systems",
      {
        system_id: "systemId",
        name: "name",
        constellation_id: "constellationId",
        region_id: "regionId",
        security: "security",
      },
      universe.systems.values(),
    ),
    insert(
      "stations",
      { station_id: "stationId", name: "name", system_id: "systemId", type_id: "typeId" },
      universe.stations.values(),
    ),
    insert(
      "categories",
      { category_id: "categoryId", name: "name", is_published: "isPublished" },
      universe.categories.values(),
    ),
    insert(
      "groups",
      { group_id: "groupId", name: "name", category_id: "categoryId", is_published: "isPublished" },
      universe.groups.values(),
    ),
    insert(
      "types",
      {
        type_id: "typeId",
        name: "name",
        group_id: "groupId",
        is_published: "isPublished",
        market_group_id: "marketGroupId",
        volume: "volume",
      },
      universe.types.values(),
    ),
    env.DB.prepare("insert into universe (id, version, loaded_at) values (1, 'test', 0)"),
  ]);
}
