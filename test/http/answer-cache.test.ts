import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { createApp } from "../../src/app.ts";
import type { AnswerStore } from "../../src/http/answer-cache.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { anAnswerStore } from "../support/answer-store.ts";
import { type Api, aSyncedApi, domain, firstContract, theForge } from "../support/api.ts";
import { headersOf, publicHeaders, readableByAnyPage } from "../support/behaviours.ts";
import { createClock } from "../support/harness.ts";

const minute = 60_000;

/** A look at the version, and at two names, reads so many rows at most. */
const fewRows = 20;

/** Enough contracts that a list costs more than a look at its version. */
const contracts = Array.from({ length: 60 }, (_, index) =>
  aContract({ title: `Rifter ${index}`, price: index }),
);

async function kept() {
  const clock = createClock();
  const answers = anAnswerStore(clock.now);
  const api = await aSyncedApi({
    clock,
    contracts,
    answerStore: answers.store,
    regionIds: [theForge, domain],
  });
  return { ...api, answers };
}

/** Asks, and says what the database read for it. */
async function billed(api: Api, path: string, init: RequestInit = {}) {
  api.meter.reset();
  const response = await api.request(path, init);
  const { rowsRead } = api.meter.bill();
  return { response, rowsRead };
}

/** Spellings of one question each. */
const spellings: Record<string, string[]> = {
  "a search": [
    "/v1/contracts?max_price=50&q=rifter&region_id=10000002,10000043&type=auction,item_exchange",
    "/v1/contracts?type=item_exchange,auction&region_id=10000043,10000002&q=rifter&max_price=50",
    "/v1/contracts/?max_price=50&q=rifter&region_id=10000002,10000043&type=auction,item_exchange",
    "/v1/contracts?max_price=50.0&q=rifter&region_id=10000002,10000043&type=auction,item_exchange",
    "/v1/contracts?max_price=050&q=rifter&region_id=010000002,10000043&type=auction,item_exchange",
    "/v1/contracts?max_price=50&q=%20RIFTER%20&region_id=10000002,10000043&type=auction,item_exchange",
    "/v1/contracts?max_price=50&q=rifter&region_id=10000043&region_id=10000002,10000002&type=auction&type=item_exchange",
    "/v1/contracts?max_price=50&q=rifter&region_id=The%20Forge,Domain&type=auction,item_exchange",
    "/v1/contracts?max_price=50&q=rifter&region_id=the+forge&region_id=DOMAIN&type=auction,item_exchange",
    "/v1/contracts?limit=50&max_price=50&q=rifter&region_id=10000002,10000043&sort=-date_issued&status=outstanding&type=auction,item_exchange",
  ],
  "a search by instants": [
    "/v1/contracts?expires_before=2026-04-01T00:00:00Z&first_seen_after=2026-01-01T00:00:00Z&issued_after=2026-01-01T12:00:00Z",
    "/v1/contracts?expires_before=2026-04-01T02:00:00%2B02:00&first_seen_after=2025-12-31T19:00:00-05:00&issued_after=2026-01-01T12:00:00.000Z",
    "/v1/contracts?expires_before=2026-03-31T23:59:59.001Z&first_seen_after=2026-01-01T00:00:00.0Z&issued_after=2026-01-01T12:00:00.999Z",
  ],
  "a search from a system": [
    "/v1/contracts?from_system_id=30000142&max_jumps=5&sort=jumps",
    "/v1/contracts?from_system_id=jITA&max_jumps=5&route=shortest&sort=jumps",
    "/v1/contracts?sort=jumps&max_jumps=05&from_system_id=Jita",
  ],
  hulls: [
    "/v1/hulls?group_id=25,26&q=rif&region_id=10000002",
    "/v1/hulls/?region_id=the%20forge&q=RIF&group_id=26&group_id=25&sort=label&limit=50",
  ],
  types: ["/v1/types?category_id=6&q=rif", "/v1/types/?q=Rif&category_id=6,6&all=false&limit=050"],
  groups: ["/v1/groups?category_id=6,9", "/v1/groups?limit=50&category_id=9,6"],
  categories: ["/v1/categories?q=ship", "/v1/categories/?q=SHIP&limit=50"],
  systems: ["/v1/systems?q=jita", "/v1/systems?limit=50&q=%20Jita"],
  regions: ["/v1/regions", "/v1/regions/", "/v1/regions?"],
  "a contract": [`/v1/contracts/${firstContract}`, `/v1/contracts/${firstContract}/`],
  "a hull": ["/v1/hulls/587", "/v1/hulls/rifter", "/v1/hulls/Rifter/"],
  "a type": ["/v1/types/587", "/v1/types/RIFTER"],
  "a system": ["/v1/systems/30000142", "/v1/systems/jita/"],
  "a region": ["/v1/regions/10000002", "/v1/regions/the%20forge"],
  "a route": ["/v1/routes/30000142/30000144", "/v1/routes/Jita/PERIMETER/?route=shortest"],
};

