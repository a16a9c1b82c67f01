import { createRoute, z } from "@hono/zod-openapi";

import { folded } from "../domain/folded-text.ts";
import { conditional, regionTags } from "../http/caching.ts";
import { createRouter } from "../http/context.ts";
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
