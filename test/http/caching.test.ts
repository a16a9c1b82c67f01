import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { version as release } from "../../package.json";
import { aContract, anItem } from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, anApi, domain, firstContract, theForge } from "../support/api.ts";
import { headersOf, publicHeaders, readableByAnyPage } from "../support/behaviours.ts";
import { createClock } from "../support/harness.ts";
import { createSharedCache } from "../support/shared-cache.ts";

const minute = 60_000;
const second = 1_000;

/** What the headers say to clients, and to the cache in front of the Worker. */
type Kept = { clients: string; edge: string | null };

const marketData: Kept = {
  clients: "public, max-age=30",
  edge: "public, max-age=60, stale-while-revalidate=60, stale-if-error=3600",
};

const validators = (response: Response) => headersOf(response, ["etag", "last-modified"]);

const etagOf = (response: Response): string => response.headers.get("etag") ?? "";
const lastModifiedOf = (response: Response): string => response.headers.get("last-modified") ?? "";

/** Enough contracts that a list costs more than a look at its version. */
const manyContracts = Array.from({ length: 60 }, (_, index) =>
  aContract({ title: `Rifter ${index}`, price: index }),
);

/** The same question after ESI's next list, which has one contract more. */
async function withNextList(api: Api): Promise<void> {
  api.world.add(aContract(), api.clock.date());
  api.clock.advance(31 * minute);
  await api.sync();
  api.clock.advance(minute);
}

const universeData: Kept = {
  clients: "public, max-age=3600",
  edge: "public, max-age=3600, stale-while-revalidate=60, stale-if-error=3600",
};

const keptOf = (response: Response): Kept => ({
  clients: response.headers.get("cache-control") ?? "",
  edge: response.headers.get("cloudflare-cdn-cache-control"),
});

