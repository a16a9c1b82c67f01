import { sql } from "drizzle-orm";

import type { Bid, Bids } from "../domain/bid.ts";
import type { ContractType } from "../domain/contract.ts";
import type { DataVersion } from "../domain/data-version.ts";
import type { EsiLimit } from "../domain/esi-limit.ts";
import type { ContractItem } from "../domain/item.ts";
import type { EpochMs, EpochSeconds } from "../lib/time.ts";
import type { Database } from "./client.ts";
import { joinNames, summaryColumns, type SummaryRow } from "./contract-summary.ts";
import { type ItemRow, itemsFromRow } from "./contracts/items.ts";
import { flagFromColumn } from "./d1.ts";
import { limitFromRow, selectLimits } from "./esi-limit-repository.ts";
import { abyssalMetaGroupId } from "./price-repository.ts";
import { like, listOf, readJson } from "./stored-json.ts";
import { versionFromRow, versionOfRegions } from "./version-repository.ts";

/** An item with what the universe says of its type. */
export type DescribedItem = ContractItem & {
  typeName: string | null;
  groupId: number | null;
  groupName: string | null;
  categoryId: number | null;
  categoryName: string | null;
  /** Null if the type is not known. */
  isAbyssal: boolean | null;
};

export type StoredDetail = {
  row: SummaryRow;
  snapshotAt: EpochSeconds | null;
  items: DescribedItem[];
  /** When the price book was made; null before the first. */
  bookMadeAt: EpochMs | null;
  version: DataVersion;
};

type DetailRow = SummaryRow & { snapshot_at: number | null; book_made_at: number | null };

type DescribedRow = ItemRow & {
  type_name: string | null;
  group_id: number | null;
  group_name: string | null;
  category_id: number | null;
  category_name: string | null;
  is_abyssal: number | null;
};

type BidsRow = { bids: string | null; expires_at: number };

const areBids = listOf(like<Bid>({ bidId: 0, amount: 0, dateBid: 0 }));

/** Bids that cannot be read are as good as none: ESI is asked again, and they are kept again. */
function bidsFromRow(contractId: number, { bids, expires_at: expiresAt }: BidsRow) {
  if (bids === null) return { bids: null, expiresAt };
  const read = readJson(bids, areBids, { column: "contract_bids.bids", row: contractId });
  return read && { bids: read, expiresAt };
}

const describedFromRow = (row: DescribedRow): DescribedItem[] =>
  itemsFromRow(row).map((item) => ({
    ...item,
    typeName: row.type_name,
    groupId: row.group_id,
    groupName: row.group_name,
    categoryId: row.category_id,
    categoryName: row.category_name,
    isAbyssal: flagFromColumn(row.is_abyssal),
  }));

/** A contract that was listed when its region was given up may or may not be over. Nobody knows. */
const servedContracts = sql`(is_listed = 1 or ended_at is not null)`;

const bookMadeAt = sql`(select made_at from price_book) as book_made_at`;

const regionOf = (contractId: number) =>
  sql`(select region_id from contracts where contract_id = ${contractId})`;

export function createContractDetailRepository(db: Database) {
  return {
    /** Everything of one contract, from one state of the data; undefined if it was never seen. */
    async byId(contractId: number, now: EpochMs): Promise<StoredDetail | undefined> {
      const [[version], [row], items] = await db.batch([
        versionOfRegions(regionOf(contractId), now),
        sql<DetailRow>`
          select ${summaryColumns}, region_states.snapshot_at, ${bookMadeAt}
          from contracts ${joinNames}
          left join region_states on region_states.region_id = contracts.region_id
          where contracts.contract_id = ${contractId} and ${servedContracts}`,
        sql<DescribedRow>`
          select items.*, types.name as type_name, types.group_id, groups.name as group_name,
            groups.category_id, groups.category_name,
            case when types.name is not null then types.meta_group_id is ${abyssalMetaGroupId} end
              as is_abyssal
          from contract_items as items
          left join types on types.type_id = items.type_id
          left join groups on groups.group_id = types.group_id
          where items.contract_id = ${contractId}
          order by items.record_id`,
      ]);
      if (!row) return undefined;
      return {
        row,
        snapshotAt: row.snapshot_at,
        items: items.flatMap(describedFromRow),
        bookMadeAt: row.book_made_at,
        version: versionFromRow(version, now),
      };
    },

    /** What ESI last said of an auction's bids, and of its limits. */
    async bids(contractId: number): Promise<{ bids: Bids | undefined; limits: EsiLimit[] }> {
      const [[bids], limits] = await db.batch([
        sql<BidsRow>`select bids, expires_at from contract_bids where contract_id = ${contractId}`,
        selectLimits,
      ]);
      return { bids: bids && bidsFromRow(contractId, bids), limits: limits.map(limitFromRow) };
    },

    /** What decides whether an answer about a contract is still the same. */
    async brief(contractId: number, now: EpochMs) {
      const [[version], [row]] = await db.batch([
        versionOfRegions(regionOf(contractId), now),
        sql<{ type: ContractType; expires_at: number | null; book_made_at: number | null }>`
          select type, expires_at, ${bookMadeAt} from contracts left join contract_bids using (contract_id)
          where contract_id = ${contractId} and ${servedContracts}`,
      ]);
      if (!row) return undefined;
      return {
        version: versionFromRow(version, now),
        type: row.type,
        bidsExpireAt: row.expires_at,
        bookMadeAt: row.book_made_at,
      };
    },

    async saveBids(contractId: number, { bids, expiresAt }: Bids): Promise<void> {
      await db.all(sql`
        insert into contract_bids (contract_id, bids, expires_at)
        values (${contractId}, ${bids && JSON.stringify(bids)}, ${expiresAt})
        on conflict (contract_id) do update set bids = excluded.bids, expires_at = excluded.expires_at`);
    },
  };
}

export type ContractDetailRepository = ReturnType<typeof createContractDetailRepository>;
