/** The limits as they are deployed, and as the code tells them: a binding does not tell its own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { rateLimitNames, rateLimits } from "../../src/http/rate-limit.ts";

const root = join(import.meta.dirname, "../..");
const table =
  /\[\[ratelimits\]\]\nname = "(\w+)"\nnamespace_id = "(\d+)"\nsimple = \{ limit = (\d+), period = (\d+) \}/g;

const limitsIn = (file: string) =>
  [...readFileSync(join(root, file), "utf8").matchAll(table)].map(
    ([, binding, namespace, limit, period]) => ({
      binding,
      namespace,
      limit: Number(limit),
      windowSeconds: Number(period),
    }),
  );

describe.each(["wrangler.toml", "test/offline/wrangler.toml"])("the limits of %s", (file) => {
  it("are those that the code tells", () => {
    const limits = limitsIn(file).map(({ namespace: _namespace, ...limit }) => limit);

    expect(limits).toEqual(rateLimitNames.map((name) => rateLimits[name]));
  });

  it("are counted apart", () => {
    const namespaces = limitsIn(file).map(({ namespace }) => namespace);

    expect(new Set(namespaces).size).toBe(rateLimitNames.length);
  });
});
