import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { NamedPosition, NamedQuery } from "../domain/taxonomy.ts";
import { type CachePolicy, conditional, regionTags } from "../http/caching.ts";
import { type AppEnv, createRouter } from "../http/context.ts";
import { linkToNext } from "../http/link.ts";
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
    description: "Whose name holds this: names that begin with it first.",
    example: "rif",
  }),
  limit: wholeNumber(1, 100, { description: "How many on a page; 50 unless told." }),
  cursor: cursor(),
};

const ofCategory = { category_id: ids({ description: "Of these categories.", example: 6 }) };

const answers = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: { description, content: { "application/json": { schema } } },
  304: { description: "The caller's copy is still right." },
  ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
});

const listTypes = createRoute({
  method: "get",
  path: "/types",
  operationId: "listTypes",
  summary: "Types of items, by a part of their name",
  tags: ["universe"],
  request: {
    query: onlyParameters({
      ...page,
      ...ofCategory,
      group_id: ids({ description: "Of these groups.", example: 25 }),
      all: flag({ description: "`true`: also types that no outstanding contract offers." }),
    }),
  },
  responses: answers(namedListOf(typeSchema, "TypeList"), "Types, those on offer unless told"),
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
  summary: "Groups of types, and how many contracts offer one",
  tags: ["universe"],
  request: { query: onlyParameters({ ...page, ...ofCategory }) },
  responses: answers(namedListOf(groupSchema, "GroupList"), "Groups, by name"),
});

const listCategories = createRoute({
  method: "get",
  path: "/categories",
  operationId: "listCategories",
  summary: "Categories of types, and how many contracts offer one",
  tags: ["universe"],
  request: { query: onlyParameters(page) },
  responses: answers(namedListOf(categorySchema, "CategoryList"), "Categories, by name"),
});

const listSystems = createRoute({
  method: "get",
  path: "/systems",
  operationId: "listSystems",
  summary: "Solar systems, by a part of their name",
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
};
type Found<Summary> = Pick<NamedPage<Summary>, "rows" | "next" | "version">;

/** Counts of contracts change with every sync; names alone would with every expansion of the game. */
async function conditionalPage<Summary>(
  c: Context<AppEnv>,
  policy: CachePolicy,
  find: () => Promise<Found<Summary>>,
): Promise<Found<Summary> | undefined> {
  return conditional(c, {
    policy,
    limit: "search",
    tags: () => regionTags(undefined),
    version: () => c.var.container.taxonomy.version(),
    answer: async () => {
      const found = await find();
      return { version: found.version, body: found };
    },
  });
}

type ListName = "types" | "groups" | "categories" | "systems";

/** What is asked for, with the page of it: `question` is what a cursor is good for. */
async function namedQuery<Filters extends object>(
  list: ListName,
  { q, limit, cursor: from }: PageValues,
  filters: Filters,
): Promise<{ question: object; query: NamedQuery & Filters }> {
  const asked = { ...(q === undefined ? {} : { text: q }), ...filters };
  const question = { list, ...asked };
  const after: NamedPosition | null = await namedCursors.decode(question, from);
  return { question, query: { ...asked, limit: limit ?? defaultLimit, after } };
}

async function metaOf<Summary>(c: Context<AppEnv>, question: object, { next }: Found<Summary>) {
  const nextCursor = await namedCursors.encode(question, next);
  if (nextCursor) c.header("link", linkToNext(c.req.url, nextCursor));
  return { next_cursor: nextCursor };
}

export const taxonomyRoutes = createRouter()
  .openapi(listTypes, async (c) => {
    const values = c.req.valid("query");
    const { question, query } = await namedQuery("types", values, {
      isOnOffer: values.all !== true,
      ...given({ categoryIds: values.category_id, groupIds: values.group_id }),
    });
    const found = await conditionalPage(c, "universe", () => c.var.container.taxonomy.types(query));
    if (!found) return c.body(null, 304);
    return c.json({ data: found.rows.map(toType), meta: await metaOf(c, question, found) }, 200);
  })
  .openapi(getType, async (c) => {
    const typeId = await idOf(c, "type", "type_id", c.req.valid("param").type_id);
    const type = await conditional(c, {
      policy: "universe",
      limit: "lookup",
      tags: () => regionTags(undefined),
      version: () => c.var.container.taxonomy.version(),
      mayBeMissing: true,
      answer: async () => {
        const { version, found } = await c.var.container.taxonomy.type(typeId);
        return { version, body: found };
      },
    });
    return type ? c.json(toType(type), 200) : c.body(null, 304);
  })
  .openapi(listGroups, async (c) => {
    const values = c.req.valid("query");
    const { question, query } = await namedQuery(
      "groups",
      values,
      given({ categoryIds: values.category_id }),
    );
    const found = await conditionalPage(c, "market", () => c.var.container.taxonomy.groups(query));
    if (!found) return c.body(null, 304);
    return c.json({ data: found.rows.map(toGroup), meta: await metaOf(c, question, found) }, 200);
  })
  .openapi(listCategories, async (c) => {
    const { question, query } = await namedQuery("categories", c.req.valid("query"), {});
    const { taxonomy } = c.var.container;
    const found = await conditionalPage(c, "market", () => taxonomy.categories(query));
    if (!found) return c.body(null, 304);
    const meta = await metaOf(c, question, found);
    return c.json({ data: found.rows.map(toCategory), meta }, 200);
  })
  .openapi(listSystems, async (c) => {
    const { question, query } = await namedQuery("systems", c.req.valid("query"), {});
    const { taxonomy } = c.var.container;
    const found = await conditionalPage(c, "universe", () => taxonomy.systems(query));
    if (!found) return c.body(null, 304);
    return c.json({ data: found.rows.map(toSystem), meta: await metaOf(c, question, found) }, 200);
  })
  .openapi(getSystem, async (c) => {
    const systemId = await idOf(c, "system", "system_id", c.req.valid("param").system_id);
    const system = await conditional(c, {
      policy: "universe",
      limit: "lookup",
      tags: () => regionTags(undefined),
      version: () => c.var.container.taxonomy.version(),
      mayBeMissing: true,
      answer: async () => {
        const { version, found } = await c.var.container.taxonomy.system(systemId);
        return { version, body: found };
      },
    });
    return system ? c.json(toSystem(system), 200) : c.body(null, 304);
  });
