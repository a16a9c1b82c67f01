/**
 * `npm run simulate`: days of New Eden in minutes, minute by minute, through the cron on local D1.
 * Prints each hour, then the month's bill, and fails if something promised was not kept.
 *
 *   --profile paid|free   all of New Eden on Workers Paid, or one hub on the free plan
 *   --hours 48            the bill is made from the last 24
 *   --seed 1
 */
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";

import { loadUniverse } from "../../src/cli/db-load.ts";
import { type DevServer, startDevServer } from "../../src/cli/dev-server.ts";
import { createProgress, runCommand } from "../../src/cli/terminal.ts";
import { runWrangler } from "../../src/cli/wrangler.ts";
import { type Bill, brokenPromises, monthlyBill } from "./bill.ts";
import { type Profile, profiles } from "./profiles.ts";
import type { Hour, Outcome } from "./simulation.ts";

const config = "test/simulation/wrangler.toml";

const number = new Intl.NumberFormat("en");
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;

const columns: [string, (hour: Hour) => string | number][] = [
  ["until", ({ at }) => at.slice(5, 16).replace("T", " ")],
  ["outstanding", ({ truth }) => truth.outstanding],
  ["served", ({ truth }) => truth.served],
  ["wrongly", ({ truth }) => truth.wronglyServed],
  ["missing", ({ truth }) => truth.missing],
  ["pending", ({ truth }) => truth.itemsPending],
  ["late", ({ truth }) => truth.itemsLate],
  ["refused", ({ truth }) => truth.itemsUnavailable],
  ["held", ({ truth }) => truth.heldRegions],
  ["runs", ({ runs }) => runs],
  ["requests", ({ esiRequests }) => esiRequests],
  ["errors left", ({ lowestErrorBudget }) => lowestErrorBudget],
  ["rows read", ({ rowsRead }) => rowsRead],
  ["rows written", ({ rowsWritten }) => rowsWritten],
];

const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const cell = (value: string | number) => (typeof value === "number" ? number.format(value) : value);
const rowOf = (hour: Hour) => line(columns.map(([, valueOf]) => cell(valueOf(hour))));

function printBill(bill: Bill | null, { quota }: Profile): void {
  console.log("\n### The month\n");
  if (!bill) {
    console.log("No bill: it is made from a whole day after the cold start.");
    return;
  }
  const rows = [
    ["rows read", bill.rowsRead, quota.rowsRead],
    ["rows written", bill.rowsWritten, quota.rowsWritten],
    ["invocations by the cron", bill.invocations, quota.invocations],
  ] as const;
  console.log(line(["", "a month", "included", "share"]));
  console.log(line(["---", "---:", "---:", "---:"]));
  for (const [name, used, included] of rows) {
    console.log(line([name, cell(used), cell(included), percent(used, included)]));
  }
  console.log(line(["requests to ESI", cell(bill.esiRequests), "", ""]));
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

function printRest({ coldStartMinutes, idleTicks, databaseBytes, ...rest }: Outcome): void {
  console.log(`
Cold start: ${coldStartMinutes ?? "never complete, after"} simulated minutes, ${megabytes(databaseBytes.coldStart)}.
Ticks with nothing due: ${number.format(idleTicks.count)}, ${idleTicks.rowsRead} rows read at most, none written.
Longest run: ${rest.longestRunSeconds.toFixed(1)} s. Fewest errors left: ${rest.lowestErrorBudget}.
At the end: ${megabytes(databaseBytes.end)}, with ${number.format(rest.ended)} ended contracts kept.`);
}

type Question = { profile: string; hours: string; seed: string };
type Progress = ReturnType<typeof createProgress>;

async function run(server: DevServer, question: Question, progress: Progress): Promise<Outcome> {
  await fetch(`${server.origin}/start?${new URLSearchParams(question).toString()}`);
  progress.end();
  console.log(line(columns.map(([head]) => head)));
  console.log(line(columns.map((_, index) => (index === 0 ? "---" : "---:"))));
  const minutes = Number(question.hours) * 60;
  for (let minute = 0; minute < minutes; minute += 1) {
    progress.report("Simulating", minute / minutes);
    const hour = await server.json<Hour | null>("/tick");
    if (!hour) continue;
    progress.end();
    console.log(rowOf(hour));
  }
  return server.json("/outcome");
}

async function simulate(): Promise<void> {
  const { values } = parseArgs({
    options: {
      profile: { type: "string", default: "paid" },
      hours: { type: "string", default: "48" },
      seed: { type: "string", default: "1" },
    },
  });
  const { profile: name, hours, seed } = values;
  if (name !== "paid" && name !== "free") throw new Error("--profile is paid or free");
  const persistTo = `.wrangler/simulation/${name}`;
  const progress = createProgress(process.stderr);
  progress.report("Preparing a database");
  await rm(persistTo, { recursive: true, force: true });
  const target = ["--local", "--config", config, "--persist-to", persistTo];
  await runWrangler(["d1", "migrations", "apply", "DB", ...target]);
  await loadUniverse({ config, persistTo, report: progress.report });
  const args = ["--config", config, "--persist-to", persistTo, "--log-level", "none"];
  const server = await startDevServer({ args, print: () => {} });
  const outcome = await run(server, { profile: name, hours, seed }, progress).finally(() => {
    progress.end();
    return server.stop();
  });
  printBill(monthlyBill(outcome), profiles[name]);
  printRest(outcome);
  const broken = brokenPromises(outcome, profiles[name]);
  console.log(
    broken.length === 0 ? "\nAll promises are kept." : `\nNot kept: ${broken.join("; ")}.`,
  );
  if (broken.length > 0) process.exitCode = 1;
}

await runCommand(simulate);
