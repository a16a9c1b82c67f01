import type { ContractType, ItemsStatus } from "./contract.ts";

/** How many listed contracts: all, those known to offer a ship, and those known to offer none. */
export type Tally = { all: number; ships: number; shipless: number };

/**
 * What of a region's listed contracts is asked for without further filters. Kept beside the rows and
 * changed in the same batch, so that a total costs no scan.
 */
export type RegionCounts = {
  byType: Record<ContractType, Tally>;
  /** Of those, the ones whose system nobody told us. */
  unknownSystemByType: Record<ContractType, Tally>;
  /** Contracts whose items were not fetched yet. */
  itemsPending: number;
};

/** What of one contract counts. */
export type Countable = {
  type: ContractType;
  /** Null until its items are known. */
  isShip: boolean | null;
  isSystemKnown: boolean;
  isPending: boolean;
};

/** What counts of a contract that is stored. */
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

/** Counts a contract in (`times` 1) or out (`times` -1), in place. */
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
