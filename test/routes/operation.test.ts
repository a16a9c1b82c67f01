import { describe, expect, it, vi } from "vitest";

import { version as release } from "../../package.json";
import { createContainer } from "../../src/container.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { type Api, anApi, aSyncedApi, domain, heimatar, theForge } from "../support/api.ts";
import { headersOf, problem, read } from "../support/behaviours.ts";

const minute = 60_000;
const itemsRoute = "/contracts/public/items/{contract_id}";
const listRoute = "/contracts/public/{region_id}";

const noContracts = { item_exchange: 0, auction: 0, courier: 0, loan: 0, unknown: 0 };

/** Five seconds after ESI's list is over; of lists that are asked for at once, one comes later. */
const afterTheList: unknown = expect.stringMatching(/^2026-03-01T12:30:05\.\d{3}Z$/);

const aRegion = (fields: object = {}) => ({
  region_id: theForge,
  name: "The Forge",
  outstanding: 0,
  outstanding_by_type: noContracts,
  ships: 0,
  as_of: "2026-03-01T12:00:00Z",
  next_sync_at: afterTheList,
  status: "live",
  ...fields,
});

describe("GET /v1/regions", () => {
  it("shows each region that is synced, with what is outstanding there", async () => {
    const api = await aSyncedApi({
      regionIds: [domain, theForge],
      contracts: [
        aContract(),
        aContract({ type: "auction" }),
        aContract({ type: "courier" }),
        aContract({ type: "loan" }),
        aContract({ region_id: heimatar }),
      ],
    });

    const list = await api.json("/v1/regions");

    expect(list).toEqual({
      data: [
        aRegion({
          outstanding: 4,
          outstanding_by_type: { item_exchange: 1, auction: 1, courier: 1, loan: 1, unknown: 0 },
          ships: 2,
        }),
        aRegion({ region_id: domain, name: "Domain" }),
      ],
      meta: { total: 2, as_of: "2026-03-01T12:00:00Z", stale: false },
    });
  });

  it("is empty before the first sync", async () => {
    const api = await anApi();

    const list = await api.json("/v1/regions");

    expect(list).toEqual({ data: [], meta: { total: 0, as_of: null, stale: true } });
  });

  it("shows a region that was never synced, and is stale because of it", async () => {
    const api = await anApi({ regionIds: [theForge, domain] });
    await api.sync([theForge]);

    const list = await api.json("/v1/regions");

    expect(list).toEqual({
      data: [
        aRegion(),
        aRegion({
          region_id: domain,
          name: "Domain",
          as_of: null,
          next_sync_at: "2026-03-01T12:00:00.000Z",
          status: "pending",
        }),
      ],
      meta: { total: 2, as_of: null, stale: true },
    });
  });

  it("does not count contracts that expired after the list was made", async () => {
    const api = await aSyncedApi({
      contracts: [aContract({ date_expired: "2026-03-01T12:10:00Z" }), aContract()],
    });

    api.clock.set(Date.parse("2026-03-01T12:10:00Z"));

    expect(await api.json("/v1/regions")).toMatchObject({
      data: [
        {
          outstanding: 1,
          outstanding_by_type: { ...noContracts, item_exchange: 1 },
          ships: 1,
        },
      ],
    });
  });
});

