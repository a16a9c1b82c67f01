import { asksForSystem, type ContractFilters } from "./contract-query.ts";
import type { ContractType } from "./contract.ts";

/** Filters that the region counts support. */
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

/** Whether a query asks only for contracts that are listed and still available. */
export const onlyOutstanding = ({ statuses }: ContractFilters): boolean =>
  statuses.length === 1 && statuses[0] === "outstanding";

/** Whether the region counts give the number of matching contracts. */
export const coveredByRegionCounts = (filters: ContractFilters): boolean =>
  onlyOutstanding(filters) && Object.keys(filters).every((name) => counted.includes(name));

/**
 * Whether the region counts give the number of contracts that match except for their unknown
 * system.
 */
const unknownSystemCoveredByRegionCounts = (filters: ContractFilters): boolean =>
  onlyOutstanding(filters) &&
  Object.keys(filters).every((name) => counted.includes(name) || ofSystem.includes(name));

/**
 * Whether a search must itself count the contracts that it leaves out because their system is
 * unknown.
 */
export const countsUnknownSystem = (filters: ContractFilters): boolean =>
  asksForSystem(filters) && !unknownSystemCoveredByRegionCounts(filters);

/**
 * The only type that can match filters on fields that no other type has. If such a filter is given,
 * contracts of other types need not be read, not even to count them.
 */
export function impliedType(filters: ContractFilters): ContractType | undefined {
  const { collateral, daysToComplete, routeJumps, rewardPerVolume, rewardPerJump, buyout } =
    filters;
  const ofCouriers = [collateral, daysToComplete, routeJumps, rewardPerVolume, rewardPerJump];
  if (ofCouriers.some((bounds) => bounds !== undefined)) return "courier";
  return buyout === undefined ? undefined : "auction";
}

/** The rarer types have their own indexes. */
export const isSingleRareType = ({ types }: ContractFilters): boolean =>
  types?.length === 1 && types[0] !== "item_exchange";
