import { sql, type SQL } from "drizzle-orm";

import type { ContractType, ItemsStatus, ListedContract } from "../domain/contract.ts";
import type { CourierEnd, CourierRoute } from "../domain/courier-route.ts";
import { type ItemFlag, itemFlagCodes } from "../domain/flags/item-flags.ts";
import { folded } from "../domain/folded-text.ts";
import type { ContractItem, ItemType } from "../domain/item.ts";
import type { Offer } from "../domain/offer.ts";
import { type SecurityClass, securityClass } from "../domain/security.ts";
import type { PriceConfidence, Valuation } from "../domain/valuation.ts";
import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { chunksForJson, flagFromColumn, jsonIds, jsonRows } from "./d1.ts";
import type { ValuedUpTo } from "./price-repository.ts";
import type { StoredBlueprint, StoredType } from "./row-groups/columns.ts";
import { hasUnreadableFlags } from "./schema/unreadable.ts";
import {
  addDocuments,
  endedSearch,
  listedSearch,
  searchNames,
  searchTypeIds,
} from "./search/search-document.ts";
import type { KnownPlace } from "./universe-repository.ts";

/** What of a stored contract its region's list is held against, and counted by. */
export type StoredContract = {
  contractId: number;
  type: ContractType;
  dateExpired: EpochSeconds;
  isListed: boolean;
  isShip: boolean | null;
  isSystemKnown: boolean;
  itemsStatus: ItemsStatus;
};

/** A listed contract with the place its location is in. */
export type PlacedContract = ListedContract &
  CourierRoute & {
    startSystemId: number | null;
    startSecurityClass: SecurityClass | null;
  };

/** A contract whose items may be asked of ESI. */
export type ContractDue = Omit<StoredContract, "dateExpired" | "isListed"> & {
  regionId: number;
  title: string | null;
  attempts: number;
};

/** A contract to be judged by its title and its items. */
export type Unjudged = ContractItems & { regionId: number; title: string | null };

export type ContractItems = { contractId: number; items: readonly ContractItem[] };
/** What items are worth, by the price book of which time (epoch seconds). */
export type PricedValuation = Valuation & { pricedAt: EpochSeconds };

/** With a valuation where there is a price book: of a batch, all or none have one. */
export type ContractOffer = {
  contractId: number;
  offer: Offer;
  /** What its title and its items are flagged for. */
  flags?: readonly ItemFlag[];
  valuation?: PricedValuation | undefined;
};

/** A contract with its items, and what they were last worth. */
export type ValuedContract = {
  contractId: number;
  regionId: number;
  firstSeenAt: EpochMs;
  items: ContractItem[];
  valuation: Valuation;
};

/** A contract with its items, and with what they made of it when it was last derived. */
export type StoredOffer = StoredContract & {
  regionId: number;
  items: ContractItem[];
  /** Whether that is the same as this. */
  isOf: (offer: Offer, flags: readonly ItemFlag[]) => boolean;
  title: string | null;
};

/** A station from which contracts are listed, and where these are said to be. */
export type StartPlace = KnownPlace & {
  stored: { systemId: number | null; securityClass: SecurityClass | null };
};

/** ESI would not tell a contract's items. */
export type Refusal = {
  contractId: number;
  attempts: number;
  dueAt: EpochSeconds;
  itemsStatus: ItemsStatus;
};

/** A contract whose title is not folded yet. */
export type Unfolded = { contractId: number; regionId: number; title: string };

/** A courier with its ends, as far as they are known, and what is stored of them. */
export type StoredCourier = {
  contractId: number;
  regionId: number;
  startLocationId: number | null;
  endLocationId: number | null;
  startSystemId: number | null;
  end: CourierEnd | null;
  stored: CourierRoute;
};

type CourierRow = {
  contract_id: number;
  region_id: number;
  start_location_id: number | null;
  end_location_id: number | null;
  start_system_id: number | null;
  system_id: number | null;
  security: number | null;
  system_region_id: number | null;
  end_system_id: number | null;
  end_security_class: SecurityClass | null;
  route_jumps: number | null;
  route_jumps_highsec: number | null;
};

