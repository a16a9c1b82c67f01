import { sql } from "drizzle-orm";

import type { DataVersion } from "../domain/data-version.ts";
import { displayedSecurity, type SecurityClass, securityClass } from "../domain/security.ts";
import type { Database } from "./client.ts";
import { jsonIds } from "./d1.ts";

export type RouteSystem = {
  systemId: number;
  name: string;
  /** As the game shows it. */
  security: number;
  securityClass: SecurityClass;
};

type VersionRow = { version: string; loaded_at: number };

const selectUniverse = sql<VersionRow>`select version, loaded_at from universe`;

const versionFromRow = (row: VersionRow | undefined): DataVersion => ({
  version: row?.version ?? "none",
  changedAt: row?.loaded_at ?? 0,
});

export function createRouteRepository(db: Database) {
  return {
    /** Of answers that depend on the universe alone. */
    async version(): Promise<DataVersion> {
      return versionFromRow(await db.first(selectUniverse));
    },

    /** Those of some systems that are known, in no order. */
    async named(
      systemIds: readonly number[],
    ): Promise<{ version: DataVersion; found: RouteSystem[] }> {
      const [[universe], rows] = await db.batch([
        selectUniverse,
        sql<{ system_id: number; name: string; security: number; region_id: number }>`
          select system_id, name, security, region_id from systems
          where system_id in ${jsonIds(systemIds)}`,
      ]);
      return {
        version: versionFromRow(universe),
        found: rows.map((row) => ({
          systemId: row.system_id,
          name: row.name,
          security: displayedSecurity(row.security),
          securityClass: securityClass(row.security, row.region_id),
        })),
      };
    },
  };
}

export type RouteRepository = ReturnType<typeof createRouteRepository>;
