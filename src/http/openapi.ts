import type { OpenAPIHono } from "@hono/zod-openapi";

import { version } from "../../package.json";
import type { AppEnv } from "./context.ts";
import { dataNotice } from "./page.ts";

export type OpenApiDocument = ReturnType<OpenAPIHono<AppEnv>["getOpenAPI31Document"]>;

const info = {
  title: "Hangar Bay",
  version,
  description: `EVE Online's public contracts, refreshed from ESI as fast as ESI allows. Field names are ESI's. Ids and ISK are JSON numbers. Times are UTC. An unknown value is \`null\`. GET requests need no key and work from any web page. Responses are cached: send \`If-None-Match\`, and write query parameters in alphabetical order. ${dataNotice}`,
  license: { name: "MIT", identifier: "MIT" },
};

type Paths = NonNullable<OpenApiDocument["paths"]>;
type Operation = NonNullable<Paths[string]["get"]>;
type Parameter = NonNullable<Operation["parameters"]>[number];

const nameOf = (parameter: Parameter): string => ("name" in parameter ? parameter.name : "");

/** Callers who copy the order of the document all send the same address, so they hit the cache. */
const inOrder = (parameters: readonly Parameter[]): Parameter[] =>
  parameters.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

const withParametersInOrder = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, { get, ...item }]) => {
      if (!get) return [path, item];
      const { parameters = [], ...operation } = get;
      return [path, { ...item, get: { ...operation, parameters: inOrder(parameters) } }];
    }),
  );

/** The OpenAPI document of the given routes. */
export function documentOf(app: OpenAPIHono<AppEnv>): OpenApiDocument {
  const {
    components,
    webhooks: _empty,
    paths = {},
    ...document
  } = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info,
    servers: [{ url: "/" }],
    tags: [
      {
        name: "contracts",
        description: "Search contracts, read one, and look up what its flags mean",
      },
      { name: "market", description: "Asking prices of ships" },
      {
        name: "universe",
        description: "Regions, systems, routes, and the types of items in contracts",
      },
      {
        name: "operation",
        description: "Health and state of the service, and commands for its operator",
      },
    ],
  });
  return {
    ...document,
    paths: withParametersInOrder(paths),
    components: {
      schemas: components?.schemas ?? {},
      securitySchemes: { adminToken: { type: "http", scheme: "bearer" } },
    },
  };
}
