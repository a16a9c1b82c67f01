import { asksForSystem, type ContractFilters } from "./contract-query.ts";
import type { ContractType } from "./contract.ts";

/** Filters by which the regions' counts count. */
const counted: readonly string[] = [
  "statuses",
  "types",
  "regionIds",
  "isShip",
] satisfies (keyof ContractFilters)[];

const ofSystem: readonly string[] = [
  "systemIds",
  "securityClasses",
  "highsecIsland",
] satisfies (keyof ContractFilters)[];

/** Whether a query asks only for what is listed, and still for the taking. */
export const onlyOutstanding = ({ statuses }: ContractFilters): boolean =>
  statuses.length === 1 && statuses[0] === "outstanding";

/** Whether the regions' counts say how many contracts match. */
export const coveredByRegionCounts = (filters: ContractFilters): boolean =>
  onlyOutstanding(filters) && Object.keys(filters).every((name) => counted.includes(name));

/** Whether they say how many would match, if only somebody told us their system. */
const unknownSystemCoveredByRegionCounts = (filters: ContractFilters): boolean =>
  onlyOutstanding(filters) &&
  Object.keys(filters).every((name) => counted.includes(name) || ofSystem.includes(name));

/** Whether a search must count itself what it leaves out for want of a system. */
export const countsUnknownSystem = (filters: ContractFilters): boolean =>
  asksForSystem(filters) && !unknownSystemCoveredByRegionCounts(filters);

/**
 * The only type that can match filters on what other types do not have: if these are given, no
 * other type has to be looked at, not even to be counted.
 */
export function impliedType(filters: ContractFilters): ContractType | undefined {
  const { collateral, daysToComplete, routeJumps, rewardPerVolume, rewardPerJump, buyout } =
    filters;
  const ofCouriers = [collateral, daysToComplete, routeJumps, rewardPerVolume, rewardPerJump];
  if (ofCouriers.some((bounds) => bounds !== undefined)) return "courier";
  return buyout === undefined ? undefined : "auction";
}

/** The rarer types have indexes of their own. */
export const isSingleRareType = ({ types }: ContractFilters): boolean =>
  types?.length === 1 && types[0] !== "item_exchange";
