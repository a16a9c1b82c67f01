import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";

import { folded } from "../domain/folded-text.ts";
import type { NamedPosition, NamedQuery } from "../domain/taxonomy.ts";
import { type CachePolicy, conditional, regionTags } from "../http/caching.ts";
import type { AppEnv } from "../http/context.ts";
import { namedCursors } from "../http/pagination.ts";
import {
  cursor,
  flag,
  idOrNameInPath,
  ids,
  nameText,
  onlyParameters,
  wholeNumber,
} from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import { questionOf, searchOf } from "../http/question.ts";
import { createRouter } from "../http/router.ts";
import { given } from "../lib/given.ts";
import type { NamedPage } from "../services/taxonomy.ts";
import { idOf } from "./named-id.ts";
import {
  categorySchema,
  groupSchema,
  namedListOf,
  systemSchema,
  toCategory,
  toGroup,
  toSystem,
  toType,
  typeSchema,
} from "./taxonomy.schema.ts";

const defaultLimit = 50;

const page = {
  q: nameText({
    description: "Entries whose name contains this text. Names that begin with it come first.",
    example: "rif",
  }),
  limit: wholeNumber(1, 100, { description: "Entries per page. Default: 50." }),
  cursor: cursor(),
};

const ofCategory = {
  category_id: ids({ description: "Entries of these categories.", example: 6 }),
};

const answers = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: { description, content: { "application/json": { schema } } },
  304: { description: "Not modified: `If-None-Match` names the current ETag." },
  ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
});

const listTypes = createRoute({
  method: "get",
  path: "/types",
  operationId: "listTypes",
  summary: "Search types of items by part of their name",
  tags: ["universe"],
  request: {
    query: onlyParameters({
      ...page,
      ...ofCategory,
      group_id: ids({ description: "Types of these groups.", example: 25 }),
      all: flag({ description: "`true`: include types that no outstanding contract offers." }),
    }),
  },
  responses: answers(
    namedListOf(typeSchema, "TypeList"),
    "Types of items; by default only those on offer",
  ),
});

const getType = createRoute({
  method: "get",
  path: "/types/{type_id}",
  operationId: "getType",
  summary: "One type of item",
  tags: ["universe"],
  request: {
    params: z.object({ type_id: idOrNameInPath("type_id", "Rifter") }),
    query: onlyParameters({}),
  },
  responses: { ...answers(typeSchema, "The type"), ...problemResponses("type-not-found") },
});

const listGroups = createRoute({
  method: "get",
  path: "/groups",
  operationId: "listGroups",
  summary: "List groups of types, with how many contracts offer each",
  tags: ["universe"],
  request: { query: onlyParameters({ ...page, ...ofCategory }) },
  responses: answers(namedListOf(groupSchema, "GroupList"), "Groups, by name"),
});

const listCategories = createRoute({
  method: "get",
  path: "/categories",
  operationId: "listCategories",
  summary: "List categories of types, with how many contracts offer each",
  tags: ["universe"],
  request: { query: onlyParameters(page) },
  responses: answers(namedListOf(categorySchema, "CategoryList"), "Categories, by name"),
});

const listSystems = createRoute({
  method: "get",
  path: "/systems",
  operationId: "listSystems",
  summary: "Search solar systems by part of their name",
  tags: ["universe"],
  request: { query: onlyParameters(page) },
  responses: answers(namedListOf(systemSchema, "SystemList"), "Systems, by name"),
});

const getSystem = createRoute({
  method: "get",
  path: "/systems/{system_id}",
  operationId: "getSystem",
  summary: "One solar system",
  tags: ["universe"],
  request: {
    params: z.object({ system_id: idOrNameInPath("system_id", "Jita") }),
    query: onlyParameters({}),
  },
  responses: { ...answers(systemSchema, "The system"), ...problemResponses("system-not-found") },
});