/** What is true of every answer about contracts, or with a count of them. */
function cachedMarketData(path: string, tags: string, policy: Kept = marketData): void {
  describe(`GET ${path}`, () => {
    it("says how long it may be kept, by whom, and what makes it out of date", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });

      const response = await api.get(path);

      expect(keptOf(response)).toEqual(policy);
      expect(headersOf(response, ["cache-tag", "vary", "last-modified"])).toEqual({
        "cache-tag": tags,
        vary: null,
        "last-modified": "Sun, 01 Mar 2026 12:00:00 GMT",
      });
      expect(etagOf(response)).toMatch(/^W\/"[^"]+"$/);
    });

    it("is not sent again to a caller who has it, however the ETag is written", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const known = await api.get(path);
      const etag = etagOf(known);
      const forms = [etag, etag.replace("W/", ""), `"other", ${etag} , W/"another"`, "*"];

      const responses = await Promise.all(
        forms.map((noneMatch) => api.get(path, { "If-None-Match": noneMatch })),
      );

      for (const response of responses) {
        expect(response.status).toBe(304);
        expect(await response.text()).toBe("");
        expect({ ...publicHeaders(response), ...validators(response) }).toEqual({
          ...readableByAnyPage,
          ...validators(known),
        });
        expect(keptOf(response)).toEqual(policy);
        expect(response.headers.get("content-type")).toBeNull();
      }
    });

    it("is sent to a caller who has something else, whatever date comes with it", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const known = await api.get(path);
      const others = ['"other"', 'W/"other", "another"', "", "other", etagOf(known).slice(0, -1)];

      const responses = await Promise.all(
        others.map((noneMatch) =>
          api.get(path, {
            "If-None-Match": noneMatch,
            "If-Modified-Since": lastModifiedOf(known),
          }),
        ),
      );

      expect(responses.map(({ status }) => status)).toEqual(others.map(() => 200));
    });

    it("is not sent to a caller whose copy is as new as the last change, but to all others", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const known = await api.get(path);
      const later = new Date(api.clock.now() + minute).toUTCString();
      const earlier = "Sun, 01 Mar 2026 11:59:59 GMT";
      const noHttpDates = ["yesterday", "", "2027-01-01", "Fri, 01 Jan 2027 00:00:00 +0000"];
      const dates = [lastModifiedOf(known), later, earlier, ...noHttpDates];

      const responses = await Promise.all(
        dates.map((date) => api.get(path, { "If-Modified-Since": date })),
      );

      expect(responses.map(({ status }) => status)).toEqual([
        304,
        304,
        200,
        ...noHttpDates.map(() => 200),
      ]);
    });

    it("costs almost nothing if it is not sent, and few round trips if it is", async () => {
      const api = await aSyncedApi({ contracts: manyContracts });
      const bills: ReturnType<Api["meter"]["bill"]>[] = [];
      const ask = async (noneMatch?: string) => {
        api.meter.reset();
        const response = await api.get(path, noneMatch ? { "If-None-Match": noneMatch } : {});
        bills.push(api.meter.bill());
        return response;
      };

      const sent = await ask();
      const inVain = await ask('"other"');
      const notSent = await ask(etagOf(sent));

      expect([sent.status, inVain.status, notSent.status]).toEqual([200, 200, 304]);
      // What is on offer chooses which types, groups and categories there are: it is read first.
      const trips = /v1\/(types\?|groups|categories)/.test(path) ? 2 : 1;
      expect(bills.map(({ roundTrips }) => roundTrips)).toEqual([trips, trips + 1, 1]);
      expect(bills[2]?.rowsRead).toBeLessThanOrEqual(20);
      expect(bills[2]?.rowsWritten).toBe(0);
    });

    it("changes once ESI has a new list", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const before = await api.get(path);

      await withNextList(api);

      const after = await api.get(path, { "If-None-Match": etagOf(before) });
      expect(after.status).toBe(200);
      expect(etagOf(after)).not.toBe(etagOf(before));
      expect(lastModifiedOf(after)).toBe("Sun, 01 Mar 2026 12:32:00 GMT");
    });

    it("changes once a contract has expired, even though nothing was written", async () => {
      const api = await aSyncedApi({
        contracts: [aContract({ date_expired: "2026-03-01T12:10:00Z" })],
      });
      const before = await api.get(path);

      api.clock.set(Date.parse("2026-03-01T12:10:01Z"));

      const [byTag, byDate] = await Promise.all([
        api.get(path, { "If-None-Match": etagOf(before) }),
        api.get(path, { "If-Modified-Since": lastModifiedOf(before) }),
      ]);
      expect([byTag.status, byDate.status]).toEqual([200, 200]);
      expect(lastModifiedOf(byTag)).toBe("Sun, 01 Mar 2026 12:10:00 GMT");
    });

    it("stays the same until its list is stale and then changes, even though nothing was written", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const etag = etagOf(await api.get(path));
      const askAt = (time: string) => {
        api.clock.set(Date.parse(time));
        return api.get(path, { "If-None-Match": etag });
      };

      const fresh = await askAt("2026-03-01T13:00:00Z");
      const stale = await askAt("2026-03-01T13:00:01Z");

      expect([fresh.status, stale.status]).toEqual([304, 200]);
      expect(etagOf(stale)).not.toBe(etag);
      expect(lastModifiedOf(stale)).toBe("Sun, 01 Mar 2026 13:00:00 GMT");
    });

    it("changes once a newer universe is loaded", async () => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const before = await api.get(path);
      const loadedAt = api.clock.now() + minute;
      await env.DB.prepare("update universe set version = 'newer', loaded_at = ?")
        .bind(loadedAt)
        .run();
      api.clock.advance(2 * minute);

      const [byTag, byDate] = await Promise.all([
        api.get(path, { "If-None-Match": etagOf(before) }),
        api.get(path, { "If-Modified-Since": lastModifiedOf(before) }),
      ]);
      expect([byTag.status, byDate.status]).toEqual([200, 200]);
      expect(lastModifiedOf(byTag)).toBe(new Date(loadedAt).toUTCString());
    });

    it("never names the current second as the time of its last change", async () => {
      const api = await anApi({ contracts: [aContract()] });
      await api.sync();

      const response = await api.get(path);

      expect(api.clock.date().toISOString()).toMatch(/^2026-03-01T12:00:00\.\d+Z$/);
      expect(lastModifiedOf(response)).toBe("Sun, 01 Mar 2026 11:59:59 GMT");
    });
  });
}

