import { sql, type SQL } from "drizzle-orm";

import type { Reach } from "../../domain/stargates.ts";

/**
 * Jumps from a system as a table that SQLite looks into without reading a row: one character a system,
 * at the place that its id has among those of known space. `json_each` would cost a row for each of
 * five thousand systems, in each search.
 */
const firstSystemId = 30_000_000;
/**
 * The ids of known space have no gaps so far. The few systems that came later are listed one by
 * one.
 */
const systemsInTable = 10_000;

/**
 * A space means that there is no way there. The characters after it mean 0 jumps, 1, 2 …, as far as
 * ASCII goes.
 */
const nowhere = 32;
/**
 * Systems that are farther are also listed one by one. New Eden is 94 jumps across, from E7-WSY to
 * 5-P1Y2.
 */
export const maxTableJumps = 126 - nowhere - 1;

/** A search asks in several places: of its filter, of what that leaves out, of its order. */
const written = new WeakMap<Reach, SQL>();

/** Jumps to a contract's start, an integer; null if there is no way there, or nobody knows where it is. */
export function jumpsToStart(reach: Reach): SQL {
  const known = written.get(reach) ?? jumpsIn(reach);
  written.set(reach, known);
  return known;
}

function jumpsIn(reach: Reach): SQL {
  const table = new Uint8Array(systemsInTable).fill(nowhere);
  const others: SQL[] = [];
  for (const [systemId, jumps] of reach.entries()) {
    const place = systemId - firstSystemId;
    if (place >= 0 && place < systemsInTable && jumps <= maxTableJumps) {
      table[place] = nowhere + 1 + jumps;
    } else others.push(sql.raw(`when ${systemId} then ${jumps}`));
  }
  const characters = new TextDecoder().decode(table).trimEnd();
  // A blob, in which SQLite finds a place at once; the subquery makes it once.
  const inTable = sql`nullif(
    unicode(cast(substr(
      (select cast(${characters} as blob)), contracts.start_system_id - ${sql.raw(String(firstSystemId - 1))}, 1
    ) as text)) - ${sql.raw(String(nowhere + 1))}, -1)`;
  if (others.length === 0) return inTable;
  return sql`case contracts.start_system_id ${sql.join(others, sql` `)} else ${inTable} end`;
}
