import { createRoute, z } from "@hono/zod-openapi";

import { contractTypes } from "../domain/contract.ts";
import { conditional, regionTags } from "../http/caching.ts";
import { idOrNameInPath, onlyParameters } from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { isoFromMs, isoFromSeconds } from "../lib/time.ts";
import type { RegionSummary } from "../services/regions.ts";
import { idOf } from "./named-id.ts";

const count = () => z.int().nonnegative();
const instant = () => z.string().openapi({ format: "date-time" });

export const regionSchema = z
  .object({
    region_id: z.int().openapi({ example: 10000002 }),
    name: z.string().nullable().openapi({ example: "The Forge" }),
    outstanding: count().openapi({ description: "Outstanding contracts." }),
    outstanding_by_type: z
      .record(z.enum(contractTypes), count())
      .openapi({ required: [...contractTypes] }),
    ships: count().openapi({ description: "Outstanding contracts that offer a ship." }),
    as_of: instant().nullable().openapi({
      description: "When ESI made the list; null if no complete list has been fetched yet.",
    }),
    next_sync_at: instant(),
    status: z.enum(["live", "stale", "pending", "failing"]).openapi({
      description:
        "live: up to date. stale: the list is older than twice the time that ESI caches it. pending: never synced. failing: the last attempts returned no list.",
    }),
  })
  .openapi("Region");

export type Region = z.infer<typeof regionSchema>;

export const toRegion = (region: RegionSummary): Region => ({
  region_id: region.regionId,
  name: region.name,
  outstanding: region.outstanding,
  outstanding_by_type: region.outstandingByType,
  ships: region.ships,
  as_of: region.asOf === null ? null : isoFromSeconds(region.asOf),
  next_sync_at: isoFromMs(region.nextSyncAt),
  status: region.status,
});

const regionListSchema = z
  .object({
    data: z.array(regionSchema),
    meta: z.object({
      total: count(),
      as_of: instant().nullable().openapi({
        description: "When ESI made the oldest of the lists; null if one is missing.",
      }),
      stale: z.boolean(),
    }),
  })
  .openapi("RegionList");

const regionIdSchema = z.object({ region_id: idOrNameInPath("region_id", "The Forge") });

const noParameters = onlyParameters({});

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listRegions",
  summary: "List the synced regions",
  tags: ["universe"],
  request: { query: noParameters },
  responses: {
    200: {
      description: "All synced regions",
      content: { "application/json": { schema: regionListSchema } },
    },
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
    ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
  },
});

const get = createRoute({
  method: "get",
  path: "/{region_id}",
  operationId: "getRegion",
  summary: "One region",
  tags: ["universe"],
  request: { params: regionIdSchema, query: noParameters },
  responses: {
    200: { description: "The region", content: { "application/json": { schema: regionSchema } } },
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
    ...problemResponses(
      "invalid-request",
      "region-not-found",
      "rate-limited",
      "database-unavailable",
    ),
  },
});

export const regionRoutes = createRouter()
  .openapi(list, (c) => {
    const { regions } = c.var.container;
    const tags = regionTags(undefined);
    return conditional(c, {
      policy: "market",
      limit: "search",
      question: "/v1/regions",
      versions: async () => [{ version: await regions.version(), tags }],
      answer: async () => {
        const { version, list: found } = await regions.list();
        const meta = {
          total: found.regions.length,
          as_of: found.asOf === null ? null : isoFromSeconds(found.asOf),
          stale: found.isStale,
        };
        return { version, tags, body: { data: found.regions.map(toRegion), meta } };
      },
    });
  })
  .openapi(get, async (c) => {
    const regionId = await idOf(c, "region", "region_id", c.req.valid("param").region_id);
    const { regions } = c.var.container;
    const tags = regionTags([regionId]);
    return conditional(c, {
      policy: "market",
      limit: "lookup",
      question: `/v1/regions/${regionId}`,
      versions: async () => [{ version: await regions.version(regionId), tags }],
      mayBeMissing: true,
      answer: async () => {
        const { version, region } = await regions.get(regionId);
        return { version, tags, body: toRegion(region) };
      },
    });
  });
