import type { Stargates } from "./stargates.ts";

/** How far a courier flies; null where an end is unknown, or there is no such way. */
export type CourierRoute = { routeJumps: number | null; routeJumpsHighsec: number | null };

export const noRoute: CourierRoute = { routeJumps: null, routeJumpsHighsec: null };

export function courierRoute(
  stargates: Pick<Stargates, "jumps">,
  startSystemId: number | null,
  endSystemId: number | null,
): CourierRoute {
  if (startSystemId === null || endSystemId === null) return noRoute;
  return {
    routeJumps: stargates.jumps(startSystemId, endSystemId, "shortest"),
    routeJumpsHighsec: stargates.jumps(startSystemId, endSystemId, "highsec"),
  };
}
