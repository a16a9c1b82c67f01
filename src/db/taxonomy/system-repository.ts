import { sql, type SQL } from "drizzle-orm";

import { displayedSecurity, securityClass } from "../../domain/security.ts";
import type { NamedQuery, SystemSummary } from "../../domain/taxonomy.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import {
  holds,
  type Named,
  type NamedPage,
  pageOf,
  rankOf,
  readPage,
  single,
} from "./named-page.ts";
import type { OfferCounts } from "./offer-counts.ts";

export function createSystemRepository(db: Database) {
  function read(found: SQL, query: NamedQuery, now: EpochMs): Promise<NamedPage<SystemSummary>> {
    const page = pageOf<SystemRow>({ found, columns: systemColumns }, query);
    return readPage(db, { limit: query.limit, now, page, summaryOf: systemFromRow });
  }

  return {
    find(query: NamedQuery, now: EpochMs): Promise<NamedPage<SystemSummary>> {
      const { text } = query;
      const found = sql`
        select ${rankOf(sql`name`, text)} as rank, system_id as id, name, lower(name) as folded from systems
        where ${text === undefined ? sql`1` : holds(sql`name`, text)}`;
      return read(found, query, now);
    },

    /** A page of one system, or of none if it is not known. */
    byId(systemId: number, now: EpochMs): Promise<NamedPage<SystemSummary>> {
      const found = sql`
        select 0 as rank, system_id as id, name, lower(name) as folded from systems where system_id = ${systemId}`;
      return read(found, single, now);
    },
  };
}

export type SystemRepository = ReturnType<typeof createSystemRepository>;

const systemColumns = sql`
  systems.security, systems.constellation_id, constellations.name as constellation_name,
  systems.region_id, regions.name as region_name
  from page
  cross join systems on systems.system_id = page.id
  left join constellations on constellations.constellation_id = systems.constellation_id
  left join regions on regions.region_id = systems.region_id`;

type SystemRow = Named & {
  security: number;
  constellation_id: number;
  constellation_name: string;
  region_id: number;
  region_name: string;
};

const systemFromRow = (row: SystemRow, { system }: OfferCounts): SystemSummary => ({
  systemId: row.id,
  name: row.name,
  security: displayedSecurity(row.security),
  securityClass: securityClass(row.security, row.region_id),
  constellationId: row.constellation_id,
  constellationName: row.constellation_name,
  regionId: row.region_id,
  regionName: row.region_name,
  outstanding: system.get(row.id) ?? 0,
});
