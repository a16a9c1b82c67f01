import type { ContractType, ItemsStatus } from "./contract.ts";

/**
 * Numbers of listed contracts: all, those known to offer a ship, and those known to offer no ship.
 */
export type Tally = { all: number; ships: number; shipless: number };

/**
 * Counts of a region's listed contracts, for queries without further filters. They are stored
 * beside the rows and changed in the same batch, so that a total needs no scan.
 */
export type RegionCounts = {
  byType: Record<ContractType, Tally>;
  /** Of those, the contracts with an unknown system. */
  unknownSystemByType: Record<ContractType, Tally>;
  /** Contracts with items that were not fetched yet. */
  itemsPending: number;
};

/** The properties of one contract that are counted. */
export type Countable = {
  type: ContractType;
  /** Null until its items are known. */
  isShip: boolean | null;
  isSystemKnown: boolean;
  isPending: boolean;
};

/** The counted properties of a stored contract. */
export const countableOf = ({
  itemsStatus,
  ...rest
}: Omit<Countable, "isPending"> & { itemsStatus: ItemsStatus }): Countable => ({
  type: rest.type,
  isShip: rest.isShip,
  isSystemKnown: rest.isSystemKnown,
  isPending: itemsStatus === "pending",
});

const noTally = (): Tally => ({ all: 0, ships: 0, shipless: 0 });

const noTallies = (): Record<ContractType, Tally> => ({
  item_exchange: noTally(),
  auction: noTally(),
  courier: noTally(),
  loan: noTally(),
  unknown: noTally(),
});

export const noCounts = (): RegionCounts => ({
  byType: noTallies(),
  unknownSystemByType: noTallies(),
  itemsPending: 0,
});

function addTo(tally: Tally, { isShip }: Countable, times: number): void {
  tally.all += times;
  if (isShip === true) tally.ships += times;
  if (isShip === false) tally.shipless += times;
}

/** Adds a contract to the counts (`times` 1) or removes it (`times` -1), in place. */
export function count(counts: RegionCounts, contract: Countable, times: number): void {
  addTo(counts.byType[contract.type], contract, times);
  if (!contract.isSystemKnown) addTo(counts.unknownSystemByType[contract.type], contract, times);
  if (contract.isPending) counts.itemsPending += times;
}

export const countAll = (contracts: Iterable<Countable>): RegionCounts => {
  const counts = noCounts();
  for (const contract of contracts) count(counts, contract, 1);
  return counts;
};
