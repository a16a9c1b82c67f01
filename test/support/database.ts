/** D1 as plain values, and what holds of it after every run, however that ended. */
import { expect } from "vitest";

import type { ContractType } from "../../src/domain/contract.ts";
import { noCounts, type RegionCounts } from "../../src/domain/region-counts.ts";

export type Row = Readonly<Record<string, unknown>>;

export async function rowsOf<R = Row>(
  db: D1Database,
  query: string,
  ...values: unknown[]
): Promise<R[]> {
  const { results } = await db
    .prepare(query)
    .bind(...values)
    .all<R>();
  return results;
}

/** What a sync over unchanged lists leaves untouched, each in an order of its own. */
const contentQueries = {
  contracts: "select * from contracts order by contract_id",
  contract_items: "select * from contract_items order by contract_id, record_id",
  contract_bids: "select * from contract_bids order by contract_id",
  listed_search: "select rowid from listed_search order by rowid",
  ended_search: "select rowid from ended_search order by rowid",
  names: "select * from names order by id",
  stations: "select * from stations order by station_id",
  systems: "select * from systems order by system_id",
  types: "select * from types order by type_id",
  groups: "select * from groups order by group_id",
  categories: "select * from categories order by category_id",
};

export type Content = Record<keyof typeof contentQueries, Row[]>;

