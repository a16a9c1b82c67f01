/** The bench's Worker in workerd itself, without the development server's proxy in front of it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";

import { freePort } from "../../src/cli/port.ts";
import { runWrangler } from "../../src/cli/wrangler.ts";

export type Workerd = {
  /** The Worker's own socket. */
  origin: string;
  stop: () => Promise<void>;
};

type Options = {
  config: string;
  /** Where `wrangler dev` keeps its data. */
  persistTo: string;
};

/** Starts the Worker as wrangler bundles it. */
export async function startWorkerd({ config, persistTo }: Options): Promise<Workerd> {
  const settings = unstable_readConfig({ config });
  const databaseId = settings.d1_databases[0]?.database_id ?? "";
  const bundle = await mkdtemp(join(tmpdir(), "hangar-bay-bench-"));
  await runWrangler(["deploy", "--dry-run", "-c", config, "--outdir", bundle]);
  const texts = (await readdir(bundle)).filter((file) => file.endsWith(".jsonl"));
  const contents = await Promise.all(
    ["worker.js", ...texts].map((file) => readFile(join(bundle, file), "utf8")),
  );
  const [script = "", ...data] = contents;
  await rm(bundle, { recursive: true });
  const port = await freePort();
  const options = convertV4MiniflareOptions({
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.js", contents: script },
      ...texts.map((file, index) => ({
        type: "Text" as const,
        path: `/${file}`,
        contents: data[index] ?? "",
      })),
    ],
    compatibilityDate: settings.compatibility_date,
    bindings: settings.vars,
    d1Databases: { DB: databaseId },
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    // The Worker's log, a line a request, is not what a bench shows.
    handleStructuredLogs: () => undefined,
  });
  const miniflare = new Miniflare({
    ...options,
    resourcePersistencePath: resolve(persistTo, "v3"),
  });
  await miniflare.ready;
  const { origin } = await miniflare.unsafeGetDirectURL();
  return { origin, stop: () => miniflare.dispose() };
}
