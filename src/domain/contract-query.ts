import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { ContractStatus, ContractType } from "./contract.ts";
import type { FlagCode } from "./flags/flag.ts";
import type { LocationKind } from "./location.ts";
import type { SecurityClass } from "./security.ts";
import type { Reach } from "./stargates.ts";
import type { PriceConfidence } from "./valuation.ts";

/** Both ends are inclusive. An unknown value is never within bounds. */
export type Bounds = { min?: number; max?: number };

/** Flags, and the systems that are highsec islands. One of the flags needs those systems. */
export type FlagFilter = { codes: readonly FlagCode[]; islands: readonly number[] };

/**
 * What a contract must match. It must match every given filter. Within one filter, any of the
 * values is enough.
 */
export type ContractFilters = {
  types?: readonly ContractType[];
  /** Outstanding by default. */
  statuses: readonly ContractStatus[];
  contractIds?: readonly number[];
  regionIds?: readonly number[];
  systemIds?: readonly number[];
  locationIds?: readonly number[];
  securityClasses?: readonly SecurityClass[];
  /**
   * Whether the contract starts in a highsec system that has no highsec route to the main body of
   * highsec.
   */
  highsecIsland?: { isOne: boolean; islands: readonly number[] };
  startLocationKind?: LocationKind;
  /** At most this many jumps from a system, by a kind of route. */
  within?: { reach: Reach; maxJumps: number };
  issuerIds?: readonly number[];
  issuerCorporationIds?: readonly number[];

  isShip?: boolean;
  wantsItems?: boolean;
  isSingleItem?: boolean;
  /** The contract has one of `flags`, and none of `withoutFlags`. */
  flags?: FlagFilter;
  withoutFlags?: FlagFilter;
  /** Leaves out contracts with a flag that is more severe than the requested maximum. */
  maxSeverity?: FlagFilter;
  /** Whether every offered row has a market price. */
  isFullyPriced?: boolean;
  /** Filters by the confidence of the least certain price of the contract. */
  priceConfidences?: readonly PriceConfidence[];
  /** A single offered item must satisfy all of these. */
  item?: ItemFilter;
  /**
   * The title or the name of an offered type contains this text. The match is literal and ignores
   * letter case.
   */
  text?: string;

  price?: Bounds;
  reward?: Bounds;
  collateral?: Bounds;
  volume?: Bounds;
  buyout?: Bounds;
  daysToComplete?: Bounds;
  routeJumps?: Bounds;
  rewardPerVolume?: Bounds;
  rewardPerJump?: Bounds;
  valueSell?: Bounds;
  priceToValue?: Bounds;
  issuedAfter?: EpochSeconds;
  expiresBefore?: EpochSeconds;
  firstSeenAfter?: EpochMs;
};

/** Whether contracts with an unknown system are left out. */
export const asksForSystem = ({
  systemIds,
  securityClasses,
  highsecIsland,
}: ContractFilters): boolean =>
  systemIds !== undefined || securityClasses !== undefined || highsecIsland !== undefined;

/** Filters that take a range. */
export const boundedFilters = [
  "price",
  "reward",
  "collateral",
  "volume",
  "buyout",
  "daysToComplete",
  "routeJumps",
  "rewardPerVolume",
  "rewardPerJump",
  "valueSell",
  "priceToValue",
] as const;
export type BoundedFilter = (typeof boundedFilters)[number];
type BoundedItemFilter = "runs" | "materialEfficiency" | "timeEfficiency";

/** One part of a request that can be dropped from it. */
export type FilterName =
  | Exclude<keyof ContractFilters, "item" | BoundedFilter>
  | `${BoundedFilter}.${keyof Bounds}`
  | ItemFilterName;

export type ItemFilterName =
  | `item.${Exclude<keyof ItemFilter, BoundedItemFilter>}`
  | `item.${BoundedItemFilter}.${keyof Bounds}`;

export type ItemFilter = {
  typeIds?: readonly number[];
  groupIds?: readonly number[];
  categoryIds?: readonly number[];
  blueprint?: "copy" | "original";
  runs?: Bounds;
  materialEfficiency?: Bounds;
  timeEfficiency?: Bounds;
};

export const contractSortKeys = [
  "date_issued",
  "date_expired",
  "first_seen_at",
  "price",
  "reward",
  "collateral",
  "volume",
  "buyout",
  "days_to_complete",
  "reward_per_volume",
  "reward_per_jump",
  "route_jumps",
  "jumps",
  "value_sell",
  "price_to_value",
  "label",
] as const;
export type ContractSortKey = (typeof contractSortKeys)[number];

/**
 * Unknown values come last in both directions. Ties are sorted by contract id in the same
 * direction.
 */
export type ContractSort = { key: ContractSortKey; isDescending: boolean };

/**
 * Where a page ended: the sort key of its last contract (null if unknown), and the id of that
 * contract.
 */
export type ContractPosition = { value: number | string | null; contractId: number };

export type ContractQuery = {
  filters: ContractFilters;
  sort: ContractSort;
  /**
   * The system that `jumps` are counted from, and the kind of route. Null if the query does not ask
   * for jumps.
   */
  reach: Reach | null;
  limit: number;
  after: ContractPosition | null;
};
