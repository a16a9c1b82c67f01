import { describe, expect, it } from "vitest";

import { aContract } from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, anApi, firstContract } from "../support/api.ts";
import {
  headersOf,
  problem,
  publicHeaders,
  read,
  readableByAnyPage,
} from "../support/behaviours.ts";

type Answer = { status: number; ask: (api: Api) => Promise<Response> };

const anAnswer =
  (path: string, init: RequestInit = {}) =>
  (api: Api): Promise<Response> =>
    api.request(path, init);

/** One answer of every kind that there is. */
const answers: Record<string, Answer> = {
  "a list": { status: 200, ask: anAnswer("/v1/contracts") },
  "a detail": { status: 200, ask: anAnswer(`/v1/contracts/${firstContract}`) },
  "the health": { status: 200, ask: anAnswer("/healthz") },
  "the status": { status: 200, ask: anAnswer("/v1/status") },
  "the document": { status: 200, ask: anAnswer("/openapi.json") },
  "a page": { status: 200, ask: anAnswer("/docs") },
  "an answer without its body": {
    status: 200,
    ask: anAnswer("/v1/contracts", { method: "HEAD" }),
  },
  "a redirection": { status: 302, ask: anAnswer("/") },
  "a preflight": { status: 204, ask: anAnswer("/v1/contracts", { method: "OPTIONS" }) },
  "an answer that the caller has": {
    status: 304,
    ask: (api) => api.get("/v1/contracts", { "If-None-Match": "*" }),
  },
  "a report of the sync": {
    status: 200,
    ask: ({ env, request }) =>
      request("/v1/admin/sync", {
        method: "POST",
        headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
      }),
  },
  "an invalid request": { status: 400, ask: anAnswer("/v1/contracts?limit=0") },
  "a request without its token": {
    status: 401,
    ask: anAnswer("/v1/admin/sync", { method: "POST" }),
  },
  "a path that there is not": { status: 404, ask: anAnswer("/v1/nothing") },
  "a contract that there is not": { status: 404, ask: anAnswer("/v1/contracts/1") },
  "a method that there is not": {
    status: 405,
    ask: anAnswer("/v1/contracts", { method: "DELETE" }),
  },
  "a fault of ours": {
    status: 500,
    ask: ({ requestWith }) =>
      requestWith({
        status: {
          get: () => {
            throw new Error("broken");
          },
        },
      })("/v1/status"),
  },
  "a database that does not answer": {
    status: 503,
    ask: ({ meter, request }) => {
      meter.failWith(new Error("D1_ERROR: Network connection lost."));
      return request("/v1/contracts");
    },
  },
};

const anApiWithOne = () => aSyncedApi({ contracts: [aContract()] });