type PageValues = {
  q?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
  category_id?: number[] | undefined;
  group_id?: number[] | undefined;
  all?: boolean | undefined;
};
type Found<Summary> = Pick<NamedPage<Summary>, "rows" | "next" | "version">;

const defaults = { all: "false", limit: String(defaultLimit) };

const tags = regionTags(undefined);

/**
 * Counts of contracts change with every sync. Names alone would change only with game expansions.
 */
async function conditionalPage<Summary, Item>(
  c: Context<AppEnv>,
  policy: CachePolicy,
  list: {
    path: string;
    values: PageValues;
    find: (query: NamedQuery) => Promise<Found<Summary>>;
    toItem: (summary: Summary) => Item;
  },
) {
  const { q: text, limit, cursor: from } = list.values;
  const asked = { ...list.values, q: text && folded(text) };
  const search = searchOf(list.path, asked, defaults);
  const after: NamedPosition | null = await namedCursors.decode(search, from);
  return conditional(c, {
    policy,
    limit: "search",
    question: questionOf(list.path, asked, defaults),
    versions: async () => [{ version: await c.var.container.taxonomy.version(), tags }],
    answer: async () => {
      const query = { ...given({ text }), limit: limit ?? defaultLimit, after };
      const { version, rows, next } = await list.find(query);
      const nextCursor = await namedCursors.encode(search, next);
      const meta = { next_cursor: nextCursor };
      return { version, tags, nextCursor, body: { data: rows.map(list.toItem), meta } };
    },
  });
}

export const taxonomyRoutes = createRouter()
  .openapi(listTypes, (c) => {
    const values = c.req.valid("query");
    const filters = {
      isOnOffer: values.all !== true,
      ...given({ categoryIds: values.category_id, groupIds: values.group_id }),
    };
    return conditionalPage(c, "universe", {
      path: "/v1/types",
      values,
      find: (query) => c.var.container.taxonomy.types({ ...query, ...filters }),
      toItem: toType,
    });
  })
  .openapi(getType, async (c) => {
    const typeId = await idOf(c, "type", "type_id", c.req.valid("param").type_id);
    const { taxonomy } = c.var.container;
    return conditional(c, {
      policy: "universe",
      limit: "lookup",
      question: `/v1/types/${typeId}`,
      versions: async () => [{ version: await taxonomy.version(), tags }],
      mayBeMissing: true,
      answer: async () => {
        const { version, found } = await taxonomy.type(typeId);
        return { version, tags, body: toType(found) };
      },
    });
  })
  .openapi(listGroups, (c) => {
    const values = c.req.valid("query");
    const filters = given({ categoryIds: values.category_id });
    return conditionalPage(c, "market", {
      path: "/v1/groups",
      values,
      find: (query) => c.var.container.taxonomy.groups({ ...query, ...filters }),
      toItem: toGroup,
    });
  })
  .openapi(listCategories, (c) =>
    conditionalPage(c, "market", {
      path: "/v1/categories",
      values: c.req.valid("query"),
      find: (query) => c.var.container.taxonomy.categories(query),
      toItem: toCategory,
    }),
  )
  .openapi(listSystems, (c) =>
    conditionalPage(c, "universe", {
      path: "/v1/systems",
      values: c.req.valid("query"),
      find: (query) => c.var.container.taxonomy.systems(query),
      toItem: toSystem,
    }),
  )
  .openapi(getSystem, async (c) => {
    const systemId = await idOf(c, "system", "system_id", c.req.valid("param").system_id);
    const { taxonomy } = c.var.container;
    return conditional(c, {
      policy: "universe",
      limit: "lookup",
      question: `/v1/systems/${systemId}`,
      versions: async () => [{ version: await taxonomy.version(), tags }],
      mayBeMissing: true,
      answer: async () => {
        const { version, found } = await taxonomy.system(systemId);
        return { version, tags, body: toSystem(found) };
      },
    });
  });