describe("one question", () => {
  it.each(Object.entries(spellings))(
    "%s is made once, however it is spelled, under one ETag",
    async (_, paths) => {
      const api = await kept();

      const [first, ...others] = await paths.reduce(
        async (before, path) => [...(await before), await billed(api, path)],
        Promise.resolve<Awaited<ReturnType<typeof billed>>[]>([]),
      );

      const [body, etag] = [await first?.response.text(), first?.response.headers.get("etag")];
      expect([first?.response.status, etag]).toEqual([200, expect.stringMatching(/^W\/".+"$/)]);
      for (const { response, rowsRead } of others) {
        expect([response.status, response.headers.get("etag")]).toEqual([200, etag]);
        expect(await response.text()).toBe(body);
        expect(rowsRead).toBeLessThanOrEqual(fewRows);
      }
      expect(api.answers.made()).toBe(1);
    },
  );

  it.each([
    "/v1/contracts",
    "/v1/contracts?q=rifter",
    "/v1/contracts?region_id=10000002&sort=label",
  ])("costs more rows than that if its answer is made: %s", async (path) => {
    const api = await kept();

    const { rowsRead } = await billed(api, path);

    expect(rowsRead).toBeGreaterThan(fewRows);
  });

  it.each([1, 2, 3, 4, 5])(
    "of %d regions also costs only a check of the version",
    async (count) => {
      const clock = createClock();
      const answerStore = anAnswerStore(clock.now).store;
      const regionIds = [theForge, domain, 10_000_030, 10_000_032, 10_000_042].slice(0, count);
      const api = await aSyncedApi({ clock, contracts, answerStore, regionIds });
      const path = `/v1/contracts?region_id=${regionIds.join(",")}`;
      await api.get(path);

      const { response, rowsRead } = await billed(api, path);

      expect(response.status).toBe(200);
      expect(rowsRead).toBeLessThanOrEqual(fewRows);
    },
  );

  it.each([
    ["Upgrade", "websocket"],
    ["X-Forwarded-Host", "another.example"],
    ["Forwarded", "host=another.example"],
    ["X-HTTP-Method-Override", "PUT"],
    ["Cloudflare-Workers-Version-Key", "1"],
    ["Authorization", "Bearer something"],
    ["Cookie", "a=b"],
  ])(
    "that bypasses the HTTP cache, with %s, costs only a check of the version",
    async (name, value) => {
      const api = await kept();
      const first = await (await api.get("/v1/contracts?q=rifter")).text();

      const { response, rowsRead } = await billed(api, "/v1/contracts?q=rifter", {
        headers: { [name]: value },
      });

      expect(await response.text()).toBe(first);
      expect(rowsRead).toBeLessThanOrEqual(fewRows);
      expect(api.answers.made()).toBe(1);
    },
  );

  it("differs if its value, sort, page or path differs", async () => {
    const api = await kept();
    const { meta } = await api.json<{ meta: { next_cursor: string } }>("/v1/contracts?limit=2");
    const paths = [
      "/v1/contracts",
      "/v1/contracts?limit=3",
      `/v1/contracts?limit=2&cursor=${meta.next_cursor}`,
      "/v1/contracts?max_price=1",
      "/v1/contracts?min_price=1",
      "/v1/contracts?sort=price",
      "/v1/contracts?ship=true",
      "/v1/contracts?ship=false",
      "/v1/types",
      "/v1/types?all=true",
      "/v1/groups",
    ];

    const etags = await Promise.all(
      paths.map(async (path) => (await api.get(path)).headers.get("etag")),
    );

    expect(new Set(etags).size).toBe(paths.length);
  });

  it("is also answered only once if nothing in its region matches, though it tells of other regions", async () => {
    const api = await kept();
    const path = `/v1/contracts?q=nothing%20like%20it&region_id=${theForge}`;

    const first = await billed(api, path);
    const again = await billed(api, path);
    const known = await billed(api, path, {
      headers: { "If-None-Match": first.response.headers.get("etag") ?? "" },
    });

    expect(await again.response.text()).toBe(await first.response.text());
    expect([again.response.status, known.response.status]).toEqual([200, 304]);
    for (const { response, rowsRead } of [again, known]) {
      expect(rowsRead).toBeLessThanOrEqual(fewRows);
      expect(response.headers.get("cache-tag")).toBe(`contracts,region-${theForge},region-all`);
    }
    expect(api.answers.made()).toBe(1);
  });
});

