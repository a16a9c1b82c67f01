/** Holds what is served against what is really outstanding. */
import type { World } from "../esi-stand-in/world.ts";
import { endOf } from "../esi-stand-in/world.ts";

const minuteMs = 60_000;

/** A list is remade every half hour, and is ours two minutes later. */
const lagMs = 32 * minuteMs;
const generationMs = 30 * minuteMs;
const itemsWithinMs = 10 * minuteMs;

export type Truthfulness = {
  /** Contracts that are really outstanding, and that we say are. */
  outstanding: number;
  served: number;
  /** Served though they ended longer ago than lists explain; not served though they came so long ago. */
  wronglyServed: number;
  missing: number;
  itemsPending: number;
  /** Without items for longer than ten minutes, though ESI did not refuse them. */
  itemsLate: number;
  itemsUnavailable: number;
  heldRegions: number;
};

type Deps = { db: D1Database; world: World };

type ServedRow = { contract_id: number; region_id: number };
type StateRow = { region_id: number; held_snapshot_at: number | null };
type ItemsRow = { pending: number; late: number; unavailable: number };

const all = async <Row>(db: D1Database, query: string, ...values: unknown[]): Promise<Row[]> => {
  const { results } = await db
    .prepare(query)
    .bind(...values)
    .all<Row>();
  return results;
};

export function createTruth({ db, world }: Deps) {
  async function itemsAt(at: Date): Promise<ItemsRow> {
    const [items] = await all<ItemsRow>(
      db,
      `select coalesce(sum(items_status = 'pending'), 0) as pending,
         coalesce(sum(items_status = 'pending' and first_seen_at < ?), 0) as late,
         coalesce(sum(items_status = 'unavailable'), 0) as unavailable
       from contracts where is_listed = 1 and date_expired > ?`,
      at.getTime() - itemsWithinMs,
      at.getTime() / 1000,
    );
    return items ?? { pending: 0, late: 0, unavailable: 0 };
  }

  return {
    /** Whether every region has a list, and every outstanding contract was asked for its items. */
    async isComplete(at: Date): Promise<boolean> {
      const [row] = await all<{ missing: number }>(
        db,
        `select (select count(*) from region_states where snapshot_at is null)
           + (select count(*) = 0 from region_states)
           + (select count(*) from contracts indexed by contracts_due_for_items
              where is_listed = 1 and items_due_at = 0 and date_expired > ?) as missing`,
        at.getTime() / 1000,
      );
      return row?.missing === 0;
    },

    async databaseBytes(): Promise<number> {
      const { meta } = await db.prepare("select 1").run();
      return meta.size_after;
    },

    async ended(): Promise<number> {
      const [row] = await all<{ many: number }>(
        db,
        "select count(*) as many from contracts where ended_at is not null",
      );
      return row?.many ?? 0;
    },

    /** @param isSettled - whether everything was there once: only then is anything missing. */
    async at(at: Date, isSettled: boolean): Promise<Truthfulness> {
      const served = await all<ServedRow>(
        db,
        "select contract_id, region_id from contracts where is_listed = 1 and date_expired > ?",
        at.getTime() / 1000,
      );
      const states = await all<StateRow>(
        db,
        "select region_id, held_snapshot_at from region_states where is_active = 1",
      );
      const servedIn = Map.groupBy(served, ({ region_id }) => region_id);
      const found = { outstanding: 0, wronglyServed: 0, missing: 0, heldRegions: 0 };
      for (const { region_id: regionId, held_snapshot_at: heldAt } of states) {
        const isHeld = heldAt !== null;
        const since = new Date(at.getTime() - lagMs - (isHeld ? generationMs : 0));
        const isServed = new Set(
          (servedIn.get(regionId) ?? []).map(({ contract_id }) => contract_id),
        );
        const outstanding = world.outstandingAt(regionId, at);
        const isOutstanding = new Set(outstanding);
        const wasOutstanding = new Set(world.outstandingAt(regionId, since));
        found.outstanding += outstanding.length;
        found.heldRegions += Number(isHeld);
        for (const id of isServed) {
          if (isOutstanding.has(id)) continue;
          const contract = world.contract(id);
          if (!contract || endOf(contract) < since.getTime()) found.wronglyServed += 1;
        }
        if (!isSettled) continue;
        found.missing += outstanding.filter(
          (id) => wasOutstanding.has(id) && !isServed.has(id),
        ).length;
      }
      const { pending, late, unavailable } = await itemsAt(at);
      return {
        ...found,
        served: served.length,
        itemsPending: pending,
        itemsLate: isSettled ? late : 0,
        itemsUnavailable: unavailable,
      };
    },
  };
}
