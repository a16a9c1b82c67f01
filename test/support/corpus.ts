/** Puts a whole world into D1 as the sync would leave it, without asking anybody: for searches. */
import type { Database } from "../../src/db/client.ts";
import {
  type ContractRepository,
  createContractRepository,
} from "../../src/db/contracts/contract-repository.ts";
import type { PlacedContract } from "../../src/db/contracts/listing.ts";
import type { PricedValuation } from "../../src/db/contracts/valuations.ts";
import { createHullRepository } from "../../src/db/hull-repository.ts";
import { createRegionRepository } from "../../src/db/region-repository.ts";
import {
  createRowGroupRepository,
  groupsPerBatch,
} from "../../src/db/row-groups/row-group-repository.ts";
import { createSyncRepository } from "../../src/db/sync-repository.ts";
import { hasItems, type ListedContract } from "../../src/domain/contract.ts";
import { courierRoute, noRoute } from "../../src/domain/courier-route.ts";
import { itemFlags } from "../../src/domain/flags/item-flags.ts";
import { createTitleNames } from "../../src/domain/flags/title-names.ts";
import { type ContractItem, type ItemType, shipCategoryId } from "../../src/domain/item.ts";
import { isStation } from "../../src/domain/location.ts";
import { offerOf } from "../../src/domain/offer.ts";
import type { TypePrice } from "../../src/domain/price-book.ts";
import {
  type Countable,
  countAll,
  noCounts,
  type RegionCounts,
} from "../../src/domain/region-counts.ts";
import { securityClass } from "../../src/domain/security.ts";
import { priceOf, valuationOf } from "../../src/domain/valuation.ts";
import { parseContractRow } from "../../src/esi/contract-row.ts";
import { itemFromRow } from "../../src/esi/item-row.ts";
import { chunked } from "../../src/lib/chunked.ts";
import { shippedStargates } from "../../src/universe/shipped-stargates.ts";
import type { Universe } from "../esi-stand-in/universe.ts";
import type { ItemRow } from "../esi-stand-in/wire.ts";
import { rowAt, type World } from "../esi-stand-in/world.ts";

const contractsPerBatch = 2_000;

/** One contract to store. */
export type CorpusContract = {
  regionId: number;
  row: { contract_id: number; date_issued: string };
  /** Null: not fetched yet. */
  items: readonly ItemRow[] | null;
  /** ESI refused its items. */
  isUnavailable?: boolean;
  /** A list made then lacked it, in epoch seconds. */
  endedAt?: number | null;
  /** When it was stored, in epoch milliseconds; with all others unless told. */
  firstSeenAt?: number;
};

export function typeLookup(universe: Universe): (typeId: number) => ItemType | undefined {
  return (typeId) => {
    const type = universe.types.get(typeId);
    const group = type && universe.groups.get(type.groupId);
    return (
      type &&
      group && { typeId, name: type.name, groupId: group.groupId, categoryId: group.categoryId }
    );
  };
}

function place(contract: ListedContract, universe: Universe): PlacedContract {
  const systemOf = (locationId: number | null) => {
    const station =
      locationId !== null && isStation(locationId) ? universe.stations.get(locationId) : undefined;
    return station && universe.systems.get(station.systemId);
  };
  const system = systemOf(contract.startLocationId);
  const end = systemOf(contract.endLocationId);
  return {
    ...contract,
    startSystemId: system?.systemId ?? null,
    startSecurityClass: system ? securityClass(system.security, system.regionId) : null,
    ...(contract.type === "courier"
      ? courierRoute(
          shippedStargates,
          system?.systemId ?? null,
          end
            ? { systemId: end.systemId, securityClass: securityClass(end.security, end.regionId) }
            : null,
        )
      : noRoute),
  };
}

type Stored = Pick<CorpusContract, "regionId" | "isUnavailable" | "endedAt" | "firstSeenAt"> & {
  contract: PlacedContract;
  items: ContractItem[] | null;
};

function parsed({ row, items, ...rest }: CorpusContract, universe: Universe): Stored[] {
  const contract = parseContractRow(row);
  if (!contract) return [];
  return [{ ...rest, contract: place(contract, universe), items: items?.map(itemFromRow) ?? null }];
}

