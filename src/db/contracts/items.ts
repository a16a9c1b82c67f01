import { type SQL, sql } from "drizzle-orm";

import type { ItemsStatus } from "../../domain/contract.ts";
import type { ContractItem } from "../../domain/item.ts";
import type { EpochSeconds } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { chunksForJson, jsonIds, jsonRows } from "../d1.ts";
import {
  type StoredContract,
  type StoredRow,
  storedColumns,
  storedFromRow,
} from "./stored-contract.ts";

/** A contract whose items may be asked of ESI. */
export type ContractDue = Omit<StoredContract, "dateExpired" | "isListed"> & {
  regionId: number;
  title: string | null;
  attempts: number;
};

export type ContractItems = { contractId: number; items: readonly ContractItem[] };

/** ESI would not tell a contract's items. */
export type Refusal = {
  contractId: number;
  attempts: number;
  dueAt: EpochSeconds;
  itemsStatus: ItemsStatus;
};

type DueRow = StoredRow & { region_id: number; title: string | null; items_attempts: number };

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

/** The items that a row stands for: one, unless ESI listed the same one more than once. */
export const itemsFromRow = (row: ItemRow): ContractItem[] =>
  Array.from({ length: row.copies }, () => itemFromRow(row));

/** What is stored of a contract's items: a row a record, which counts the items that it stands for. */
const itemRows = ({ contractId, items }: ContractItems) =>
  [...Map.groupBy(items, ({ recordId }) => recordId).values()].flatMap((alike) =>
    alike.slice(0, 1).map((item) => ({ contractId, ...item, copies: alike.length })),
  );

/** Contracts of rows that are one a record, with their items, in the order of the rows. */
export function byContract<Row extends ItemRow & { contract_id: number }, Contract>(
  rows: readonly Row[],
  contractFrom: (row: Row) => Contract,
): (Contract & { items: ContractItem[] })[] {
  return [...Map.groupBy(rows, (row) => row.contract_id).values()].flatMap((ofOne) =>
    ofOne.slice(0, 1).map((row) => ({ ...contractFrom(row), items: ofOne.flatMap(itemsFromRow) })),
  );
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

/** The items of contracts, and when ESI is asked for them. */
export function createItemsRepository(db: Database) {
  return {
    /**
     * Contracts whose items were never asked for, the newest first; then those that ESI refused,
     * whose time has come again.
     */
    async dueForItems(now: EpochSeconds, limit: number): Promise<ContractDue[]> {
      const columns = sql`${storedColumns}, region_id, title, items_attempts`;
      const stillListed = sql`is_listed = 1 and date_expired > ${now}`;
      const [fresh, again] = await db.batch([
        sql<DueRow>`
          select ${columns} from contracts indexed by contracts_due_for_items
          where ${stillListed} and items_due_at = 0
          order by contract_id desc limit ${limit}`,
        sql<DueRow>`
          select ${columns} from contracts indexed by contracts_due_for_items
          where ${stillListed} and items_due_at between 1 and ${now}
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

    refuseItems: (refusals: readonly Refusal[]): SQL => sql`
      update contracts set items_attempts = refused.value ->> 'attempts',
        items_due_at = refused.value ->> 'dueAt', items_status = refused.value ->> 'itemsStatus'
      from ${jsonRows(refusals)} as refused
      where contract_id = refused.value ->> 'contractId'`,
  };
}
