/** What tests of the sync begin with: the API, the cron that feeds it, and the time between. */
import { env } from "cloudflare:workers";

import type { SyncReport } from "../../src/domain/sync-report.ts";
import { anApi } from "./api.ts";
import { rowsOf } from "./database.ts";

export const listRoute = "/contracts/public/{region_id}";
export const itemsRoute = "/contracts/public/items/{contract_id}";
export const namesRoute = "/universe/names";

export const minuteMs = 60_000;

/** ESI makes a list again after half an hour, and is asked for it five seconds later. */
export const listMs = 1_805_000;

export async function aTickingApi(options: Parameters<typeof anApi>[0] = {}) {
  const api = await anApi(options);

  return {
    ...api,

    /** A tick when so much time has passed; when the next lists are due unless told. */
    async tickLater(ms: number = listMs): Promise<void> {
      api.clock.advance(ms);
      await api.tick();
    },

    /** The report of the last run that did anything. */
    async lastRun(): Promise<SyncReport & { trigger: string }> {
      const query = "select report from sync_runs order by run_id desc limit 1";
      const [row] = await rowsOf<{ report: string }>(env.DB, query);
      if (!row) throw new Error("There was no run.");
      return JSON.parse(row.report);
    },
  };
}

export type TickingApi = Awaited<ReturnType<typeof aTickingApi>>;
