import path from "node:path";

import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "..");

export default defineConfig({
  root,
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: path.join(root, "wrangler.toml") },
      miniflare: {
        bindings: { TEST_MIGRATIONS: await readD1Migrations(path.join(root, "migrations")) },
      },
    })),
  ],
  test: {
    name: "workerd",
    // Vitest leaves one core to itself, which of two is half.
    maxWorkers: 2,
    include: ["test/**/*.test.ts"],
    exclude: ["**/*.node.test.ts"],
    setupFiles: ["test/support/setup.ts"],
  },
});
