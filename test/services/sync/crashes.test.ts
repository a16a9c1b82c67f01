/**
 * A run that dies at any await on D1 or ESI, before what it waits for has happened or after: the runs
 * after it must end with the database of one that never died, except for times and attempts.
 */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { domain, theForge } from "../../support/api.ts";
import { contentOf, expectConsistent, type Row, rowsOf } from "../../support/database.ts";
import { dyingSync, leaseMs } from "../../support/dying-sync.ts";
import { emptyDatabase } from "../../support/empty-database.ts";
import { aTickingApi, listMs, minuteMs, type TickingApi } from "../../support/ticking-api.ts";

/** Columns that say when, or how often, and those that count changes. */
const isOfItsOwn = (column: string) =>
  /(_at|_attempts|attempts)$/.test(column) || column === "version" || column === "resolve_at";

/** An auction's dates are those of the list that we happen to see. */
const isBlurred = (row: Row, column: string) =>
  row.type === "auction" && column.startsWith("date_");

const comparable = (rows: readonly Row[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([column]) => !isOfItsOwn(column) && !isBlurred(row, column)),
    ),
  );

/** All that is known, without when it became so. */
async function known() {
  const tables = {
    ...(await contentOf(env.DB)),
    region_states: await rowsOf(env.DB, "select * from region_states order by region_id"),
    sync_state: await rowsOf(
      env.DB,
      "select covered_regions, derived_by, unpurged_tags from sync_state",
    ),
  };
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [table, comparable(rows)]),
  );
}

const newStation = {
  stationId: 60_015_200,
  name: "Jita V - New Station",
  systemId: 30_000_142,
  typeId: 52_678,
};
const universe = {
  ...smallUniverse,
  stations: new Map([...smallUniverse.stations, [newStation.stationId, newStation]]),
};

/** Every kind of contract in two regions, one of them refused its items, and a station nobody knows. */
async function firstSync(): Promise<TickingApi> {
  return aTickingApi({
    universe,
    regionIds: [theForge, domain],
    settings: { RETENTION_DAYS: "1" },
    contracts: [
      aContract(),
      aContract({ items: [anItem(), anItem({ type_id: 34, quantity: 7 })] }),
      aContract({ type: "auction", title: "Under the hammer" }),
      aContract({ type: "courier", start_location_id: newStation.stationId }),
      aContract({ items: [anItem({ is_included: false })] }),
      // ESI tells of two items by one row, twice.
      aContract({ items: Array(2).fill(anItem({ record_id: 7, item_id: 70 })) }),
      aContract({ region_id: domain, issuer_id: 2_112_000_777 }),
      aContract({ region_id: domain, type: "courier" }),
    ],
  });
}

/** The same a day later: contracts came and went, and an old one is to be forgotten. */
async function laterSync(): Promise<TickingApi> {
  const scene = await firstSync();
  await scene.tick();
  const [first = 0, , auction = 0] = scene.world.ids;
  scene.world.remove(first, scene.clock.date());
  await scene.tickLater();
  scene.world.remove(auction, scene.clock.date());
  scene.world.add(aContract({ title: "New" }), scene.clock.date());
  scene.world.add(aContract({ region_id: domain, type: "auction" }), scene.clock.date());
  scene.clock.advance(86_400_000 + minuteMs);
  return scene;
}

/** Another region is synced from now on, and one no more. */
async function otherCoverage(): Promise<TickingApi> {
  const scene = await firstSync();
  await scene.tick();
  scene.configure({ SYNC_REGION_IDS: `${domain},10000030` });
  scene.clock.advance(listMs);
  return scene;
}

/** Runs until nothing is due. */
async function recover(scene: TickingApi): Promise<void> {
  scene.clock.advance(leaseMs);
  for (let run = 0; run < 10; run += 1) {
    if ((await scene.sync()).outcome === "idle") return;
    scene.clock.advance(minuteMs);
  }
  throw new Error("The sync found no end.");
}

async function settled(scene: TickingApi) {
  await recover(scene);
  scene.clock.advance(listMs);
  await recover(scene);
  await expectConsistent(env.DB);
  return known();
}

describe.each<[string, () => Promise<TickingApi>]>([
  ["the first run", firstSync],
  ["a run with changes, and something to forget", laterSync],
  ["a run with other regions to sync", otherCoverage],
])("%s", (_name, begin) => {
  it("may die at each of its awaits", async () => {
    const whole = await begin();
    const counting = dyingSync(whole);
    await counting.run();
    counting.end();
    const total = counting.awaits();
    const healthy = await settled(whole);
    let deaths = 0;

    for (let at = 1; at <= total; at += 1) {
      for (const isAfter of [false, true]) {
        await emptyDatabase();
        const scene = await begin();
        const doomed = dyingSync(scene, { at, isAfter });
        await doomed.run().catch(() => "dead");
        doomed.end();
        deaths += Number(doomed.isDead());
        await expectConsistent(env.DB);

        expect({ at, isAfter, ...(await settled(scene)) }).toEqual({ at, isAfter, ...healthy });
      }
    }

    expect(deaths).toBe(2 * total);
    expect(total).toBeGreaterThan(15);
  }, 120_000);

  it("may die again and again", async () => {
    const whole = await begin();
    await whole.sync();
    const healthy = await settled(whole);
    const death = fc.record({ at: fc.integer({ min: 1, max: 25 }), isAfter: fc.boolean() });

    await fc.assert(
      fc.asyncProperty(fc.array(death, { minLength: 2, maxLength: 5 }), async (deaths) => {
        await emptyDatabase();
        const scene = await begin();
        for (const each of deaths) {
          const doomed = dyingSync(scene, each);
          await doomed.run().catch(() => "dead");
          doomed.end();
          await expectConsistent(env.DB);
          scene.clock.advance(leaseMs);
        }

        expect(await settled(scene)).toEqual(healthy);
      }),
      { numRuns: 10 },
    );
  }, 120_000);
});
