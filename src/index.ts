/**
 * Worker entry point. HTTP and cron are two front doors to the same services: everything they share
 * is built by `createContainer`.
 */
import { createApp } from "./app.ts";
import { createContainer } from "./container.ts";
import { runScheduled } from "./scheduled.ts";

const app = createApp(createContainer, {
  // Not every host of Workers has the Cache API.
  answerStore: () => (typeof caches === "undefined" ? undefined : caches.default),
});

export default {
  fetch: app.fetch,
  scheduled: (controller, env) => runScheduled(controller, () => createContainer(env)),
} satisfies ExportedHandler<Env>;
