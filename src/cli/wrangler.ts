/** The project's own wrangler, under the node that runs this: a machine may have an older one. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export const wranglerCommand: readonly string[] = [
  process.execPath,
  join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js"),
];

/** Starts wrangler with its output in pipes; `CI` keeps it from asking questions. */
export function startWrangler(args: readonly string[]): ChildProcess {
  const [command = "", ...rest] = wranglerCommand;
  return spawn(command, [...rest, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
  });
}

/** @throws with what wrangler said, if it fails. */
export async function runWrangler(args: readonly string[]): Promise<void> {
  const child = startWrangler(args);
  const said: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => said.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return;
  throw new Error(`wrangler ${args.join(" ")} failed:\n${Buffer.concat(said).toString().trim()}`);
}
