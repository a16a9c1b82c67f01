/**
 * The stand-in as a Worker, bound as `ESI` in the offline start: a New Eden that lives, by the real
 * clock. A restart finds the same world, further on.
 *
 * Under `/_stand-in/` it can be looked into and broken: `GET counters`, `DELETE counters`,
 * `POST faults` with one fault as JSON or a list of them, `DELETE faults`.
 */
import { isFaultKind } from "./fault-kinds.ts";
import type { Fault } from "./faults.ts";
import { createLivingNewEden } from "./new-eden/living.ts";
import { shippedUniverse } from "./shipped-universe.ts";
import { type StandIn, createStandIn } from "./stand-in.ts";

export type StandInEnv = {
  /** About how many contracts are outstanding; 3,000 unless told. */
  STAND_IN_CONTRACTS?: string;
  STAND_IN_SEED?: string;
  /** `rich` has ten times the ships and couriers, to show them; `real` unless told. */
  STAND_IN_MIX?: string;
  /** How many orders The Forge's market has; 6,000 unless told. */
  STAND_IN_ORDERS?: string;
};

/** Fixed, so that what is alive today follows from the seed alone. */
const epoch = new Date("2026-01-01T00:00:00Z");

/** As in The Forge, where about a sixth of what is listed is new each day [HB]. */
const newADay = 1 / 6;

let standIn: StandIn | undefined;

function standInFor(env: StandInEnv): StandIn {
  if (standIn !== undefined) return standIn;

  const seed = Number(env.STAND_IN_SEED ?? 1);
  const contracts = Number(env.STAND_IN_CONTRACTS ?? 3_000);
  const newPerDay = Math.max(1, Math.round(contracts * newADay));
  const universe = shippedUniverse();
  const mix = env.STAND_IN_MIX === "rich" ? "rich" : "real";
  const orders = Number(env.STAND_IN_ORDERS ?? 6_000);
  const size = { contracts, newPerDay, orders };
  const world = createLivingNewEden({ universe, seed, startsAt: epoch, mix, ...size });
  standIn = createStandIn({ world, now: () => new Date(), seed, renewal: "steady" });
  return standIn;
}

async function control(request: Request, { counters, faults }: StandIn): Promise<Response> {
  const what = `${request.method} ${new URL(request.url).pathname.replace("/_stand-in/", "")}`;
  if (what === "GET counters") return Response.json(counters);
  if (what === "DELETE counters") counters.reset();
  else if (what === "DELETE faults") faults.clear();
  else if (what === "POST faults") {
    const told: Fault | Fault[] = await request.json();
    const unknown = [told].flat().find(({ kind }) => !isFaultKind(kind));
    if (unknown !== undefined) return new Response(`No fault ${unknown.kind}.`, { status: 400 });
    for (const fault of [told].flat()) faults.add(fault);
  } else return new Response("No such control.", { status: 404 });
  return new Response(null, { status: 204 });
}

export default {
  fetch(request: Request, env: StandInEnv): Promise<Response> {
    const running = standInFor(env);
    const isControl = new URL(request.url).pathname.startsWith("/_stand-in/");
    return isControl ? control(request, running) : running.fetch(request);
  },
};
