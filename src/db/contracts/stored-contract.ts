import { sql } from "drizzle-orm";

import type { ContractType, ItemsStatus } from "../../domain/contract.ts";
import type { EpochSeconds } from "../../lib/time.ts";
import { flagFromColumn } from "../d1.ts";

/** The part of a stored contract that is compared with its region's list, and used for counting. */
export type StoredContract = {
  contractId: number;
  type: ContractType;
  dateExpired: EpochSeconds;
  isListed: boolean;
  isShip: boolean | null;
  isSystemKnown: boolean;
  itemsStatus: ItemsStatus;
};

export type StoredRow = {
  contract_id: number;
  type: ContractType;
  date_expired: number;
  is_listed: number;
  is_ship: number | null;
  is_system_known: number;
  items_status: ItemsStatus;
};

export const storedFromRow = (row: StoredRow): StoredContract => ({
  contractId: row.contract_id,
  type: row.type,
  dateExpired: row.date_expired,
  isListed: row.is_listed === 1,
  isShip: flagFromColumn(row.is_ship),
  isSystemKnown: row.is_system_known === 1,
  itemsStatus: row.items_status,
});

export const storedColumns = sql`contract_id, type, date_expired, is_listed, is_ship,
  start_system_id is not null as is_system_known, items_status`;
