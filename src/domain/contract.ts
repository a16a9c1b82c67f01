import type { EpochMs, EpochSeconds } from "../lib/time.ts";

export const contractTypes = ["item_exchange", "auction", "courier", "loan", "unknown"] as const;
export type ContractType = (typeof contractTypes)[number];

/** A number of each type. */
export type CountByType = Record<ContractType, number>;

export const countByType = (countOf: (type: ContractType) => number): CountByType => ({
  item_exchange: countOf("item_exchange"),
  auction: countOf("auction"),
  courier: countOf("courier"),
  loan: countOf("loan"),
  unknown: countOf("unknown"),
});

export const contractStatuses = ["outstanding", "expired", "gone"] as const;
export type ContractStatus = (typeof contractStatuses)[number];

export type ItemsStatus = "complete" | "pending" | "unavailable" | "none";

/** Item exchanges and auctions contain at least one item. Other types contain none. */
export const hasItems = (type: ContractType): boolean =>
  type === "item_exchange" || type === "auction";

/**
 * A contract as listed for its region. Fields that mean nothing for its type are null, whether ESI
 * leaves them out or sends a filler. Money is in ISK, volume in m³.
 */
export type ListedContract = {
  contractId: number;
  type: ContractType;
  /** The issuer's text, verbatim; null if it is empty. */
  title: string | null;
  price: number | null;
  reward: number | null;
  collateral: number | null;
  volume: number | null;
  buyout: number | null;
  daysToComplete: number | null;
  dateIssued: EpochSeconds;
  dateExpired: EpochSeconds;
  forCorporation: boolean;
  issuerId: number;
  issuerCorporationId: number;
  startLocationId: number | null;
  /** Couriers only. */
  endLocationId: number | null;
};

/** The fields of a stored contract that decide whether it is still available. */
export type Lifetime = { dateExpired: EpochSeconds; endedAt: EpochSeconds | null };

/**
 * `gone` means that a complete list of the region lacked the contract before it expired. ESI does
 * not say why. Every other status follows from the clock.
 */
export function contractStatus({ dateExpired, endedAt }: Lifetime, now: EpochMs): ContractStatus {
  if (endedAt !== null) return dateExpired > endedAt ? "gone" : "expired";
  return dateExpired * 1000 > now ? "outstanding" : "expired";
}
