import { afterEach, describe, expect, it, vi } from "vitest";

import type { ContractRow } from "./wire.ts";
import worker, { type StandInEnv } from "./worker.ts";

const env: StandInEnv = { STAND_IN_CONTRACTS: "600", STAND_IN_SEED: "5" };

const headers = { "User-Agent": "tests", "X-Compatibility-Date": "2026-08-18" };
const ask = (path: string, init: RequestInit = {}, to = worker) =>
  to.fetch(new Request(`https://esi.evetech.net${path}`, { headers, ...init }), env);

const idsOf = async (response: Response) =>
  (await response.json<ContractRow[]>()).map((row) => row.contract_id);

describe("the stand-in as a Worker", () => {
  afterEach(() => vi.useRealTimers());

  it("serves a world of about the size it is told", async () => {
    const ids = await idsOf(await ask("/contracts/public/10000002"));

    expect(ids.length).toBeGreaterThan(350);
    expect(ids.length).toBeLessThan(550);
  });

  it("continues its world after a restart", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2041-03-05T09:00:00Z") });
    const before = await ask("/contracts/public/10000002");

    vi.resetModules();
    const { default: restarted } = await import("./worker.ts");
    const after = await ask("/contracts/public/10000002", {}, restarted);

    expect(after.headers.get("last-modified")).toBe(before.headers.get("last-modified"));
    expect(await idsOf(after)).toEqual(await idsOf(before));
  });

  it("shows its counters, and begins them again", async () => {
    await ask("/_stand-in/counters", { method: "DELETE" });
    await ask("/universe/regions");

    const counters = await ask("/_stand-in/counters");

    expect(await counters.json()).toMatchObject({
      requests: { "/universe/regions": { 200: 1 } },
      violations: [],
    });
  });

  it("fails as it is told, until it is told to stop", async () => {
    const fault = { kind: "status", status: 503, route: "/universe/regions" };
    await ask("/_stand-in/faults", { method: "POST", body: JSON.stringify(fault) });
    const during = await ask("/universe/regions");
    await ask("/_stand-in/faults", { method: "DELETE" });
    const after = await ask("/universe/regions");

    expect([during.status, after.status]).toEqual([503, 200]);
  });

  it("refuses faults and controls that it does not know", async () => {
    const body = JSON.stringify([{ kind: "meteor" }]);

    const fault = await ask("/_stand-in/faults", { method: "POST", body });
    const control = await ask("/_stand-in/weather");

    expect([fault.status, control.status]).toEqual([400, 404]);
  });
});
