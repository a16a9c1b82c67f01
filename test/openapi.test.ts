import { describe, expect, it } from "vitest";

import { createApp } from "../src/app.ts";
import { AppError } from "../src/errors.ts";
import type { OpenApiDocument } from "../src/http/openapi.ts";
import { aBlueprintCopy, aBlueprintOriginal, aContract, anItem } from "./esi-stand-in/hand-made.ts";
import { createAnswerChecker } from "./support/answers.ts";
import { type Api, anApi, aSyncedApi, domain, firstContract, theForge } from "./support/api.ts";

type Item = NonNullable<OpenApiDocument["paths"]>[string];
type Method = "get" | "post";
type Operation = NonNullable<Item[Method]>;
type Described = { path: string; method: Method; operation: Operation };
type Asked = { path: string; init?: RequestInit };

const documentOf = (api: Api) => api.json<OpenApiDocument>("/openapi.json");

/** Paths that are for people, and no part of the API's document. */
const pages = ["/", "/docs", "/docs/flags", "/openapi.json", "/problems/{code}"];

function operationsOf({ paths = {} }: OpenApiDocument): Described[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    (["get", "post"] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

const parametersOf = ({ operation }: Described) =>
  (operation.parameters ?? []).flatMap((parameter) => ("name" in parameter ? [parameter] : []));

const statusesOf = ({ operation }: Described): number[] =>
  Object.keys(operation.responses ?? {}).map(Number);

/** Something that there is, for each parameter of a path. */
const known: Record<string, number> = {
  contract_id: firstContract,
  region_id: theForge,
  system_id: 30_000_142,
  type_id: 587,
  origin: 30_000_142,
  destination: 30_000_144,
};

const filled = (path: string, values: Readonly<Record<string, number | string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`Tell test/openapi.test.ts of a ${name} that there is.`);
    return encodeURIComponent(String(value));
  });

const none = Object.fromEntries(Object.keys(known).map((name) => [name, 1]));

/** A request of an operation that is fine, and who may make it. */
function request(
  { path, method }: Described,
  api: Api,
  headers: Record<string, string> = {},
): Asked {
  const authorization = `Bearer ${api.env.ADMIN_TOKEN}`;
  const isAdmin = path.startsWith("/v1/admin/");
  return {
    path: filled(path, known),
    init: {
      method: method.toUpperCase(),
      headers: { ...(isAdmin ? { authorization } : {}), ...headers },
    },
  };
}

const ask = (api: Api, { path, init }: Asked) => api.request(path, init);

async function withoutCache(described: Described, api: Api): Promise<Response> {
  const purgeEverything = async () => {
    throw new AppError("cache-unavailable", "The cache is down.");
  };
  const { path, init } = request(described, api);
  return api.requestWith({ purgeEverything })(path, init);
}

/** How any operation is brought to answer with each status. */
const provocations: Record<number, (described: Described, api: Api) => Promise<Response>> = {
  200: (described, api) => ask(api, request(described, api)),
  304: (described, api) => ask(api, request(described, api, { "If-None-Match": "*" })),
  400: (described, api) => {
    const { path, init } = request(described, api);
    return ask(api, { path: `${path}?nonsense=1`, ...(init ? { init } : {}) });
  },
  401: ({ path, method }, api) => ask(api, { path, init: { method: method.toUpperCase() } }),
  404: async (described, api) => {
    const { init } = request(described, api);
    const config = { ...api.container().config, adminToken: undefined };
    return api.requestWith({ config })(filled(described.path, none), init);
  },
  415: (described, api) => {
    const { path, init } = request(described, api, { "content-type": "text/plain" });
    return ask(api, { path, init: { ...init, body: "{}" } });
  },
  429: async (described, api) => {
    const refusing: RateLimit = { limit: async () => ({ success: false }) };
    const { path, init } = request(described, api, { "cf-connecting-ip": "198.51.100.7" });
    const bindings = {
      ...api.env,
      SEARCH_LIMIT: refusing,
      LOOKUP_LIMIT: refusing,
      EXPORT_LIMIT: refusing,
    };
    return createApp(() => api.container()).request(path, init, bindings);
  },
  500: async (described, api) => {
    const broken = createApp(() => {
      throw new Error("broken");
    });
    const { path, init } = request(described, api);
    return broken.request(path, init, api.env);
  },
  503: async (described, api) => {
    if (described.operation.operationId === "purge") return withoutCache(described, api);
    api.meter.failWith(new Error("D1_ERROR: Network connection lost."));
    const response = await ask(api, request(described, api));
    api.meter.failWith(undefined);
    return response;
  },
};

