/** Hangar Bay over the stand-in for ESI, with a clock that tests set. */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { createContainer, type Ports } from "../../src/container.ts";
import type { SyncReport } from "../../src/domain/sync-report.ts";
import { createBidsGate } from "../../src/esi/bids-gate.ts";
import { runScheduled } from "../../src/scheduled.ts";
import { createStandIn, type StandInOptions } from "../esi-stand-in/stand-in.ts";
import type { World } from "../esi-stand-in/world.ts";

export const testEnv: Env = {
  ...env,
  ESI_BASE_URL: "https://esi.test",
  ESI_USER_AGENT: "HangarBay/test (tests@hangar-bay.test)",
  ADMIN_TOKEN: "a-token-for-tests-only",
  // What tests ask of ESI is theirs: those about prices turn them on.
  PRICES_EVERY_HOURS: "0",
};

/** A moment outside ESI's downtime. */
export const noon = Date.parse("2026-03-01T12:00:00Z");

export function createClock(start: number = noon) {
  let time = start;
  return {
    now: () => time,
    date: () => new Date(time),
    /** Sleeping takes no time but the clock's. */
    sleep: async (ms: number) => {
      time += ms;
    },
    advance: (ms: number) => {
      time += ms;
    },
    set: (ms: number) => {
      time = ms;
    },
  };
}

export type Clock = ReturnType<typeof createClock>;

type HarnessOptions<W extends World> = Omit<StandInOptions<W>, "now"> & {
  clock?: Clock;
  settings?: Omit<Partial<Env>, "DB" | "ESI">;
  ports?: Partial<Ports>;
};

export function createHarness<W extends World>({
  clock = createClock(),
  settings = {},
  ports = {},
  ...standInOptions
}: HarnessOptions<W>) {
  const esi = createStandIn({ ...standInOptions, now: clock.date });
  const purged: string[][] = [];
  const bidsGate = createBidsGate();
  const harnessEnv: Env = { ...testEnv, ...settings };
  let changes: Omit<Partial<Env>, "DB" | "ESI"> = {};
  const container = (overrides: Partial<Ports> = {}) =>
    createContainer(
      { ...harnessEnv, ...changes },
      {
        fetch: (input, init) => esi.fetch(input instanceof Request ? input : String(input), init),
        now: clock.now,
        sleep: clock.sleep,
        bidsGate,
        purge: async (tags) => void purged.push([...tags]),
        ...ports,
        ...overrides,
      },
    );

  return {
    clock,
    esi,
    /** The bindings: another `DB` here is the one that is used from then on. */
    env: harnessEnv,
    purged,
    container,
    /** Other settings from here on, as after a deployment. */
    configure(more: Omit<Partial<Env>, "DB" | "ESI">): void {
      changes = { ...changes, ...more };
    },
    /** One tick of the cron, through the `scheduled` handler. */
    async tick(): Promise<void> {
      const controller = createScheduledController({
        cron: "* * * * *",
        scheduledTime: clock.date(),
      });
      await runScheduled(controller, container);
    },
    /** One run of the sync, with its report. */
    sync: (regionIds?: readonly number[]): Promise<SyncReport> =>
      container().sync.run("cron", regionIds),
  };
}
