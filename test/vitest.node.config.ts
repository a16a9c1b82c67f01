import path from "node:path";

import { defineConfig } from "vitest/config";

/** Tests of what runs in Node alone: the commands of `src/cli` and the files they read. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, ".."),
  test: { name: "node", maxWorkers: 2, include: ["test/**/*.node.test.ts"], environment: "node" },
});