/** One contract of each kind, and of each state that its items may be in. */
const market = [
  aContract({
    title: "Everything",
    items: [
      anItem(),
      aBlueprintCopy(),
      aBlueprintOriginal(),
      anItem({ type_id: 34, is_included: false, quantity: 100 }),
    ],
  }),
  aContract({
    type: "auction",
    buyout: 5_000_000,
    bids: [{ bid_id: 1, amount: 2_000_000.01, date_bid: "2026-03-01T11:00:00Z" }],
  }),
  aContract({ type: "courier", start_location_id: 1_035_466_617_946 }),
  aContract({ type: "loan", price: undefined, volume: undefined, start_location_id: undefined }),
  aContract({ type: "unknown", date_expired: "2026-03-01T12:00:30Z" }),
  aContract({ items: [aBlueprintCopy({ runs: 10 })] }),
  aContract({ items: [aBlueprintOriginal()] }),
  // A hull on offer alone; the last contract's items are refused.
  aContract(),
  aContract(),
];

const aMarket = () =>
  aSyncedApi({
    contracts: market,
    names: { 2_112_000_001: null },
    faults: [
      {
        kind: "status",
        status: 403,
        route: "/contracts/public/items/{contract_id}",
        params: { contract_id: firstContract + market.length - 1 },
      },
    ],
  });

describe("the document", () => {
  it("is the one that is committed: `npm run docs:openapi` writes it", async () => {
    const api = await anApi();

    const document = await documentOf(api);

    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
      "../docs/openapi.json",
    );
  });

  it("has every route of the app, and no other", async () => {
    const api = await anApi();
    const app = createApp(() => api.container());

    const described = operationsOf(await documentOf(api));

    const served = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => [
        method,
        path.replaceAll(/:(\w+)/g, "{$1}").replace(/(.)\/$/, "$1"),
      ])
      .filter(([, path = ""]) => !pages.includes(path))
      .map((route) => route.join(" "));
    const written = described.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(new Set(written)).toEqual(new Set(served));
  });

  it("tells of each operation what it is called, what it does, and where it belongs", async () => {
    const api = await anApi();
    const document = await documentOf(api);

    const described = operationsOf(document);

    const ids = described.map(({ operation }) => operation.operationId);
    const tags = new Set(document.tags?.map(({ name }) => name));
    expect(new Set(ids).size).toBe(described.length);
    for (const { operation } of described) {
      expect(operation).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.stringMatching(/^[A-Z].*[^.]$/),
      });
      expect(operation.tags).toHaveLength(1);
      expect(tags).toContain(operation.tags?.[0]);
    }
  });

  it("tells of each operation the problems that it may end in", async () => {
    const api = await anApi();

    const described = operationsOf(await documentOf(api));

    const problems = described.map((each) => [
      each.operation.operationId,
      statusesOf(each).filter((status) => status >= 400),
    ]);
    expect(Object.fromEntries(problems)).toMatchObject({
      getHealth: [500],
      getStatus: [400, 429, 500, 503],
      listRegions: [400, 429, 500, 503],
      getRegion: [400, 404, 429, 500, 503],
      getRoute: [400, 404, 429, 500, 503],
      listHulls: [400, 429, 500, 503],
      getHull: [400, 404, 429, 500, 503],
      listContracts: [400, 429, 500, 503],
      getContract: [400, 404, 429, 500, 503],
      sync: [400, 401, 404, 415, 500, 503],
      purge: [400, 401, 404, 500, 503],
    });
  });

  it("explains each parameter, in the one order in which they are written", async () => {
    const api = await anApi();

    const described = operationsOf(await documentOf(api));

    for (const each of described) {
      const parameters = parametersOf(each);
      const names = parameters.map(({ name }) => name);
      const query = parameters.filter((parameter) => parameter.in === "query");
      expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(query.filter(({ description }) => !description)).toEqual([]);
    }
  });

  it("gives examples of parameters that are taken", async () => {
    const api = await aMarket();
    const described = operationsOf(await documentOf(api));

    const asked = await Promise.all(
      described.flatMap((each) =>
        parametersOf(each)
          .filter(({ example }) => example !== undefined)
          .map(async ({ name, in: place, example }) => {
            const { path, init } = request(each, api);
            const filledIn =
              place === "path"
                ? filled(each.path, { ...known, [name]: String(example) })
                : `${path}?${name}=${String(example)}`;
            const response = await api.request(filledIn, init);
            return [each.operation.operationId, name, response.status];
          }),
      ),
    );

    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(([, , status]) => status !== 200)).toEqual([]);
  });

  it("says that only the admin's operations need a token", async () => {
    const api = await anApi();
    const document = await documentOf(api);

    const secured = operationsOf(document).filter(({ operation }) => operation.security);

    expect(secured.map(({ path, operation }) => [path, operation.security])).toEqual([
      ["/v1/admin/sync", [{ adminToken: [] }]],
      ["/v1/admin/purge", [{ adminToken: [] }]],
    ]);
    expect(document.components?.securitySchemes).toEqual({
      adminToken: { type: "http", scheme: "bearer" },
    });
  });

  it("has no empty parts", async () => {
    const api = await anApi();

    const document = await documentOf(api);

    expect(Object.keys(document)).toEqual([
      "openapi",
      "info",
      "servers",
      "tags",
      "paths",
      "components",
    ]);
    expect(Object.keys(document.components ?? {})).toEqual(["schemas", "securitySchemes"]);
  });
});

