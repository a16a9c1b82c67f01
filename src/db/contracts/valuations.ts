import { type SQL, sql } from "drizzle-orm";

import type { ContractItem } from "../../domain/item.ts";
import type { PriceConfidence, Valuation } from "../../domain/valuation.ts";
import type { EpochMs, EpochSeconds } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { jsonRows } from "../d1.ts";
import type { ValuedUpTo } from "../price-repository.ts";
import { type ColumnValues, assignments } from "./columns.ts";
import { type ItemRow, byContract } from "./items.ts";

/** What items are worth, by the price book of which time (epoch seconds). */
export type PricedValuation = Valuation & { pricedAt: EpochSeconds };

/** A contract with its items, and what they were last worth. */
type ValuedContract = {
  contractId: number;
  regionId: number;
  firstSeenAt: EpochMs;
  items: ContractItem[];
  valuation: Valuation;
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

/** The columns that hold a valuation, and what each holds of it. */
export const valuationColumns: [
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

export const valuationRow = (valuation: PricedValuation): ColumnValues =>
  Object.fromEntries(valuationColumns.map(([name, valueOf]) => [name, valueOf(valuation)]));

/** What contracts are worth by the price book. */
export function createValuationsRepository(db: Database) {
  return {
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
          // Null if it was never valued, which no count equals.
          pricedCount: row.priced_count ?? -1,
          requestedValue: row.requested_value,
          topShare: row.top_share,
          priceConfidence: row.price_confidence,
        },
      }));
    },

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
  };
}
