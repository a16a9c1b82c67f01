import type { EsiClient } from "./client.ts";
import type { Governor, GovernorOptions } from "./governor.ts";

/** Makes a client of ESI with a governor of its own, which keeps to a budget and to ESI's limits. */
export type CreateEsi = (options: Pick<GovernorOptions, "limits" | "maxRequests" | "deadline">) => {
  governor: Governor;
  esi: EsiClient;
};
