import { sql, type SQL } from "drizzle-orm";

import type { EpochMs } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { jsonIds, jsonRows } from "./d1.ts";
import type { Unresolved } from "./universe-repository.ts";

export type UnresolvedName = Unresolved & { requestedAt: EpochMs };

export function createNameRepository(db: Database) {
  return {
    /** Makes characters and corporations that we do not know wait for ESI to be asked. */
    expect: (ids: readonly number[], at: EpochMs): SQL => sql`
      insert into names (id, requested_at, resolve_at)
      select value, ${at}, 0 from ${jsonRows(ids)}
      where true
      on conflict do nothing`,

    async toResolve(now: EpochMs, limit: number): Promise<UnresolvedName[]> {
      const rows = await db.all(sql<{ id: number; attempts: number; requested_at: number }>`
        select id, resolve_attempts as attempts, requested_at from names
        where resolve_at <= ${now} order by resolve_at limit ${limit}`);
      return rows.map(({ id, attempts, requested_at }) => ({
        id,
        attempts,
        requestedAt: requested_at,
      }));
    },

    resolve: (names: readonly { id: number; name: string }[]): SQL => sql`
      update names set name = resolved.value ->> 'name', resolve_at = null
      from ${jsonRows(names)} as resolved
      where id = resolved.value ->> 'id'`,

    postpone: (names: readonly (Unresolved & { resolveAt: EpochMs })[]): SQL => sql`
      update names set resolve_at = later.value ->> 'resolveAt', resolve_attempts = later.value ->> 'attempts'
      from ${jsonRows(names)} as later
      where id = later.value ->> 'id'`,

    /** Regions with listed contracts of these issuers, stored since an instant. */
    async regionsOfIssuers(ids: readonly number[], since: EpochMs): Promise<number[]> {
      const issuers = jsonIds(ids);
      const rows = await db.all(sql<{ region_id: number }>`
        select distinct region_id from contracts indexed by contracts_by_first_seen
        where is_listed = 1 and first_seen_at >= ${since}
          and (issuer_id in ${issuers} or issuer_corporation_id in ${issuers})`);
      return rows.map(({ region_id }) => region_id);
    },
  };
}

export type NameRepository = ReturnType<typeof createNameRepository>;