describe("what does not exist", () => {
  it.each(["/v1/regions/10000099", "/v1/types/999999", "/v1/systems/30009999", "/v1/contracts/7"])(
    "%s is not found, whatever copy the caller claims to have",
    async (path) => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const tomorrow = new Date(api.clock.now() + 86_400_000).toUTCString();

      const responses = await Promise.all([
        api.get(path, { "If-None-Match": "*" }),
        api.get(path, { "If-Modified-Since": tomorrow }),
      ]);

      expect(responses.map(({ status }) => status)).toEqual([404, 404]);
    },
  );
});

describe("the state of a region", () => {
  it.each(["/v1/regions", "/v1/regions/10000002"])(
    "%s changes once its list was asked for, whatever came of that",
    async (path) => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      const before = await api.get(path);
      api.clock.advance(31 * minute);
      api.esi.faults.add({ kind: "connection-reset" });
      await api.sync();
      const checkedAt = api.clock.date().toUTCString();
      api.clock.advance(minute);

      const [byTag, byDate] = await Promise.all([
        api.get(path, { "If-None-Match": etagOf(before) }),
        api.get(path, { "If-Modified-Since": lastModifiedOf(before) }),
      ]);

      expect([byTag.status, byDate.status]).toEqual([200, 200]);
      expect(lastModifiedOf(byTag)).toBe(checkedAt);
      expect(await byTag.json()).not.toEqual(await before.json());
    },
  );
});

describe("a search without a match", () => {
  it("changes once there would be a match in another region", async () => {
    const api = await aSyncedApi({ contracts: [aContract()], regionIds: [theForge, domain] });
    const path = `/v1/contracts?region_id=${theForge}&q=only in domain`;
    const before = await api.get(path);
    const again = await api.get(path, { "If-None-Match": etagOf(before) });
    api.world.add(aContract({ region_id: domain, title: "Only in Domain" }), api.clock.date());
    api.clock.advance(31 * minute);
    await api.sync([domain]);

    const after = await api.get(path, { "If-None-Match": etagOf(before) });

    expect([again.status, after.status]).toEqual([304, 200]);
    expect(await after.json()).toMatchObject({ meta: { relaxations: { region_id: 1 } } });
    expect(after.headers.get("cache-tag")).toBe(`contracts,region-${theForge},region-all`);
  });
});

describe("a search without a match, by the date of the answer", () => {
  it("also changes once there would be a match in another region", async () => {
    const api = await aSyncedApi({ contracts: [aContract()], regionIds: [theForge, domain] });
    const path = `/v1/contracts?region_id=${theForge}&q=only in domain`;
    const since = { "If-Modified-Since": lastModifiedOf(await api.get(path)) };
    const again = await api.get(path, since);
    api.world.add(aContract({ region_id: domain, title: "Only in Domain" }), api.clock.date());
    api.clock.advance(31 * minute);
    await api.sync([domain]);
    api.clock.advance(minute);

    const after = await api.get(path, since);

    expect([again.status, after.status]).toEqual([304, 200]);
    expect(await after.json()).toMatchObject({ meta: { relaxations: { region_id: 1 } } });
  });
});

