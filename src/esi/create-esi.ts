import type { EsiClient } from "./client.ts";
import type { Governor, GovernorOptions } from "./governor.ts";

/**
 * Makes an ESI client with its own governor. The governor keeps to a budget and to ESI's limits.
 */
export type CreateEsi = (options: Pick<GovernorOptions, "limits" | "maxRequests" | "deadline">) => {
  governor: Governor;
  esi: EsiClient;
};
