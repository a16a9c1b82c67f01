import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";

import { rowsOf } from "../../src/cli/universe/extract.ts";
import { createDatabase } from "../../src/db/client.ts";
import { jsonIds } from "../../src/db/d1.ts";
import { jumpsToStart } from "../../src/db/search/jumps.ts";
import { routeKinds } from "../../src/domain/stargates.ts";
import { shippedStargates } from "../../src/universe/shipped-stargates.ts";
import { committedExtract } from "../support/committed-extract.ts";

const systemIds = rowsOf("systems", committedExtract.texts.systems).map(([id]) => Number(id));

describe("jumpsToStart", () => {
  // From E7-WSY it is 94 jumps to 5-P1Y2, more than a character can say. Manifest is of 2026.
  it.each([
    ["Jita", 30_000_142],
    ["E7-WSY", 30_001_909],
    ["5-P1Y2", 30_004_374],
    ["Manifest", 30_100_032],
    ["Zarzakh", 30_100_000],
  ])("says in SQL how far each system is from %s", async (_, originId) => {
    for (const kind of routeKinds) {
      const reach = shippedStargates.reach(originId, kind);

      const rows = await createDatabase(env.DB).all(sql<{ id: number; jumps: number | null }>`
        with contracts as (select value as start_system_id from ${jsonIds(systemIds)})
        select start_system_id as id, ${jumpsToStart(reach)} as jumps from contracts`);

      expect(rows.map(({ id, jumps }) => [id, jumps])).toEqual(
        systemIds.map((id) => [id, reach.jumpsTo(id)]),
      );
    }
  });
});
