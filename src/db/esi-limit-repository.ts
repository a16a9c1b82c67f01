import { sql, type SQL } from "drizzle-orm";

import type { EsiLimit } from "../domain/esi-limit.ts";
import type { Database } from "./client.ts";
import { jsonRows } from "./d1.ts";

type LimitRow = {
  bucket: string;
  remaining: number | null;
  reset_at: number | null;
  held_until: number | null;
};

export const selectLimits = sql<LimitRow>`select bucket, remaining, reset_at, held_until from esi_limits`;

export const limitFromRow = (row: LimitRow): EsiLimit => ({
  bucket: row.bucket,
  remaining: row.remaining,
  resetAt: row.reset_at,
  heldUntil: row.held_until,
});

/** Keeps what answers said; of two holds the later one stands. */
const save = (limits: readonly EsiLimit[]): SQL => sql`
  insert into esi_limits (bucket, remaining, reset_at, held_until)
  select value ->> 'bucket', value ->> 'remaining', value ->> 'resetAt', value ->> 'heldUntil'
  from ${jsonRows(limits)}
  where true
  on conflict (bucket) do update set remaining = excluded.remaining, reset_at = excluded.reset_at,
    held_until = nullif(max(coalesce(held_until, 0), coalesce(excluded.held_until, 0)), 0)`;

export function createEsiLimitRepository(db: Database) {
  return {
    save,

    async all(): Promise<EsiLimit[]> {
      return (await db.all(selectLimits)).map(limitFromRow);
    },

    /** `save` for who writes nothing else. */
    async keep(limits: readonly EsiLimit[]): Promise<void> {
      await db.all(save(limits));
    },
  };
}

export type EsiLimitRepository = ReturnType<typeof createEsiLimitRepository>;
