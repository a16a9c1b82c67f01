/** The real rows of one page of The Forge's list, brought to life. */
import { createMarket } from "./market.ts";
import { nameFor } from "./names.ts";
import { smallUniverse } from "./small-universe.ts";
import type { Universe } from "./universe.ts";
import { type ContractRow, type ItemRow, type PriceRow, esiTime } from "./wire.ts";
import { type World, type WorldContract, createWorldFrom, isOutstanding } from "./world.ts";

export type RecordedOptions = {
  /** `contracts-10000002-2022-02.json`: rows of one list. */
  contracts: readonly ContractRow[];
  /** `contract-items-10000002-2025-09.json.gz`: item sets by contract id. */
  items: Readonly<Record<string, readonly ItemRow[]>>;
  /** `markets-prices-2022-02.json.gz`, where wanted. */
  prices?: readonly PriceRow[];
  /** When it is to be alive: the newest contract is issued a minute before. */
  now: Date;
  universe?: Universe;
};

const regionId = 10_000_002;

/**
 * No contract has both a row and items: they are of different days. The rule that pairs them is
 * fixed: the i-th row, by contract id, has the i-th item set, by its own contract id. All dates are
 * moved by one span, so that each contract keeps its age beside the others.
 */
export function createRecordedWorld(options: RecordedOptions): World {
  const { now, prices, universe = smallUniverse } = options;
  const rows = options.contracts.toSorted((a, b) => a.contract_id - b.contract_id);
  const sets = Object.entries(options.items)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, items]) => items);
  const newest = Math.max(...rows.map((row) => Date.parse(row.date_issued)));
  const span = Math.floor(now.getTime() / 1000) * 1000 - 60_000 - newest;
  const moved = (time: string) => esiTime(Date.parse(time) + span);

  const contracts = new Map<number, WorldContract>();
  for (const [index, recorded] of rows.entries()) {
    const row: ContractRow = {
      ...recorded,
      date_expired: moved(recorded.date_expired),
      date_issued: moved(recorded.date_issued),
    };
    contracts.set(row.contract_id, {
      regionId,
      row,
      listedFrom: new Date(row.date_issued),
      delistedAt: null,
      items: () => sets[index] ?? [],
      bidsAt: () => [],
    });
  }

  const names = rows.flatMap((row) => [row.issuer_id, row.issuer_corporation_id]);
  const known = new Map([...new Set(names)].map((id) => [id, nameFor(id)]));
  return createWorldFrom({
    universe,
    market: createMarket(prices === undefined ? {} : { prices }),
    contract: (contractId) => contracts.get(contractId),
    outstandingAt: (region, at) =>
      [...contracts]
        .filter(([, contract]) => region === regionId && isOutstanding(contract, at))
        .map(([id]) => id),
    nameOf: (id) => known.get(id),
    named: (name) => [...known.values()].filter((row) => row.name === name),
  });
}