describe("GET /v1/regions/{region_id}", () => {
  const path = "/v1/regions/10000002";

  it("shows the region as the list does", async () => {
    const api = await aSyncedApi({ regionIds: [theForge, domain], contracts: [aContract()] });

    const region = await api.json(path);

    expect(region).toEqual(
      aRegion({
        outstanding: 1,
        outstanding_by_type: { ...noContracts, item_exchange: 1 },
        ships: 1,
      }),
    );
  });

  it("is stale once its list is older than twice the half hour that ESI caches it", async () => {
    const api = await aSyncedApi();
    const statusAt = async (time: string) => {
      api.clock.set(Date.parse(time));
      return (await api.json<{ status: string }>(path)).status;
    };

    const statuses = [
      await statusAt("2026-03-01T13:00:00Z"),
      await statusAt("2026-03-01T13:00:01Z"),
    ];

    expect(statuses).toEqual(["live", "stale"]);
  });

  it("is failing once three attempts in a row brought no list, and keeps what it had", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    api.esi.faults.add({ kind: "status", status: 503, route: listRoute });
    const statuses = [];
    api.clock.advance(28 * minute);
    for (const minutes of [3, 3, 6]) {
      api.clock.advance(minutes * minute);
      await api.sync();
      statuses.push((await api.json<{ status: string }>(path)).status);
    }

    const region = await api.json(path);

    expect(statuses).toEqual(["live", "live", "failing"]);
    expect(region).toMatchObject({ outstanding: 1, as_of: "2026-03-01T12:00:00Z" });
  });

  it.each([10_000_043, 1, 9_007_199_254_740_991])(
    "answers 404 for a region that is not synced: %d",
    async (regionId) => {
      const api = await aSyncedApi();
      const at = `/v1/regions/${regionId}`;

      const response = await api.get(at);

      const detail = `Region ${regionId} is not synced.`;
      expect(await read(response)).toEqual(problem(response, "region-not-found", at, { detail }));
    },
  );

  it("answers 404 for a region that is no longer synced", async () => {
    const api = await aSyncedApi({ regionIds: [theForge, domain] });
    const { clock, esi } = api;
    const settings = { ...api.env, SYNC_REGION_IDS: String(domain) };
    const later = createContainer(settings, { ...clock, fetch: esi.fetch, purge: async () => {} });
    await later.sync.run("cron");

    const response = await api.get(path);

    expect(response.status).toBe(404);
  });
});

const aRun = (fields: object = {}) => ({
  outcome: "done",
  started_at: "2026-03-01T12:00:00.000Z",
  finished_at: expect.stringMatching(/^2026-03-01T12:00:00\.\d{3}Z$/),
  regions: { checked: 1, unchanged: 0, accepted: 1, held: 0, failed: 0 },
  contracts: { listed: 0, ended: 0, moved: 0 },
  list_rows: 0,
  odd_rows: 0,
  odd_fields: 0,
  items: { complete: 0, rows: 0, refused: 0, failed: 0 },
  names: { resolved: 0, failed: 0 },
  revalued: 0,
  pruned_contracts: 0,
  purged_tags: 2,
  esi_requests: 1,
  queries: expect.any(Number),
  rows_read: expect.any(Number),
  rows_written: expect.any(Number),
  ...fields,
});

const aRegionStatus = (fields: object = {}) => ({
  region_id: theForge,
  region_name: "The Forge",
  as_of: "2026-03-01T12:00:00Z",
  outstanding: 0,
  status: "live",
  next_sync_at: afterTheList,
  last_error: null,
  ...fields,
});

