/** What the routes work with. */
import type { Answer } from "./answers.ts";
import type { Call } from "./call.ts";
import type { Effect } from "./effects.ts";
import type { Generations } from "./generations.ts";
import type { BucketGroup } from "./limits.ts";
import type { World } from "./world.ts";

/** How long ESI caches what, as in CCP's document of 2026-07-21. */
export const esiCacheSeconds = {
  lists: 1800,
  items: 3600,
  bids: 300,
  prices: 3600,
  orders: 300,
  status: 30,
};

export type CacheSeconds = typeof esiCacheSeconds;

export type Server = {
  readonly world: World;
  readonly generations: Generations;
  readonly cacheSeconds: CacheSeconds;
  /** The ids of each region's list as they were when it was made. */
  readonly lists: Map<number, { generatedAt: number; ids: readonly number[] }>;
};

export type Handler = (call: Call, server: Server, effects: readonly Effect[]) => Answer;

export type Route = {
  method: "GET" | "POST";
  /** As CCP's document names it: `/contracts/public/{region_id}`. */
  template: string;
  handle: Handler;
  /** Else the legacy error limit applies. */
  bucket?: BucketGroup;
};