function* chunksOf(contracts: Iterable<CorpusContract>, universe: Universe): Iterable<Stored[]> {
  let chunk: Stored[] = [];
  for (const contract of contracts) {
    chunk.push(...parsed(contract, universe));
    if (chunk.length < contractsPerBatch) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

type Options = {
  universe: Universe;
  contracts: Iterable<CorpusContract>;
  /** The regions that are synced, whether or not they have contracts. */
  regionIds: readonly number[];
  /** When all lists were made and stored, in epoch milliseconds. */
  at: number;
  /** The price book that values them; none unless told. */
  prices?: ReadonlyMap<number, TypePrice> | undefined;
  onProgress?: (contracts: number) => void;
  /** Whether row groups stay out of date, as they are before the end of a run. */
  leavesRowGroups?: boolean;
};

/** A price book of averages: what a world says its types are worth. */
export const averagesOf = ({ market }: World): Map<number, TypePrice> =>
  new Map(
    market
      .prices()
      .map(({ type_id: typeId, average_price: average = null }) => [
        typeId,
        { sell: null, buy: null, average },
      ]),
  );

/** Stores contracts of several regions. Ids must not be stored yet. */
export async function insertCorpus(db: Database, options: Options): Promise<void> {
  const { universe, regionIds, at } = options;
  const repository = createContractRepository(db);
  const typeOf = typeLookup(universe);
  const names = createTitleNames(hullsOf(universe));
  const appraise = appraisalBy(options, typeOf);
  const countables = new Map<number, Countable[]>();
  let done = 0;

  for (const chunk of chunksOf(options.contracts, universe)) {
    const together = Map.groupBy(
      chunk,
      ({ regionId, firstSeenAt = at }) => `${regionId} ${firstSeenAt}`,
    );
    const offers = chunk.flatMap(({ contract: { contractId, title }, items }) =>
      items && items.length > 0
        ? [
            {
              contractId,
              items,
              offer: offerOf(items, typeOf),
              flags: itemFlags({ title, items, typeOf, names }),
              valuation: appraise(items),
            },
          ]
        : [],
    );
    const offerById = new Map(offers.map(({ contractId, offer }) => [contractId, offer]));
    await db.batch([
      ...[...together.values()].flatMap((stored) => {
        const [{ regionId, firstSeenAt = at } = { regionId: 0 }] = stored;
        return repository.insertListed(
          regionId,
          stored.map(({ contract }) => contract),
          firstSeenAt,
          [],
        );
      }),
      ...(offers.length > 0
        ? [...repository.storeItems(offers), ...repository.storeOffers(offers)]
        : []),
      ...endings(repository, chunk),
    ]);
    for (const { contract, regionId, isUnavailable = false, endedAt = null } of chunk) {
      if (endedAt !== null) continue;
      const offer = offerById.get(contract.contractId);
      const counted = countables.get(regionId) ?? [];
      countables.set(regionId, counted);
      counted.push({
        type: contract.type,
        isShip: offer?.isShip ?? null,
        isSystemKnown: contract.startSystemId !== null,
        isPending: hasItems(contract.type) && !offer && !isUnavailable,
      });
    }
    done += chunk.length;
    options.onProgress?.(done);
  }
  const counts = new Map([...countables].map(([id, all]) => [id, countAll(all)]));
  await storeRegions(db, regionIds, counts, at);
  const hulls = createHullRepository(db);
  const { listed } = await hulls.current();
  await db.batch(hulls.store(listed, []));
  if (!options.leavesRowGroups) await renewRowGroups(db);
}

/** Writes all row groups that are out of date, as a run does at its end. */
export async function renewRowGroups(db: Database): Promise<void> {
  const rowGroups = createRowGroupRepository(db);
  for (const groupIds of chunked(await rowGroups.outOfDate(), groupsPerBatch)) {
    await db.batch(rowGroups.renew(groupIds));
  }
}

const hullsOf = ({ types, groups }: Universe) =>
  [...types.values()]
    .filter(({ groupId }) => groups.get(groupId)?.categoryId === shipCategoryId)
    .map(({ typeId, name }) => ({ typeId, name, baseTypeId: null, isFaction: false }));

/** Values items by the book; by none, nothing is said of them. */
function appraisalBy(
  { prices, at }: Options,
  typeOf: (typeId: number) => ItemType | undefined,
): (items: readonly ContractItem[]) => PricedValuation | undefined {
  if (!prices) return () => undefined;
  return (items) => ({
    ...valuationOf(items, (item) =>
      priceOf(
        {
          isBlueprintCopy: item.isBlueprintCopy,
          isAbyssal: typeOf(item.typeId)?.name.startsWith("Abyssal ") ?? null,
        },
        prices.get(item.typeId),
      ),
    ),
    pricedAt: Math.floor(at / 1000),
  });
}

/** What ESI refused, and what ended, by the same queries that the sync uses. */
function endings(repository: ContractRepository, chunk: readonly Stored[]) {
  const idOf = ({ contract }: Stored) => contract.contractId;
  const refused = chunk.filter(({ isUnavailable }) => isUnavailable).map(idOf);
  const ended = Map.groupBy(
    chunk.filter(({ endedAt = null }) => endedAt !== null),
    ({ endedAt = null }) => endedAt,
  );
  return [
    repository.refuseItems(
      refused.map((contractId) => ({
        contractId,
        attempts: 1,
        dueAt: 2_000_000_000,
        itemsStatus: "unavailable",
      })),
    ),
    ...[...ended].flatMap(([endedAt, stored]) =>
      repository.unlist(stored.map(idOf), { endedAt, lastListedAt: (endedAt ?? 0) - 1_800 }),
    ),
  ];
}

async function storeRegions(
  db: Database,
  regionIds: readonly number[],
  counts: ReadonlyMap<number, RegionCounts>,
  at: number,
): Promise<void> {
  const regions = createRegionRepository(db);
  const sync = createSyncRepository(db);
  await db.batch([
    ...regions.cover(regionIds, at),
    ...regionIds.map((regionId) =>
      regions.accepted(
        regionId,
        { checkedAt: at, nextDueAt: at + 1_800_000 },
        {
          at: Math.floor(at / 1000),
          cacheSeconds: 1_800,
          changedAt: at,
          counts: counts.get(regionId) ?? noCounts(),
        },
      ),
    ),
    sync.bumpVersion(at),
  ]);
}

/** Everything that a world lists at a moment, one at a time: a million do not fit in memory. */
export function* contractsOf(
  world: World,
  regionIds: readonly number[],
  at: Date,
): Iterable<CorpusContract> {
  for (const regionId of regionIds) {
    for (const contractId of world.outstandingAt(regionId, at)) {
      const contract = world.contract(contractId);
      if (contract) yield { regionId, row: rowAt(contract, at), items: contract.items() };
    }
  }
}