describe("GET /v1/status", () => {
  const path = "/v1/status";
  const statusOf = async (api: Api) => (await api.json<{ status: string }>(path)).status;

  it("shows how the service is doing", async () => {
    const api = await aSyncedApi({
      contracts: [aContract(), aContract({ type: "courier" })],
    });

    const status = await api.json(path);

    expect(status).toEqual({
      status: "ok",
      version: release,
      universe_version: "test",
      contracts: { outstanding: 2 },
      items: { pending: 0, unavailable: 0, oldest_pending_at: null },
      regions: [aRegionStatus({ outstanding: 2 })],
      esi: {
        held_until: null,
        error_budget_remaining: 100,
        error_budget_resets_at: expect.stringMatching(/^2026-03-01T12:01:00\.\d{3}Z$/),
      },
      rate_limits: {
        search: { limit: 120, window_seconds: 60 },
        lookup: { limit: 600, window_seconds: 60 },
        export: { limit: 20, window_seconds: 60 },
      },
      last_run: aRun({
        contracts: { listed: 2, ended: 0, moved: 0 },
        items: { complete: 1, rows: 1, refused: 0, failed: 0 },
        names: { resolved: 2, failed: 0 },
        list_rows: 2,
        esi_requests: 3,
      }),
      costs: [
        {
          date: "2026-03-01",
          runs: 1,
          esi_requests: 3,
          queries: expect.any(Number),
          rows_read: expect.any(Number),
          rows_written: expect.any(Number),
        },
      ],
    });
  });

  it("adds up what the runs of a day cost, except the last batch of each", async () => {
    const api = await anApi({ contracts: [aContract(), aContract({ type: "courier" })] });
    let [rowsRead, rowsWritten] = [0, 0];
    const run = async () => {
      api.meter.reset();
      await api.sync();
      const { last } = api.meter;
      const bill = api.meter.bill();
      rowsRead += bill.rowsRead - last().rowsRead;
      rowsWritten += bill.rowsWritten - last().rowsWritten;
      expect(last().rowsWritten).toBeLessThanOrEqual(4);
    };
    await run();
    api.world.add(aContract(), api.clock.date());
    api.clock.advance(31 * 60_000);
    await run();

    const { costs } = await api.json<{ costs: object[] }>(path);

    expect(costs).toEqual([
      {
        date: "2026-03-01",
        runs: 2,
        esi_requests: api.esi.counters.total(),
        queries: expect.any(Number),
        rows_read: rowsRead,
        rows_written: rowsWritten,
      },
    ]);
  });

  it("shows the costs of the last days, today's first, for a week", async () => {
    const api = await aSyncedApi();
    for (let day = 1; day <= 9; day += 1) {
      api.clock.set(Date.parse(`2026-03-${String(day + 1).padStart(2, "0")}T12:00:00Z`));
      await api.sync();
    }

    const { costs } = await api.json<{ costs: { date: string; runs: number }[] }>(path);

    expect(costs.map(({ date, runs }) => [date, runs])).toEqual(
      [10, "09", "08", "07", "06", "05", "04", "03"].map((day) => [`2026-03-${day}`, 1]),
    );
  });

  it("is empty before the first sync", async () => {
    const api = await anApi();

    const status = await api.json(path);

    expect(status).toEqual({
      status: "empty",
      version: release,
      universe_version: "test",
      contracts: { outstanding: 0 },
      items: { pending: 0, unavailable: 0, oldest_pending_at: null },
      regions: [],
      esi: { held_until: null, error_budget_remaining: null, error_budget_resets_at: null },
      rate_limits: {
        search: { limit: 120, window_seconds: 60 },
        lookup: { limit: 600, window_seconds: 60 },
        export: { limit: 20, window_seconds: 60 },
      },
      last_run: null,
      costs: [],
    });
  });

  it("stays empty until a list comes", async () => {
    const api = await anApi({ faults: [{ kind: "status", status: 503, route: listRoute }] });
    await api.sync();

    const status = await api.json(path);

    expect(status).toMatchObject({
      status: "empty",
      regions: [
        aRegionStatus({
          as_of: null,
          status: "pending",
          next_sync_at: expect.any(String),
          last_error: "status-503",
        }),
      ],
      last_run: { regions: { checked: 1, failed: 1 } },
    });
  });

  it("is degraded while a region is still to be synced", async () => {
    const api = await anApi({ regionIds: [theForge, domain] });
    await api.sync([theForge]);

    expect(await statusOf(api)).toBe("degraded");
  });

  it("is degraded once a list is stale", async () => {
    const api = await aSyncedApi();

    api.clock.set(Date.parse("2026-03-01T13:00:01Z"));

    expect(await statusOf(api)).toBe("degraded");
  });

  it("is degraded while ESI must not be asked, and says how long", async () => {
    const api = await aSyncedApi();
    api.esi.faults.add({ kind: "rate-limited", retryAfterSeconds: 600, route: listRoute });
    api.clock.set(Date.parse("2026-03-01T12:31:00Z"));
    await api.sync();

    const held = await api.json(path);
    api.clock.set(Date.parse("2026-03-01T12:41:00Z"));
    const after = await api.json(path);

    expect(held).toMatchObject({
      status: "degraded",
      esi: { held_until: "2026-03-01T12:41:00.000Z" },
      last_run: { outcome: "held" },
    });
    expect(after).toMatchObject({ status: "ok", esi: { held_until: null } });
  });

  it("shows ESI's error budget until its window ends", async () => {
    const api = await anApi({
      faults: [
        {
          kind: "headers",
          headers: { "X-Esi-Error-Limit-Remain": "77", "X-Esi-Error-Limit-Reset": "30" },
        },
      ],
    });
    await api.sync();

    const within = await api.json(path);
    api.clock.advance(minute);
    const after = await api.json(path);

    expect(within).toMatchObject({
      esi: {
        error_budget_remaining: 77,
        error_budget_resets_at: expect.stringMatching(/^2026-03-01T12:00:30\.\d{3}Z$/),
      },
    });
    expect(after).toMatchObject({
      esi: { error_budget_remaining: null, error_budget_resets_at: null },
    });
  });

  it("counts the items still to come, and the contracts whose items ESI refuses", async () => {
    const api = await aSyncedApi({
      contracts: [aContract(), aContract(), aContract()],
      faults: [
        { kind: "status", status: 503, route: itemsRoute, params: { contract_id: 230_000_001 } },
        { kind: "status", status: 403, route: itemsRoute, params: { contract_id: 230_000_002 } },
      ],
    });

    const status = await api.json(path);

    expect(status).toMatchObject({
      status: "ok",
      items: { pending: 1, unavailable: 1, oldest_pending_at: "2026-03-01T12:00:00.001Z" },
    });
  });

  it("leaves out items of contracts that have expired meanwhile", async () => {
    const api = await aSyncedApi({
      contracts: [aContract({ date_expired: "2026-03-01T12:10:00Z" })],
      faults: [{ kind: "status", status: 503, route: itemsRoute }],
    });
    const itemsAt = async (time: string) => {
      api.clock.set(Date.parse(time));
      return (await api.json<{ items: unknown }>(path)).items;
    };

    expect(await itemsAt("2026-03-01T12:09:59Z")).toMatchObject({ pending: 1 });
    expect(await itemsAt("2026-03-01T12:10:00Z")).toEqual({
      pending: 0,
      unavailable: 0,
      oldest_pending_at: null,
    });
  });

  it("does not count expired contracts", async () => {
    const api = await aSyncedApi({
      contracts: [aContract({ date_expired: "2026-03-01T12:10:00Z" }), aContract()],
    });

    api.clock.set(Date.parse("2026-03-01T12:10:00Z"));

    expect(await api.json(path)).toMatchObject({ contracts: { outstanding: 1 } });
  });

  it("shows a list that waits for a second one to agree", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    api.esi.faults.add({ kind: "short-list", share: 0 });
    api.clock.advance(31 * minute);
    await api.sync();

    const status = await api.json(path);

    expect(status).toMatchObject({
      contracts: { outstanding: 1 },
      regions: [{ last_error: "held", outstanding: 1 }],
    });
  });
});

