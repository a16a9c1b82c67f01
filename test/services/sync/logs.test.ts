/** What is logged: one line a run, one a request, and no setting's value in a log or an answer. */
import { describe, expect, it } from "vitest";

import type { Fault } from "../../esi-stand-in/faults.ts";
import { aContract } from "../../esi-stand-in/hand-made.ts";
import { firstContract } from "../../support/api.ts";
import { noon } from "../../support/harness.ts";
import {
  aTickingApi,
  itemsRoute,
  listMs,
  minuteMs,
  type TickingApi,
} from "../../support/ticking-api.ts";

const linesOf = ({ logged }: TickingApi) =>
  logged.map((line): { event: string } => JSON.parse(line));

/** Beside what somebody should know. */
const runsOf = (scene: TickingApi) =>
  linesOf(scene).filter(({ event }) => event.startsWith("job-"));

const eventsOf = (scene: TickingApi) => runsOf(scene).map(({ event }) => event);

/** Values that occur nowhere else. */
const settings = {
  ADMIN_TOKEN: "sesame-0a1b2c3d4e5f",
  ESI_BASE_URL: "https://esi-0a1b2c.test",
  ESI_USER_AGENT: "HangarBay/test (operator-0a1b2c@hangar-bay.test)",
};
const values = /0a1b2c/;

const title = "Nobody's business: 0a1b2c";

const faults: Record<string, Fault> = {
  "every route answers 503": { kind: "status", status: 503 },
  "every request times out": { kind: "timeout" },
  "connections are reset": { kind: "connection-reset" },
  "bodies break off": { kind: "truncated-body", cut: "breaks" },
  "HTML comes for JSON": { kind: "html" },
  "items make no sense": {
    kind: "rows",
    route: itemsRoute,
    change: () => [{ title, type_id: title }],
  },
  "ESI is tired of us": { kind: "error-limited" },
};

describe("a run of the sync is one line", () => {
  it("whether it had work or not", async () => {
    const scene = await aTickingApi({ contracts: [aContract(), aContract({ type: "auction" })] });

    await scene.tick();
    await scene.tickLater(minuteMs);
    await scene.tickLater(listMs);

    expect(runsOf(scene)).toMatchObject([
      { event: "job-finished", outcome: "done", contracts: { listed: 2 } },
      { event: "job-finished", outcome: "idle", esiRequests: 0, rowsWritten: 0 },
      { event: "job-finished", outcome: "done", contracts: { listed: 0 } },
    ]);
  });

  it.each([
    ["in the downtime", noon + 23 * 60 * minuteMs],
    ["after days", noon + 9 * 1440 * minuteMs],
  ])("%s", async (_when, at) => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    await scene.tick();
    scene.logged.length = 0;
    scene.clock.set(at);

    await scene.tick();

    expect(eventsOf(scene)).toEqual(["job-finished"]);
  });

  it.each(Object.entries(faults))(
    "if %s, besides what is logged about rows",
    async (_how, fault) => {
      const scene = await aTickingApi({ contracts: [aContract()], faults: [fault] });

      await scene.tick();

      expect(eventsOf(scene)).toEqual(["job-finished"]);
    },
  );

  it("where it breaks", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });
    scene.meter.failWith(new Error("D1_ERROR: overloaded"));

    await expect(scene.tick()).rejects.toThrow("overloaded");

    expect(eventsOf(scene)).toEqual(["job-failed"]);
  });

  it("even if an operator asks for it: the request is logged, and its answer tells the rest", async () => {
    const scene = await aTickingApi({ contracts: [aContract()] });

    await scene.request("/v1/admin/sync", {
      method: "POST",
      headers: { authorization: `Bearer ${scene.env.ADMIN_TOKEN}` },
    });

    expect(linesOf(scene).filter(({ event }) => event === "request")).toHaveLength(1);
    expect(runsOf(scene)).toEqual([]);
  });
});

describe("settings, and what players write, are in no line", () => {
  const aSecretScene = (fault?: Fault) =>
    aTickingApi({
      contracts: [aContract({ title }), aContract({ title, type: "auction" })],
      settings,
      faults: fault ? [fault] : [],
    });

  it.each([["all is well", undefined], ...Object.entries(faults)] as const)(
    "where %s",
    async (_how, fault) => {
      const scene = await aSecretScene(fault);

      await scene.tick();
      await scene.tickLater();
      await scene.get(`/v1/contracts?q=${encodeURIComponent(title)}`);
      await scene.get(`/v1/contracts/${firstContract + 1}`);

      expect(scene.logged.length).toBeGreaterThanOrEqual(4);
      expect(scene.logged.join("\n")).not.toMatch(values);
    },
  );

  it("nor in the line of a run that breaks", async () => {
    const scene = await aSecretScene();
    scene.meter.failWith(new Error("D1_ERROR: overloaded"));

    await scene.tick().catch(() => "failed");

    expect(scene.logged.join("\n")).not.toMatch(values);
  });
});

describe("settings are in no answer", () => {
  const paths = [
    "/",
    "/healthz",
    "/docs",
    "/openapi.json",
    "/v1/status",
    "/v1/regions",
    "/v1/contracts",
    `/v1/contracts/${firstContract}`,
    "/v1/contracts?limit=0",
    "/v1/nothing",
  ];

  async function textsOf(scene: TickingApi): Promise<string> {
    const responses = await Promise.all([
      ...paths.map((path) => scene.get(path)),
      scene.request("/v1/admin/sync", { method: "POST" }),
      scene.request("/v1/admin/sync", {
        method: "POST",
        headers: { authorization: `Bearer ${settings.ADMIN_TOKEN}` },
      }),
    ]);
    expect(responses.some(({ status }) => status === 200)).toBe(true);
    const texts = responses.map(async (response) => [
      ...response.headers.values(),
      await response.text(),
    ]);
    return (await Promise.all(texts)).flat().join("\n");
  }

  it.each([["all is well", undefined], ...Object.entries(faults)] as const)(
    "where %s",
    async (_how, fault) => {
      const scene = await aTickingApi({
        contracts: [aContract(), aContract({ type: "auction" })],
        settings,
        faults: fault ? [fault] : [],
      });
      await scene.tick();

      expect(await textsOf(scene)).not.toMatch(values);
    },
  );

  it("where D1 fails", async () => {
    const scene = await aTickingApi({ contracts: [aContract()], settings });
    await scene.tick();
    scene.meter.failWith(new Error("D1_ERROR: overloaded"));

    expect(await textsOf(scene)).not.toMatch(values);
  });
});
