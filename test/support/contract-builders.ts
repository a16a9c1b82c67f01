/** Builds contracts, items and types of the domain for tests: whole values, and what a test says of them. */
import type { PlacedContract } from "../../src/db/contracts/listing.ts";
import type { ContractItem, ItemType } from "../../src/domain/item.ts";

/** Noon of 2026-03-01, in epoch seconds. */
const issuedAt = 1_772_366_400;
const daySeconds = 86_400;

/** An item exchange in Jita that lasts four weeks, for 1,000,000 ISK. */
export function aPlacedContract(fields: Partial<PlacedContract> = {}): PlacedContract {
  return {
    contractId: 230_000_001,
    type: "item_exchange",
    title: null,
    price: 1_000_000,
    reward: 0,
    collateral: null,
    volume: 27_289,
    buyout: null,
    daysToComplete: null,
    dateIssued: issuedAt,
    dateExpired: issuedAt + 28 * daySeconds,
    forCorporation: false,
    issuerId: 2_112_000_001,
    issuerCorporationId: 98_000_001,
    startLocationId: 60_003_760,
    endLocationId: null,
    startSystemId: 30_000_142,
    startSecurityClass: "highsec",
    endSystemId: null,
    endSecurityClass: null,
    routeJumps: null,
    routeJumpsHighsec: null,
    ...fields,
  };
}

/** One Rifter, offered. */
export function aContractItem(fields: Partial<ContractItem> = {}): ContractItem {
  return {
    recordId: 5_000_000_001,
    typeId: rifter.typeId,
    quantity: 1,
    isIncluded: true,
    itemId: 1_040_000_000_001,
    isBlueprintCopy: false,
    runs: null,
    materialEfficiency: null,
    timeEfficiency: null,
    ...fields,
  };
}

export const rifter: ItemType = { typeId: 587, name: "Rifter", groupId: 25, categoryId: 6 };
export const ishtar: ItemType = { typeId: 12_005, name: "Ishtar", groupId: 358, categoryId: 6 };
export const rifterBlueprint: ItemType = {
  typeId: 691,
  name: "Rifter Blueprint",
  groupId: 105,
  categoryId: 9,
};
export const tritanium: ItemType = { typeId: 34, name: "Tritanium", groupId: 18, categoryId: 4 };
export const hobgoblin: ItemType = {
  typeId: 2456,
  name: "Hobgoblin II",
  groupId: 100,
  categoryId: 18,
};

const types = new Map(
  [rifter, ishtar, rifterBlueprint, tritanium, hobgoblin].map((type) => [type.typeId, type]),
);

export const typeOf = (typeId: number): ItemType | undefined => types.get(typeId);
