import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { ContractStatus, ItemsStatus, ListedContract } from "./contract.ts";
import type { CourierRoute } from "./courier-route.ts";
import type { Flag } from "./flags/flag.ts";
import type { HullStanding } from "./hull-market.ts";
import type { LocationKind } from "./location.ts";
import type { Blueprint } from "./offer.ts";
import type { SecurityClass } from "./security.ts";
import type { PriceConfidence } from "./valuation.ts";

/** A place, as far as it is known. */
export type Location = {
  locationId: number | null;
  locationName: string | null;
  systemId: number | null;
  systemName: string | null;
  /** As the game shows it. */
  security: number | null;
  securityClass: SecurityClass | null;
  kind: LocationKind | null;
};

/** One entry of the item taxonomy. */
export type Named = { id: number; name: string | null };

/**
 * What a contract's items are worth by the price book, and what the contract asks for them. In ISK.
 */
export type Worth = {
  valueSell: number | null;
  valueBuy: number | null;
  /** Share of the offered rows that have a price; null if nothing is offered. */
  pricedRatio: number | null;
  requestedValue: number | null;
  /** The confidence of the least certain of these prices. Null if nothing offered has a price. */
  priceConfidence: PriceConfidence | null;
  pricedAt: EpochSeconds;
};

/** One contract as lists show it: everything except its items. */
export type ContractSummary = Omit<ListedContract, "startLocationId" | "endLocationId"> &
  Pick<CourierRoute, "routeJumps" | "routeJumpsHighsec"> & {
    status: ContractStatus;
    issuerName: string | null;
    issuerCorporationName: string | null;
    regionId: number;
    regionName: string | null;
    start: Location;
    /**
     * Highsec without a highsec route to the main body of highsec. Null if the system is unknown.
     */
    startIsHighsecIsland: boolean | null;
    /** Jumps from the origin system. Null if no origin was given, or if no route leads here. */
    jumps: number | null;
    /** Null except for couriers. */
    end: Location | null;
    /**
     * What it costs to take the contract, and the ratio of that cost to the value of its items.
     * Null if unknown.
     */
    cost: number | null;
    priceToValue: number | null;
    priceToPartialValue: number | null;
    /** ISK per m³ and ISK per jump. Null if a part is unknown or zero. */
    rewardPerVolume: number | null;
    rewardPerJump: number | null;

    itemsStatus: ItemsStatus;
    itemCount: number | null;
    requestedItemCount: number | null;
    label: string | null;
    primaryType: Named | null;
    primaryGroup: Named | null;
    primaryCategory: Named | null;
    isShip: boolean | null;
    hasBlueprintCopy: boolean | null;
    hasBlueprintOriginal: boolean | null;
    wantsItems: boolean | null;
    blueprint: Blueprint | null;

    worth: Worth | null;
    hull: HullStanding | null;
    flags: Flag[];

    firstSeenAt: EpochMs;
    /**
     * The last list that contained the contract. Null until the first list of its region is
     * complete.
     */
    lastSeenAt: EpochSeconds | null;
  };
