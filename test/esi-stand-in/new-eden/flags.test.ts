import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";

import { createApp } from "../../../src/app.ts";
import { universeStatements } from "../../../src/cli/universe/statements.ts";
import { flagCodes } from "../../../src/domain/flags/flag.ts";
import { committedExtract } from "../../support/committed-extract.ts";
import { createHarness, noon } from "../../support/harness.ts";
import { withoutTimers } from "../../support/timers.ts";
import { shippedUniverse } from "../shipped-universe.ts";
import { type MixName, mixes } from "./mix.ts";
import { createNewEden } from "./new-eden.ts";

type Answer = { meta: { total: number } };

/** The API over a whole New Eden that is synced, its items and prices included. */
async function synced(contracts: number, mix: MixName) {
  const statements = universeStatements(committedExtract, 0);
  await env.DB.batch(statements.map(({ sql }) => env.DB.prepare(sql)));
  const now = new Date(noon);
  const world = createNewEden({ universe: shippedUniverse(), seed: 1, contracts, now, mix });
  const settings = {
    PRICES_EVERY_HOURS: "6",
    ESI_REQUESTS_PER_SECOND: "1000",
    SYNC_RUN_QUERIES: "1000",
    SYNC_RUN_REQUESTS: "9000",
  };
  const harness = createHarness({ world, settings });
  // The first run asks for everything, the next ones value it by the market.
  for (let run = 0; run < 3; run += 1) {
    await harness.sync();
    harness.clock.advance(60_000);
  }
  const app = createApp(() => harness.container());
  /** How many contracts a search finds. */
  return async (query: string): Promise<number> => {
    const response = await app.request(`/v1/contracts?${query}`, {}, harness.env);
    return (await response.json<Answer>()).meta.total;
  };
}

beforeEach(withoutTimers);

beforeEach(() => {
  const spy = vi.spyOn(console, "info").mockImplementation(() => {});
  return () => spy.mockRestore();
});

/** What is common in New Eden; all else is rare. */
const most: Readonly<Record<string, number>> = {
  structure_access_unknown: 0.12,
  nullsec_location: 0.06,
  modules_with_hull: 0.1,
  zero_price: 0.03,
};

it.each<[MixName, number]>([
  ["real", 4_000],
  ["rich", 3_000],
])(
  "a %s New Eden of %d contracts has a few of each flag",
  async (mix, size) => {
    const total = await synced(size, mix);

    expect(await total("")).toBeGreaterThan(0.99 * size);
    for (const code of flagCodes) {
      const share = (await total(`flag=${code}`)) / size;
      expect(share, code).toBeGreaterThan(0);
      expect(share, code).toBeLessThan(most[code] ?? 0.012 * mixes[mix].schemes);
    }
  },
  120_000,
);
