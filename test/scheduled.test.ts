/** The cron's front door: from a tick to what the API answers. */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { createApp } from "../src/app.ts";
import worker from "../src/index.ts";
import { runScheduled } from "../src/scheduled.ts";
import { aContract } from "./esi-stand-in/hand-made.ts";
import { domain, firstContract, theForge } from "./support/api.ts";
import { expectConsistent } from "./support/database.ts";
import { noon } from "./support/harness.ts";
import { aTickingApi, listRoute } from "./support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

const at = (cron: string) => createScheduledController({ cron, scheduledTime: new Date(noon) });
const everyMinute = at("* * * * *");

const logOf = ({ logged }: { logged: readonly string[] }) =>
  logged.map((line): Record<string, unknown> => JSON.parse(line));

describe("a tick of the cron", () => {
  it("makes contracts readable over HTTP", async () => {
    const scene = await aTickingApi({ contracts: [aContract({ title: "Fresh from ESI" })] });

    await scene.tick();

    expect(await scene.json("/v1/contracts?q=fresh")).toMatchObject({
      data: [{ contract_id: firstContract, title: "Fresh from ESI", label: "Rifter" }],
      meta: { total: 1 },
    });
  });

  it("logs what it did and what it cost", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });

    await scene.tick();

    const { trigger, ...report } = await scene.lastRun();
    expect(trigger).toBe("cron");
    expect(logOf(scene)).toContainEqual({
      event: "job-finished",
      cron: "* * * * *",
      ...report,
    });
  });

  it("fails with what broke it, and logs that", async () => {
    const scene = await aTickingApi();
    scene.meter.failWith(new Error("D1_ERROR: no such table: sync_state"));

    await expect(runScheduled(everyMinute, scene.container)).rejects.toThrow("no such table");

    expect(logOf(scene)).toEqual([
      {
        event: "job-failed",
        cron: "* * * * *",
        message: "D1_ERROR: no such table: sync_state",
        stack: expect.any(String),
      },
    ]);
  });

  it("fails with settings that are wrong, and logs each of them, before it does anything", async () => {
    const scene = await aTickingApi();
    const settings = {
      ...env,
      ESI_USER_AGENT: "nobody (nobody@hangar-bay.test)",
      SYNC_RUN_SECONDS: "soon",
      RETENTION_DAYS: "0",
    };

    await expect(worker.scheduled(everyMinute, settings)).rejects.toMatchObject({
      code: "settings-invalid",
    });

    expect(logOf(scene)).toEqual([
      expect.objectContaining({
        event: "job-failed",
        message: expect.stringMatching(/SYNC_RUN_SECONDS: .*; RETENTION_DAYS: /),
      }),
    ]);
  });
});

describe("a cron that no job is registered for", () => {
  it.each(["0 0 * * *", "", "*/1 * * * *"])("is refused: %j", async (cron) => {
    const scene = await aTickingApi({ contracts: [aContract()] });

    await expect(runScheduled(at(cron), scene.container)).rejects.toThrow(
      `No job for cron "${cron}"`,
    );

    expect(scene.esi.counters.total()).toBe(0);
  });
});

describe("the cron and POST /v1/admin/sync", () => {
  const admin = (body?: object): RequestInit => ({
    method: "POST",
    headers: {
      authorization: "Bearer a-token-for-tests-only",
      ...(body && { "content-type": "application/json" }),
    },
    body: body ? JSON.stringify(body) : null,
  });

  it("call one method of one service", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    const container = scene.container();
    const run = vi.spyOn(container.sync, "run");

    await runScheduled(everyMinute, () => container);
    await createApp(() => container).request("/v1/admin/sync", admin(), scene.env);
    await createApp(() => container).request(
      "/v1/admin/sync",
      admin({ region_ids: [theForge] }),
      scene.env,
    );

    expect(run.mock.calls).toEqual([["cron"], ["admin", undefined], ["admin", [theForge]]]);
  });

  it("do the same, and tell the same of it", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });

    const response = await scene.request("/v1/admin/sync", admin());

    const report = await response.json<object>();
    expect(report).toMatchObject({ outcome: "done", contracts: { listed: 1 } });
    expect(await scene.json("/v1/status")).toMatchObject({ last_run: report });
    expect(await scene.lastRun()).toMatchObject({ trigger: "admin" });
  });

  it("both wait until ESI's lists expire", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    scene.esi.counters.reset();

    const response = await scene.request("/v1/admin/sync", admin());

    expect(await response.json()).toMatchObject({ outcome: "idle", esi_requests: 0 });
    expect(scene.esi.counters.requests).toEqual({});
  });

  it("obey ESI's limits alike", async () => {
    const scene = await aTickingApi({
      contracts: [aContract()],
      faults: [{ kind: "error-limited", route: listRoute, times: 1 }],
    });
    await scene.tick();
    const asked = scene.esi.counters.total();

    const response = await scene.request("/v1/admin/sync", admin());

    expect(await response.json()).toMatchObject({ outcome: "idle", esi_requests: 0 });
    expect(scene.esi.counters.total()).toBe(asked);
  });

  it("differ only in that an operator may name regions, and only their lists are asked for", async () => {
    const scene = await aTickingApi({
      contracts: [aContract(), aContract({ region_id: domain })],
      regionIds: [theForge, domain],
    });

    await scene.request("/v1/admin/sync", admin({ region_ids: [domain] }));

    expect(await scene.json("/v1/contracts")).toMatchObject({
      data: [{ contract_id: firstContract + 1 }],
      meta: { total: 1, as_of: null },
    });
    expect(scene.esi.counters.requests[listRoute]).toEqual({ 200: 1 });
  });
});