describe("an answer that was kept", () => {
  const path = "/v1/contracts?limit=2&region_id=10000002";

  it("has the same headers as a new one, but its own request id", async () => {
    const api = await kept();
    const names = [
      "content-type",
      "etag",
      "last-modified",
      "cache-control",
      "cloudflare-cdn-cache-control",
      "cache-tag",
      "link",
      "content-security-policy",
      "x-content-type-options",
      "age",
      "x-kept-tags",
      "x-kept-cursor",
    ];

    const [made, again] = [await api.get(path), await api.get(path)];

    expect(headersOf(again, names)).toEqual(headersOf(made, names));
    expect(publicHeaders(again)).toEqual(readableByAnyPage);
    expect(again.headers.get("x-request-id")).not.toBe(made.headers.get("x-request-id"));
    expect(headersOf(again, ["content-type", "x-kept-tags", "link"])).toEqual({
      "content-type": "application/json",
      "x-kept-tags": null,
      link: expect.stringMatching(/^<http:\/\/localhost\/v1\/contracts\?cursor=\S+>; rel="next"$/),
    });
  });

  it("links to its next page on the host that was asked", async () => {
    const api = await kept();
    await api.get(path);

    const response = await api.get(`https://another.example${path}`);

    expect(response.headers.get("link")).toMatch(/^<https:\/\/another\.example\/v1\/contracts\?/);
    expect(api.answers.made()).toBe(1);
  });

  it("links to its next page on the host in the settings, if there is one", async () => {
    const clock = createClock();
    const api = await aSyncedApi({
      clock,
      contracts,
      answerStore: anAnswerStore(clock.now).store,
      settings: { PUBLIC_URL: "https://contracts.example" },
    });

    const links = [await api.get(path), await api.get(`https://another.example${path}`)].map(
      (response) => response.headers.get("link"),
    );

    expect(links[0]).toMatch(/^<https:\/\/contracts\.example\/v1\/contracts\?/);
    expect(links[1]).toBe(links[0]);
  });

  it("is not sent again to a caller who has it, by ETag or by date", async () => {
    const api = await kept();
    const made = await api.get("/v1/types/587");

    const responses = [
      await api.get("/v1/types/587", { "If-None-Match": made.headers.get("etag") ?? "" }),
      await api.get("/v1/types/587", { "If-None-Match": "*" }),
      await api.get("/v1/types/587", {
        "If-Modified-Since": made.headers.get("last-modified") ?? "",
      }),
      await api.get("/v1/types/587", { "If-None-Match": '"other"' }),
    ];

    expect(responses.map(({ status }) => status)).toEqual([304, 304, 304, 200]);
    expect(await responses[1]?.text()).toBe("");
    expect(api.answers.made()).toBe(1);
  });

  it("is sent without a body for HEAD, and HEAD also stores one", async () => {
    const api = await kept();

    const head = await api.request(path, { method: "HEAD" });
    const { response, rowsRead } = await billed(api, path);
    const again = await api.request(path, { method: "HEAD" });

    expect([head.status, again.status, await head.text(), await again.text()]).toEqual([
      200,
      200,
      "",
      "",
    ]);
    expect(await response.json()).toMatchObject({ data: [{}, {}] });
    expect(rowsRead).toBeLessThanOrEqual(fewRows);
    expect(again.headers.get("etag")).toBe(head.headers.get("etag"));
  });

  it("is no longer used once the data have changed", async () => {
    const api = await kept();
    const before = await api.get(path);
    api.world.add(aContract(), api.clock.date());
    api.clock.advance(31 * minute);
    await api.sync();
    api.clock.advance(-31 * minute);

    const after = await api.get(path);

    expect(await before.json()).toMatchObject({ meta: { total: 60 } });
    expect(await after.json()).toMatchObject({ meta: { total: 61 } });
  });

  it("is not used by another release", async () => {
    const api = await kept();
    await api.get(path);

    await api.requestWith({ release: "99.0.0" })(path);

    expect(api.answers.made()).toBe(2);
  });

  it("is made again after a minute, because some flags depend on seconds", async () => {
    const api = await kept();
    await api.get(path);

    api.clock.advance(minute - 1_000);
    await api.get(path);
    const within = api.answers.made();
    api.clock.advance(1_000);
    await api.get(path);

    expect([within, api.answers.made()]).toEqual([1, 2]);
  });

  it.each([
    "/v1/contracts?limit=0",
    "/v1/contracts?cursor=x",
    "/v1/contracts/1",
    "/v1/regions/1",
    "/v1/nothing",
    "/v1/status",
    "/healthz",
  ])("is never stored for a problem, or for an answer without a version: %s", async (other) => {
    const api = await kept();

    await api.get(other);

    expect(api.answers.keys()).toEqual([]);
  });

  it("is not stored for an auction whose bids must still be asked for", async () => {
    const clock = createClock();
    const answers = anAnswerStore(clock.now);
    const auction = aContract({
      type: "auction",
      bids: [{ bid_id: 1, amount: 2_000_000, date_bid: "2026-03-01T11:00:00Z" }],
    });
    const api = await aSyncedApi({ clock, contracts: [auction], answerStore: answers.store });
    await api.get(`/v1/contracts/${firstContract}`);
    clock.advance(4 * minute);

    const within = await api.get(`/v1/contracts/${firstContract}`);
    clock.advance(minute);
    const beyond = await api.get(`/v1/contracts/${firstContract}`);

    expect([within.status, beyond.status]).toEqual([200, 200]);
    expect(api.esi.counters.total("/contracts/public/bids/{contract_id}")).toBe(2);
  });

  it("does not count against any limit", async () => {
    const counted: string[] = [];
    const clock = createClock();
    const api = await aSyncedApi({
      clock,
      contracts,
      answerStore: anAnswerStore(clock.now).store,
      settings: {
        SEARCH_LIMIT: {
          limit: async ({ key }) => ({ success: counted.push(key ?? "") <= 1 }),
        },
      },
    });
    const from = { "cf-connecting-ip": "198.51.100.7" };

    const responses = [
      await api.get("/v1/contracts", from),
      await api.get("/v1/contracts?limit=50", from),
      await api.get("/v1/contracts?limit=49", from),
    ];

    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429]);
  });
});