type StartPlaceRow = {
  start_location_id: number;
  start_system_id: number | null;
  start_security_class: SecurityClass | null;
  system_id: number;
  security: number;
  region_id: number;
};

type StoredRow = {
  contract_id: number;
  type: ContractType;
  date_expired: number;
  is_listed: number;
  is_ship: number | null;
  is_system_known: number;
  items_status: ItemsStatus;
};

type ValuedRow = ItemRow & {
  contract_id: number;
  region_id: number;
  first_seen_at: number;
  value_sell: number | null;
  value_buy: number | null;
  priced_count: number | null;
  requested_value: number | null;
  top_share: number | null;
  price_confidence: PriceConfidence | null;
};

type DueRow = StoredRow & { region_id: number; title: string | null; items_attempts: number };

const storedFromRow = (row: StoredRow): StoredContract => ({
  contractId: row.contract_id,
  type: row.type,
  dateExpired: row.date_expired,
  isListed: row.is_listed === 1,
  isShip: flagFromColumn(row.is_ship),
  isSystemKnown: row.is_system_known === 1,
  itemsStatus: row.items_status,
});

export type ItemRow = {
  record_id: number;
  type_id: number;
  quantity: number;
  is_included: number;
  item_id: number | null;
  is_blueprint_copy: number;
  runs: number | null;
  material_efficiency: number | null;
  time_efficiency: number | null;
  /** How many items the row stands for. */
  copies: number;
};

const itemFromRow = (row: ItemRow): ContractItem => ({
  recordId: row.record_id,
  typeId: row.type_id,
  quantity: row.quantity,
  isIncluded: row.is_included === 1,
  itemId: row.item_id,
  isBlueprintCopy: row.is_blueprint_copy === 1,
  runs: row.runs,
  materialEfficiency: row.material_efficiency,
  timeEfficiency: row.time_efficiency,
});

/** The items that a row stands for: one, but where ESI told of the same one more than once. */
export const itemsFromRow = (row: ItemRow): ContractItem[] =>
  Array.from({ length: row.copies }, () => itemFromRow(row));

/** What is stored of a contract's items: a row a record, which counts the items that it stands for. */
const itemRows = ({ contractId, items }: ContractItems) =>
  [...Map.groupBy(items, ({ recordId }) => recordId).values()].flatMap((alike) =>
    alike.slice(0, 1).map((item) => ({ contractId, ...item, copies: alike.length })),
  );

const storedColumns = sql`contract_id, type, date_expired, is_listed, is_ship,
  start_system_id is not null as is_system_known, items_status`;