describe("what has ended", () => {
  it("changes once it is forgotten", async () => {
    const api = await aSyncedApi({
      contracts: [aContract(), aContract()],
      settings: { RETENTION_DAYS: "1" },
    });
    api.world.remove(firstContract, api.clock.date());
    api.clock.advance(31 * minute);
    await api.sync();
    api.clock.advance(24 * 60 * minute + minute);
    api.esi.faults.add({ kind: "connection-reset" });
    // Of one region: what is said of all changes each day, when hulls are written down.
    const live = `/v1/contracts?region_id=${theForge}`;
    const gone = `${live}&status=gone`;
    const before = { gone: await api.get(gone), live: await api.get(live) };

    await api.sync();
    api.clock.advance(minute);

    const responses = await Promise.all([
      api.get(gone, { "If-None-Match": etagOf(before.gone) }),
      api.get(gone, { "If-Modified-Since": lastModifiedOf(before.gone) }),
      api.get(live, { "If-None-Match": etagOf(before.live) }),
    ]);
    expect(await before.gone.json()).toMatchObject({ meta: { total: 1 } });
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 304]);
    expect(await responses[0]?.json()).toMatchObject({ meta: { total: 0 } });
  });
});

describe("market data", () => {
  cachedMarketData("/v1/contracts", "contracts,region-all");
  cachedMarketData("/v1/contracts?q=rifter&sort=label", "contracts,region-all");
  cachedMarketData("/v1/contracts?region_id=10000002", "contracts,region-10000002");
  cachedMarketData(
    `/v1/contracts/${firstContract}`,
    `contracts,region-10000002,contract-${firstContract}`,
  );
  cachedMarketData("/v1/regions", "contracts,region-all");
  cachedMarketData("/v1/regions/10000002", "contracts,region-10000002");
  cachedMarketData("/v1/categories", "contracts,region-all");
  cachedMarketData("/v1/groups", "contracts,region-all");
  cachedMarketData("/v1/types?q=rif", "contracts,region-all", universeData);
  cachedMarketData("/v1/types/587", "contracts,region-all", universeData);
  cachedMarketData("/v1/systems?q=jita", "contracts,region-all", universeData);
  cachedMarketData("/v1/systems/30000142", "contracts,region-all", universeData);

  it("has one tag for each region that it is asked for", async () => {
    const api = await anApi();

    const response = await api.get("/v1/contracts?region_id=10000043,10000002&region_id=10000043");

    expect(response.headers.get("cache-tag")).toBe(
      "contracts,region-10000043,region-10000002,region-all",
    );
  });

  it("changes with each release", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });

    const [now, next] = await Promise.all([
      api.get("/v1/contracts"),
      api.requestWith({ release: "99.0.0" })("/v1/contracts"),
    ]);

    expect(etagOf(now)).toContain(release);
    expect(etagOf(next)).toBe(etagOf(now).replace(release, "99.0.0"));
  });

  it("changes with each universe", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    const before = await api.get("/v1/contracts");

    await api.env.DB.batch([api.env.DB.prepare("update universe set version = 'newer'")]);

    const after = await api.get("/v1/contracts", { "If-None-Match": etagOf(before) });
    expect(after.status).toBe(200);
  });

  it("does not hide a change in the same second in which it was sent", async () => {
    const api = await anApi({
      regionIds: [theForge, domain],
      contracts: [aContract(), aContract({ region_id: domain, start_location_id: 60_008_494 })],
    });
    await api.sync([theForge]);
    const before = await api.get("/v1/contracts");

    await api.sync([domain]);

    const after = await api.get("/v1/contracts", {
      "If-Modified-Since": lastModifiedOf(before),
    });
    expect(api.clock.date().toISOString()).toMatch(/^2026-03-01T12:00:00\.\d+Z$/);
    expect(await before.json()).toMatchObject({ meta: { total: 1 } });
    expect(await after.json()).toMatchObject({ meta: { total: 2 } });
  });

  it("of one region stays the same when another region changes", async () => {
    const api = await anApi({ regionIds: [theForge, domain], contracts: [aContract()] });
    await api.sync([theForge]);
    api.clock.advance(minute);
    const path = "/v1/contracts?region_id=10000002";
    const before = await api.get(path);

    await api.sync([domain]);

    const after = await api.get(path, { "If-None-Match": etagOf(before) });
    expect(after.status).toBe(304);
  });

  it("of many regions costs no more to check than one of all regions", async () => {
    const api = await aSyncedApi({ contracts: manyContracts });
    const ids = Array.from({ length: 100 }, (_, index) => 10_000_001 + index).join(",");
    const path = `/v1/contracts?region_id=${ids}`;
    const etag = etagOf(await api.get(path));
    api.meter.reset();

    const response = await api.get(path, { "If-None-Match": etag });

    expect(response.status).toBe(304);
    expect(api.meter.bill().rowsRead).toBeLessThanOrEqual(20);
  });

  it("costs more rows when it is sent than a version check, which shows that the meter counts", async () => {
    const api = await aSyncedApi({ contracts: manyContracts });
    api.meter.reset();

    await api.get("/v1/contracts");

    expect(api.meter.bill().rowsRead).toBeGreaterThan(100);
  });
});

