import { type SQL, sql } from "drizzle-orm";

import type { ListedContract } from "../../domain/contract.ts";
import type { CourierRoute } from "../../domain/courier-route.ts";
import { folded } from "../../domain/folded-text.ts";
import type { SecurityClass } from "../../domain/security.ts";
import type { EpochMs, EpochSeconds } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { chunksForJson, jsonIds, jsonRows } from "../d1.ts";
import { addDocuments, endedSearch, listedSearch } from "../search/search-document.ts";
import {
  type StoredContract,
  type StoredRow,
  storedColumns,
  storedFromRow,
} from "./stored-contract.ts";

/** A listed contract with the place its location is in. */
export type PlacedContract = ListedContract &
  CourierRoute & {
    startSystemId: number | null;
    startSecurityClass: SecurityClass | null;
  };

/** A contract whose title is not folded yet. */
type Unfolded = { contractId: number; regionId: number; title: string };

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

/** Writes down what the lists of regions hold: which contracts are listed, and which have ended. */
export function createListingRepository(db: Database) {
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
    insertListed(
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
     * Ends listed contracts that were in the previous list and are missing from the list made at
     * `endedAt`. Without `endedAt` they are only no longer listed, because their region is no
     * longer synced.
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

    /** Writes their documents again, with folded titles. */
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
  };
}
