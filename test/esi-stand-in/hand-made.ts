/** Small worlds for tests, made by hand. */
import { type Market, createMarket } from "./market.ts";
import { nameFor } from "./names.ts";
import { smallUniverse } from "./small-universe.ts";
import type { Universe } from "./universe.ts";
import { type BidRow, type ContractRow, type ItemRow, type NameRow, esiTime } from "./wire.ts";
import { type World, type WorldContract, createWorldFrom, isOutstanding } from "./world.ts";

const dayMs = 86_400_000;

type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/** A contract to be; what it leaves out gets a sensible value, what it sets to undefined is absent. */
export type ContractPlan = Loose<ContractRow> & {
  region_id?: number;
  items?: readonly Loose<ItemRow>[];
  bids?: readonly BidRow[];
  /** When it is first outstanding; `date_issued` unless told. */
  listedFrom?: Date;
  delistedAt?: Date | null;
};

/** An item exchange for one Rifter in Jita, except for what is told. */
export function aContract(plan: ContractPlan = {}): ContractPlan {
  return plan;
}

/** One Rifter, offered. A requested item has no `item_id`, whatever is told. */
export function anItem(item: Loose<ItemRow> = {}): Loose<ItemRow> {
  return item;
}

/** A blueprint copy of a Rifter: one run, not researched. */
export function aBlueprintCopy(item: Loose<ItemRow> = {}): Loose<ItemRow> {
  return {
    is_blueprint_copy: true,
    material_efficiency: 0,
    runs: 1,
    time_efficiency: 0,
    type_id: 691,
    ...item,
  };
}

/** A blueprint original has levels, but neither a flag nor runs (rules.md 3). */
export function aBlueprintOriginal(item: Loose<ItemRow> = {}): Loose<ItemRow> {
  return { material_efficiency: 10, time_efficiency: 20, type_id: 691, ...item };
}

function withoutAbsent<T extends object>(value: Loose<T>): T {
  const present = Object.entries(value).filter(([, entry]) => entry !== undefined);
  // ESI sorts its keys. A test may leave out what is required: the row is then odd, as it asked.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields are those of T
  return Object.fromEntries(present.toSorted(([a], [b]) => (a < b ? -1 : 1))) as T;
}

/** Each type has fillers of its own (esi.md section 3, "Contract semantics"). */
function fillersOf(type: ContractRow["type"]): Partial<ContractRow> {
  if (type === "courier") {
    const endLocationId = 60_008_494;
    return {
      collateral: 100_000_000,
      days_to_complete: 3,
      end_location_id: endLocationId,
      price: 0,
      reward: 5_000_000,
    };
  }
  const common = { days_to_complete: 0, price: 1_000_000, reward: 0 };
  return type === "auction" ? { ...common, buyout: 0 } : { ...common, collateral: 0 };
}

function completeRow(plan: Loose<ContractRow>, contractId: number, at: Date): ContractRow {
  const type = plan.type ?? "item_exchange";
  const issued = plan.date_issued === undefined ? at.getTime() : Date.parse(plan.date_issued);
  const start = "start_location_id" in plan ? plan.start_location_id : 60_003_760;
  return withoutAbsent<ContractRow>({
    contract_id: contractId,
    date_expired: esiTime(issued + (type === "auction" ? 14 : 28) * dayMs),
    date_issued: esiTime(issued),
    end_location_id: start,
    issuer_corporation_id: 98_000_001,
    issuer_id: 2_112_000_001,
    start_location_id: start,
    title: "",
    type,
    volume: 27_289,
    ...fillersOf(type),
    ...plan,
  });
}

function completeItems(plan: ContractPlan, contractId: number): readonly ItemRow[] {
  const items = plan.items ?? (plan.type === "courier" ? [] : [anItem()]);
  return items.map((item, index) => {
    const isIncluded = item.is_included ?? true;
    return withoutAbsent<ItemRow>({
      is_included: isIncluded,
      item_id: isIncluded ? 1_040_000_000_000 + contractId * 100 + index : undefined,
      quantity: 1,
      record_id: 5_000_000_000 + contractId * 10 + index,
      type_id: 587,
      ...item,
    });
  });
}

function completeContract(plan: ContractPlan, contractId: number, at: Date): WorldContract {
  const { region_id, items: _items, bids, listedFrom, delistedAt, ...fields } = plan;
  const row = completeRow({ ...fields, contract_id: contractId }, contractId, at);
  const items = completeItems(plan, contractId);
  return {
    regionId: region_id ?? 10_000_002,
    row,
    listedFrom: listedFrom ?? new Date(Date.parse(row.date_issued)),
    delistedAt: delistedAt ?? null,
    items: () => items,
    bidsAt: (time) => (bids ?? []).filter((bid) => Date.parse(bid.date_bid) <= time.getTime()),
  };
}

export type HandMadeOptions = {
  /** The moment it is made: a contract without a date is issued a day before. */
  at: Date;
  contracts?: readonly ContractPlan[];
  universe?: Universe;
  market?: Market;
  /** Ids that have another name than the one made for them, or none. */
  names?: Readonly<Record<number, string | null>>;
};

export type HandMadeWorld = ReturnType<typeof createWorld>;

/**
 * A world of the contracts told, over {@link smallUniverse} unless told. Contracts without an id get
 * ascending ones in the order they are told; issuers and corporations have made-up names.
 */
export function createWorld(options: HandMadeOptions) {
  const { at, universe = smallUniverse, market = createMarket({}), names = {} } = options;
  const contracts = new Map<number, WorldContract>();
  let nextId = 230_000_001;

  /** Adds a contract, issued at `issuedAt` if it has no date of its own, and tells its id. */
  function add(plan: ContractPlan, issuedAt: Date): number {
    const contractId = plan.contract_id ?? nextId;
    nextId = Math.max(nextId, contractId + 1);
    contracts.set(contractId, completeContract(plan, contractId, issuedAt));
    return contractId;
  }

  /** Accepted or withdrawn, at that moment. */
  function remove(contractId: number, delistedAt: Date): void {
    const contract = contracts.get(contractId);
    if (contract === undefined) throw new Error(`No contract ${contractId} to remove.`);
    contracts.set(contractId, { ...contract, delistedAt });
  }

  function nameOf(id: number): NameRow | undefined {
    const told = names[id];
    if (told !== undefined) return told === null ? undefined : { ...nameFor(id), name: told };
    const isKnown = [...contracts.values()].some(
      ({ row }) => row.issuer_id === id || row.issuer_corporation_id === id,
    );
    return isKnown ? nameFor(id) : undefined;
  }

  function named(name: string): NameRow[] {
    const told = Object.keys(names).map(Number);
    const issuers = [...contracts.values()].flatMap(({ row }) => [
      row.issuer_id,
      row.issuer_corporation_id,
    ]);
    const rows = [...new Set([...told, ...issuers])].map((id) => nameOf(id));
    return rows.filter((row) => row !== undefined).filter((row) => row.name === name);
  }

  const world: World = createWorldFrom({
    universe,
    market,
    contract: (contractId) => contracts.get(contractId),
    outstandingAt: (regionId, time) =>
      [...contracts.entries()]
        .filter(([, found]) => found.regionId === regionId && isOutstanding(found, time))
        .map(([id]) => id)
        .toSorted((a, b) => a - b),
    nameOf,
    named,
  });

  const dayBefore = new Date(at.getTime() - dayMs);
  const ids = (options.contracts ?? []).map((plan) => add(plan, dayBefore));
  return { ...world, add, remove, ids };
}