describe("an auction's bids", () => {
  const path = `/v1/contracts/${firstContract}`;
  const anAuction = aContract({
    type: "auction",
    bids: [
      { bid_id: 1, amount: 2_000_000, date_bid: "2026-03-01T11:00:00Z" },
      { bid_id: 2, amount: 3_000_000, date_bid: "2026-03-01T12:04:00Z" },
    ],
  });

  it("are part of the detail's version", async () => {
    const api = await aSyncedApi({ contracts: [anAuction] });
    const before = await api.get(path);

    api.clock.advance(5 * minute);

    const after = await api.get(path, { "If-None-Match": etagOf(before) });
    expect(after.status).toBe(200);
    expect(await before.json()).toMatchObject({ bids: [{ bid_id: 1 }] });
    expect(await after.json()).toMatchObject({ bids: [{ bid_id: 2 }, { bid_id: 1 }] });
  });

  it("are not asked for if the caller already has them", async () => {
    const api = await aSyncedApi({ contracts: [anAuction] });
    const before = await api.get(path);
    api.clock.advance(4 * minute);
    api.meter.reset();

    const after = await api.get(path, { "If-None-Match": etagOf(before) });

    expect(after.status).toBe(304);
    expect(api.meter.bill()).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    expect(api.esi.counters.total("/contracts/public/bids/{contract_id}")).toBe(1);
  });

  it("change the version when they arrive after all", async () => {
    const api = await aSyncedApi({ contracts: [anAuction] });
    const removeFault = api.esi.faults.add({
      kind: "status",
      status: 503,
      route: "/contracts/public/bids/{contract_id}",
    });
    const before = await api.get(path);

    removeFault();
    api.clock.advance(minute);

    const after = await api.get(path, { "If-None-Match": etagOf(before) });
    expect(await before.json()).toMatchObject({ bids_status: "unavailable" });
    expect(await after.json()).toMatchObject({ bids_status: "available" });
  });
});

describe("other answers", () => {
  it.each<[string, Kept]>([
    ["/v1/status", { clients: "public, max-age=10", edge: "public, max-age=10, stale-if-error=0" }],
    ["/v1/flags", universeData],
    ["/openapi.json", universeData],
    ["/docs", universeData],
    ["/problems/not-found", universeData],
    ["/healthz", { clients: "no-store", edge: null }],
  ])("%s is cached as promised: %o", async (path, policy) => {
    const api = await aSyncedApi();

    const response = await api.get(path);

    expect(response.status).toBe(200);
    expect(keptOf(response)).toEqual(policy);
    expect(headersOf(response, ["cache-tag", "etag"])).toEqual({ "cache-tag": null, etag: null });
  });

  it.each([
    "/v1/contracts",
    "/v1/types",
    "/v1/status",
    "/v1/contracts/1",
    "/openapi.json",
    "/healthz",
  ])("%s never says s-maxage, which would forbid serving it stale", async (path) => {
    const api = await aSyncedApi();

    const { clients, edge } = keptOf(await api.get(path));

    expect(`${clients} ${edge}`).not.toMatch(/s-maxage|must-revalidate|proxy-revalidate/);
  });

  it.each([
    ["a report", {}, 200],
    ["what is wrong with the request", { "content-type": "application/json" }, 400],
  ])("for the admin are never shared: %s", async (_, headers, status) => {
    const api = await aSyncedApi();

    const response = await api.request("/v1/admin/sync", {
      method: "POST",
      headers: { authorization: `Bearer ${api.env.ADMIN_TOKEN}`, ...headers },
      ...(status === 400 ? { body: "{" } : {}),
    });

    expect(response.status).toBe(status);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });
});

