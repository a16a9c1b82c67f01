import { maxStatementBytes } from "../../db/d1.ts";
import { chunked } from "../../lib/chunked.ts";
import { literal } from "./statements.ts";
import type { Structure } from "./structures.ts";

/** Rows of a statement: names of 200 characters, in UTF-8, in JSON and quoted, stay below D1's limit. */
const rowsPerStatement = Math.floor(maxStatementBytes / 1_800);

/**
 * Statements that put structures beside the stations. The last one says which file is loaded, so that
 * the sync places again what is there; after an interruption nothing is taken for loaded.
 */
export function structureStatements(structures: readonly Structure[], version: string): string[] {
  const inserts = chunked(structures, rowsPerStatement).map((chunk) => {
    const rows = chunk.map(({ structureId, name, systemId }) => [structureId, name, systemId]);
    return (
      "insert into stations (station_id, name, system_id)" +
      " select value ->> 0, value ->> 1, value ->> 2" +
      ` from json_each(${literal(JSON.stringify(rows))}) where true` +
      " on conflict (station_id) do update set name = excluded.name, system_id = excluded.system_id" +
      " where stations.name is not excluded.name or stations.system_id is not excluded.system_id"
    );
  });
  return [...inserts, `update universe set structures_version = ${literal(version)}`];
}
