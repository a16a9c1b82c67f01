import { OpenAPIHono } from "@hono/zod-openapi";
import type { RequestIdVariables } from "hono/request-id";

import type { Container } from "../container.ts";
import { invalidRequest } from "./problem.ts";

export type AppEnv = {
  Bindings: Env;
  Variables: RequestIdVariables & { container: Container };
};

/** Every router, root or nested, is made here so that all share one error shape. */
export const createRouter = () =>
  new OpenAPIHono<AppEnv>({
    strict: false,
    defaultHook: (result, c) =>
      result.success ? undefined : invalidRequest(c, result.target, result.error.issues),
  });
