import { createRoute, z } from "@hono/zod-openapi";

import { conditional, regionTags } from "../http/caching.ts";
import { createRouter } from "../http/context.ts";
import { linkToNext } from "../http/link.ts";
import { hullCursors } from "../http/pagination.ts";
import {
  cursor,
  idOrNameInPath,
  ids,
  idsOrNames,
  nameText,
  oneOf,
  onlyParameters,
  wholeNumber,
} from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import { given } from "../lib/given.ts";
import { type HullSort, hullSortKeys } from "../services/hulls.ts";
import { hullDetailSchema, hullListSchema, toHull, toHullDetail } from "./hulls.schema.ts";
import { idOf, idsOf, nameLookupOf } from "./named-id.ts";

const defaultLimit = 50;
const sorts = hullSortKeys.flatMap((key) => [key, `-${key}`] as const);

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listHulls",
  summary: "What ships are asked for",
  description:
    "An ask counts where the contract is an item exchange that offers one hull and nothing else, and asks for nothing but ISK.",
  tags: ["market"],
  request: {
    query: onlyParameters({
      group_id: ids({ description: "Of these groups.", example: 25 }),
      region_id: idsOrNames({ description: "Asked for in these regions.", example: 10000002 }),
      q: nameText({ description: "Whose name holds this.", example: "rif" }),
      sort: oneOf(sorts, { description: "`label` unless told; a leading `-` descends." }),
      limit: wholeNumber(1, 100, { description: "Hulls on a page; 50 unless told." }),
      cursor: cursor(),
    }),
  },
  responses: {
    200: {
      description: "Hulls on offer",
      content: { "application/json": { schema: hullListSchema } },
    },
    304: { description: "The caller's copy is still right." },
    ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
  },
});

const detail = createRoute({
  method: "get",
  path: "/{type_id}",
  operationId: "getHull",
  summary: "What one ship is asked for, where, and since when",
  tags: ["market"],
  request: {
    params: z.object({ type_id: idOrNameInPath("type_id", "Rifter") }),
    query: onlyParameters({}),
  },
  responses: {
    200: {
      description: "The hull",
      content: { "application/json": { schema: hullDetailSchema } },
    },
    304: { description: "The caller's copy is still right." },
    ...problemResponses(
      "invalid-request",
      "hull-not-found",
      "rate-limited",
      "database-unavailable",
    ),
  },
});

function sortFrom(sort: (typeof sorts)[number] = "label"): HullSort {
  const key = hullSortKeys.find((name) => sort === name || sort === `-${name}`) ?? "label";
  return { key, isDescending: sort.startsWith("-") };
}

export const hullRoutes = createRouter()
  .openapi(list, async (c) => {
    const values = c.req.valid("query");
    const { hulls } = c.var.container;
    const { region_id: regions, group_id: groupIds, q: text } = values;
    const [regionIds] = regions
      ? await idsOf(nameLookupOf(c), [{ kind: "region", parameter: "region_id", values: regions }])
      : [];
    const question = {
      ...given({ groupIds, regionIds, text }),
      sort: sortFrom(values.sort),
    };
    const after = await hullCursors.decode({ list: "hulls", ...question }, values.cursor);
    const page = await conditional(c, {
      policy: "market",
      limit: "search",
      tags: () => regionTags(undefined),
      version: () => hulls.version(),
      answer: async () => {
        const query = { ...question, limit: values.limit ?? defaultLimit, after };
        const found = await hulls.find(query);
        return { version: found.version, body: found };
      },
    });
    if (!page) return c.body(null, 304);
    const nextCursor = await hullCursors.encode({ list: "hulls", ...question }, page.next);
    if (nextCursor) c.header("link", linkToNext(c.req.url, nextCursor));
    const meta = { total: page.total, next_cursor: nextCursor };
    return c.json({ data: page.hulls.map(toHull), meta }, 200);
  })
  .openapi(detail, async (c) => {
    const { hulls } = c.var.container;
    const typeId = await idOf(c, "type", "type_id", c.req.valid("param").type_id);
    const hull = await conditional(c, {
      policy: "market",
      limit: "lookup",
      tags: () => regionTags(undefined),
      version: () => hulls.version(),
      mayBeMissing: true,
      answer: async () => {
        const { version, hull: found } = await hulls.one(typeId);
        return { version, body: found };
      },
    });
    return hull ? c.json(toHullDetail(hull), 200) : c.body(null, 304);
  });
