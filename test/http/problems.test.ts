import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import type { Container } from "../../src/container.ts";
import { problems } from "../../src/http/problem.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { anApi, aSyncedApi } from "../support/api.ts";
import { headersOf, problem, read } from "../support/behaviours.ts";

/** What a database says of itself, and nobody else may hear. */
const secret = "D1_ERROR: Network connection lost to contracts_secret.";

const broken = (error: unknown): Partial<Container> => ({
  status: {
    get: () => {
      throw error;
    },
  },
});

describe("a problem", () => {
  it("says what it is, where it is explained, and which request it is about", async () => {
    const api = await anApi();

    const response = await api.get("/v1/contracts/1?");

    const requestId = response.headers.get("x-request-id");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "http://localhost/problems/contract-not-found",
      title: "Contract not found",
      status: 404,
      detail: "No contract 1 is known.",
      instance: "/v1/contracts/1",
      request_id: requestId,
    });
  });

  it("uses the host that was asked in its links", async () => {
    const api = await anApi();

    const response = await api.get("https://contracts.example/v1/nothing?q=x");

    expect(await response.json()).toMatchObject({
      type: "https://contracts.example/problems/not-found",
      instance: "/v1/nothing",
    });
  });

  it("uses the host of the settings in its links, if there is one", async () => {
    const api = await anApi({ settings: { PUBLIC_URL: "https://contracts.example" } });

    const types = await Promise.all(
      ["/v1/nothing", "/v1/contracts?limit=0", "/problems/nothing"].map(async (path) => {
        const { type } = await api.json<{ type: string }>(`https://another.example${path}`);
        return type;
      }),
    );

    expect(types).toEqual(
      ["not-found", "invalid-request", "not-found"].map(
        (code) => `https://contracts.example/problems/${code}`,
      ),
    );
  });

  it("is explained on the page that its type links to", async () => {
    const api = await anApi();
    const codes = Object.keys(problems);

    const pages = await Promise.all(
      codes.map(async (code) => {
        const response = await api.get(`/problems/${code}`);
        return response.status === 200 && (await response.text()).includes(`<code>${code}</code>`);
      }),
    );

    expect(pages).toEqual(codes.map(() => true));
  });

  it.each(["nothing", "__proto__", "constructor", "NOT-FOUND"])(
    "has no explanation page if it does not exist: %s",
    async (code) => {
      const api = await anApi();
      const path = `/problems/${code}`;

      const response = await api.get(path);

      const detail = `There is no problem "${code}".`;
      expect(await read(response)).toEqual(problem(response, "not-found", path, { detail }));
    },
  );

  it.each([
    ["invalid-request", "GET", "/v1/contracts?limit=0", "no-store"],
    ["unauthorized", "POST", "/v1/admin/sync", "no-store"],
    ["not-found", "GET", "/v1/nothing", "no-store"],
    ["region-not-found", "GET", "/v1/regions/1", "no-store"],
    ["type-not-found", "GET", "/v1/types/1", "no-store"],
    ["system-not-found", "GET", "/v1/systems/1", "no-store"],
    ["contract-not-found", "GET", "/v1/contracts/1", "public, max-age=30"],
    ["method-not-allowed", "POST", "/v1/contracts", "no-store"],
  ])("%s is cached as it says: %s %s", async (code, method, path, policy) => {
    const api = await anApi();

    const response = await api.request(path, { method });

    expect(await response.json()).toMatchObject({
      type: `http://localhost/problems/${code}`,
    });
    expect(response.headers.get("cache-control")).toBe(policy);
  });

  it("has no version to check against", async () => {
    const api = await anApi();

    const response = await api.get("/v1/contracts/1");

    expect(headersOf(response, ["etag", "last-modified", "cache-tag"])).toEqual({
      etag: null,
      "last-modified": null,
      "cache-tag": null,
    });
  });

  it.each(["/v1/contracts/1", "/v1/regions/1", "/v1/nothing"])(
    "is sent even to a caller who claims to have a copy: %s",
    async (path) => {
      const api = await aSyncedApi();

      const responses = await Promise.all([
        api.get(path, { "If-None-Match": "*" }),
        api.get(path, { "If-Modified-Since": api.clock.date().toUTCString() }),
      ]);

      expect(responses.map(({ status }) => status)).toEqual([404, 404]);
    },
  );
});

describe("a fault of ours", () => {
  it.each([
    ["an error", new Error(secret)],
    ["a type error", new TypeError(secret)],
    ["an error with a cause", new Error("broken", { cause: new Error(secret) })],
  ])("reveals nothing about its cause: %s", async (_, error) => {
    const api = await anApi();

    const response = await api.requestWith(broken(error))("/v1/status");

    expect(await read(response)).toEqual(problem(response, "internal-error", "/v1/status"));
  });

  it("is logged under the request id", async () => {
    const api = await anApi();

    const response = await api.requestWith(broken(new Error(secret)))("/v1/status");

    const requestId = response.headers.get("x-request-id");
    const [failure] = api.logged.map((line): unknown => JSON.parse(line));
    expect(failure).toEqual({
      event: "request-failed",
      requestId,
      message: secret,
      stack: expect.stringContaining(secret),
    });
  });

  it("keeps no headers of the answer that it replaces", async () => {
    const api = await aSyncedApi({ contracts: [aContract(), aContract()] });
    const { contractSearch } = api.container();
    const request = api.requestWith({
      contractSearch: {
        ...contractSearch,
        find: async (query) => {
          const page = await contractSearch.find(query);
          return { ...page, asOf: Number.NaN };
        },
      },
    });

    const response = await request("/v1/contracts?limit=1");

    expect(
      headersOf(response, ["cache-control", "cache-tag", "etag", "last-modified", "link"]),
    ).toEqual({
      "cache-control": "no-store",
      "cache-tag": null,
      etag: null,
      "last-modified": null,
      link: null,
    });
    expect(await read(response)).toEqual(problem(response, "internal-error", "/v1/contracts"));
  });
});

