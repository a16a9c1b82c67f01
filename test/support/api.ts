/** The API as a caller meets it: the real app over the stand-in for ESI. */
import { onTestFinished, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import type { Container } from "../../src/container.ts";
import type { AnswerStore } from "../../src/http/answer-cache.ts";
import { type ContractPlan, createWorld, type HandMadeWorld } from "../esi-stand-in/hand-made.ts";
import { createMarket, type Market } from "../esi-stand-in/market.ts";
import { smallUniverse } from "../esi-stand-in/small-universe.ts";
import type { Universe } from "../esi-stand-in/universe.ts";
import { createClock, createHarness } from "./harness.ts";
import { meteredD1 } from "./metered-d1.ts";
import { loadTestUniverse } from "./universe.ts";

type HarnessOptions = Parameters<typeof createHarness<HandMadeWorld>>[0];

type ApiOptions = Omit<HarnessOptions, "world"> & {
  contracts?: readonly ContractPlan[];
  names?: Readonly<Record<number, string | null>>;
  /** What ESI knows: the small universe, which D1 has too, unless told. */
  universe?: Universe;
  /** Nobody trades unless told. */
  market?: Market;
  /** Where the app keeps answers: nowhere unless told. */
  answerStore?: AnswerStore;
  /** Those that are synced: The Forge unless told. */
  regionIds?: readonly number[];
};

export type Api = Awaited<ReturnType<typeof anApi>>;

export const theForge = 10_000_002;
export const heimatar = 10_000_030;
export const domain = 10_000_043;

/** The id of the first contract of a world, if it is given none. */
export const firstContract = 230_000_001;

/** What the app writes to its log from now on, line by line. */
function captureLog() {
  const lines: string[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    const spy = vi.spyOn(console, level).mockImplementation((line: string) => {
      lines.push(line);
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}

/** An API over a world of these contracts, all issued a day ago. Its sync has not run yet. */
export async function anApi({
  contracts = [],
  names = {},
  universe = smallUniverse,
  market = createMarket({}),
  regionIds = [theForge],
  clock = createClock(),
  settings = {},
  answerStore,
  ...options
}: ApiOptions = {}) {
  const world = createWorld({ at: clock.date(), contracts, names, universe, market });
  const harness = createHarness({
    phase: () => 0,
    ...options,
    world,
    clock,
    settings: { SYNC_REGION_IDS: regionIds.join(","), ...settings },
  });
  const meter = meteredD1(harness.env.DB);
  harness.env.DB = meter.db;
  await loadTestUniverse();
  const logged = captureLog();

  const appWith = (containerFor: () => Container) => {
    const app = createApp(containerFor, { answerStore: () => answerStore });
    return async (path: string, init: RequestInit = {}): Promise<Response> =>
      app.request(path, init, harness.env);
  };
  const request = appWith(() => harness.container());

  return {
    ...harness,
    world,
    meter,
    /** The lines of the log so far. */
    logged,
    request,
    get: (path: string, headers: Record<string, string> = {}) => request(path, { headers }),
    json: async <Body = unknown>(path: string): Promise<Body> => (await request(path)).json(),
    /** The same app with parts of the container replaced. */
    requestWith: (parts: Partial<Container>) =>
      appWith(() => ({ ...harness.container(), ...parts })),
  };
}

/** An API whose sync ran once, a minute ago. */
export async function aSyncedApi(options: ApiOptions = {}): Promise<Api> {
  const api = await anApi(options);
  await api.sync();
  api.clock.set(Math.floor(api.clock.now() / 1000) * 1000 + 60_000);
  return api;
}