describe("behind a shared cache", () => {
  const path = "/v1/contracts";
  const detail = `/v1/contracts/${firstContract}`;
  const totalOf = ({ body }: { body: string }): unknown => JSON.parse(body).meta.total;

  async function cached() {
    const clock = createClock();
    const contracts = [
      aContract(),
      aContract({ region_id: domain, start_location_id: 60_008_494 }),
    ];
    const api = await aSyncedApi({ clock, contracts, regionIds: [theForge, domain] });
    const cache = createSharedCache(api.request, clock.now);
    const purgeOnSync = () => {
      for (const tags of api.purged.splice(0)) cache.purge(tags);
    };
    api.purged.length = 0;
    return { ...api, cache, purgeOnSync };
  }

  it("an answer is made once a minute, no matter who asks", async () => {
    const { cache, clock } = await cached();

    const first = await cache.get(path);
    clock.advance(59 * second);
    const again = await cache.get(path);

    expect([first.outcome, again.outcome]).toEqual(["miss", "hit"]);
    expect(again.body).toBe(first.body);
    expect(again.headers).toMatchObject({
      age: "59",
      "x-request-id": first.headers["x-request-id"],
      "access-control-allow-origin": "*",
    });
  });

  it("an answer a minute old is served at once while a new one is fetched", async () => {
    const { cache, clock } = await cached();
    await cache.get(path);
    clock.advance(61 * second);

    const stale = await cache.get(path);
    await cache.settled();

    const after = await cache.get(path);
    expect([stale.outcome, after.outcome]).toEqual(["stale", "hit"]);
    expect(after.headers).toMatchObject({ age: "0" });
  });

  it("an answer two minutes old is checked again, and not sent again if it is the same", async () => {
    const { cache, clock, meter } = await cached();
    const first = await cache.get(path);
    clock.advance(121 * second);
    meter.reset();

    const again = await cache.get(path);

    expect(again.outcome).toBe("revalidated");
    expect(again.body).toBe(first.body);
    expect(meter.bill().rowsRead).toBeLessThanOrEqual(20);
  });

  it("an answer that changed is sent again", async () => {
    const { cache, clock, world, sync } = await cached();
    const first = await cache.get(path);
    world.add(aContract(), clock.date());
    clock.advance(31 * minute);
    await sync();

    const again = await cache.get(path);

    expect(again.outcome).toBe("miss");
    expect([totalOf(first), totalOf(again)]).toEqual([2, 3]);
  });

  it("an answer is served for an hour while the database is down", async () => {
    const { cache, clock, meter } = await cached();
    const first = await cache.get(path);
    meter.failWith(new Error("D1_ERROR: Network connection lost."));

    clock.advance(59 * minute);
    const within = await cache.get(path);
    clock.advance(3 * minute);
    const beyond = await cache.get(path);

    expect([within.status, beyond.status]).toEqual([200, 503]);
    expect(within.body).toBe(first.body);
  });

  it("an answer that has just expired is served at once while the database is down", async () => {
    const { cache, clock, meter } = await cached();
    const first = await cache.get(path);
    meter.failWith(new Error("D1_ERROR: Network connection lost."));
    clock.advance(61 * second);

    const stale = await cache.get(path);
    await cache.settled();
    const again = await cache.get(path);
    await cache.settled();

    expect([stale.outcome, again.outcome]).toEqual(["stale", "stale"]);
    expect([stale.body, again.body]).toEqual([first.body, first.body]);
  });

  it("clients are told to keep an answer for half a minute, and hear nothing about the cache", async () => {
    const { cache } = await cached();

    const { headers } = await cache.get(path);

    expect(headers).toMatchObject({ "cache-control": marketData.clients });
    expect(headers).not.toHaveProperty("cloudflare-cdn-cache-control");
  });

  it.each(["/v1/types", "/v1/systems"])(
    "%s is served for an hour beyond its own lifetime while the database is down",
    async (universe) => {
      const { cache, clock, meter } = await cached();
      await cache.get(universe);
      meter.failWith(new Error("D1_ERROR: Network connection lost."));

      clock.advance(119 * minute);
      const within = await cache.get(universe);
      clock.advance(2 * minute);
      const beyond = await cache.get(universe);

      expect([within.status, beyond.status]).toEqual([200, 503]);
    },
  );

  it.each(["/v1/status", "/v1/contracts/1"])(
    "%s is no longer served once it is too old, even if nothing newer is available",
    async (short) => {
      const { cache, clock, meter } = await cached();
      await cache.get(short);
      meter.failWith(new Error("D1_ERROR: Network connection lost."));
      clock.advance(31 * second);

      const after = await cache.get(short);

      expect(after.status).toBe(503);
    },
  );

  it("a failure is never stored", async () => {
    const { cache, meter } = await cached();
    meter.failWith(new Error("D1_ERROR: Network connection lost."));

    const outcomes = [await cache.get(path), await cache.get("/v1/status")];

    expect(outcomes.map(({ outcome, status }) => [outcome, status])).toEqual([
      ["bypassed", 503],
      ["bypassed", 503],
    ]);
  });

  it("a contract that does not exist is looked for again after half a minute", async () => {
    const { cache, clock } = await cached();
    const absent = "/v1/contracts/1";

    const outcomes = [await cache.get(absent), await cache.get(absent)];
    clock.advance(31 * second);
    outcomes.push(await cache.get(absent));

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["miss", "hit", "miss"]);
  });

  it("a sync removes exactly the answers that it made out of date", async () => {
    const { cache, clock, world, sync, purgeOnSync } = await cached();
    const paths = [path, `${path}?region_id=10000002`, detail, `${path}?region_id=10000043`];
    // A hull would change what is said of those in Domain.
    world.add(aContract({ items: [anItem({ type_id: 34 })] }), clock.date());
    clock.advance(31 * minute);
    for (const each of paths) await cache.get(each);

    await sync([theForge]);
    purgeOnSync();

    const outcomes = [];
    for (const each of paths) outcomes.push((await cache.get(each)).outcome);
    expect(outcomes).toEqual(["miss", "miss", "miss", "hit"]);
  });

  it("a detail that was checked again is still removed with its region", async () => {
    const { cache, clock } = await cached();
    await cache.get(detail);
    clock.advance(121 * second);
    const again = await cache.get(detail);

    cache.purge([`region-${theForge}`]);

    expect(again.outcome).toBe("revalidated");
    expect((await cache.get(detail)).outcome).toBe("miss");
  });

  it("a sync that changes nothing removes nothing", async () => {
    const { cache, clock, sync, purged } = await cached();
    clock.advance(31 * minute);
    await cache.get(path);

    await sync();

    expect(purged).toEqual([]);
  });
});

describe("the ETag of another search", () => {
  it("is not accepted for this search, even though the data have the same version", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    const first = await api.get("/v1/contracts?limit=1");
    const other = await api.get("/v1/contracts?first_seen_after=2026-03-01T12:30:00Z", {
      "If-None-Match": first.headers.get("etag") ?? "",
    });

    expect(other.status).toBe(200);
    expect(other.headers.get("etag")).not.toBe(first.headers.get("etag"));
  });
});
