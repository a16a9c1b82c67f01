import { type SQL, sql } from "drizzle-orm";

import type { CourierEnd, CourierRoute } from "../../domain/courier-route.ts";
import { type SecurityClass, securityClass } from "../../domain/security.ts";
import type { Database } from "../client.ts";
import { jsonRows } from "../d1.ts";

/** A courier with its ends, as far as they are known, and what is stored of them. */
export type StoredCourier = {
  contractId: number;
  regionId: number;
  startLocationId: number | null;
  endLocationId: number | null;
  startSystemId: number | null;
  end: CourierEnd | null;
  stored: CourierRoute;
};

type CourierRow = {
  contract_id: number;
  region_id: number;
  start_location_id: number | null;
  end_location_id: number | null;
  start_system_id: number | null;
  system_id: number | null;
  security: number | null;
  system_region_id: number | null;
  end_system_id: number | null;
  end_security_class: SecurityClass | null;
  route_jumps: number | null;
  route_jumps_highsec: number | null;
};

/** Couriers, their ends and the jumps between these. */
export function createCouriersRepository(db: Database) {
  return {
    /** Listed couriers from or to a location, or all, with where they start and end. */
    async couriers(locationId?: number): Promise<StoredCourier[]> {
      const atLocation =
        locationId === undefined
          ? sql`1`
          : sql`(start_location_id = ${locationId} or end_location_id = ${locationId})`;
      const rows = await db.all(sql<CourierRow>`
        select contract_id, contracts.region_id, start_location_id, end_location_id,
          starts.system_id as start_system_id, ends.system_id, systems.security,
          systems.region_id as system_region_id, end_system_id, end_security_class, route_jumps,
          route_jumps_highsec
        from contracts indexed by others_by_date_issued
        left join stations as starts on starts.station_id = start_location_id
        left join stations as ends on ends.station_id = end_location_id
        left join systems on systems.system_id = ends.system_id
        where is_listed = 1 and type <> 'item_exchange' and type = 'courier' and ${atLocation}`);
      return rows.map((row) => ({
        contractId: row.contract_id,
        regionId: row.region_id,
        startLocationId: row.start_location_id,
        endLocationId: row.end_location_id,
        startSystemId: row.start_system_id,
        end:
          row.system_id === null || row.security === null || row.system_region_id === null
            ? null
            : {
                systemId: row.system_id,
                securityClass: securityClass(row.security, row.system_region_id),
              },
        stored: {
          endSystemId: row.end_system_id,
          endSecurityClass: row.end_security_class,
          routeJumps: row.route_jumps,
          routeJumpsHighsec: row.route_jumps_highsec,
        },
      }));
    },

    reroute: (couriers: readonly (CourierRoute & { contractId: number })[]): SQL => sql`
      update contracts set end_system_id = courier.value ->> 'endSystemId',
        end_security_class = courier.value ->> 'endSecurityClass',
        route_jumps = courier.value ->> 'routeJumps',
        route_jumps_highsec = courier.value ->> 'routeJumpsHighsec'
      from ${jsonRows(couriers)} as courier
      where contract_id = courier.value ->> 'contractId'`,
  };
}
