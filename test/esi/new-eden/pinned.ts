/** A world that must come out the same in every engine, on every machine. */
import { createAsk } from "../asking.ts";
import { smallUniverse } from "../small-universe.ts";
import { createStandIn } from "../stand-in.ts";
import { createNewEden } from "./new-eden.ts";

/** Changes with the generator, and with nothing else. */
export const pinnedEtag = '"d2dff684b3d76bdf041c638624bb442c85dd10bc8ada92d431d8c27d"';

export async function etagOfPinnedWorld(): Promise<string | null> {
  const now = new Date("2041-03-05T09:00:00Z");
  const world = createNewEden({ universe: smallUniverse, seed: 1, contracts: 500, now });
  const ask = createAsk(createStandIn({ world, now: () => now, phase: () => 0 }));
  return (await ask("/contracts/public/10000002")).headers.get("etag");
}