export function createContractRepository(db: Database) {
  return {
    /** All that a region's latest list holds, read from one index. */
    async listedIn(regionId: number): Promise<StoredContract[]> {
      const rows = await db.all(sql<StoredRow>`
        select ${storedColumns} from contracts indexed by contracts_listed
        where is_listed = 1 and region_id = ${regionId}`);
      return rows.map(storedFromRow);
    },

    async byIds(contractIds: readonly number[]): Promise<StoredContract[]> {
      const rows = await db.all(sql<StoredRow>`
        select ${storedColumns} from contracts where contract_id in ${jsonIds(contractIds)}`);
      return rows.map(storedFromRow);
    },

    /**
     * Stores contracts that a list newly holds; those that were stored and ended before are listed
     * again, with all that is known of them.
     */
    list(
      regionId: number,
      contracts: readonly PlacedContract[],
      at: EpochMs,
      reappearing: readonly number[],
    ): SQL[] {
      const ids = contracts.map(({ contractId }) => contractId);
      return [
        ...(reappearing.length > 0
          ? [sql`delete from ended_search where rowid in ${jsonIds(reappearing)}`]
          : []),
        ...chunksForJson(contracts.map(withSearchTitle)).map((chunk) =>
          insertContracts(regionId, chunk, at),
        ),
        addDocuments(listedSearch, jsonIds(ids), sql`is_listed = 1`),
      ];
    },

    /**
     * Ends listed contracts that a list made at `endedAt` lacks, and the one before it held. Without
     * `endedAt` they are only listed no more: their region is no longer synced.
     */
    unlist: (
      contractIds: readonly number[],
      {
        endedAt,
        lastListedAt,
      }: { endedAt: EpochSeconds | null; lastListedAt: EpochSeconds | null },
    ): SQL[] => [
      addDocuments(endedSearch, jsonIds(contractIds), sql`is_listed = 1`),
      sql`delete from listed_search where rowid in ${jsonIds(contractIds)}`,
      sql`update contracts set is_listed = 0, ended_at = ${endedAt}, last_listed_at = ${lastListedAt},
          items_due_at = null,
          items_status = case items_status when 'pending' then 'unavailable' else items_status end
        where contract_id in ${jsonIds(contractIds)} and is_listed = 1`,
    ],

    /** Ends what was left of a region when it was no longer synced, and is not in its new list. */
    endLeftBehind: (regionId: number, endedAt: EpochSeconds): SQL => sql`
      update contracts indexed by contracts_left_behind set ended_at = ${endedAt}
      where is_listed = 0 and ended_at is null and region_id = ${regionId}`,

    move: (
      auctions: readonly {
        contractId: number;
        dateIssued: EpochSeconds;
        dateExpired: EpochSeconds;
      }[],
    ): SQL => sql`
      update contracts set date_issued = moved.value ->> 'dateIssued',
        date_expired = moved.value ->> 'dateExpired'
      from ${jsonRows(auctions)} as moved
      where contract_id = moved.value ->> 'contractId'`,

    /**
     * Contracts whose items were never asked for, the newest first; then those that ESI refused,
     * whose time has come again.
     */
    async dueForItems(now: EpochSeconds, limit: number): Promise<ContractDue[]> {
      const columns = sql`${storedColumns}, region_id, title, items_attempts`;
      const isDue = sql`is_listed = 1 and date_expired > ${now}`;
      const [fresh, again] = await db.batch([
        sql<DueRow>`
          select ${columns} from contracts indexed by contracts_due_for_items
          where ${isDue} and items_due_at = 0
          order by contract_id desc limit ${limit}`,
        sql<DueRow>`
          select ${columns} from contracts indexed by contracts_due_for_items
          where ${isDue} and items_due_at between 1 and ${now}
          order by items_due_at limit ${limit}`,
      ]);
      return [...fresh, ...again].slice(0, limit).map((row) => ({
        ...storedFromRow(row),
        regionId: row.region_id,
        title: row.title,
        attempts: row.items_attempts,
      }));
    },

    /** Stores contracts' items, once and for ever: items of one record must be alike in all. */
    storeItems: (contracts: readonly ContractItems[]): SQL[] =>
      chunksForJson(contracts.flatMap(itemRows)).map(insertItems),

    /** Items of these contracts, of those that have any. */
    async itemsOf(contractIds: readonly number[]): Promise<Map<number, ContractItem[]>> {
      const rows = await db.all(sql<ItemRow & { contract_id: number }>`
        select * from contract_items where contract_id in ${jsonIds(contractIds)}`);
      const found = new Map<number, ContractItem[]>();
      for (const row of rows) {
        const items = found.get(row.contract_id) ?? [];
        items.push(...itemsFromRow(row));
        found.set(row.contract_id, items);
      }
      return found;
    },

    /** Stores what contracts' items make of them. */
    storeOffers(contracts: readonly ContractOffer[]): SQL[] {
      const ids = jsonIds(contracts.map(({ contractId }) => contractId));
      return [
        sql`delete from listed_search where rowid in ${ids}`,
        sql`delete from ended_search where rowid in ${ids}`,
        ...chunksForJson(contracts.map(offerRow)).map(updateOffers),
        addDocuments(listedSearch, ids, sql`is_listed = 1`),
        addDocuments(endedSearch, ids, sql`is_listed = 0`),
      ];
    },

    /** Listed contracts that start at a location whose system nobody told us. */
    async unplacedAt(locationId: number): Promise<(StoredContract & { regionId: number })[]> {
      const rows = await db.all(sql<StoredRow & { region_id: number }>`
        select ${storedColumns}, region_id from contracts
        where is_listed = 1 and start_location_id = ${locationId} and start_system_id is null`);
      return rows.map((row) => ({ ...storedFromRow(row), regionId: row.region_id }));
    },

    /** The regions that list a contract from a location, or to it. */
    async regionsAt(locationId: number): Promise<number[]> {
      const rows = await db.all(sql<{ region_id: number }>`
        select region_id from contracts where is_listed = 1 and start_location_id = ${locationId}
        union
        select region_id from contracts indexed by others_by_date_issued
        where is_listed = 1 and type <> 'item_exchange' and type = 'courier'
          and end_location_id = ${locationId}`);
      return rows.map(({ region_id }) => region_id);
    },

    place: (locationId: number, systemId: number, securityOfSystem: SecurityClass): SQL => sql`
      update contracts set start_system_id = ${systemId}, start_security_class = ${securityOfSystem}
      where is_listed = 1 and start_location_id = ${locationId}
        and (start_system_id is not ${systemId} or start_security_class is not ${securityOfSystem})`,

    /** Listed couriers from or to a location, or all, with where they start and end. */
    async couriers(locationId?: number): Promise<StoredCourier[]> {
      const isThere =
        locationId === undefined
          ? sql`1`
          : sql`(start_location_id = ${locationId} or end_location_id = ${locationId})`;
      const rows = await db.all(sql<CourierRow>`
        select contract_id, contracts.region_id, start_location_id, end_location_id,
          starts.system_id as start_system_id, ends.system_id, systems.security,
          systems.region_id as system_region_id, end_system_id, end_security_class, route_jumps,
          route_jumps_highsec
        from contracts indexed by others_by_date_issued
        left join stations as starts on starts.station_id = start_location_id
        left join stations as ends on ends.station_id = end_location_id
        left join systems on systems.system_id = ends.system_id
        where is_listed = 1 and type <> 'item_exchange' and type = 'courier' and ${isThere}`);
      return rows.map((row) => ({
        contractId: row.contract_id,
        regionId: row.region_id,
        startLocationId: row.start_location_id,
        endLocationId: row.end_location_id,
        startSystemId: row.start_system_id,
        end:
          row.system_id === null || row.security === null || row.system_region_id === null
            ? null
            : {
                systemId: row.system_id,
                securityClass: securityClass(row.security, row.system_region_id),
              },
        stored: {
          endSystemId: row.end_system_id,
          endSecurityClass: row.end_security_class,
          routeJumps: row.route_jumps,
          routeJumpsHighsec: row.route_jumps_highsec,
        },
      }));
    },

    reroute: (couriers: readonly (CourierRoute & { contractId: number })[]): SQL => sql`
      update contracts set end_system_id = courier.value ->> 'endSystemId',
        end_security_class = courier.value ->> 'endSecurityClass',
        route_jumps = courier.value ->> 'routeJumps',
        route_jumps_highsec = courier.value ->> 'routeJumpsHighsec'
      from ${jsonRows(couriers)} as courier
      where contract_id = courier.value ->> 'contractId'`,

    /** Where stations are from which contracts are listed, and where the contracts are said to be. */
    async startPlaces(): Promise<StartPlace[]> {
      const rows = await db.all(sql<StartPlaceRow>`
        with starts as materialized (
          select distinct start_location_id, start_system_id, start_security_class
          from contracts indexed by contracts_listed where is_listed = 1
        )
        select starts.*, systems.system_id, systems.security, systems.region_id
        from starts cross join stations on station_id = start_location_id
          cross join systems using (system_id)`);
      return rows.map((row) => ({
        locationId: row.start_location_id,
        systemId: row.system_id,
        security: row.security,
        regionId: row.region_id,
        stored: { systemId: row.start_system_id, securityClass: row.start_security_class },
      }));
    },

    /** Contracts whose titles are in the full-text index as they were written. */
    async unfolded(limit: number): Promise<Unfolded[]> {
      const rows = await db.all(sql<{ contract_id: number; region_id: number; title: string }>`
        select contract_id, region_id, title from contracts indexed by contracts_unfolded
        where title is not null and search_title is null limit ${limit}`);
      return rows.map(({ contract_id: contractId, region_id: regionId, title }) => ({
        contractId,
        regionId,
        title,
      }));
    },

    /** Writes their documents anew, with folded titles. */
    foldTitles(contracts: readonly Unfolded[]): SQL[] {
      const ids = jsonIds(contracts.map(({ contractId }) => contractId));
      const rows = contracts.map(({ contractId, title }) => [contractId, searchTitle(title)]);
      return [
        sql`delete from listed_search where rowid in ${ids}`,
        sql`delete from ended_search where rowid in ${ids}`,
        sql`update contracts set search_title = folded.value ->> 1
          from ${jsonRows(rows)} as folded where contract_id = folded.value ->> 0`,
        addDocuments(listedSearch, ids, sql`is_listed = 1`),
        addDocuments(endedSearch, ids, sql`is_listed = 0`),
      ];
    },

    /** The next contracts by id that have an offer, listed or ended, with their items. */
    async offersAfter(contractId: number, limit: number): Promise<StoredOffer[]> {
      const rows = await db.all(sql<
        StoredRow & ItemRow & { region_id: number; title: string | null }
      >`
        with page as (
          select ${storedColumns}, region_id, title, item_flags, ${offerColumnNames} from contracts
          where contract_id > ${contractId} and items_status = 'complete'
          order by contract_id limit ${limit}
        )
        select * from page cross join contract_items using (contract_id)`);
      return byContract(rows, (row) => ({
        ...storedFromRow(row),
        regionId: row.region_id,
        title: row.title,
        isOf: (offer: Offer, flags: readonly ItemFlag[]) => isSameOffer(row, offer, flags),
      }));
    },

    /** The next listed contracts with items, in the order in which we saw them. */
    async toValue(
      { firstSeenAt, contractId }: ValuedUpTo,
      limit: number,
    ): Promise<ValuedContract[]> {
      const rows = await db.all(sql<ValuedRow>`
        with page as (
          select contract_id, region_id, first_seen_at, value_sell, value_buy, priced_count,
            requested_value, top_share, price_confidence
          from contracts indexed by contracts_by_first_seen
          where is_listed = 1 and first_seen_at >= ${firstSeenAt}
            and (first_seen_at > ${firstSeenAt} or contract_id > ${contractId})
            and items_status = 'complete'
          order by first_seen_at, contract_id limit ${limit}
        )
        select * from page cross join contract_items using (contract_id)`);
      return byContract(rows, (row) => ({
        contractId: row.contract_id,
        regionId: row.region_id,
        firstSeenAt: row.first_seen_at,
        valuation: {
          valueSell: row.value_sell,
          valueBuy: row.value_buy,
          // Null where it was never valued, which no count equals.
          pricedCount: row.priced_count ?? -1,
          requestedValue: row.requested_value,
          topShare: row.top_share,
          priceConfidence: row.price_confidence,
        },
      }));
    },

    /** Contracts whose flags cannot be read, with the items that they are judged by: all or none of them. */
    async unjudged(limit: number): Promise<Unjudged[]> {
      type Row = {
        contract_id: number;
        region_id: number;
        title: string | null;
        items_status: ItemsStatus;
      };
      const rows = await db.all(sql<Row>`
        select contract_id, region_id, title, items_status
        from contracts indexed by contracts_unreadable
        where ${hasUnreadableFlags} limit ${limit}`);
      const complete = rows.filter(({ items_status }) => items_status === "complete");
      const items = await this.itemsOf(complete.map(({ contract_id }) => contract_id));
      return rows.map((row) => ({
        contractId: row.contract_id,
        regionId: row.region_id,
        title: row.title,
        items: items.get(row.contract_id) ?? [],
      }));
    },

    storeFlags: (
      contracts: readonly { contractId: number; flags: readonly ItemFlag[] }[],
    ): SQL => sql`
      update contracts set item_flag_bits = judged.value ->> 'item_flag_bits',
        item_flags = judged.value ->> 'item_flags'
      from ${jsonRows(contracts.map(({ contractId, flags }) => ({ contract_id: contractId, ...flagRow(flags) })))} as judged
      where contract_id = judged.value ->> 'contract_id'`,

    storeValuations(
      valuations: readonly { contractId: number; valuation: PricedValuation }[],
    ): SQL {
      const rows = valuations.map(({ contractId, valuation }) => ({
        contract_id: contractId,
        ...valuationRow(valuation),
      }));
      return sql`
        update contracts set ${assignments(valuationColumns, "valued")}
        from ${jsonRows(rows)} as valued
        where contract_id = valued.value ->> 'contract_id'`;
    },

    /**
     * Contracts that ended before an instant, the oldest first; then those of regions that were given
     * up, whose time ran out before it.
     */
    async endedBefore(endedBefore: EpochSeconds, limit: number): Promise<number[]> {
      const [ended, leftBehind] = await db.batch([
        sql<{ contract_id: number }>`
          select contract_id from contracts where ended_at < ${endedBefore}
          order by ended_at limit ${limit}`,
        sql<{ contract_id: number }>`
          select contract_id
          from region_states cross join contracts indexed by contracts_left_behind using (region_id)
          where is_listed = 0 and ended_at is null and date_expired < ${endedBefore}
          limit ${limit}`,
      ]);
      return [...ended, ...leftBehind].slice(0, limit).map(({ contract_id }) => contract_id);
    },

    forget: (contractIds: readonly number[]): SQL[] => [
      sql`delete from ended_search where rowid in ${jsonIds(contractIds)}`,
      sql`delete from contract_bids where contract_id in ${jsonIds(contractIds)}`,
      sql`delete from contract_items where contract_id in ${jsonIds(contractIds)}`,
      sql`delete from contracts where contract_id in ${jsonIds(contractIds)}`,
    ],

    refuseItems: (refusals: readonly Refusal[]): SQL => sql`
      update contracts set items_attempts = refused.value ->> 'attempts',
        items_due_at = refused.value ->> 'dueAt', items_status = refused.value ->> 'itemsStatus'
      from ${jsonRows(refusals)} as refused
      where contract_id = refused.value ->> 'contractId'`,
  };
}

