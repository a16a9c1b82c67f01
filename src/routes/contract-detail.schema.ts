import { z } from "@hono/zod-openapi";

import {
  confidenceOf,
  priceConfidences,
  priceSources,
  unpricedReasons,
} from "../domain/valuation.ts";
import { idInPath } from "../http/parameters.ts";
import { isoFromSeconds } from "../lib/time.ts";
import type { ContractDetail, DetailItem } from "../services/contract-detail.ts";
import { contractSchema, toContract } from "./contract.schema.ts";

const id = () => z.int().openapi({ format: "int64" });

export const itemSchema = z
  .object({
    record_id: id(),
    type_id: id(),
    type_name: z.string().nullable(),
    group_id: id().nullable(),
    group_name: z.string().nullable(),
    category_id: id().nullable(),
    category_name: z.string().nullable(),
    quantity: z.int(),
    item_id: id().nullable(),
    is_blueprint_copy: z.boolean(),
    is_blueprint_original: z.boolean(),
    runs: z.int().nullable(),
    material_efficiency: z.int().nullable(),
    time_efficiency: z.int().nullable(),
    sell: z.number().nullable().openapi({
      description: "ISK per unit at Jita's sell price; null if there is no price.",
    }),
    buy: z
      .number()
      .nullable()
      .openapi({ description: "ISK per unit at Jita's buy price; null if there is no price." }),
    price_source: z.enum(priceSources).openapi({
      description: "Source of `sell`. average: Jita sells none, so `sell` is ESI's average price.",
    }),
    buy_price_source: z.enum(priceSources),
    price_confidence: z.enum(priceConfidences).nullable().openapi({
      description:
        "How reliable `sell` is. firm: many orders at several prices agree. thin: one seller may have set it. average: it is ESI's average. Null if there is no price.",
    }),
    buy_price_confidence: z.enum(priceConfidences).nullable().openapi({
      description: "How reliable `buy` is, with the same values.",
    }),
    sell_orders: z.int().nonnegative().openapi({
      description:
        "Number of Jita orders behind `sell`; 0 if it is an average, or there is no price.",
    }),
    sell_units: z.int().nonnegative().openapi({ description: "Number of units in these orders." }),
    buy_orders: z.int().nonnegative(),
    buy_units: z.int().nonnegative(),
    unpriced_reason: z.enum(unpricedReasons).nullable().openapi({
      description:
        "Why the item has no price; null if it has one, or if no prices have been fetched yet.",
    }),
  })
  .openapi("ContractItem");

const bidSchema = z
  .object({
    bid_id: id(),
    amount: z.number(),
    date_bid: z.string().openapi({ format: "date-time" }),
  })
  .openapi("Bid");

export const contractDetailSchema = contractSchema
  .extend({
    included_items: z
      .array(itemSchema)
      .openapi({ description: "Items offered, ordered by `record_id`." }),
    requested_items: z
      .array(itemSchema)
      .openapi({ description: "Items asked for, ordered by `record_id`." }),
    bids: z.array(bidSchema).nullable().openapi({
      description: "Bids on an auction, highest first. ESI caches them for 300 s.",
    }),
    bids_status: z.enum(["available", "unavailable"]).nullable().openapi({
      description:
        "unavailable: ESI did not answer in time. Null if the contract is not an auction.",
    }),
  })
  .openapi("ContractDetail");

export const contractIdSchema = z.object({ contract_id: idInPath("contract_id") });

/** How certain an item's prices are, and what they are based on. */
const depthsOf = ({ price }: DetailItem) => ({
  price_confidence: price ? confidenceOf(price.sellSource, price.sellDepth) : null,
  buy_price_confidence: price ? confidenceOf(price.buySource, price.buyDepth) : null,
  sell_orders: price?.sellDepth?.orders ?? 0,
  sell_units: price?.sellDepth?.units ?? 0,
  buy_orders: price?.buyDepth?.orders ?? 0,
  buy_units: price?.buyDepth?.units ?? 0,
});

const toItem = (item: DetailItem): z.infer<typeof itemSchema> => ({
  record_id: item.recordId,
  type_id: item.typeId,
  type_name: item.typeName,
  group_id: item.groupId,
  group_name: item.groupName,
  category_id: item.categoryId,
  category_name: item.categoryName,
  quantity: item.quantity,
  item_id: item.itemId,
  is_blueprint_copy: item.isBlueprintCopy,
  is_blueprint_original: item.isBlueprintOriginal,
  runs: item.isBlueprintCopy ? item.runs : null,
  material_efficiency: item.materialEfficiency,
  time_efficiency: item.timeEfficiency,
  sell: item.price?.sell ?? null,
  buy: item.price?.buy ?? null,
  price_source: item.price?.sellSource ?? "none",
  buy_price_source: item.price?.buySource ?? "none",
  ...depthsOf(item),
  unpriced_reason: item.price?.unpricedReason ?? null,
});

export function toContractDetail(detail: ContractDetail): z.infer<typeof contractDetailSchema> {
  const { bids } = detail;
  const bidsStatus = bids ? "available" : "unavailable";
  return {
    ...toContract(detail),
    included_items: detail.includedItems.map(toItem),
    requested_items: detail.requestedItems.map(toItem),
    bids:
      bids?.map(({ bidId, amount, dateBid }) => ({
        bid_id: bidId,
        amount,
        date_bid: isoFromSeconds(dateBid),
      })) ?? null,
    bids_status: detail.type === "auction" ? bidsStatus : null,
  };
}