const routesOfData = [
  "/v1/contracts",
  "/v1/contracts?q=rifter&sort=label",
  "/v1/contracts/230000001",
  "/v1/regions",
  "/v1/regions/10000002",
  "/v1/categories",
  "/v1/groups",
  "/v1/types",
  "/v1/types/587",
  "/v1/systems",
  "/v1/systems/30000142",
  "/v1/status",
];

describe("a database that does not answer", () => {
  it("makes every data route answer that it is unavailable for a while", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    api.meter.failWith(new Error(secret));

    const responses = await Promise.all(routesOfData.map((path) => api.get(path)));

    for (const [index, response] of responses.entries()) {
      const [pathname = ""] = (routesOfData[index] ?? "").split("?");
      expect(headersOf(response, ["retry-after", "cache-control", "etag", "cache-tag"])).toEqual({
        "retry-after": "10",
        "cache-control": "no-store",
        etag: null,
        "cache-tag": null,
      });
      expect(await read(response)).toEqual(problem(response, "database-unavailable", pathname));
    }
  });

  it("never looks as if nothing had changed", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    api.meter.failWith(new Error(secret));

    const responses = await Promise.all(
      routesOfData.map((path) => api.get(path, { "If-None-Match": "*" })),
    );

    expect(responses.map(({ status }) => status)).toEqual(routesOfData.map(() => 503));
  });

  it("makes the admin's sync fail, with no more detail than others get", async () => {
    const api = await aSyncedApi();
    api.meter.failWith(new Error(secret));

    const response = await api.request("/v1/admin/sync", {
      method: "POST",
      headers: { authorization: `Bearer ${api.env.ADMIN_TOKEN}` },
    });

    expect(response.headers.get("retry-after")).toBe("10");
    expect(await read(response)).toEqual(
      problem(response, "database-unavailable", "/v1/admin/sync"),
    );
  });

  it("is logged with its message", async () => {
    const api = await aSyncedApi();
    api.meter.failWith(new Error(secret));
    api.logged.length = 0;

    await api.get("/v1/contracts");

    expect(api.logged.map((line): unknown => JSON.parse(line))[0]).toMatchObject({
      event: "request-failed",
      code: "database-unavailable",
      message: secret,
    });
  });

  it.each(["/healthz", "/docs", "/openapi.json", "/problems/database-unavailable"])(
    "is not needed by %s",
    async (path) => {
      const api = await anApi();
      api.meter.failWith(new Error(secret));

      const response = await api.get(path);

      expect(response.status).toBe(200);
    },
  );
});

describe("settings that are wrong", () => {
  const wrong = {
    ESI_TIMEOUT_MS: "soon-4711",
    ESI_BASE_URL: "ftp://esi.secret.example",
    SYNC_REGION_IDS: "the-forge-4711",
    ADMIN_TOKEN: "short-4711",
  };

  it("are all named in the answer, without their values", async () => {
    const api = await anApi({ settings: wrong });

    const response = await api.get("/v1/contracts");

    const body = await response.json<{ detail: string }>();
    const named = body.detail.split("; ").map((part) => part.split(":", 1)[0]);
    expect(response.status).toBe(500);
    expect(new Set(named)).toEqual(new Set(Object.keys(wrong)));
    expect(JSON.stringify(body)).not.toMatch(/4711|secret/);
  });

  it("are logged without their values", async () => {
    const api = await anApi({ settings: wrong });

    await api.get("/v1/contracts");

    expect(api.logged.join("\n")).toContain("settings-invalid");
    expect(api.logged.join("\n")).not.toMatch(/4711|secret/);
  });

  it("leave every data route without an answer", async () => {
    const api = await anApi({ settings: wrong });
    const paths = [...routesOfData, "/healthz"];

    const responses = await Promise.all(paths.map((path) => api.get(path)));

    const found = await Promise.all(
      responses.map(async (response) => {
        const { type } = await response.json<{ type: string }>();
        return [response.status, type, response.headers.get("cache-control")];
      }),
    );
    const type = "http://localhost/problems/settings-invalid";
    expect(found).toEqual(paths.map(() => [500, type, "no-store"]));
  });

  it.each(["/docs", "/openapi.json", "/problems/settings-invalid"])(
    "leave %s working, which says what to do",
    async (path) => {
      const api = await anApi({ settings: wrong });

      const response = await api.get(path);

      expect(response.status).toBe(200);
    },
  );
});

describe("the entry of the Worker", () => {
  it("serves the app", async () => {
    const response = await exports.default.fetch("https://hangar-bay.example/openapi.json");

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ openapi: "3.1.0" });
  });
});
