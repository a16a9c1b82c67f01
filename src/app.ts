import { cors } from "hono/cors";
import { methodNotAllowed as rejectOtherMethods } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";

import type { Container } from "./container.ts";
import { accessLog } from "./http/access-log.ts";
import { type AnswerStore, createAnswerCache } from "./http/answer-cache.ts";
import { documentOf } from "./http/openapi.ts";
import { methodNotAllowed, notFound, onError } from "./http/problem.ts";
import { createRouter, refuseLostParameters } from "./http/router.ts";
import { adminRoutes } from "./routes/admin.ts";
import { contractExportRoutes } from "./routes/contract-exports.ts";
import { contractFeedRoutes } from "./routes/contract-feeds.ts";
import { contractRoutes } from "./routes/contracts.ts";
import { docsRoutes } from "./routes/docs.ts";
import { flagRoutes } from "./routes/flags.ts";
import { healthRoutes } from "./routes/health.ts";
import { hullRoutes } from "./routes/hulls.ts";
import { regionRoutes } from "./routes/regions.ts";
import { routeRoutes } from "./routes/stargate-routes.ts";
import { statusRoutes } from "./routes/status.ts";
import { taxonomyRoutes } from "./routes/taxonomy.ts";

/** What a page on another host may read of an answer. */
const exposedHeaders = [
  "ETag",
  "Last-Modified",
  "Link",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "X-Request-Id",
  "X-Total-Count",
];

type AppPorts = {
  /** Where answers are kept behind the HTTP cache; without it each is rebuilt. */
  answerStore?: () => AnswerStore | undefined;
};

export function createApp(
  containerFor: (env: Env) => Container,
  { answerStore = () => undefined }: AppPorts = {},
) {
  const app = createRouter();

  // Ours, never the caller's: two requests never share one.
  app.use(
    requestId({ headerName: "X-Request-Id", generator: () => crypto.randomUUID(), limitLength: 0 }),
  );
  app.use(accessLog);
  app.use(
    secureHeaders({
      // What `default-src` does not cover is forbidden too: no page here has a frame, a base or a form.
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
      // Of this host alone: what else runs under its domain is not ours to decide.
      strictTransportSecurity: "max-age=31536000",
      // What `frame-ancestors` says, for browsers that do not know it.
      xFrameOptions: "DENY",
      crossOriginResourcePolicy: "cross-origin",
    }),
  );
  app.use(cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: exposedHeaders }));
  app.use(rejectOtherMethods({ app, onMethodNotAllowed: methodNotAllowed }));

  app.onError(onError);
  app.notFound(notFound);
  // Before the container is made: that fails if the settings are wrong, and a page says what to do.
  app.route(
    "/",
    docsRoutes(() => documentOf(app)),
  );
  app.use(refuseLostParameters);
  app.route("/v1/flags", flagRoutes);
  app.use(async (c, next) => {
    c.set("container", containerFor(c.env));
    const store = answerStore();
    if (store) c.set("answers", createAnswerCache(store));
    await next();
  });
  app.route("/healthz", healthRoutes);
  app.route("/v1/status", statusRoutes);
  app.route("/v1/regions", regionRoutes);
  app.route("/v1", taxonomyRoutes);
  app.route("/v1", routeRoutes);
  app.route("/v1/hulls", hullRoutes);
  app.route("/v1/admin", adminRoutes);
  app.route("/", contractExportRoutes);
  app.route("/", contractFeedRoutes);
  return app.route("/v1/contracts", contractRoutes);
}
