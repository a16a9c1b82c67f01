/**
 * The simulation as a Worker of its own, for `npm run simulate`. Each tick is a request, as each run of
 * the cron is an invocation: workerd grants an invocation so many timers.
 */
import { createLivingNewEden } from "../esi-stand-in/new-eden/living.ts";
import { shippedUniverse } from "../esi-stand-in/shipped-universe.ts";
import { profiles } from "./profiles.ts";
import { createSimulation, type Simulation } from "./simulation.ts";

/** Any day: nothing depends on it. */
const startsAt = new Date("2026-03-02T00:00:00Z");

/** A part of The Forge's 400,000: a page a thousand, so that a book takes 60 requests. */
const marketOrders = 60_000;

let simulation: Simulation | undefined;

function start(env: Env, parameters: URLSearchParams): Simulation {
  const profile = profiles[parameters.get("profile") === "free" ? "free" : "paid"];
  const [hours, seed] = [Number(parameters.get("hours")), Number(parameters.get("seed"))];
  const { settings, contracts, newPerDay } = profile;
  const universe = shippedUniverse();
  const options = { universe, seed, startsAt, contracts, newPerDay, orders: marketOrders };
  const world = createLivingNewEden(options);
  const bindings = { ...env, ...settings };
  return createSimulation({ env: bindings, world, startsAt, hours, faultShare: 0.02, seed });
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/start":
        simulation = start(env, searchParams);
        return new Response(null, { status: 204 });
      case "/tick":
        return Response.json(await simulation?.tick());
      case "/outcome":
        return Response.json(await simulation?.outcome());
      default:
        return new Response(null, { status: 204 });
    }
  },
} satisfies ExportedHandler<Env>;