/** Every row of all tables that hold what is served. */
export async function contentOf(db: D1Database): Promise<Content> {
  const entries = Object.entries(contentQueries);
  const results = await db.batch<Row>(entries.map(([, query]) => db.prepare(query)));
  const tables = entries.map(([table], index) => [table, results[index]?.results ?? []]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are those of the queries
  return Object.fromEntries(tables) as Content;
}

/** The contracts that the latest lists hold, by id. */
export async function listedIds(db: D1Database, regionId?: number): Promise<number[]> {
  const rows = await rowsOf<{ contract_id: number }>(
    db,
    `select contract_id from contracts where is_listed = 1 and region_id = coalesce(?, region_id)
     order by contract_id`,
    regionId ?? null,
  );
  return rows.map(({ contract_id }) => contract_id);
}

const hasDocument = "(title is not null or search_names is not null)";

/** What must not be found in D1; each query answers with the offenders. */
const offences = {
  "listed, with a title or types, and not in the index of the listed": `
    select contract_id as id from contracts where is_listed = 1 and ${hasDocument}
      and contract_id not in (select rowid from listed_search)`,
  "in the index of the listed, and not listed with a title or types": `
    select rowid as id from listed_search where rowid not in
      (select contract_id from contracts where is_listed = 1 and ${hasDocument})`,
  "ended, with a title or types, and not in the index of the ended": `
    select contract_id as id from contracts where is_listed = 0 and ${hasDocument}
      and contract_id not in (select rowid from ended_search)`,
  "in the index of the ended, and not ended with a title or types": `
    select rowid as id from ended_search where rowid not in
      (select contract_id from contracts where is_listed = 0 and ${hasDocument})`,
  "listed, and in no row group": `
    select contract_id as id from contracts
    where is_listed = 1 and contract_id / 4096 not in (select group_id from row_groups)`,
  "in a row group that says it is up to date, and is not": `
    select group_id as id from row_groups left join row_group_columns as held using (group_id)
    where stamp is not null and (
      select json_array(
        json_group_array(contract_id), json_group_array(date_expired), json_group_array(label),
        json_group_array(value_sell), json_group_array(start_system_id)
      ) from contracts not indexed where is_listed = 1 and contract_id / 4096 = group_id
    ) is not json_array(
      json(held.contract_id), json(held.date_expired), json(held.label), json(held.value_sell),
      json(held.start_system_id)
    )`,
  "listed, and yet ended": `
    select contract_id as id from contracts
    where is_listed = 1 and (ended_at is not null or last_listed_at is not null)`,
  "ended, and still in the queue for items": `
    select contract_id as id from contracts
    where is_listed = 0 and (items_due_at is not null or items_status = 'pending')`,
  "listed without its items, and not in the queue for them": `
    select contract_id as id from contracts
    where is_listed = 1 and items_status in ('pending', 'unavailable') and items_due_at is null`,
  "in the queue for items that it has, or can have none of": `
    select contract_id as id from contracts
    where items_due_at is not null and items_status in ('complete', 'none')`,
  "of a type with items, and said to have none": `
    select contract_id as id from contracts
    where (type in ('item_exchange', 'auction')) <> (items_status <> 'none')`,
  "complete, and its rows are not those that are counted": `
    select contract_id as id from contracts left join (
      select contract_id, sum(is_included * copies) as offered,
        sum((1 - is_included) * copies) as requested
      from contract_items group by contract_id
    ) using (contract_id)
    where items_status = 'complete'
      and (offered is not item_count or requested is not requested_item_count)`,
  "not complete, and something derived from its items": `
    select contract_id as id from contracts where items_status <> 'complete'
      and coalesce(item_count, label, is_ship, search_names) is not null`,
  "items of no contract": `
    select contract_id as id from contract_items
    where contract_id not in (select contract_id from contracts)`,
  "bids of no contract": `
    select contract_id as id from contract_bids
    where contract_id not in (select contract_id from contracts)`,
  "an issuer or a corporation that nobody asks the name of": `
    select contract_id as id from contracts
    where issuer_id not in (select id from names)
      or issuer_corporation_id not in (select id from names)`,
  "a start at a known station, without its system": `
    select contract_id as id from contracts
    join stations on station_id = start_location_id join systems using (system_id)
    where is_listed = 1 and start_system_id is not system_id`,
  "a region in error without a failure, or the other way round": `
    select region_id as id from region_states
    where (failures > 0) <> (last_error is not null and last_error <> 'held')`,
};

type ListedGroup = {
  region_id: number;
  type: ContractType;
  is_ship: number | null;
  is_placed: number;
  pending: number;
  contracts: number;
};

/** Counts the listed contracts again, by what `RegionCounts` says of them. */
async function recount(db: D1Database): Promise<Map<number, RegionCounts>> {
  const groups = await rowsOf<ListedGroup>(
    db,
    `
    select region_id, type, is_ship, start_system_id is not null as is_placed,
      sum(items_status = 'pending') as pending, count(*) as contracts
    from contracts where is_listed = 1 group by 1, 2, 3, 4`,
  );
  const byRegion = new Map<number, RegionCounts>();
  for (const { region_id: regionId, type, is_ship: isShip, contracts, ...group } of groups) {
    const counts = byRegion.get(regionId) ?? noCounts();
    byRegion.set(regionId, counts);
    const tallies = [
      counts.byType[type],
      ...(group.is_placed ? [] : [counts.unknownSystemByType[type]]),
    ];
    for (const tally of tallies) {
      tally.all += contracts;
      tally.ships += isShip === 1 ? contracts : 0;
      tally.shipless += isShip === 0 ? contracts : 0;
    }
    counts.itemsPending += group.pending;
  }
  return byRegion;
}

/** What the regions say that they list, against what is listed. */
async function expectTrueCounts(db: D1Database): Promise<void> {
  const states = await rowsOf<{ region_id: number; counts: string }>(
    db,
    "select region_id, counts from region_states where is_active = 1",
  );
  const recounted = await recount(db);
  const said = states.map(({ region_id, counts }) => [region_id, JSON.parse(counts)]);
  const found = states.map(({ region_id }) => [region_id, recounted.get(region_id) ?? noCounts()]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(found));
}

/** Fails if the database contradicts itself. For after every test, whatever it did to the sync. */
export async function expectConsistent(db: D1Database): Promise<void> {
  const entries = Object.entries(offences);
  const results = await db.batch<{ id: number }>(entries.map(([, query]) => db.prepare(query)));
  const found = entries.map(([offence], index) => [
    offence,
    (results[index]?.results ?? []).map(({ id }) => id),
  ]);
  expect(Object.fromEntries(found.filter(([, ids]) => ids?.length))).toEqual({});
  await expectTrueCounts(db);
}
