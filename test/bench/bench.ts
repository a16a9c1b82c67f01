/**
 * `npm run bench`: named queries through the real Worker on local D1, at several sizes. Prints a
 * table for each, writes all as JSON, and compares with an earlier run.
 *
 *   --sizes 10000,100000   how many contracts (10,000, 100,000 and 1,000,000 unless told)
 *   --save FILE            where the JSON goes (.wrangler/bench/results.json)
 *   --compare FILE         the JSON of an earlier run (docs/performance.json)
 *   --worst                looks for the questions that cost most instead, from a seed (--seed 1)
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { loadUniverse } from "../../src/cli/db-load.ts";
import { createProgress, runCommand } from "../../src/cli/terminal.ts";
import { runWrangler } from "../../src/cli/wrangler.ts";
import { fromJson, type Measurement, measure } from "./measure.ts";
import { queries } from "./queries.ts";
import { benchStargates } from "./stargates.ts";
import { startWorkerd } from "./workerd.ts";
import { type Found, findWorst, underAttack } from "./worst.ts";

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

/** The Worker over so many contracts, as long as something is done with it. */
async function withServer<Result>(
  size: number,
  progress: Progress,
  use: (origin: string) => Promise<Result>,
): Promise<Result> {
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
  const server = await startWorkerd({ config, persistTo });
  try {
    if (!isFilled) {
      await fill(server.origin, size, progress);
      await writeFile(`${persistTo}/filled`, "");
    }
    return await use(server.origin);
  } finally {
    await server.stop();
  }
}

/** What the runtime, the way to it and the bench take for themselves stands beside every figure. */
const asked = [
  { name: "`/healthz`: nothing but the way there and back", path: "/healthz" },
  ...queries.map(({ name, search }) => ({ name, path: `/v1/contracts?${search}` })),
];

const benchSize = (size: number, progress: Progress): Promise<Measurement[]> =>
  withServer(size, progress, async (origin) => {
    const measurements: Measurement[] = [];
    for (const [index, { name, path }] of asked.entries()) {
      progress.report(`Asking ${size} contracts: ${name}`, index / asked.length);
      measurements.push(await measure(origin, name, path));
    }
    return measurements;
  });

const climbs = 12;
const stepsPerClimb = 60;
const attackers = 5;

/** An ordinary question: everybody's first page. */
const ordinary = "/v1/contracts?region_id=10000002&ship=true&sort=price";

async function benchWorst(size: number, seed: number, progress: Progress): Promise<string> {
  return withServer(size, progress, async (origin) => {
    const report = (share: number) => progress.report(`Looking for the worst question`, share);
    const worst = await findWorst(origin, { seed, climbs, steps: stepsPerClimb, report });
    const dearest = worst.byEngine[0]?.path ?? ordinary;
    const attacks = Array.from({ length: attackers }, () => dearest);
    const { alone, attacked } = await underAttack(origin, ordinary, attacks);
    const rows = (found: readonly Found[]) =>
      found.map((each) => `| ${each.rowsRead} | ${each.engineMs} | \`${each.path}\` |`);
    return [
      `Seed ${seed}, ${climbs} climbs of ${stepsPerClimb} steps.`,
      "",
      "| rows read | engine ms | question |",
      "| ---: | ---: | --- |",
      ...rows([...worst.byRows, ...worst.byEngine, ...worst.others]),
      "",
      `An ordinary question alone: ${Math.round(alone)} ms; while ${attackers} callers ask the dearest one without a pause: ${Math.round(attacked)} ms.`,
    ].join("\n");
  });
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
      worst: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
    },
  });
  const sizes = values.sizes.split(",").map(Number);
  if (values.worst) {
    for (const size of sizes) {
      const progress = createProgress(process.stderr);
      const found = await benchWorst(size, Number(values.seed), progress).finally(progress.end);
      console.log(`\n### ${size.toLocaleString("en")} contracts\n\n${found}`);
    }
    return;
  }
  console.log(`\n${benchStargates()}`);
  const before = await readResults(values.compare);
  const results: Results = {};
  for (const size of sizes) {
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
