import { createRoute, z } from "@hono/zod-openapi";

import { folded } from "../domain/folded-text.ts";
import { conditional, regionTags } from "../http/caching.ts";
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
import { questionOf, searchOf } from "../http/question.ts";
import { createRouter } from "../http/router.ts";
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
  summary: "Asking prices of ships",
  description:
    "An ask is an item exchange that offers one hull and nothing else, and asks for nothing but ISK. Other contracts are not counted.",
  tags: ["market"],
  request: {
    query: onlyParameters({
      group_id: ids({ description: "Hulls of these groups.", example: 25 }),
      region_id: idsOrNames({ description: "Hulls offered in these regions.", example: 10000002 }),
      q: nameText({ description: "Hulls whose name contains this text.", example: "rif" }),
      sort: oneOf(sorts, {
        description: "Sort key; a leading `-` sorts in descending order. Default: `label`.",
      }),
      limit: wholeNumber(1, 100, { description: "Hulls per page. Default: 50." }),
      cursor: cursor(),
    }),
  },
  responses: {
    200: {
      description: "Hulls on offer",
      content: { "application/json": { schema: hullListSchema } },
    },
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
    ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
  },
});

const detail = createRoute({
  method: "get",
  path: "/{type_id}",
  operationId: "getHull",
  summary: "Asking prices of one ship: now, by region and by day",
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
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
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

const defaults = { limit: String(defaultLimit), sort: "label" };

export const hullRoutes = createRouter()
  .openapi(list, async (c) => {
    const { region_id: regions, ...values } = c.req.valid("query");
    const { hulls } = c.var.container;
    const [regionIds] = regions
      ? await idsOf(nameLookupOf(c), [{ kind: "region", parameter: "region_id", values: regions }])
      : [];
    const { group_id: groupIds, q: text } = values;
    const asked = { ...values, region_id: regionIds, q: text && folded(text) };
    const search = searchOf("/v1/hulls", asked, defaults);
    const query = {
      ...given({ groupIds, regionIds, text }),
      sort: sortFrom(values.sort),
      limit: values.limit ?? defaultLimit,
      after: await hullCursors.decode(search, values.cursor),
    };
    const tags = regionTags(undefined);
    return conditional(c, {
      policy: "market",
      limit: "search",
      question: questionOf("/v1/hulls", asked, defaults),
      versions: async () => [{ version: await hulls.version(), tags }],
      answer: async () => {
        const { version, next, total, hulls: found } = await hulls.find(query);
        const nextCursor = await hullCursors.encode(search, next);
        const meta = { total, next_cursor: nextCursor };
        return { version, tags, nextCursor, body: { data: found.map(toHull), meta } };
      },
    });
  })
  .openapi(detail, async (c) => {
    const { hulls } = c.var.container;
    const typeId = await idOf(c, "type", "type_id", c.req.valid("param").type_id);
    const tags = regionTags(undefined);
    return conditional(c, {
      policy: "market",
      limit: "lookup",
      question: `/v1/hulls/${typeId}`,
      versions: async () => [{ version: await hulls.version(), tags }],
      mayBeMissing: true,
      answer: async () => {
        const { version, hull } = await hulls.one(typeId);
        return { version, tags, body: toHullDetail(hull) };
      },
    });
  });
