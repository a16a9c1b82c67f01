import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { rateLimits } from "../../src/http/rate-limit.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, firstContract } from "../support/api.ts";
import { headersOf, problem, read } from "../support/behaviours.ts";

const from = (address: string, headers: Record<string, string> = {}) => ({
  "cf-connecting-ip": address,
  ...headers,
});

/** A limiter that lets each key through so many times, and remembers the keys. */
function aLimiter(limit: number) {
  const keys: string[] = [];
  return {
    keys,
    limiter: {
      limit: async ({ key }: RateLimitOptions) => {
        keys.push(key);
        return { success: keys.filter((each) => each === key).length <= limit };
      },
    },
  };
}

async function limited({ search = 2, lookup = 2 } = {}) {
  const [searches, lookups] = [aLimiter(search), aLimiter(lookup)];
  const api = await aSyncedApi({
    contracts: [aContract()],
    settings: { SEARCH_LIMIT: searches.limiter, LOOKUP_LIMIT: lookups.limiter },
  });
  return { ...api, searches: searches.keys, lookups: lookups.keys };
}

async function statuses(api: Pick<Api, "get">, paths: readonly string[], address = "198.51.100.7") {
  const seen: number[] = [];
  for (const path of paths) seen.push((await api.get(path, from(address))).status);
  return seen;
}

const lists = [
  "/v1/contracts",
  "/v1/hulls",
  "/v1/types",
  "/v1/groups",
  "/v1/categories",
  "/v1/systems",
  "/v1/regions",
];

const lookups = [
  `/v1/contracts/${firstContract}`,
  "/v1/contracts/1",
  "/v1/hulls/587",
  "/v1/types/587",
  "/v1/systems/30000142",
  "/v1/regions/10000002",
  "/v1/routes/Jita/Perimeter",
  "/v1/status",
];

describe("searches of one address", () => {
  it("are answered up to the limit, and then refused with advice on what to do", async () => {
    const api = await limited();

    const allowed = await statuses(api, ["/v1/contracts?limit=1", "/v1/contracts?limit=2"]);
    const refused = await api.get("/v1/contracts?limit=3", from("198.51.100.7"));

    expect(allowed).toEqual([200, 200]);
    expect(await read(refused)).toEqual(
      problem(refused, "rate-limited", "/v1/contracts", {
        detail: "More than 120 answers were made for this address in 60 seconds.",
      }),
    );
    expect(
      headersOf(refused, ["retry-after", "ratelimit", "ratelimit-policy", "cache-control", "etag"]),
    ).toEqual({
      "retry-after": "60",
      ratelimit: '"search";r=0;t=60',
      "ratelimit-policy": '"search";q=120;w=60',
      "cache-control": "no-store",
      etag: null,
    });
  });

  it("read almost nothing from the database once they are refused", async () => {
    const api = await limited({ search: 0 });
    api.meter.reset();

    const [status] = await statuses(api, ["/v1/contracts?limit=3"]);

    expect(status).toBe(429);
    expect(api.meter.bill().roundTrips).toBeLessThanOrEqual(1);
    expect(api.meter.bill().rowsRead).toBeLessThanOrEqual(20);
  });

  it("say what the limit is, but not how many are left, which nobody knows", async () => {
    const api = await limited();

    const response = await api.get("/v1/contracts", from("198.51.100.7"));

    expect(headersOf(response, ["ratelimit-policy", "ratelimit", "retry-after"])).toEqual({
      "ratelimit-policy": '"search";q=120;w=60',
      ratelimit: null,
      "retry-after": null,
    });
  });

  it("are not counted against another address", async () => {
    const api = await limited({ search: 1 });

    const seen = [
      await statuses(api, ["/v1/contracts?limit=1", "/v1/contracts?limit=2"], "198.51.100.7"),
      await statuses(api, ["/v1/contracts?limit=3"], "198.51.100.8"),
    ];

    expect(seen).toEqual([[200, 429], [200]]);
  });

  it("are counted together for all addresses of one IPv6 network", async () => {
    const api = await limited({ search: 1 });

    const seen = [
      await statuses(api, ["/v1/contracts?limit=1"], "2001:db8:1:2::1"),
      await statuses(api, ["/v1/contracts?limit=2"], "2001:db8:1:2:ffff::2"),
      await statuses(api, ["/v1/contracts?limit=3"], "2001:db8:1:3::1"),
    ];

    expect(seen).toEqual([[200], [429], [200]]);
  });

  it("are not counted if the caller already has the answer", async () => {
    const api = await limited();
    const etag = (await api.get("/v1/contracts")).headers.get("etag") ?? "";

    const response = await api.get(
      "/v1/contracts",
      from("198.51.100.7", { "If-None-Match": etag }),
    );

    expect(response.status).toBe(304);
    expect(api.searches).toEqual([]);
  });

  it.each([
    "/v1/contracts?limit=0",
    "/v1/contracts?nothing=1",
    "/v1/contracts?cursor=x",
    "/v1/contracts?from_system_id=jita",
  ])("are not counted for what costs no search: %s", async (path) => {
    const api = await limited({ search: 0 });

    const [status] = await statuses(api, [path]);

    expect([status, api.searches.length]).toEqual(path.includes("jita") ? [429, 1] : [400, 0]);
  });

  it("are counted for an unknown name, before similar names are looked up", async () => {
    const api = await limited({ search: 1 });
    const path = "/v1/contracts?region_id=The Forgery";

    const seen = await statuses(api, [path, path]);

    expect(seen).toEqual([400, 429]);
  });

  it("are not limited if there is no address, as when another Worker asks", async () => {
    const api = await limited({ search: 0 });

    const response = await api.get("/v1/contracts");

    expect(response.status).toBe(200);
    expect(api.searches).toEqual([]);
  });

  it("are answered even if the limiter fails, and the failure is logged", async () => {
    const api = await aSyncedApi({
      settings: { SEARCH_LIMIT: { limit: () => Promise.reject(new Error("limiter is down")) } },
    });

    const [status] = await statuses(api, ["/v1/contracts"]);

    expect(status).toBe(200);
    expect(api.logged.map((line): unknown => JSON.parse(line))).toContainEqual({
      event: "rate-limit-failed",
      error: "Error: limiter is down",
    });
  });
});

