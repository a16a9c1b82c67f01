import { createRoute, z } from "@hono/zod-openapi";

import { type FlagCode, flagCodes, flagDefinitions, severities } from "../domain/flags/flag.ts";
import { cacheFor } from "../http/caching.ts";
import { originOf } from "../http/origin.ts";
import { onlyParameters } from "../http/parameters.ts";
import { problemMediaType, problems, problemSchema } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";

const flagDefinitionSchema = z
  .object({
    code: z.enum(flagCodes).openapi({ example: "price_magnitude" }),
    severity: z.enum(severities).openapi({ example: "danger" }),
    when: z.string().openapi({ description: "When the flag is raised." }),
    detail: z.string().openapi({
      description: "Why the flag matters, what its rule leaves out, and how to read its evidence.",
    }),
    documentation: z.url().openapi({
      description: "Web page with the same text.",
      example: "https://hangar-bay.example/docs/flags#price_magnitude",
    }),
  })
  .openapi("FlagDefinition");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listFlags",
  summary: "The flags that a contract may have, and when each is raised",
  tags: ["contracts"],
  request: { query: onlyParameters({}) },
  responses: {
    200: {
      description: "All flags",
      content: {
        "application/json": {
          schema: z
            .object({
              data: z.array(flagDefinitionSchema),
              meta: z.object({ total: z.int().nonnegative() }),
            })
            .openapi("FlagDefinitionList"),
        },
      },
    },
    // No other problem can occur, because the route needs neither settings nor the database.
    400: {
      description: problems["invalid-request"].title,
      content: { [problemMediaType]: { schema: problemSchema } },
    },
  },
});

const toDefinition = (code: FlagCode, origin: string): z.infer<typeof flagDefinitionSchema> => {
  const { severity, when, explanation } = flagDefinitions[code];
  const documentation = `${origin}/docs/flags#${code}`;
  return { code, severity, when, detail: explanation, documentation };
};

export const flagRoutes = createRouter().openapi(list, (c) => {
  cacheFor(c, "documents");
  const origin = originOf(c);
  const data = flagCodes.map((code) => toDefinition(code, origin));
  return c.json({ data, meta: { total: data.length } }, 200);
});