/** Contracts of rows that are one a record, with their items, in the order of the rows. */
function byContract<Row extends ItemRow & { contract_id: number }, Contract>(
  rows: readonly Row[],
  contractFrom: (row: Row) => Contract,
): (Contract & { items: ContractItem[] })[] {
  return [...Map.groupBy(rows, (row) => row.contract_id).values()].flatMap((ofOne) =>
    ofOne.slice(0, 1).map((row) => ({ ...contractFrom(row), items: ofOne.flatMap(itemsFromRow) })),
  );
}

export type ContractRepository = ReturnType<typeof createContractRepository>;

const searchTitle = (title: string | null): string | null => title && folded(title);

const withSearchTitle = (contract: PlacedContract) => ({
  ...contract,
  searchTitle: searchTitle(contract.title),
});

function insertContracts(
  regionId: number,
  contracts: readonly ReturnType<typeof withSearchTitle>[],
  at: EpochMs,
): SQL {
  const withItems = sql`value ->> 'type' in ('item_exchange', 'auction')`;
  return sql`
    insert into contracts (contract_id, region_id, type, title, search_title, price, reward, collateral, volume,
      buyout, days_to_complete, date_issued, date_expired, for_corporation, issuer_id,
      issuer_corporation_id, start_location_id, start_system_id, start_security_class,
      end_location_id, end_system_id, end_security_class, route_jumps, route_jumps_highsec, is_listed, first_seen_at, items_status,
      items_due_at)
    select value ->> 'contractId', ${regionId}, value ->> 'type', value ->> 'title', value ->> 'searchTitle',
      value ->> 'price', value ->> 'reward', value ->> 'collateral', value ->> 'volume',
      value ->> 'buyout', value ->> 'daysToComplete', value ->> 'dateIssued',
      value ->> 'dateExpired', value ->> 'forCorporation', value ->> 'issuerId',
      value ->> 'issuerCorporationId', value ->> 'startLocationId', value ->> 'startSystemId',
      value ->> 'startSecurityClass', value ->> 'endLocationId', value ->> 'endSystemId',
      value ->> 'endSecurityClass', value ->> 'routeJumps',
      value ->> 'routeJumpsHighsec', 1, ${at},
      case when ${withItems} then 'pending' else 'none' end, case when ${withItems} then 0 end
    from ${jsonRows(contracts)}
    where true
    on conflict (contract_id) do update set is_listed = 1, ended_at = null, last_listed_at = null,
      region_id = excluded.region_id, date_issued = excluded.date_issued,
      date_expired = excluded.date_expired,
      items_due_at = case when items_status = 'unavailable' then 0 end,
      items_status = case items_status when 'unavailable' then 'pending' else items_status end`;
}

