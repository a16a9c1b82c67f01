import type { RequestIdVariables } from "hono/request-id";

import type { Container } from "../container.ts";
import type { AnswerCache } from "./answer-cache.ts";

/** What every handler finds in its context. */
export type AppEnv = {
  Bindings: Env;
  /** Without `answers`, each answer is rebuilt. */
  Variables: RequestIdVariables & { container: Container; answers?: AnswerCache };
};
