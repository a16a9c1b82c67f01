import { type SQL, sql } from "drizzle-orm";

import type { ItemsStatus } from "../../domain/contract.ts";
import { type ItemFlag, itemFlagCodes } from "../../domain/flags/item-flags.ts";
import type { ContractItem, ItemType } from "../../domain/item.ts";
import type { Offer } from "../../domain/offer.ts";
import type { Database } from "../client.ts";
import { chunksForJson, jsonIds, jsonRows } from "../d1.ts";
import type { StoredBlueprint, StoredType } from "../row-groups/columns.ts";
import { hasUnreadableFlags } from "../schema/unreadable.ts";
import {
  addDocuments,
  endedSearch,
  listedSearch,
  searchNames,
  searchTypeIds,
} from "../search/search-document.ts";
import { type ColumnValues, assignments } from "./columns.ts";
import { type ContractItems, type ItemRow, byContract, createItemsRepository } from "./items.ts";
import {
  type StoredContract,
  type StoredRow,
  storedColumns,
  storedFromRow,
} from "./stored-contract.ts";
import { type PricedValuation, valuationColumns, valuationRow } from "./valuations.ts";

/** A contract to be judged by its title and its items. */
type Unjudged = ContractItems & { regionId: number; title: string | null };

/** With a valuation if there is a price book: of a batch, all or none have one. */
export type ContractOffer = {
  contractId: number;
  offer: Offer;
  /** What its title and its items are flagged for. */
  flags?: readonly ItemFlag[];
  valuation?: PricedValuation | undefined;
};

/** A contract with its items, and with what they made of it when it was last derived. */
export type StoredOffer = StoredContract & {
  regionId: number;
  items: ContractItem[];
  /** Whether that is the same as this. */
  isOf: (offer: Offer, flags: readonly ItemFlag[]) => boolean;
  title: string | null;
};

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

/** The type of all that is offered; undefined if there are several, or none. */
const onlyType = ({ types }: Offer): ItemType | undefined =>
  types.length === 1 ? types[0] : undefined;

/** Several types; null if one or none is offered. */
function storedTypes({ types }: Offer): string | null {
  if (types.length < 2) return null;
  return JSON.stringify(
    types.map(({ typeId, groupId, categoryId }): StoredType => [typeId, groupId, categoryId]),
  );
}

/** Blueprints among several items, each kind of them once; null if there are none. */
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

/** Offers that come with valuations are written with them, in one row. */
const updateOffers = (offers: readonly ColumnValues[]): SQL => sql`
  update contracts set items_status = 'complete', items_due_at = null,
    item_flag_bits = offer.value ->> 'item_flag_bits', item_flags = offer.value ->> 'item_flags',
    ${assignments(offers.some((row) => "priced_count" in row) ? [...offerColumns, ...valuationColumns] : offerColumns, "offer")}
  from ${jsonRows(offers)} as offer
  where contract_id = offer.value ->> 'contract_id'`;

/** What contracts' items make of them, and what these are flagged for. */
export function createOffersRepository(db: Database) {
  const items = createItemsRepository(db);

  return {
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
      const itemsOf = await items.itemsOf(complete.map(({ contract_id }) => contract_id));
      return rows.map((row) => ({
        contractId: row.contract_id,
        regionId: row.region_id,
        title: row.title,
        items: itemsOf.get(row.contract_id) ?? [],
      }));
    },

    storeFlags: (
      contracts: readonly { contractId: number; flags: readonly ItemFlag[] }[],
    ): SQL => sql`
      update contracts set item_flag_bits = judged.value ->> 'item_flag_bits',
        item_flags = judged.value ->> 'item_flags'
      from ${jsonRows(contracts.map(({ contractId, flags }) => ({ contract_id: contractId, ...flagRow(flags) })))} as judged
      where contract_id = judged.value ->> 'contract_id'`,
  };
}
