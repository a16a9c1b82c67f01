import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { expect, it } from "vitest";

import { loadUniverse as loadIntoD1 } from "../../src/cli/db-load.ts";
import { startDevServer } from "../../src/cli/dev-server.ts";
import { freePort } from "../../src/cli/port.ts";
import { readReference } from "../../src/cli/universe/reference.ts";
import { runWrangler } from "../../src/cli/wrangler.ts";
import { createRecordedWorld, type RecordedOptions } from "../esi-stand-in/recorded.ts";
import { createStandIn } from "../esi-stand-in/stand-in.ts";
import { loadUniverse, type TableName } from "../esi-stand-in/universe.ts";
import { expectedCounts, folder } from "./counts.ts";

/** ESI's universe as of 2026: it knows types that the shipped extract lacks. */
async function laterUniverse() {
  const reference = await readReference(`${folder}/universe`, `${folder}/sde-ships.json`);
  const texts = reference.slice(0, -1).map(({ table, rows }) => {
    const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "src");
    const lines = rows.map((row) => columns.map((column) => row[column] ?? null));
    return [table, [columns, ...lines].map((line) => JSON.stringify(line)).join("\n")];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the reference has a file for each table
  return loadUniverse(Object.fromEntries(texts) as Record<TableName, string>);
}

async function recordedEsi() {
  const read = (file: string) => readFileSync(`${folder}/${file}`);
  const contracts = JSON.parse(read("contracts-10000002-2022-02.json").toString());
  const items = JSON.parse(gunzipSync(read("contract-items-10000002-2025-09.json.gz")).toString());
  const options: RecordedOptions = {
    contracts,
    items,
    now: new Date(),
    universe: await laterUniverse(),
  };
  // The first list is made when it is asked for: an older one would lack the newest contracts.
  const phase = () => 0;
  return createStandIn({ world: createRecordedWorld(options), now: () => new Date(), phase });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** The stand-in over HTTP, where `npm run dev` finds the ESI of its settings. */
async function serve(esi: Awaited<ReturnType<typeof recordedEsi>>) {
  const server = createServer((request, response) => {
    void (async () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      const body = request.method === "POST" ? { body: await bodyOf(request) } : {};
      const answer = await esi.fetch(`http://esi.test${request.url ?? ""}`, {
        method: request.method ?? "GET",
        headers,
        ...body,
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { server, port };
}

type Totals = { meta: { total: number; items_pending: number } };

it.skipIf(!existsSync(folder))(
  "counts in the real rows what a count of the files counts",
  async () => {
    const persistTo = await mkdtemp(join(tmpdir(), "hangar-bay-recorded-"));
    const config = "wrangler.toml";
    const esi = await recordedEsi();
    const { server: http, port: esiPort } = await serve(esi);
    await runWrangler([
      "d1",
      "migrations",
      "apply",
      "DB",
      "--local",
      "-c",
      config,
      "--persist-to",
      persistTo,
    ]);
    await loadIntoD1({ config, persistTo });
    const settings = [
      `ESI_BASE_URL:http://127.0.0.1:${esiPort}`,
      "ESI_REQUESTS_PER_SECOND:1000",
      "ESI_DOWNTIME:",
      "SYNC_REGION_IDS:10000002",
    ];
    const vars = settings.flatMap((setting) => ["--var", setting]);
    const args = ["-c", config, "--persist-to", persistTo, "--log-level", "error", ...vars];
    const server = await startDevServer({ args, print: () => {} });
    try {
      let pending = 1;
      for (let run = 0; run < 5 && pending > 0; run += 1) {
        await server.tick();
        pending = (await server.json<Totals>("/v1/contracts")).meta.items_pending;
      }
      const counted: Record<string, number> = {};
      const expected = expectedCounts();
      for (const search of Object.keys(expected)) {
        counted[search] = (await server.json<Totals>(`/v1/contracts?${search}`)).meta.total;
      }
      console.table(
        Object.keys(expected).map((search) => ({
          search,
          api: counted[search],
          files: expected[search],
        })),
      );
      expect(pending).toBe(0);
      expect(counted).toEqual(expected);
      expect(esi.counters.violations).toEqual([]);
      expect(esi.counters.itemsFetchedTwice).toEqual([]);
    } finally {
      await server.stop();
      http.close();
      await rm(persistTo, { recursive: true });
    }
  },
  120_000,
);
