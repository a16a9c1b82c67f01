import { readFileSync } from "node:fs";

import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { runCommand } from "../support/commands.ts";

const path = ".github/workflows/universe.yml";

const stepSchema = z.looseObject({ uses: z.string().optional(), run: z.string().optional() });
const workflowSchema = z.looseObject({
  on: z.looseObject({ schedule: z.array(z.object({ cron: z.string() })) }),
  permissions: z.strictObject({}),
  jobs: z.record(
    z.string(),
    z.looseObject({ permissions: z.record(z.string(), z.string()), steps: z.array(stepSchema) }),
  ),
});
const packageSchema = z.looseObject({ scripts: z.record(z.string(), z.string()) });

const workflow = workflowSchema.parse(load(readFileSync(path, "utf8")));
const { scripts } = packageSchema.parse(JSON.parse(readFileSync("package.json", "utf8")));

const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const commands = steps.map(({ run }) => run ?? "").join("\n");

describe("the workflow that rebuilds the universe", () => {
  it("runs once a week", () => {
    expect(workflow.on.schedule).toHaveLength(1);
    expect(workflow.on.schedule[0]?.cron).toMatch(/^\d+ \d+ \* \* [0-6]$/);
  });

  it("calls scripts that there are", () => {
    const called = Array.from(
      commands.matchAll(/\bnpm (?:run (?:--silent )?([\w:]+)|(test)\b)/g),
      ([, script, test]) => script ?? test ?? "",
    );

    expect(called).toEqual(["universe:build", "check", "test"]);
    expect(called.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it("reads the export at the address that the command itself names", async () => {
    const [address = "none"] = /https:\S+\.zip/.exec(commands) ?? [];

    const { stdout } = await runCommand("universe-build.ts", ["--help"]);

    expect(commands).toContain(`universe:build -- --jsonl ${address}`);
    expect(stdout).toContain(address);
  });

  it("may push a branch and open a pull request, and nothing more", () => {
    expect(Object.values(workflow.jobs).map(({ permissions }) => permissions)).toEqual([
      { contents: "write", "pull-requests": "write" },
    ]);
  });

  it("gives the token to its last step alone", () => {
    const withToken = steps.filter((step) => JSON.stringify(step).includes("github.token"));

    expect(withToken).toEqual(steps.slice(-1));
    expect(steps[0]).toMatchObject({ with: { "persist-credentials": false } });
  });

  it("pins each action to a commit", () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);

    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});
