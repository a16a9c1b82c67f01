import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { ContractStatus, ContractType } from "./contract.ts";
import type { FlagCode } from "./flags/flag.ts";
import type { LocationKind } from "./location.ts";
import type { SecurityClass } from "./security.ts";
import type { Reach } from "./stargates.ts";
import type { PriceConfidence } from "./valuation.ts";

/** Inclusive; a value that is unknown is within no bounds. */
export type Bounds = { min?: number; max?: number };

/** Flags, with the systems that are highsec islands, which one of them is about. */
export type FlagFilter = { codes: readonly FlagCode[]; islands: readonly number[] };

/** What a contract must be to match: all that is given, and of several values any one. */
export type ContractFilters = {
  types?: readonly ContractType[];
  /** Outstanding unless told. */
  statuses: readonly ContractStatus[];
  contractIds?: readonly number[];
  regionIds?: readonly number[];
  systemIds?: readonly number[];
  locationIds?: readonly number[];
  securityClasses?: readonly SecurityClass[];
  /** Whether it starts in highsec that no highsec way joins to the main body of highsec. */
  highsecIsland?: { isOne: boolean; islands: readonly number[] };
  startLocationKind?: LocationKind;
  /** Within so many jumps of a system, by a kind of route. */
  within?: { reach: Reach; maxJumps: number };
  issuerIds?: readonly number[];
  issuerCorporationIds?: readonly number[];

  isShip?: boolean;
  wantsItems?: boolean;
  isSingleItem?: boolean;
  /** With one of these flags, and without any of those. */
  flags?: FlagFilter;
  withoutFlags?: FlagFilter;
  /** Without the flags that are more severe than what was asked for. */
  maxSeverity?: FlagFilter;
  /** Whether every offered row has a price of the market. */
  isFullyPriced?: boolean;
  /** Of the least sure of its prices. */
  priceConfidences?: readonly PriceConfidence[];
  /** One and the same offered item satisfies all of these. */
  item?: ItemFilter;
  /** Title, or name of an offered type, holds it; letter case aside, literally. */
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

/** Whether contracts whose system nobody told us are left out. */
export const asksForSystem = ({
  systemIds,
  securityClasses,
  highsecIsland,
}: ContractFilters): boolean =>
  systemIds !== undefined || securityClasses !== undefined || highsecIsland !== undefined;

/** Filters that are a range. */
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

/** One thing that was asked for, and may be asked for no more. */
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

/** Unknown comes last either way; ties go by contract id in the same direction. */
export type ContractSort = { key: ContractSortKey; isDescending: boolean };

/** Where a page ended: the sort key of its last contract, null if that is unknown, and its id. */
export type ContractPosition = { value: number | string | null; contractId: number };

export type ContractQuery = {
  filters: ContractFilters;
  sort: ContractSort;
  /** From where `jumps` are counted, and by what kind of route; null if nobody asks. */
  reach: Reach | null;
  limit: number;
  after: ContractPosition | null;
};
