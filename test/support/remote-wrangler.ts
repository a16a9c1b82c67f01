/**
 * Stands in for wrangler against Cloudflare: does what it is told to do with the remote database to a
 * local one, through the real wrangler, and answers in the form of the remote one.
 *
 * Its first argument is the folder of that database; what it was asked is written to `asked.jsonl` there.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";

const [state = "", ...asked] = process.argv.slice(2);
const file = asked[asked.indexOf("--file") + 1] ?? "";
const size = asked.includes("--file") ? statSync(file).size : null;
appendFileSync(join(state, "asked.jsonl"), `${JSON.stringify({ asked, size })}\n`);

if (existsSync(join(state, "fails"))) {
  // As wrangler tells an error of Cloudflare's API with --json.
  const notes = [{ text: "D1 DB is overloaded. [code: 7500]" }];
  console.log(JSON.stringify({ error: { text: "A request to the API failed.", notes } }, null, 2));
  process.exit(1);
}
const wrangler = join(import.meta.dirname, "../../node_modules/wrangler/bin/wrangler.js");
const local = asked.flatMap((word) =>
  word === "--remote" ? ["--local", "--persist-to", state] : word,
);
const run = spawnSync(process.execPath, [wrangler, ...local], { encoding: "utf8" });
if (run.status === 0 && size !== null) {
  console.log(JSON.stringify([{ results: [], success: true, meta: { rows_written: 7 } }], null, 2));
} else {
  process.stdout.write(run.stdout);
}
process.exitCode = run.status ?? 1;
