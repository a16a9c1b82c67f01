/**
 * `npm run bench`: named queries through the real Worker on local D1, at several sizes. Prints a
 * table for each, writes all as JSON, and compares with an earlier run.
 *
 *   --sizes 10000,100000   how many contracts (10,000, 100,000 and 1,000,000 unless told)
 *   --save FILE            where the JSON goes (.wrangler/bench/results.json)
 *   --compare FILE         the JSON of an earlier run (docs/performance.json)
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { loadUniverse } from "../../src/cli/db-load.ts";
import { startDevServer } from "../../src/cli/dev-server.ts";
import { createProgress, runCommand } from "../../src/cli/terminal.ts";
import { runWrangler } from "../../src/cli/wrangler.ts";
import { fromJson, type Measurement, measure } from "./measure.ts";
import { queries } from "./queries.ts";
import { benchStargates } from "./stargates.ts";

type Results = Record<string, Measurement[]>;
type Progress = ReturnType<typeof createProgress>;

const config = "test/bench/wrangler.toml";

/** Fills a database once; the next bench finds it as it is. */
async function fill(origin: string, size: number, progress: Progress): Promise<void> {
  const response = await fetch(`${origin}/bench/fill?contracts=${size}`);
  const lines = response.body?.pipeThrough(new TextDecoderStream());
  let last = "";
  for await (const chunk of lines ?? []) {
    last = chunk.trim().split("\n").at(-1) ?? "";
    progress.report(`Filling with ${size} contracts`, Number(last) / size || 1);
  }
  if (last !== "done") throw new Error(`Filling failed: ${last}`);
}

async function benchSize(size: number, progress: Progress): Promise<Measurement[]> {
  const persistTo = `.wrangler/bench/${size}`;
  const isFilled = existsSync(`${persistTo}/filled`);
  progress.report(`Starting with ${size} contracts`);
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
  await loadUniverse({ config, persistTo, report: progress.report });
  const args = ["--config", config, "--persist-to", persistTo, "--log-level", "error"];
  const server = await startDevServer({ args, print: () => {} });
  try {
    if (!isFilled) {
      await fill(server.origin, size, progress);
      await writeFile(`${persistTo}/filled`, "");
    }
    const measurements: Measurement[] = [];
    for (const [index, { name, search }] of queries.entries()) {
      progress.report(`Asking ${size} contracts: ${name}`, index / queries.length);
      measurements.push(await measure(server.origin, name, search));
    }
    return measurements;
  } finally {
    await server.stop();
  }
}

const ratio = (now: number, before: number | undefined): string =>
  before === undefined || before === 0 ? "" : `${(now / before).toFixed(2)}×`;

function table(measurements: readonly Measurement[], before: readonly Measurement[] = []): string {
  const isCompared = before.length > 0;
  const head = [
    "query",
    "matches",
    "rows read",
    "engine ms",
    "median ms",
    "p95 ms",
    "kB",
    "req/s at 16",
  ];
  const heads = isCompared ? [...head, "median before"] : head;
  const rows = measurements.map((row) => {
    const earlier = before.find(({ name }) => name === row.name);
    const cells = [
      row.name,
      row.total,
      row.rowsRead,
      row.engineMedianMs,
      row.medianMs,
      row.p95Ms,
      Math.round(row.bytes / 1000),
      row.requestsPerSecond,
    ];
    return isCompared ? [...cells, ratio(row.medianMs, earlier?.medianMs)] : cells;
  });
  const lines = [heads, heads.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

async function readResults(path: string): Promise<Results> {
  return existsSync(path) ? fromJson<Results>(await readFile(path, "utf8")) : {};
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "10000,100000,1000000" },
      save: { type: "string", default: ".wrangler/bench/results.json" },
      compare: { type: "string", default: "docs/performance.json" },
    },
  });
  console.log(`\n${benchStargates()}`);
  const before = await readResults(values.compare);
  const results: Results = {};
  for (const size of values.sizes.split(",").map(Number)) {
    const progress = createProgress(process.stderr);
    const measurements = await benchSize(size, progress).finally(progress.end);
    results[size] = measurements;
    console.log(`\n### ${size.toLocaleString("en")} contracts\n`);
    console.log(table(measurements, before[size]));
  }
  await mkdir(dirname(values.save), { recursive: true });
  await writeFile(values.save, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nWritten to ${values.save}`);
}

await runCommand(bench);