const insertItems = (items: readonly ReturnType<typeof itemRows>[number][]): SQL => sql`
  insert into contract_items (contract_id, record_id, type_id, quantity, is_included, item_id,
    is_blueprint_copy, runs, material_efficiency, time_efficiency, copies)
  select value ->> 'contractId', value ->> 'recordId', value ->> 'typeId', value ->> 'quantity',
    value ->> 'isIncluded', value ->> 'itemId', value ->> 'isBlueprintCopy', value ->> 'runs',
    value ->> 'materialEfficiency', value ->> 'timeEfficiency', value ->> 'copies'
  from ${jsonRows(items)}
  where true
  on conflict do nothing`;

/** The columns that hold an offer, and what each holds of it. */
const offerColumns: [name: string, valueOf: (offer: Offer) => string | number | null][] = [
  ["item_count", ({ itemCount }) => itemCount],
  ["requested_item_count", ({ requestedItemCount }) => requestedItemCount],
  ["label", ({ label }) => label],
  ["primary_type_id", ({ primaryTypeId }) => primaryTypeId],
  ["is_ship", ({ isShip }) => Number(isShip)],
  ["blueprint_count", ({ blueprintCount }) => blueprintCount],
  ["has_blueprint_copy", ({ hasBlueprintCopy }) => Number(hasBlueprintCopy)],
  ["has_blueprint_original", ({ hasBlueprintOriginal }) => Number(hasBlueprintOriginal)],
  ["blueprint_is_copy", ({ blueprint }) => blueprint && Number(blueprint.isCopy)],
  ["blueprint_runs", ({ blueprint }) => blueprint && blueprint.runs],
  ["blueprint_material_efficiency", ({ blueprint }) => blueprint && blueprint.materialEfficiency],
  ["blueprint_time_efficiency", ({ blueprint }) => blueprint && blueprint.timeEfficiency],
  ["blueprints", storedBlueprints],
  ["offered_type_id", (offer) => onlyType(offer)?.typeId ?? null],
  ["offered_group_id", (offer) => onlyType(offer)?.groupId ?? null],
  ["offered_category_id", (offer) => onlyType(offer)?.categoryId ?? null],
  ["offered_types", storedTypes],
  ["hull_type_id", ({ hullTypeId }) => hullTypeId],
  ["search_names", ({ types }) => searchNames(types)],
  ["search_type_ids", ({ types }) => searchTypeIds(types)],
];

