/**
 * An ESI that behaves: CCP's routes, headers, caching and limits as `esi.md` has them, over a world
 * that is known. It reads no clock and waits for nothing.
 */
import { type Answer, draftOf, failure, send } from "./answers.ts";
import type { Call } from "./call.ts";
import { createCounters } from "./counters.ts";
import type { Effect } from "./effects.ts";
import { type Fault, createFaults } from "./faults.ts";
import { type Renewal, createGenerations } from "./generations.ts";
import { createLimits } from "./limits.ts";
import { createManners } from "./manners.ts";
import { hashOf } from "./random.ts";
import { routeFor } from "./routes.ts";
import { type CacheSeconds, type Route, type Server, esiCacheSeconds } from "./server.ts";
import type { World } from "./world.ts";

export type StandInOptions<W extends World = World> = {
  world: W;
  now: () => Date;
  faults?: readonly Fault[];
  /** Overrides how long ESI caches what. */
  cacheSeconds?: Partial<CacheSeconds>;
  /** When lists are rebuilt: `lazy`, as ESI does, unless told. */
  renewal?: Renewal;
  /** How many seconds old a region's list is when it is first asked for; its own unless told. */
  phase?: (regionId: number) => number;
  /** For faults with a probability. */
  seed?: number;
  /** What each request waits for: nothing unless told. A benchmark may simulate a network here. */
  wait?: () => Promise<void>;
  /** Answers 400 to every violation; else only to a missing `User-Agent` or compatibility date. */
  isStrict?: boolean;
};

export type StandIn<W extends World = World> = ReturnType<typeof createStandIn<W>>;

/** The stand-in: `fetch` takes a request to any origin, and is given to the code under test. */
export function createStandIn<W extends World>(options: StandInOptions<W>) {
  const { world, now, seed = 1, isStrict = false } = options;
  const counters = createCounters();
  const faults = createFaults(seed, options.faults);
  const limits = createLimits(counters);
  const manners = createManners({ world, counters, isStrict });
  const server: Server = {
    world,
    generations: createGenerations({ renewal: options.renewal ?? "lazy", phase: options.phase }),
    cacheSeconds: { ...esiCacheSeconds, ...options.cacheSeconds },
    lists: new Map(),
  };
  let requestNumber = 0;

  async function respond(request: Request, route: Route, call: Call): Promise<Response> {
    const refusal = manners.refusalOf(call) ?? limits.refusalOf(route.bucket, call);
    const answer = refusal ?? (await answerTo(route, call, server, faults.effectsOn(call)));
    const draft = await draftOf(answer, request);
    const late = refusal ?? manners.refusalAfter(call, draft);
    const final = late === undefined ? draft : await draftOf(late, request);
    requestNumber += 1;
    return send(final, {
      now: call.at.getTime(),
      requestId: requestIdOf(seed, requestNumber),
      limitHeaders: limits.charge(route.bucket, call, final.status),
    });
  }

  async function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    counters.begun();
    let status = 0;
    const { route, params, url } = routeOf(request);
    try {
      request.signal.throwIfAborted();
      await options.wait?.();
      const call = await callOf(request, { route, params, url, at: now() });
      const response = await respond(request, route, call);
      ({ status } = response);
      return response;
    } finally {
      counters.answered(route.template, status);
      counters.ended();
    }
  }

  return { fetch, counters, faults, world };
}

function routeOf(request: Request) {
  const url = new URL(request.url);
  return { ...routeFor(request.method, url.pathname), url };
}

type Asked = { route: Route; params: Record<string, number>; url: URL; at: Date };

async function callOf(request: Request, { route, params, url, at }: Asked): Promise<Call> {
  const page = Number(url.searchParams.get("page") ?? 1);
  const isPost = route.method === "POST";
  const body: unknown = isPost ? await request.json().catch(() => undefined) : undefined;
  return { route: route.template, params, page, url, request, body, at };
}

async function answerTo(
  route: Route,
  call: Call,
  server: Server,
  effects: readonly Effect[],
): Promise<Answer> {
  const { region_id: regionId } = call.params;
  if (regionId !== undefined && effects.some((effect) => effect.renewsList))
    server.generations.renewList(regionId, call.at.getTime());

  const isPage = Number.isInteger(call.page) && call.page >= 1;
  const instead = effects.find((effect) => effect.instead !== undefined)?.instead;
  let answer = isPage ? await instead?.(call) : failure(400, "page must be a positive integer.");
  answer ??= route.handle(call, server, effects);
  for (const effect of effects) answer = effect.alter?.(answer, call) ?? answer;
  return answer;
}

/** Shaped like a UUID, and the same in every run. */
function requestIdOf(seed: number, requestNumber: number): string {
  const hex = [1, 2, 3, 4].map((part) => hashOf(seed, requestNumber, part).toString(16));
  const digits = hex.map((part) => part.padStart(8, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
