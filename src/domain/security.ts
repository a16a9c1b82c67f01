import { isWormholeRegion } from "./region.ts";

export const securityClasses = ["highsec", "lowsec", "nullsec", "wormhole"] as const;
export type SecurityClass = (typeof securityClasses)[number];

/**
 * The class of a system by its true security status. The game treats 0.45 as 0.5 (CCP's developer
 * documentation, "System security").
 */
export function securityClass(security: number, regionId: number): SecurityClass {
  if (isWormholeRegion(regionId)) return "wormhole";
  if (security >= 0.45) return "highsec";
  return security > 0 ? "lowsec" : "nullsec";
}

/**
 * The security status as the game shows it: one decimal, rounded half up. A tiny value above zero
 * shows as 0.1.
 */
export function displayedSecurity(security: number): number {
  if (security > 0 && security < 0.05) return 0.1;
  // Rounding -0.04 gives -0. Adding zero turns it into 0.
  return Math.round(security * 10) / 10 + 0;
}
