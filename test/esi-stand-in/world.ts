/** What ESI knows, told as functions of time: the truth that a copy of it can be held against. */
import type { Market } from "./market.ts";
import type { Universe } from "./universe.ts";
import { type BidRow, type ContractRow, type ItemRow, type NameRow, esiTime } from "./wire.ts";

export type WorldContract = {
  readonly regionId: number;
  /** As ESI sends it, except for an auction's dates: here they are true. */
  readonly row: ContractRow;
  readonly listedFrom: Date;
  /** When it was accepted or withdrawn; null if it runs out its time. */
  readonly delistedAt: Date | null;
  readonly items: () => readonly ItemRow[];
  readonly bidsAt: (at: Date) => readonly BidRow[];
};

export type World = {
  readonly universe: Universe;
  readonly market: Market;
  contract: (contractId: number) => WorldContract | undefined;
  /** The ids of the contracts that are really outstanding then, ascending. */
  outstandingAt: (regionId: number, at: Date) => readonly number[];
  /** The rows of a list made at that moment. */
  listAt: (regionId: number, at: Date) => ContractRow[];
  /** A character or a corporation. */
  nameOf: (id: number) => NameRow | undefined;
  /** The characters and corporations of exactly that name. */
  named: (name: string) => readonly NameRow[];
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How long an auction may say it has left. Two of these were seen: 2 hours and 15 days. */
const bucketsMs = [2, 8, 24, 72, 168, 360].map((hours) => hours * hourMs);

/** The end of a contract, whichever way it ends, in epoch milliseconds. */
export function endOf(contract: WorldContract): number {
  const expiry = Date.parse(contract.row.date_expired);
  return Math.min(expiry, contract.delistedAt?.getTime() ?? expiry);
}

export function isOutstanding(contract: WorldContract, at: Date): boolean {
  return contract.listedFrom.getTime() <= at.getTime() && at.getTime() < endOf(contract);
}

/**
 * A row as the list made at `listedAt` shows it. An auction's dates are coarse there, and its expiry
 * moves with each list: that list's time and a round span (esi.md section 3, 9 of 9 real auctions).
 */
export function rowAt(contract: WorldContract, listedAt: Date): ContractRow {
  const { row } = contract;
  if (row.type !== "auction") return row;

  const left = Date.parse(row.date_expired) - listedAt.getTime();
  const bucket = bucketsMs.find((span) => left <= span) ?? 15 * dayMs;
  return {
    ...row,
    date_expired: esiTime(listedAt.getTime() + bucket),
    date_issued: `${row.date_issued.slice(0, 10)}T00:00:00Z`,
  };
}

type Core = Omit<World, "listAt">;

export function createWorldFrom(core: Core): World {
  function listAt(regionId: number, at: Date): ContractRow[] {
    return core.outstandingAt(regionId, at).flatMap((id) => {
      const contract = core.contract(id);
      return contract === undefined ? [] : [rowAt(contract, at)];
    });
  }

  return { ...core, listAt };
}
