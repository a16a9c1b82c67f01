import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { ContractStatus, ContractType } from "./contract.ts";
import type { SecurityClass } from "./security.ts";

/** Inclusive; a value that is unknown is within no bounds. */
export type Bounds = { min?: number; max?: number };

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
  issuerIds?: readonly number[];
  issuerCorporationIds?: readonly number[];

  isShip?: boolean;
  wantsItems?: boolean;
  isSingleItem?: boolean;
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
  issuedAfter?: EpochSeconds;
  expiresBefore?: EpochSeconds;
  firstSeenAfter?: EpochMs;
};

/** Whether contracts whose system nobody told us are left out. */
export const asksForSystem = ({ systemIds, securityClasses }: ContractFilters): boolean =>
  systemIds !== undefined || securityClasses !== undefined;

/** Filters that are a range. */
export const boundedFilters = [
  "price",
  "reward",
  "collateral",
  "volume",
  "buyout",
  "daysToComplete",
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
  "label",
] as const;
export type ContractSortKey = (typeof contractSortKeys)[number];

/** Unknown comes last either way; ties go by contract id in the same direction. */
export type ContractSort = { key: ContractSortKey; isDescending: boolean };

/** Where a page ended: the sort key of its last contract, null where that is unknown, and its id. */
export type ContractPosition = { value: number | string | null; contractId: number };

export type ContractQuery = {
  filters: ContractFilters;
  sort: ContractSort;
  limit: number;
  after: ContractPosition | null;
};