/** Answers that show what else there is to be seen, by the path that the document has them under. */
const others: [string, string][] = [
  ["/v1/contracts", "/v1/contracts?limit=1"],
  ["/v1/contracts", "/v1/contracts?status=outstanding,gone,expired&sort=label"],
  ["/v1/contracts", "/v1/contracts?q=nothing-of-that-name&ship=true"],
  ["/v1/contracts", "/v1/contracts?security=highsec"],
  ["/v1/contracts", "/v1/contracts?from_system_id=Amarr&route=highsec&sort=jumps"],
  ...market.map((_, index): [string, string] => [
    "/v1/contracts/{contract_id}",
    `/v1/contracts/${firstContract + index}`,
  ]),
  ["/v1/types", "/v1/types?all=true"],
  ["/v1/hulls", "/v1/hulls?limit=1&sort=-median_ask"],
  ["/v1/hulls/{type_id}", "/v1/hulls/Rifter"],
  ["/v1/routes/{origin}/{destination}", "/v1/routes/Jita/Jita?route=highsec"],
];

describe("an answer", () => {
  it("of every operation, with every status that it has, is what the document says", async () => {
    const api = await aMarket();
    const document = await documentOf(api);
    const faultsIn = createAnswerChecker(document);
    const found: string[] = [];

    for (const described of operationsOf(document)) {
      for (const status of statusesOf(described)) {
        const response = await provocations[status]?.(described, api);
        const place = `${described.operation.operationId} ${status}`;
        if (response?.status !== status) found.push(`${place} is ${response?.status}`);
        else found.push(...(await faultsIn(response, described)).map((fault) => place + fault));
      }
    }

    expect(found).toEqual([]);
  });

  it("is what the document says, whatever it is about", async () => {
    const api = await aMarket();
    const faultsIn = createAnswerChecker(await documentOf(api));

    const found = await Promise.all(
      others.map(async ([path, asked]) => {
        const response = await api.get(asked);
        return [asked, response.status, await faultsIn(response, { path, method: "get" })];
      }),
    );

    expect(found).toEqual(others.map(([, asked]) => [asked, 200, []]));
  });

  it("of a service that never synced, or is held off, is what the document says too", async () => {
    const empty = await anApi({ regionIds: [theForge, domain] });
    const faultsIn = createAnswerChecker(await documentOf(empty));
    const paths = ["/v1/status", "/v1/regions", "/v1/contracts"];
    const faultsNow = () =>
      Promise.all(
        paths.map(async (path) => faultsIn(await empty.get(path), { path, method: "get" })),
      );

    const before = await faultsNow();
    empty.esi.faults.add({ kind: "error-limited" });
    await empty.sync();
    const after = await faultsNow();

    expect([before, after]).toEqual([
      [[], [], []],
      [[], [], []],
    ]);
  });
});

describe("the check of answers", () => {
  const place = { path: "/v1/regions", method: "get" } as const;

  it.each([
    ["a field that is not described", { surprise: 1 }, "unevaluated"],
    ["a field of another type", { outstanding: "1" }, "integer"],
    ["a word that is not described", { status: "sleeping" }, "allowed values"],
    ["an instant without its zone", { as_of: "2026-03-01T12:00:00" }, "date-time"],
    ["a field less", { ships: undefined }, "required"],
  ])("sees %s", async (_, change, message) => {
    const api = await aMarket();
    const faultsIn = createAnswerChecker(await documentOf(api));
    const body = await api.json<{ data: object[] }>("/v1/regions");

    const wrong = { ...body, data: body.data.map((region) => ({ ...region, ...change })) };

    const found = await faultsIn(Response.json(wrong), place);
    expect(found.join("\n")).toContain(message);
  });

  it("sees a type of content that is not described", async () => {
    const faultsIn = createAnswerChecker(await documentOf(await anApi()));

    const found = await faultsIn(new Response("{}"), place);

    expect(found).toEqual([" has no text/plain"]);
  });
});