describe("what is counted as what", () => {
  it.each(lists)("%s is a search", async (path) => {
    const api = await limited({ search: 0 });

    expect(await statuses(api, [path])).toEqual([429]);
    expect([api.searches.length, api.lookups.length]).toEqual([1, 0]);
  });

  it.each(lookups)("%s is a lookup", async (path) => {
    const api = await limited({ lookup: 0 });

    expect(await statuses(api, [path])).toEqual([429]);
    expect([api.searches.length, api.lookups.length]).toEqual([0, 1]);
  });

  it.each(["/healthz", "/v1/flags", "/openapi.json", "/docs", "/problems/rate-limited"])(
    "%s is not counted",
    async (path) => {
      const api = await limited({ search: 0, lookup: 0 });

      expect(await statuses(api, [path])).toEqual([200]);
    },
  );
});

describe("without the bindings", () => {
  async function unlimited() {
    const api = await aSyncedApi({ contracts: [aContract()] });
    for (const { binding } of Object.values(rateLimits)) Reflect.deleteProperty(api.env, binding);
    return api;
  }

  it("nothing is limited, and no header mentions a limit", async () => {
    const api = await unlimited();

    const response = await api.get("/v1/contracts", from("198.51.100.7"));

    expect(response.status).toBe(200);
    expect(response.headers.get("ratelimit-policy")).toBeNull();
  });

  it("the status shows no limits", async () => {
    const api = await unlimited();

    expect(await api.json("/v1/status")).toMatchObject({
      rate_limits: { search: null, lookup: null, export: null },
    });
  });
});

describe("with the bindings", () => {
  it("the status tells the limits", async () => {
    const api = await aSyncedApi();

    expect(await api.json("/v1/status")).toMatchObject({
      rate_limits: {
        search: { limit: 120, window_seconds: 60 },
        lookup: { limit: 600, window_seconds: 60 },
        export: { limit: 20, window_seconds: 60 },
      },
    });
  });

  it("in wrangler.toml, an address is refused once it has used up its limit", async () => {
    const api = await aSyncedApi();
    const address = "198.51.100.99";
    const most = 2 * rateLimits.search.limit;
    const seen: number[] = [];

    // The window may turn over in between, once: then the second round is within one.
    for (let round = 0; round < 2; round += 1) {
      let used = 0;
      while (used <= most && (await env.SEARCH_LIMIT.limit({ key: address })).success) used += 1;
      expect(used).toBeLessThanOrEqual(most);
      seen.push(...(await statuses(api, ["/v1/contracts"], address)));
    }

    expect(seen).toContain(429);
  });
});