/** The type of all that is offered; undefined where there are several, or none. */
const onlyType = ({ types }: Offer): ItemType | undefined =>
  types.length === 1 ? types[0] : undefined;

/** Several types; null where one or none is offered. */
function storedTypes({ types }: Offer): string | null {
  if (types.length < 2) return null;
  return JSON.stringify(
    types.map(({ typeId, groupId, categoryId }): StoredType => [typeId, groupId, categoryId]),
  );
}

/** Blueprints among several items, each kind of them once; null where there are none. */
function storedBlueprints({ itemCount, blueprints }: Offer): string | null {
  if (itemCount === 1 || blueprints.length === 0) return null;
  const kinds = blueprints.map(({ type, ...blueprint }): StoredBlueprint => [
    type.typeId,
    type.groupId,
    type.categoryId,
    blueprint.isCopy ? 1 : 0,
    blueprint.runs,
    blueprint.materialEfficiency,
    blueprint.timeEfficiency,
  ]);
  return `[${[...new Set(kinds.map((kind) => JSON.stringify(kind)))].join()}]`;
}

const offerColumnNames = sql.raw(offerColumns.map(([name]) => name).join(", "));

const isSameOffer = (
  row: Readonly<Record<string, unknown>>,
  offer: Offer,
  flags: readonly ItemFlag[],
): boolean =>
  offerColumns.every(([name, valueOf]) => row[name] === valueOf(offer)) &&
  row["item_flags"] === flagRow(flags)["item_flags"];