describe("a cache", () => {
  it("that fails costs an answer nothing except making it", async () => {
    const api = await kept();
    api.answers.failWith(new Error("cache is down"));

    const responses = [await api.get("/v1/contracts"), await api.get("/v1/contracts")];

    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect(api.logged.map((line): unknown => JSON.parse(line))).toContainEqual({
      event: "answer-cache-failed",
      error: "Error: cache is down",
    });
  });

  it("that does not exist leaves the answer the same, in one round trip", async () => {
    const api = await kept();
    const withCache = await api.json("/v1/contracts");
    const bare = createApp(() => api.container());
    api.meter.reset();

    const response = await bare.request("/v1/contracts", {}, api.env);

    expect(api.meter.bill().roundTrips).toBe(1);
    expect(await response.json()).toEqual(withCache);
  });

  it("of the platform stores an answer after it was sent", async () => {
    const store: AnswerStore = await caches.open(crypto.randomUUID());
    const api = await aSyncedApi({ contracts });
    const app = createApp(() => api.container(), { answerStore: () => store });
    const ask = async (path: string) => {
      const context = createExecutionContext();
      api.meter.reset();
      const response = await app.request(path, {}, api.env, context);
      const text = await response.text();
      await waitOnExecutionContext(context);
      return { text, etag: response.headers.get("etag"), rowsRead: api.meter.bill().rowsRead };
    };

    const made = await ask("/v1/contracts?q=rifter&limit=2");
    const again = await ask("/v1/contracts?limit=02&q=Rifter");

    expect(again).toEqual({ ...made, rowsRead: expect.any(Number) });
    expect(made.rowsRead).toBeGreaterThan(fewRows);
    expect(again.rowsRead).toBeLessThanOrEqual(fewRows);
  });
});
