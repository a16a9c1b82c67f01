/** The expressions that fire, and those that have a job: each side written by hand, and read here. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const cron = /"((?:\S+ ){4}\S+)"/g;

function cronsIn(text: string): string[] {
  return [...text.matchAll(cron)].map(([, expression = ""]) => expression).toSorted();
}

const textOf = (file: string) => readFileSync(join(root, file), "utf8");

describe("the crons of wrangler.toml", () => {
  const [triggers = ""] = /^crons = \[[^\]]*\]/m.exec(textOf("wrangler.toml")) ?? [];

  it("are those that src/scheduled.ts has jobs for", () => {
    const jobs = cronsIn(textOf("src/scheduled.ts"));

    expect(jobs.length).toBeGreaterThan(0);
    expect(cronsIn(triggers)).toEqual(jobs);
  });
});
