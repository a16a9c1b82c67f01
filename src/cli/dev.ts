/**
 * `npm start` and `npm run dev`: a local Hangar Bay that is migrated, loaded, synced, and kept in
 * sync. Offline, the stand-in is ESI; else the ESI that the settings name.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";

import { loadUniverse } from "./db-load.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";
import { describeLogLine, firstSync, syncOnce, whatToTry } from "./dev-sync.ts";
import { checkDevVars } from "./dev-vars.ts";
import { claimPort } from "./port.ts";
import { createProgress, runCommand } from "./terminal.ts";
import { runWrangler } from "./wrangler.ts";

type Profile = {
  command: string;
  configs: readonly string[];
  persistTo: string;
  /** What whoever looks at its contracts should know of them. */
  note: string;
};

const live: Profile = {
  command: "npm run dev",
  configs: ["wrangler.toml"],
  persistTo: ".wrangler/state",
  note: "",
};

/** Separate from the live state: data from the stand-in must not be mistaken for ESI's. */
const offline: Profile = {
  command: "npm start",
  configs: ["test/offline/wrangler.toml", "test/offline/esi.toml"],
  persistTo: ".wrangler/offline",
  note: `
This New Eden is made up: places and types are real, contracts, orders and names are not. It has about
ten times as many ships and couriers as the real one, and twice as much that is flagged, to show them.`,
};

const devVars = ".dev.vars";

const usage = `Usage: npm start | npm run dev  [-- options of wrangler dev]

  --port <n>           8787 unless told
  --persist-to <dir>   where the local database lies
  --var NAME:value     a setting, beside those of .dev.vars
`;

function settingsOf(vars: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    vars.map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]),
  );
}

function readArguments() {
  const { values, tokens } = parseArgs({
    strict: false,
    tokens: true,
    options: {
      offline: { type: "boolean", default: false },
      port: { type: "string", default: "8787" },
      "persist-to": { type: "string" },
      var: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const own = new Set(["offline", "port", "persist-to", "help"]);
  const from = tokens.filter((token) => !(token.kind === "option" && own.has(token.name)));
  const passedOn = from.flatMap((token) => {
    if (token.kind === "positional") return [token.value];
    if (token.kind !== "option") return [];
    return token.value === undefined ? [token.rawName] : [token.rawName, token.value];
  });
  return {
    isHelp: values.help === true,
    profile: values.offline === true ? offline : live,
    port: Number(values.port),
    persistTo: typeof values["persist-to"] === "string" ? values["persist-to"] : undefined,
    vars: (values.var ?? []).filter((value) => typeof value === "string"),
    passedOn,
  };
}

/** Migrates the local database and loads the universe into it, if that is not done. */
async function prepare({ configs: [config = ""] }: Profile, persistTo: string): Promise<void> {
  const progress = createProgress(process.stderr);
  try {
    progress.report("Migrating the local database");
    const target = ["--local", "--config", config, "--persist-to", persistTo];
    await runWrangler(["d1", "migrations", "apply", "DB", ...target]);
    await loadUniverse({ config, persistTo, report: progress.report });
  } finally {
    progress.end();
  }
}

/** At the turn of each minute, until wrangler ends. */
async function tickEachMinute(server: DevServer): Promise<void> {
  for (;;) {
    const untilNextMinute = 60_000 - (Date.now() % 60_000);
    const end = await Promise.race([server.ended, wait(untilNextMinute, "tick" as const)]);
    if (end !== "tick") throw new Error("wrangler dev has ended");
    await syncOnce(server, console.log);
  }
}

async function dev(): Promise<void> {
  const { isHelp, profile, port, persistTo, vars, passedOn } = readArguments();
  if (isHelp) {
    console.log(usage);
    return;
  }
  const isOffline = profile === offline;
  checkDevVars(devVars, { isOffline, vars: settingsOf(vars) });
  await claimPort(port, profile.command);

  const state = persistTo ?? profile.persistTo;
  await prepare(profile, state);
  const configs = profile.configs.flatMap((config) => ["--config", config]);
  // wrangler looks for .dev.vars beside its configuration, and that of the offline start is elsewhere.
  const env = isOffline && existsSync(devVars) ? ["--env-file", resolve(devVars)] : [];
  let isShown = false;
  const server = await startDevServer({
    port,
    print: (line) => {
      const said = describeLogLine(line);
      if (isShown && said) console.log(said);
    },
    args: [...configs, ...env, "--persist-to", state, ...passedOn],
  });

  let isStopping = false;
  const stop = () => {
    isStopping = true;
    void server.stop().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await firstSync(server);
    if (profile.note !== "") console.log(profile.note);
    console.log(await whatToTry(server));
    isShown = true;
    await tickEachMinute(server);
  } catch (error) {
    if (isStopping) return;
    await server.stop();
    throw error;
  }
}

if (import.meta.main) await runCommand(dev);
