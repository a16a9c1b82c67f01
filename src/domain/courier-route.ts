import type { SecurityClass } from "./security.ts";
import type { Stargates } from "./stargates.ts";

/** Where a courier ends. */
export type CourierEnd = { systemId: number; securityClass: SecurityClass };

/**
 * Where a courier ends, and how many jumps it takes. Null if an end is unknown, or if there is no
 * route.
 */
export type CourierRoute = {
  endSystemId: number | null;
  endSecurityClass: SecurityClass | null;
  routeJumps: number | null;
  routeJumpsHighsec: number | null;
};

export const noRoute: CourierRoute = {
  endSystemId: null,
  endSecurityClass: null,
  routeJumps: null,
  routeJumpsHighsec: null,
};

export function courierRoute(
  stargates: Pick<Stargates, "jumps">,
  startSystemId: number | null,
  end: CourierEnd | null,
): CourierRoute {
  if (!end) return noRoute;
  const { systemId: endSystemId, securityClass: endSecurityClass } = end;
  if (startSystemId === null) return { ...noRoute, endSystemId, endSecurityClass };
  return {
    endSystemId,
    endSecurityClass,
    routeJumps: stargates.jumps(startSystemId, endSystemId, "shortest"),
    routeJumpsHighsec: stargates.jumps(startSystemId, endSystemId, "highsec"),
  };
}
