import path from "node:path";

import { defineConfig } from "vitest/config";

/** Most tests run in workerd, on real D1; those of the commands in `src/cli` run in Node. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, ".."),
  test: { projects: ["test/vitest.workerd.config.ts", "test/vitest.node.config.ts"] },
});
