/** Looks at `.dev.vars` before wrangler does, which passes over what it cannot read. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

import { closest, distance } from "fastest-levenshtein";

import { configFrom, settingNames } from "../config.ts";
import { AppError } from "../errors.ts";

const isAssignment = (line: string): boolean => /^\s*(export\s+)?[A-Z][A-Z0-9_]*\s*=/.test(line);
const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);

/**
 * @param options - whether the stand-in is bound as ESI, and settings given otherwise (`--var`).
 * @throws naming each line that is none, and each setting that is wrong.
 */
export function checkDevVars(
  path: string,
  { isOffline, vars }: { isOffline: boolean; vars: Readonly<Record<string, string>> },
): void {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const odd = text
    .split("\n")
    .flatMap((line, index) => (isAssignment(line) || isBlank(line) ? [] : [index + 1]));
  if (odd.length > 0) {
    throw new Error(`${path}: line ${odd.join(", ")} is not NAME=value. See .dev.vars.example.`);
  }
  const settings = { ...parseEnv(text), ...vars };
  refuseMisspelt(settings);
  try {
    const env = { ...settings, ...(isOffline ? { ESI: {} } : {}) };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only its settings are read
    configFrom(env as unknown as Env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const file = existsSync(path) ? path : `${path} (there is none yet: copy .dev.vars.example)`;
    throw new Error(`The settings are wrong. They are read from ${file}`, { cause: error });
  }
}

/** Other tools may have variables there. A name that is nearly one of ours is a typing mistake. */
function refuseMisspelt(settings: Readonly<Record<string, unknown>>): void {
  const misspelt = Object.keys(settings)
    .filter((name) => !settingNames.includes(name))
    .map((name) => ({ name, nearest: closest(name, settingNames) }))
    .filter(({ name, nearest }) => distance(name, nearest) <= 3);
  if (misspelt.length === 0) return;
  const said = misspelt.map(
    ({ name, nearest }) => `${name} is not a setting; did you mean ${nearest}?`,
  );
  throw new Error(said.join(" "));
}
