import type { OpenAPIHono } from "@hono/zod-openapi";

import { version } from "../../package.json";
import type { AppEnv } from "./context.ts";
import { dataNotice } from "./page.ts";

export type OpenApiDocument = ReturnType<OpenAPIHono<AppEnv>["getOpenAPI31Document"]>;

const info = {
  title: "Hangar Bay",
  version,
  description: `EVE Online's public contracts, refreshed from ESI as fast as ESI allows. Names are ESI's; ids and ISK are JSON numbers; instants are UTC; what is unknown is \`null\`. Reads need no key and may be called from any page. Answers are cached: send \`If-None-Match\`, and write parameters in alphabetical order. ${dataNotice}`,
  license: { name: "MIT", identifier: "MIT" },
};

/** The OpenAPI document of the routes that serve it. */
export function documentOf(app: OpenAPIHono<AppEnv>): OpenApiDocument {
  const {
    components,
    webhooks: _empty,
    ...document
  } = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info,
    servers: [{ url: "/" }],
    tags: [
      { name: "contracts", description: "The contracts" },
      { name: "universe", description: "Where they are, and what is in them" },
      { name: "operation", description: "How the service does" },
    ],
  });
  return {
    ...document,
    components: {
      schemas: components?.schemas ?? {},
      securitySchemes: { adminToken: { type: "http", scheme: "bearer" } },
    },
  };
}