describe("every answer", () => {
  it.each(Object.entries(answers))("%s can be read by any web page", async (_, { status, ask }) => {
    const api = await anApiWithOne();

    const response = await ask(api);

    expect(response.status).toBe(status);
    expect(publicHeaders(response)).toEqual(readableByAnyPage);
  });

  it("has our own request id, whatever id the caller sends", async () => {
    const api = await anApiWithOne();
    const callersId = "0b4f3c5e-5a0e-4b52-9d0b-4f1f2a3b4c5d";
    const headers = { "X-Request-Id": callersId };

    const responses = await Promise.all([
      api.get("/v1/contracts", headers),
      api.get("/v1/contracts", headers),
      api.get("/v1/nothing", headers),
    ]);

    const ids = responses.map((response) => response.headers.get("x-request-id"));
    expect(new Set([...ids, callersId]).size).toBe(4);
  });

  it("is JSON, except for web pages", async () => {
    const api = await anApiWithOne();

    const [list, document, page] = await Promise.all([
      api.get("/v1/contracts"),
      api.get("/openapi.json"),
      api.get("/docs"),
    ]);

    expect(list.headers.get("content-type")).toBe("application/json");
    expect(document.headers.get("content-type")).toBe("application/json");
    expect(page.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  });

  it("may load nothing and run no script if a browser shows it", async () => {
    const api = await anApiWithOne();

    const response = await api.get("/docs");

    expect(
      headersOf(response, ["content-security-policy", "x-content-type-options", "x-frame-options"]),
    ).toEqual({
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  it("tells browsers to use only https from then on, for this host alone", async () => {
    const api = await anApi();

    const response = await api.get("/healthz");

    expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
  });
});

describe("OPTIONS", () => {
  const preflight = {
    method: "OPTIONS",
    headers: {
      Origin: "https://fitting.example",
      "Access-Control-Request-Method": "GET",
      "Access-Control-Request-Headers": "if-none-match",
    },
  };

  it.each(["/v1/contracts", `/v1/contracts/${firstContract}`, "/v1/regions", "/v1/status"])(
    "lets any web page ask for %s, also with the ETag it has",
    async (path) => {
      const api = await anApi();

      const response = await api.request(path, preflight);

      expect(response.status).toBe(204);
      expect(await response.text()).toBe("");
      expect(
        headersOf(response, [
          "access-control-allow-origin",
          "access-control-allow-methods",
          "access-control-allow-headers",
        ]),
      ).toEqual({
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET,HEAD",
        "access-control-allow-headers": "if-none-match",
      });
    },
  );
});

/** What is the same for each request, whichever it is. */
const comparable = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name !== "x-request-id"));

const reads = [
  "/v1/contracts?limit=1",
  `/v1/contracts/${firstContract}`,
  "/v1/regions",
  "/v1/regions/10000002",
  "/v1/categories?limit=1",
  "/v1/groups?category_id=6",
  "/v1/types?q=rif",
  "/v1/types/587",
  "/v1/systems?q=jita",
  "/v1/systems/30000142",
  "/v1/status",
  "/healthz",
  "/openapi.json",
  "/docs",
  "/problems/not-found",
];

describe("HEAD", () => {
  it("answers as GET does, without the body", async () => {
    const api = await aSyncedApi({ contracts: [aContract(), aContract()] });
    const paths = [...reads, "/v1/nothing", "/v1/contracts/1", "/v1/contracts?limit=0"];

    for (const path of paths) {
      const head = await api.request(path, { method: "HEAD" });

      const get = await api.get(path);
      expect([path, head.status, comparable(head)]).toEqual([path, get.status, comparable(get)]);
      expect(await head.text()).toBe("");
    }
  });

  it("says that nothing is new if the caller has the answer", async () => {
    const api = await anApiWithOne();

    const head = await api.request("/v1/contracts", {
      method: "HEAD",
      headers: { "If-None-Match": "*" },
    });

    expect(head.status).toBe(304);
  });
});

describe("a trailing slash", () => {
  it("makes no difference for any path", async () => {
    const api = await anApiWithOne();
    const paths = reads.map((path) => path.split("?", 1).join(""));

    const withSlash = await Promise.all(
      paths.map(async (path) => (await api.get(`${path}/`)).text()),
    );

    const without = await Promise.all(paths.map(async (path) => (await api.get(path)).text()));
    expect(withSlash).toEqual(without);
  });

  it("makes no difference for a search", async () => {
    const api = await aSyncedApi({ contracts: [aContract(), aContract({ type: "courier" })] });

    const found = await api.json("/v1/contracts/?type=courier");

    expect(found).toEqual(await api.json("/v1/contracts?type=courier"));
  });
});

describe("GET /", () => {
  it("redirects to the page that shows the API document", async () => {
    const api = await anApi();

    const response = await api.get("/");

    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("/docs");
  });
});

describe("a method that a path does not have", () => {
  it.each([
    ["POST", "/v1/contracts", "GET, HEAD"],
    ["PUT", `/v1/contracts/${firstContract}`, "GET, HEAD"],
    ["PATCH", "/v1/contracts/", "GET, HEAD"],
    ["DELETE", "/v1/regions", "GET, HEAD"],
    ["DELETE", "/v1/regions/10000002", "GET, HEAD"],
    ["POST", "/v1/types", "GET, HEAD"],
    ["POST", "/v1/systems/30000142", "GET, HEAD"],
    ["POST", "/v1/status", "GET, HEAD"],
    ["POST", "/healthz", "GET, HEAD"],
    ["POST", "/openapi.json", "GET, HEAD"],
    ["POST", "/docs", "GET, HEAD"],
    ["POST", "/", "GET, HEAD"],
    ["POST", "/problems/not-found", "GET, HEAD"],
    ["GET", "/v1/admin/sync", "POST"],
    ["DELETE", "/v1/admin/sync", "POST"],
  ])("%s %s is answered with the methods that exist: %s", async (method, path, allowed) => {
    const api = await anApi();

    const response = await api.request(path, { method });

    expect(response.headers.get("allow")).toBe(allowed);
    expect(await read(response)).toEqual(problem(response, "method-not-allowed", path));
  });

  it.each(["GET", "POST", "DELETE"])(
    "does not matter for a path that does not exist: %s",
    async (method) => {
      const api = await anApi();

      const response = await api.request("/v1/nothing", { method });

      expect(await read(response)).toEqual(problem(response, "not-found", "/v1/nothing"));
    },
  );
});