type ColumnValues = Record<string, string | number | null>;

/** The columns that hold what a contract's title and items are flagged for. */
const flagRow = (flags: readonly ItemFlag[]): ColumnValues => ({
  item_flag_bits: flags.reduce((bits, { code }) => bits | (1 << itemFlagCodes.indexOf(code)), 0),
  item_flags: flags.length === 0 ? null : JSON.stringify(flags),
});

const offerRow = ({ contractId, offer, flags = [], valuation }: ContractOffer): ColumnValues => ({
  contract_id: contractId,
  ...flagRow(flags),
  ...Object.fromEntries(offerColumns.map(([name, valueOf]) => [name, valueOf(offer)])),
  ...(valuation && valuationRow(valuation)),
});

/** The columns that hold a valuation, and what each holds of it. */
const valuationColumns: [
  name: string,
  valueOf: (valuation: PricedValuation) => number | string | null,
][] = [
  ["value_sell", ({ valueSell }) => valueSell],
  ["value_buy", ({ valueBuy }) => valueBuy],
  ["priced_count", ({ pricedCount }) => pricedCount],
  ["requested_value", ({ requestedValue }) => requestedValue],
  ["top_share", ({ topShare }) => topShare],
  ["priced_at", (valuation) => valuation.pricedAt],
  ["price_confidence", ({ priceConfidence }) => priceConfidence],
];

const valuationRow = (valuation: PricedValuation): ColumnValues =>
  Object.fromEntries(valuationColumns.map(([name, valueOf]) => [name, valueOf(valuation)]));

const assignments = (columns: readonly [name: string, valueOf: unknown][], from: string): SQL =>
  sql.raw(columns.map(([name]) => `${name} = ${from}.value ->> '${name}'`).join(", "));

/** Offers that come with valuations are written with them, in one row. */
const updateOffers = (offers: readonly ColumnValues[]): SQL => sql`
  update contracts set items_status = 'complete', items_due_at = null,
    item_flag_bits = offer.value ->> 'item_flag_bits', item_flags = offer.value ->> 'item_flags',
    ${assignments(offers.some((row) => "priced_count" in row) ? [...offerColumns, ...valuationColumns] : offerColumns, "offer")}
  from ${jsonRows(offers)} as offer
  where contract_id = offer.value ->> 'contract_id'`;