describe("GET /healthz", () => {
  it("says that the process is running, and asks no other service", async () => {
    const api = await anApi();
    api.meter.reset();

    const response = await api.get("/healthz");

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok" });
    expect(api.meter.bill()).toMatchObject({ roundTrips: 0, statements: 0 });
    expect(api.esi.counters.total()).toBe(0);
  });
});

describe("POST /v1/admin/sync", () => {
  const path = "/v1/admin/sync";

  type Posted = { token?: string | undefined; body?: string; contentType?: string };

  const post = (api: Api, { token = api.env.ADMIN_TOKEN, body, contentType }: Posted = {}) =>
    api.request(path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
      ...(body === undefined ? {} : { body }),
    });

  const postJson = (api: Api, body: unknown) =>
    post(api, {
      body: typeof body === "string" ? body : JSON.stringify(body),
      contentType: "application/json",
    });

  it("runs the sync and returns its report", async () => {
    const api = await anApi({ contracts: [aContract({ type: "courier" })] });

    const response = await post(api);

    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.json()).toEqual(
      aRun({
        list_rows: 1,
        contracts: { listed: 1, ended: 0, moved: 0 },
        names: { resolved: 2, failed: 0 },
        esi_requests: 2,
      }),
    );
    expect(await api.json("/v1/contracts")).toMatchObject({ meta: { total: 1 } });
  });

  it("is the same run as the cron's, under another name", async () => {
    const api = await anApi();

    const report = await (await post(api)).json();

    expect(await api.json("/v1/status")).toMatchObject({ last_run: report });
  });

  it("does not ask ESI before it is time", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });
    const before = api.esi.counters.total();

    const response = await post(api);

    expect(await response.json()).toMatchObject({ outcome: "idle", esi_requests: 0 });
    expect(api.esi.counters.total()).toBe(before);
    expect(api.esi.counters.violations).toEqual([]);
  });

  it("asks only for the lists of the named regions", async () => {
    const api = await anApi({ regionIds: [theForge, domain] });

    const response = await postJson(api, { region_ids: [domain] });

    expect(await response.json()).toMatchObject({ regions: { checked: 1, accepted: 1 } });
    expect(await api.json("/v1/regions")).toMatchObject({
      data: [{ status: "pending" }, { status: "live" }],
    });
  });

  it("does not ask for a named region before its time", async () => {
    const api = await aSyncedApi();
    const before = api.esi.counters.total();

    const response = await postJson(api, { region_ids: [theForge] });

    expect(await response.json()).toMatchObject({ outcome: "idle" });
    expect(api.esi.counters.total()).toBe(before);
  });

  it("does not run at the same time as another run", async () => {
    const api = await anApi();

    const responses = await Promise.all([post(api), post(api)]);

    const outcomes = await Promise.all(
      responses.map(async (response) => (await response.json<{ outcome: string }>()).outcome),
    );
    expect(new Set(outcomes)).toEqual(new Set(["done", "busy"]));
  });

  it("waits if ESI has been asked too much", async () => {
    const api = await anApi({
      faults: [{ kind: "error-limited", route: listRoute, times: 1 }],
    });

    const first = await post(api);
    const second = await post(api);

    expect(await first.json()).toMatchObject({ outcome: "held", esi_requests: 1 });
    expect(await second.json()).toMatchObject({ outcome: "idle", esi_requests: 0 });
  });

  it.each([
    ["no body", {}],
    ["an empty object", { body: "{}", contentType: "application/json" }],
    ["its charset too", { body: "{}", contentType: "application/json; charset=utf-8" }],
  ])("takes %s", async (_, init) => {
    const api = await anApi();

    const response = await post(api, init);

    expect(response.status).toBe(200);
  });

  it.each([
    ["no JSON", "{"],
    ["half of it", '{"region_ids":[10000002'],
    ["nothing", ""],
  ])("refuses a body that is %s", async (_, body) => {
    const api = await anApi();

    const response = await postJson(api, body);

    const detail = "Malformed JSON in request body";
    expect(await read(response)).toEqual(problem(response, "invalid-request", path, { detail }));
    expect(api.esi.counters.total()).toBe(0);
  });

  it.each([
    ["a list", [], [""]],
    ["null", null, [""]],
    ["a number", 1, [""]],
    ["no region at all", { region_ids: [] }, ["/region_ids"]],
    ["one region, not a list of them", { region_ids: 10_000_002 }, ["/region_ids"]],
    [
      "regions that are none",
      { region_ids: [theForge, 0, -1, 1.5, "10000002", null] },
      [1, 2, 3, 4, 5].map((index) => `/region_ids/${index}`),
    ],
    ["too many regions", { region_ids: Array(201).fill(theForge) }, ["/region_ids"]],
    ["something else", { regions: [theForge], all: true }, ["/regions", "/all"]],
  ])("refuses %s, and points to each fault", async (_, body, pointers) => {
    const api = await anApi();

    const response = await postJson(api, body);

    const { errors } = await response.json<{ errors: { pointer: string }[] }>();
    expect(response.status).toBe(400);
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(api.esi.counters.total()).toBe(0);
  });

  it("refuses regions that are not synced, and lists each one", async () => {
    const api = await anApi({ regionIds: [theForge, domain] });

    const response = await postJson(api, { region_ids: [theForge, heimatar, domain, 1] });

    expect(await read(response)).toEqual(
      problem(response, "invalid-request", path, {
        errors: [
          { pointer: "/region_ids/1", detail: `Region ${heimatar} is not synced here` },
          { pointer: "/region_ids/3", detail: "Region 1 is not synced here" },
        ],
      }),
    );
    expect(api.esi.counters.total()).toBe(0);
  });

  it("accepts any region that may hold contracts if the settings name none", async () => {
    const api = await anApi({ regionIds: [] });

    const taken = await postJson(api, { region_ids: [heimatar] });
    const refused = await postJson(api, { region_ids: [10_999_999] });

    expect([taken.status, refused.status]).toEqual([200, 400]);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])(
    "refuses a body sent as %s, which would be ignored and sync every region",
    async (contentType) => {
      const api = await anApi();

      const response = await post(api, { body: '{"region_ids":[10000002]}', contentType });

      expect(await read(response)).toEqual(
        problem(response, "unsupported-media-type", path, { detail: "Unsupported Media Type" }),
      );
      expect(api.esi.counters.total()).toBe(0);
    },
  );

  it.each([
    ["no header", undefined],
    ["no token", "Bearer"],
    ["an empty token", "Bearer "],
    ["a wrong token", "Bearer another-token-for-tests"],
    ["a part of the token", "Bearer a-token-for-tests-onl"],
    ["more than the token", "Bearer a-token-for-tests-only-"],
    ["the token in capitals", "Bearer A-TOKEN-FOR-TESTS-ONLY"],
    ["the token and a word", "Bearer a-token-for-tests-only x"],
    ["another scheme", "Basic a-token-for-tests-only"],
    ["the token alone", "a-token-for-tests-only"],
  ])("refuses %s", async (_, authorization) => {
    const api = await anApi();

    const response = await api.request(path, {
      method: "POST",
      headers: authorization === undefined ? {} : { authorization },
    });

    expect(headersOf(response, ["www-authenticate", "cache-control"])).toEqual({
      "www-authenticate": 'Bearer realm="admin"',
      "cache-control": "no-store",
    });
    expect(await read(response)).toEqual(
      problem(response, "unauthorized", path, { detail: "A valid bearer token is required." }),
    );
    expect(api.esi.counters.total()).toBe(0);
  });

  it("says nothing about faults in the request to a caller without the token", async () => {
    const api = await anApi();

    const response = await post(api, {
      token: "another-token-for-tests",
      body: "{",
      contentType: "text/plain",
    });

    expect(response.status).toBe(401);
  });

  it("takes the name of the scheme in any case, as HTTP has it", async () => {
    const api = await anApi();

    const response = await api.request(path, {
      method: "POST",
      headers: { authorization: `bearer  ${api.env.ADMIN_TOKEN}` },
    });

    expect(response.status).toBe(200);
  });

  it("compares tokens by their digests, so that the time taken reveals nothing", async () => {
    const api = await anApi();
    const digest = vi.spyOn(crypto.subtle, "digest");

    await post(api, { token: "another-token-for-tests" });

    const digested = digest.mock.calls.map(([, data]) =>
      new TextDecoder().decode(data instanceof Uint8Array ? data : new Uint8Array()),
    );
    digest.mockRestore();
    expect(new Set(digested)).toEqual(
      new Set(["another-token-for-tests", "a-token-for-tests-only"]),
    );
  });

  it.each(["Bearer undefined", "Bearer ", undefined])(
    "does not exist if no token is set, whoever asks: %s",
    async (authorization) => {
      const api = await anApi();
      delete api.env.ADMIN_TOKEN;

      const response = await api.request(path, {
        method: "POST",
        headers: authorization === undefined ? {} : { authorization },
      });

      const detail = "This path does not exist.";
      expect(await read(response)).toEqual(problem(response, "not-found", path, { detail }));
      expect(api.esi.counters.total()).toBe(0);
    },
  );
});
