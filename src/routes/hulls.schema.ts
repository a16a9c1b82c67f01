import { z } from "@hono/zod-openapi";

import type { AskStatistics } from "../domain/hull-market.ts";
import { confidenceOf, priceConfidences } from "../domain/valuation.ts";
import type { HullDetail, HullSummary } from "../services/hulls.ts";
import { contractSchema, toContract } from "./contract.schema.ts";

const id = () => z.int().openapi({ format: "int64" });
const count = () => z.int().nonnegative();
const isk = () => z.number().nullable();

const statistics = {
  listed: count().openapi({
    description: "Number of asks: contracts that offer one hull and nothing else, for ISK.",
  }),
  lowest_ask: isk(),
  p25_ask: isk().openapi({ description: "Percentiles are interpolated linearly." }),
  median_ask: isk(),
};

export const hullSchema = z
  .object({
    type_id: id().openapi({ example: 587 }),
    name: z.string().openapi({ example: "Rifter" }),
    group_id: id().nullable(),
    group_name: z.string().nullable(),
    ...statistics,
    jita_sell: isk().openapi({ description: "Jita's sell price; null if Jita sells none." }),
    price_confidence: z.enum(priceConfidences).nullable().openapi({
      description: "How reliable `jita_sell` is: firm or thin. Null if Jita sells none.",
    }),
    sell_orders: count().openapi({ description: "Number of Jita orders behind `jita_sell`." }),
    sell_units: count().openapi({ description: "Number of units in these orders." }),
    gone_30d: count().openapi({
      description:
        "Asks that left their list before they expired, over the thirty most recently recorded days. ESI does not say why they left.",
    }),
  })
  .openapi("Hull");

export const hullListSchema = z
  .object({
    data: z.array(hullSchema),
    meta: z.object({ total: count(), next_cursor: z.string().nullable() }),
  })
  .openapi("HullList");

export const hullDetailSchema = hullSchema
  .extend({
    cheapest: z.array(contractSchema).openapi({
      description: "The ten cheapest asks without a danger flag.",
    }),
    by_region: z.array(
      z.object({ region_id: id(), region_name: z.string().nullable(), ...statistics }),
    ),
    history: z
      .array(
        z.object({
          date: z.string().openapi({ format: "date" }),
          listed: count().openapi({
            description: "Number of asks an hour after the end of the day.",
          }),
          new: count(),
          gone: count(),
          median_ask: isk(),
          median_gone_ask: isk().openapi({
            description: "Median of the last asking prices of the gone contracts.",
          }),
        }),
      )
      .openapi({
        description:
          "One entry per day, latest first, back to the first day that was observed in full.",
      }),
  })
  .openapi("HullDetail");

const statisticsOf = ({ listed, lowestAsk, p25Ask, medianAsk }: AskStatistics) => ({
  listed,
  lowest_ask: lowestAsk,
  p25_ask: p25Ask,
  median_ask: medianAsk,
});

export const toHull = (hull: HullSummary): z.infer<typeof hullSchema> => ({
  type_id: hull.typeId,
  name: hull.name,
  group_id: hull.groupId,
  group_name: hull.groupName,
  ...statisticsOf(hull),
  jita_sell: hull.jitaSell,
  price_confidence: confidenceOf(hull.jitaSell === null ? "none" : "jita", hull.sellDepth),
  sell_orders: hull.sellDepth?.orders ?? 0,
  sell_units: hull.sellDepth?.units ?? 0,
  gone_30d: hull.gone30d,
});

export const toHullDetail = (hull: HullDetail): z.infer<typeof hullDetailSchema> => ({
  ...toHull(hull),
  cheapest: hull.cheapest.map(toContract),
  by_region: hull.byRegion.map((region) => ({
    region_id: region.regionId,
    region_name: region.regionName,
    ...statisticsOf(region),
  })),
  history: hull.history.map((day) => ({
    date: day.date,
    listed: day.listed,
    new: day.new,
    gone: day.gone,
    median_ask: day.medianAsk,
    median_gone_ask: day.medianGoneAsk,
  })),
});
