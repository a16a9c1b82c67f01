import { sql, type SQL } from "drizzle-orm";

import { type Ask, statisticsOf } from "../domain/hull-market.ts";
import { type EpochMs, toSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { fromJson, jsonIds, jsonRows } from "./d1.ts";
import { regionNamesFromRows, selectRegionNames } from "./region-repository.ts";
import { type Guard, isNumber, listOf, readJson } from "./stored-json.ts";

/** An ask as `hulls.asks` holds it. */
type StoredAsk = [contractId: number, price: number, dateExpired: number, regionId: number];

const askFrom = ([contractId, price, dateExpired, regionId]: StoredAsk): Ask => ({
  contractId,
  price,
  dateExpired,
  regionId,
});

const isStoredAsk: Guard<StoredAsk> = (value): value is StoredAsk =>
  Array.isArray(value) && value.length === 4 && value.every(isNumber);
const areStoredAsks = listOf(isStoredAsk);

/** The asks that are stored of a hull; undefined if they cannot be read. */
export const storedAsks = (hullTypeId: number | null, json: string): Ask[] | undefined =>
  readJson(json, areStoredAsks, { column: "hulls.asks", row: hullTypeId ?? 0 })?.map(askFrom);

export type HullAsks = { hullTypeId: number; asks: Ask[]; json: string };

/** A hull on offer, with what is known of it. */
export type StoredHull = {
  typeId: number;
  name: string;
  groupId: number | null;
  groupName: string | null;
  asks: Ask[];
  /** Asks that left in the thirty days that were written down last. */
  gone: number;
};

export type HullDay = {
  hullTypeId: number;
  date: string;
  listed: number;
  new: number;
  gone: number;
  medianAsk: number | null;
  medianGoneAsk: number | null;
};

export type LastAsk = { hullTypeId: number; price: number | null };

type HullRow = {
  hull_type_id: number;
  asks: string;
  name: string;
  group_id: number | null;
  group_name: string | null;
  gone: number;
};

const hullFromRow = (row: HullRow, asks: Ask[]): StoredHull => ({
  typeId: row.hull_type_id,
  name: row.name,
  groupId: row.group_id,
  groupName: row.group_name,
  asks,
  gone: row.gone,
});

type DayRow = {
  hull_type_id: number;
  date: string;
  listed: number;
  new: number;
  gone: number;
  median_ask: number | null;
  median_gone_ask: number | null;
};

const dayFromRow = (row: DayRow): HullDay => ({
  hullTypeId: row.hull_type_id,
  date: row.date,
  listed: row.listed,
  new: row.new,
  gone: row.gone,
  medianAsk: row.median_ask,
  medianGoneAsk: row.median_gone_ask,
});

type AsksRow = { hull_type_id: number; asks: string };

const asksFromRow = ({ hull_type_id, asks }: AsksRow): HullAsks => ({
  hullTypeId: hull_type_id,
  asks: fromJson<StoredAsk[]>(asks).map(askFrom),
  json: asks,
});

/** What is asked for each hull, by what is listed now. */
const selectListed = sql<AsksRow>`
  select hull_type_id,
    json_group_array(json_array(contract_id, price, date_expired, region_id)) as asks
  from (
    select hull_type_id, contract_id, price, date_expired, region_id
    from contracts indexed by ships_by_price
    where is_listed = 1 and is_ship = 1 and type = 'item_exchange'
      and hull_type_id is not null and price is not null
    order by hull_type_id, price, contract_id
  ) group by hull_type_id`;

/**
 * Converts rows to hulls. If a hull's asks cannot be read, they are taken from the listed
 * contracts, so that no hull is missing.
 */
async function hullsFromRows(db: Database, rows: readonly HullRow[]): Promise<StoredHull[]> {
  const read = rows.map((row) => ({ row, asks: storedAsks(row.hull_type_id, row.asks) }));
  const isWhole = read.every(({ asks }) => asks !== undefined);
  const listed = isWhole ? [] : (await db.all(selectListed)).map(asksFromRow);
  const asksOf = new Map(listed.map(({ hullTypeId, asks }) => [hullTypeId, asks]));
  return read.map(({ row, asks }) => hullFromRow(row, asks ?? asksOf.get(row.hull_type_id) ?? []));
}

export function createHullRepository(db: Database) {
  return {
    /** What is listed now, and what is stored of it: the two are compared after each change. */
    async current(): Promise<{ listed: HullAsks[]; stored: Map<number, string> }> {
      const [listed, stored] = await db.batch([
        selectListed,
        sql<AsksRow>`select hull_type_id, asks from hulls`,
      ]);
      return {
        listed: listed.map(asksFromRow),
        stored: new Map(stored.map((row) => [row.hull_type_id, row.asks])),
      };
    },

    /** Everything of each hull on offer, or of one, with its names. */
    async onOffer(
      hullTypeId?: number,
    ): Promise<{ hulls: StoredHull[]; regionNames: Map<number, string> }> {
      const [rows, names] = await db.batch([
        sql<HullRow>`
          select hulls.hull_type_id, asks, types.name, types.group_id, groups.name as group_name,
            coalesce(gone, 0) as gone
          from hulls
          join types on types.type_id = hulls.hull_type_id
          left join groups on groups.group_id = types.group_id
          left join hull_totals on hull_totals.hull_type_id = hulls.hull_type_id
          where ${hullTypeId === undefined ? sql`1` : sql`hulls.hull_type_id = ${hullTypeId}`}`,
        selectRegionNames,
      ]);
      return { hulls: await hullsFromRows(db, rows), regionNames: regionNamesFromRows(names) };
    },

    /** What was seen of a hull, the latest day first. */
    async history(hullTypeId: number, since: string): Promise<HullDay[]> {
      const rows = await db.all(sql<DayRow>`
        select * from hull_days where hull_type_id = ${hullTypeId} and date >= ${since}
        order by date desc`);
      return rows.map(dayFromRow);
    },

    /** Hulls that came in a span of time, and those that left with time left, with their last asks. */
    async seenBetween(from: EpochMs, to: EpochMs): Promise<{ came: number[]; left: LastAsk[] }> {
      const loneHull = sql`type = 'item_exchange' and hull_type_id is not null`;
      const cameThen = sql`first_seen_at >= ${from} and first_seen_at < ${to}`;
      const [listed, ended, left] = await db.batch([
        sql<{ hull: number }>`
          select hull_type_id as hull from contracts indexed by contracts_by_first_seen
          where is_listed = 1 and ${cameThen} and ${loneHull}`,
        sql<{ hull: number }>`
          select hull_type_id as hull from contracts indexed by contracts_ended
          where ended_at >= ${toSeconds(from)} and ${cameThen} and ${loneHull}`,
        sql<{ hull: number; price: number | null }>`
          select hull_type_id as hull, price from contracts indexed by contracts_ended
          where ended_at >= ${toSeconds(from)} and ended_at < ${toSeconds(to)}
            and date_expired > ended_at and ${loneHull}`,
      ]);
      return {
        came: [...listed, ...ended].map(({ hull }) => hull),
        left: left.map(({ hull, price }) => ({ hullTypeId: hull, price })),
      };
    },

    /** Whether runs were made on a day before this one: else it was not seen from its beginning. */
    async isSeenBefore(date: string): Promise<boolean> {
      const row = await db.first(sql<{ is_seen: number }>`
        select exists (select 1 from sync_days where date < ${date}) as is_seen`);
      return row?.is_seen === 1;
    },

    /** Writes a day down, once however often it is told. */
    record(date: string, days: readonly HullDay[], totalsSince: string): SQL[] {
      return [
        sql`insert into hull_days (hull_type_id, date, listed, new, gone, median_ask, median_gone_ask)
          select value ->> 'hullTypeId', ${date}, value ->> 'listed', value ->> 'new',
            value ->> 'gone', value ->> 'medianAsk', value ->> 'medianGoneAsk'
          from ${jsonRows(days)} where true on conflict do nothing`,
        sql`delete from hull_totals`,
        sql`insert into hull_totals (hull_type_id, gone)
          select hull_type_id, sum(gone) from hull_days where date >= ${totalsSince}
          group by hull_type_id having sum(gone) > 0`,
        sql`update sync_state set hulls_recorded_on = ${date}`,
      ];
    },

    store(changed: readonly HullAsks[], gone: readonly number[]): SQL[] {
      const rows = changed.map(({ hullTypeId, asks, json }) => {
        const { listed, medianAsk } = statisticsOf(asks);
        return { hullTypeId, listed, medianAsk, asks: json };
      });
      return [
        sql`insert into hulls (hull_type_id, listed, median_ask, asks)
          select value ->> 'hullTypeId', value ->> 'listed', value ->> 'medianAsk', value ->> 'asks'
          from ${jsonRows(rows)} where true
          on conflict (hull_type_id) do update set listed = excluded.listed,
            median_ask = excluded.median_ask, asks = excluded.asks`,
        ...(gone.length > 0 ? [sql`delete from hulls where hull_type_id in ${jsonIds(gone)}`] : []),
      ];
    },
  };
}

export type HullRepository = ReturnType<typeof createHullRepository>;
