import { describe, expect, it } from "vitest";

import { aContract } from "../esi-stand-in/hand-made.ts";
import { anApi, aSyncedApi } from "../support/api.ts";

const parsed = (lines: readonly string[]) => lines.map((line): unknown => JSON.parse(line));

describe("the access log", () => {
  it("has one line of JSON for a request", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    api.logged.length = 0;

    const response = await api.get("/v1/contracts?type=courier", { "CF-Ray": "8f3e-ARN" });

    expect(parsed(api.logged)).toEqual([
      {
        event: "request",
        requestId: response.headers.get("x-request-id"),
        ray: "8f3e-ARN",
        method: "GET",
        path: "/v1/contracts",
        parameters: ["type"],
        status: 200,
      },
    ]);
  });

  it.each([
    ["GET", "/v1/contracts?limit=0", 400],
    ["GET", "/v1/contracts/1", 404],
    ["GET", "/v1/nothing", 404],
    ["DELETE", "/v1/contracts", 405],
    ["HEAD", "/v1/contracts", 200],
    ["OPTIONS", "/v1/contracts", 204],
    ["GET", "/", 302],
    ["GET", "/docs", 200],
    ["POST", "/v1/admin/sync", 401],
  ])("has a line for %s %s", async (method, path, status) => {
    const api = await anApi();

    await api.request(path, { method });

    const [pathname] = path.split("?");
    expect(parsed(api.logged)).toMatchObject([
      { event: "request", method, path: pathname, status },
    ]);
  });

  it("has a line for an answer that the caller already had", async () => {
    const api = await aSyncedApi();
    api.logged.length = 0;

    await api.get("/v1/contracts", { "If-None-Match": "*" });

    expect(parsed(api.logged)).toMatchObject([{ event: "request", status: 304 }]);
  });

  it("has a line for the failure of a request, and one for the request", async () => {
    const api = await anApi();
    api.meter.failWith(new Error("D1_ERROR: Network connection lost."));

    const response = await api.get("/v1/contracts");

    const requestId = response.headers.get("x-request-id");
    expect(parsed(api.logged)).toMatchObject([
      { event: "request-failed", requestId, code: "database-unavailable" },
      { event: "request", requestId, status: 503 },
    ]);
  });

  it("lists the names of parameters once each, but none of their values", async () => {
    const api = await aSyncedApi();
    api.logged.length = 0;

    await api.get("/v1/contracts?q=what-i-seek&type=courier&type=loan&bogus=what-i-seek");

    expect(parsed(api.logged)).toMatchObject([{ parameters: ["q", "type", "bogus"] }]);
    expect(api.logged.join("\n")).not.toContain("what-i-seek");
  });

  it("holds no token, right or wrong, and nothing of a body", async () => {
    const api = await anApi();
    const post = (authorization: string) =>
      api.request("/v1/admin/sync", {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: '{"region_ids":["what-i-sync"]}',
      });

    const responses = [
      await post(`Bearer ${api.env.ADMIN_TOKEN}`),
      await post("Bearer a-wrong-token-4711"),
    ];

    expect(responses.map(({ status }) => status)).toEqual([400, 401]);
    expect(api.logged).toHaveLength(2);
    expect(api.logged.join("\n")).not.toMatch(/a-token-for-tests-only|4711|what-i-sync/);
  });
});
