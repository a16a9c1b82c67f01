import { type SQL, sql } from "drizzle-orm";

import type { SecurityClass } from "../../domain/security.ts";
import type { Database } from "../client.ts";
import type { KnownPlace } from "../universe-repository.ts";
import {
  type StoredContract,
  type StoredRow,
  storedColumns,
  storedFromRow,
} from "./stored-contract.ts";

/** A station from which contracts are listed, and where these are said to be. */
type StartPlace = KnownPlace & {
  stored: { systemId: number | null; securityClass: SecurityClass | null };
};

type StartPlaceRow = {
  start_location_id: number;
  start_system_id: number | null;
  start_security_class: SecurityClass | null;
  system_id: number;
  security: number;
  region_id: number;
};

/** Where contracts are listed. */
export function createLocationsRepository(db: Database) {
  return {
    /** Listed contracts that start at a location whose system nobody told us. */
    async unplacedAt(locationId: number): Promise<(StoredContract & { regionId: number })[]> {
      const rows = await db.all(sql<StoredRow & { region_id: number }>`
        select ${storedColumns}, region_id from contracts
        where is_listed = 1 and start_location_id = ${locationId} and start_system_id is null`);
      return rows.map((row) => ({ ...storedFromRow(row), regionId: row.region_id }));
    },

    /** The regions that list a contract from a location, or to it. */
    async regionsAt(locationId: number): Promise<number[]> {
      const rows = await db.all(sql<{ region_id: number }>`
        select region_id from contracts where is_listed = 1 and start_location_id = ${locationId}
        union
        select region_id from contracts indexed by others_by_date_issued
        where is_listed = 1 and type <> 'item_exchange' and type = 'courier'
          and end_location_id = ${locationId}`);
      return rows.map(({ region_id }) => region_id);
    },

    place: (locationId: number, systemId: number, securityOfSystem: SecurityClass): SQL => sql`
      update contracts set start_system_id = ${systemId}, start_security_class = ${securityOfSystem}
      where is_listed = 1 and start_location_id = ${locationId}
        and (start_system_id is not ${systemId} or start_security_class is not ${securityOfSystem})`,

    /** Where stations are from which contracts are listed, and where the contracts are said to be. */
    async startPlaces(): Promise<StartPlace[]> {
      const rows = await db.all(sql<StartPlaceRow>`
        with starts as materialized (
          select distinct start_location_id, start_system_id, start_security_class
          from contracts indexed by contracts_listed where is_listed = 1
        )
        select starts.*, systems.system_id, systems.security, systems.region_id
        from starts cross join stations on station_id = start_location_id
          cross join systems using (system_id)`);
      return rows.map((row) => ({
        locationId: row.start_location_id,
        systemId: row.system_id,
        security: row.security,
        regionId: row.region_id,
        stored: { systemId: row.start_system_id, securityClass: row.start_security_class },
      }));
    },
  };
}
