import { createRoute, z } from "@hono/zod-openapi";

import { securityClasses } from "../domain/security.ts";
import { routeKinds } from "../domain/stargates.ts";
import { conditional } from "../http/caching.ts";
import { idOrNameInPath, oneOf, onlyParameters } from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import { questionOf } from "../http/question.ts";
import { createRouter } from "../http/router.ts";
import type { FoundRoute } from "../services/routes.ts";
import { idOf } from "./named-id.ts";

const routeSchema = z
  .object({
    jumps: z.int().nonnegative(),
    systems: z
      .array(
        z.object({
          system_id: z.int().openapi({ format: "int64", example: 30000142 }),
          name: z.string().openapi({ example: "Jita" }),
          security: z.number().openapi({ description: "As the game shows it.", example: 0.9 }),
          security_class: z.enum(securityClasses),
        }),
      )
      .openapi({ description: "The systems in travel order, including both ends." }),
  })
  .openapi("Route");

const getRoute = createRoute({
  method: "get",
  path: "/routes/{origin}/{destination}",
  operationId: "getRoute",
  summary: "Find a route between two systems, by stargates",
  tags: ["universe"],
  request: {
    params: z.object({
      origin: idOrNameInPath("origin", "Jita"),
      destination: idOrNameInPath("destination", "Amarr"),
    }),
    query: onlyParameters({
      route: oneOf(routeKinds, {
        description:
          "`highsec` is the shortest route that enters no system below 0.45. Default: `shortest`.",
      }),
    }),
  },
  responses: {
    200: {
      description: "One of the shortest routes of that kind",
      content: { "application/json": { schema: routeSchema } },
    },
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
    ...problemResponses(
      "invalid-request",
      "system-not-found",
      "route-not-found",
      "rate-limited",
      "database-unavailable",
    ),
  },
});

export const routeRoutes = createRouter().openapi(getRoute, async (c) => {
  const { origin, destination } = c.req.valid("param");
  const { route: kind = "shortest" } = c.req.valid("query");
  const { routes } = c.var.container;
  const originId = await idOf(c, "system", "origin", origin);
  const destinationId = await idOf(c, "system", "destination", destination);
  return conditional(c, {
    policy: "universe",
    limit: "lookup",
    question: questionOf(
      `/v1/routes/${originId}/${destinationId}`,
      { route: kind },
      { route: "shortest" },
    ),
    versions: async () => [{ version: await routes.version(), tags: [] }],
    mayBeMissing: true,
    answer: async () => {
      const { version, jumps, systems } = await routes.find(originId, destinationId, kind);
      return { version, tags: [], body: { jumps, systems: systems.map(toRouteSystem) } };
    },
  });
});

const toRouteSystem = ({
  systemId,
  name,
  security,
  securityClass,
}: FoundRoute["systems"][number]) => ({
  system_id: systemId,
  name,
  security,
  security_class: securityClass,
});
