import { isWormholeRegion } from "./region.ts";

export const securityClasses = ["highsec", "lowsec", "nullsec", "wormhole"] as const;
export type SecurityClass = (typeof securityClasses)[number];

/**
 * The class of a system, by its true security status: the game treats 0.45 as 0.5
 * (CCP's developer documentation, "System security").
 */
export function securityClass(security: number, regionId: number): SecurityClass {
  if (isWormholeRegion(regionId)) return "wormhole";
  if (security >= 0.45) return "highsec";
  return security > 0 ? "lowsec" : "nullsec";
}

/** The security status as the game shows it: one decimal, half up; a trace above zero shows 0.1. */
export function displayedSecurity(security: number): number {
  if (security > 0 && security < 0.05) return 0.1;
  // Adding zero turns the -0 that rounding makes of -0.04 into 0.
  return Math.round(security * 10) / 10 + 0;
}
