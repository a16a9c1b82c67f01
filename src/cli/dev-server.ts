/** `wrangler dev`, started and watched. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

import { freePort } from "./port.ts";
import { startWrangler } from "./wrangler.ts";

export type DevServer = {
  origin: string;
  /** Calls a service of the Worker by its path, and reads its JSON. */
  json: <Body>(path: string) => Promise<Body>;
  /** Fires the cron, and waits for what it does. */
  tick: () => Promise<void>;
  /** Resolves when wrangler has ended, by itself or not. */
  ended: Promise<number | null>;
  stop: () => Promise<void>;
};

type Options = {
  args: readonly string[];
  /** One that was claimed; any that is free unless told. */
  port?: number;
  /** Gets each line that wrangler prints; those of the Worker's log as they are. */
  print: (line: string) => void;
};

const readyWithinMs = 60_000;
const killAfterMs = 5_000;

/** wrangler's own prefixes, and the name of the Worker that logs. */
const withoutPrefix = (line: string): string => line.replace(/^\[[\w:-]+\] (?=\{)/, "");

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", resolve));
}

/** @throws if it does not come up, with what wrangler said. */
export async function startDevServer({ args, port: claimed, print }: Options): Promise<DevServer> {
  // A server that answers on a taken port is another one. It would get the requests meant for ours.
  const port = claimed ?? (await freePort());
  const child = startWrangler(["dev", "--port", String(port), ...args]);
  const said: string[] = [];
  let isUp = false;
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      if (isUp) print(withoutPrefix(line));
      else said.push(line);
    });
  }
  const ended = endOf(child);
  const origin = `http://localhost:${port}`;

  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    await ended;
    clearTimeout(timer);
  };

  const isUpNow = async () => {
    const response = await fetch(`${origin}/healthz`, {
      signal: AbortSignal.timeout(2_000),
    }).catch(() => null);
    return response?.ok === true;
  };

  const deadline = Date.now() + readyWithinMs;
  while (!(await isUpNow())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`wrangler dev did not start:\n${said.join("\n")}`);
    }
    await wait(200);
  }
  isUp = true;

  return {
    origin,
    ended,
    stop,
    async json<Body>(path: string) {
      const response = await fetch(`${origin}${path}`);
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own API's answer
      return (await response.json()) as Body;
    },
    async tick() {
      await fetch(`${origin}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`);
    },
  };
}
