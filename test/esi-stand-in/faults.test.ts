import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "./asking.ts";
import type { Fault } from "./faults.ts";
import { aContract, createWorld } from "./hand-made.ts";
import { createStandIn } from "./stand-in.ts";
import type { ContractRow } from "./wire.ts";

const route = "/contracts/public/{region_id}";
const forge = "/contracts/public/10000002";

function setUp(fault: Fault | readonly Fault[] = [], count = 2500) {
  const clock = createClock("2041-03-05T09:00:00Z");
  const contracts = Array.from({ length: count }, () => aContract());
  const world = createWorld({ at: clock.now(), contracts });
  const standIn = createStandIn({ world, now: clock.now, faults: [fault].flat(), phase: () => 60 });
  const ask = createAsk(standIn);
  const ids = async (page: number) => {
    const rows: ContractRow[] = await (await ask(`${forge}?page=${page}`)).json();
    return rows.map((row) => row.contract_id);
  };
  return { clock, world, standIn, ask, ids };
}

describe("a fault's conditions", () => {
  it("hits only its route, page and parameters", async () => {
    const { ask } = setUp({
      kind: "status",
      status: 503,
      route,
      page: 2,
      params: { region_id: 10_000_002 },
    });

    const statuses = await Promise.all(
      [`${forge}?page=1`, `${forge}?page=2`, "/contracts/public/10000043?page=2", "/status"].map(
        async (path) => (await ask(path)).status,
      ),
    );

    expect(statuses).toEqual([200, 503, 404, 200]);
  });

  it("skips, then hits so many times", async () => {
    const { ask } = setUp({ kind: "status", status: 500, skip: 1, times: 2 });

    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await ask("/universe/regions")).status);

    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  it("hits between two moments, as a downtime does", async () => {
    const { ask, clock } = setUp({
      kind: "status",
      status: 503,
      from: "2041-03-05T11:00:00Z",
      until: new Date("2041-03-05T11:15:00Z"),
    });

    const statuses: number[] = [];
    for (const time of ["10:59:59", "11:00:00", "11:14:59", "11:15:00"]) {
      clock.set(`2041-03-05T${time}Z`);
      statuses.push((await ask("/universe/regions")).status);
    }

    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  it("hits with a probability that follows from the seed", async () => {
    const run = async () => {
      const { ask } = setUp({ kind: "status", status: 503, probability: 0.1 });
      const statuses: number[] = [];
      for (let count = 0; count < 300; count += 1)
        statuses.push((await ask("/universe/regions")).status);
      return statuses;
    };

    const [first, second] = [await run(), await run()];

    expect(first).toEqual(second);
    const hits = first.filter((status) => status === 503).length;
    expect(hits).toBeGreaterThan(10);
    expect(hits).toBeLessThan(60);
  });

  it("may use a function as condition, and can be removed again", async () => {
    const { ask, standIn } = setUp();
    const remove = standIn.faults.add({
      kind: "status",
      status: 502,
      when: ({ url }) => url.pathname.endsWith("regions"),
    });

    const during = await ask("/universe/regions");
    remove();
    const after = await ask("/universe/regions");

    expect([during.status, after.status]).toEqual([502, 200]);
  });
});

describe("a list", () => {
  it("torn-walk: changes its generation between two pages", async () => {
    const { ask } = setUp({ kind: "torn-walk", route, page: 2, times: 1 });

    const times: (string | null)[] = [];
    for (const page of [1, 2, 3])
      times.push((await ask(`${forge}?page=${page}`)).headers.get("last-modified"));

    expect(times).toEqual([
      "Tue, 05 Mar 2041 08:59:00 GMT",
      "Tue, 05 Mar 2041 09:00:00 GMT",
      "Tue, 05 Mar 2041 09:00:00 GMT",
    ]);
  });

  it("page-count: announces another number of pages", async () => {
    const { ask } = setUp({ kind: "page-count", by: -1, page: 2 });

    const pages = await Promise.all([1, 2].map((page) => ask(`${forge}?page=${page}`)));

    expect(pages.map(({ headers }) => headers.get("x-pages"))).toEqual(["3", "2"]);
  });

  it("early-end: ends before it said it would", async () => {
    const { ask } = setUp({ kind: "early-end", lastPage: 2, route });

    const [second, third] = await Promise.all([2, 3].map((page) => ask(`${forge}?page=${page}`)));

    expect(second?.headers.get("x-pages")).toBe("3");
    expect(third?.status).toBe(404);
    expect(await third?.json()).toEqual({ error: "Requested page does not exist!" });
  });

  it("shifted-rows: repeats what the page before had, and loses what comes last", async () => {
    const { ids, world } = setUp({ kind: "shifted-rows", by: 10 });

    const pages = [await ids(1), await ids(2), await ids(3)];

    expect(pages[1]?.slice(0, 10)).toEqual(pages[0]?.slice(-10));
    expect(pages.flat()).toHaveLength(2500);
    expect(new Set(pages.flat()).size).toBe(2490);
    expect(pages.flat()).not.toContain(world.ids.at(-1));
  });

  it.each([
    [0, 0, "1"],
    [0.5, 1000, "2"],
  ])("short-list: holds only its first part, %d", async (share, rows, pages) => {
    const { ask } = setUp({ kind: "short-list", share, route });

    const response = await ask(forge);

    expect(response.status).toBe(200);
    expect(response.headers.get("x-pages")).toBe(pages);
    expect(await response.json<unknown[]>()).toHaveLength(rows);
  });

  it.each([true, false])("not-modified: 304, with Last-Modified: %s", async (withLastModified) => {
    const { ask } = setUp({ kind: "not-modified", withLastModified, route });

    const response = await ask(forge, { headers: { "If-None-Match": '"another"' } });

    expect(response.status).toBe(304);
    expect(response.headers.has("last-modified")).toBe(withLastModified);
    expect(response.headers.has("expires")).toBe(true);
  });
});

describe("an answer", () => {
  it.each([500, 502, 503, 504, 520])("status %d: costs error budget", async (status) => {
    const { ask } = setUp({ kind: "status", status });

    const response = await ask("/universe/regions");

    expect(response.status).toBe(status);
    expect(response.headers.get("x-esi-error-limit-remain")).toBe("99");
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  it.each([
    ["error-limited", 420, { "x-esi-error-limit-remain": "0", "x-esi-error-limit-reset": "60" }],
    ["rate-limited", 429, { "retry-after": "60" }],
  ] as const)("%s: %d with its headers, and once without", async (kind, status, expected) => {
    const { ask } = setUp([
      { kind, times: 1 },
      { kind, isBare: true },
    ]);

    const full = await ask("/universe/regions");
    const bare = await ask("/universe/regions");

    expect([full.status, bare.status]).toEqual([status, status]);
    expect(Object.fromEntries(full.headers)).toMatchObject(expected);
    expect([...bare.headers.keys()]).toEqual(["content-length", "date"]);
  });

  it("timeout: rejects as AbortSignal.timeout does", async () => {
    const { ask } = setUp({ kind: "timeout" });

    await expect(ask("/status")).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("hang: answers nothing until the request is aborted", async () => {
    const { ask } = setUp({ kind: "hang" });
    const controller = new AbortController();

    const answer = ask("/status", { signal: controller.signal });
    controller.abort(new DOMException("enough", "TimeoutError"));

    await expect(answer).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("connection-reset: rejects with a TypeError", async () => {
    const { ask } = setUp({ kind: "connection-reset" });

    await expect(ask("/status")).rejects.toThrow(TypeError);
  });

  it("truncated-body: breaks off, or ends too soon", async () => {
    const { ask } = setUp([
      { kind: "truncated-body", times: 1 },
      { kind: "truncated-body", cut: "ends", skip: 1 },
    ]);

    const broken = await ask(forge);
    const short = await ask(forge);

    await expect(broken.text()).rejects.toThrow("Network connection lost.");
    await expect(short.json()).rejects.toThrow(SyntaxError);
  });

  it.each([
    ["not-json", "text/plain"],
    ["html", "text/html"],
  ] as const)("%s: 200 with something else", async (kind, type) => {
    const { ask } = setUp({ kind });

    const response = await ask(forge);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("clock-skew: moves every date it sends", async () => {
    const { ask } = setUp({ kind: "clock-skew", seconds: -90 });

    const { headers } = await ask(forge);

    expect(headers.get("date")).toBe("Tue, 05 Mar 2041 08:58:30 GMT");
    expect(headers.get("expires")).toBe("Tue, 05 Mar 2041 09:27:30 GMT");
    expect(headers.get("last-modified")).toBe("Tue, 05 Mar 2041 08:57:30 GMT");
  });

  it("max-age: gives a number of seconds, not an end date", async () => {
    const { ask } = setUp({ kind: "max-age", seconds: 300, age: 20 });

    const { headers } = await ask(forge);

    expect(headers.get("cache-control")).toContain("max-age=300");
    expect(headers.get("age")).toBe("20");
    expect(headers.get("expires")).toBeNull();
  });

  it("headers: sets and drops them, after other faults", async () => {
    const { ask } = setUp([
      { kind: "status", status: 503 },
      { kind: "headers", headers: { "X-Esi-Error-Limit-Remain": null, "Retry-After": "5" } },
    ]);

    const response = await ask(forge);

    expect(response.status).toBe(503);
    expect(response.headers.get("x-esi-error-limit-remain")).toBeNull();
    expect(response.headers.get("retry-after")).toBe("5");
  });

  it("unresolvable: one id makes every call for names that includes it fail", async () => {
    const { ask } = setUp({ kind: "unresolvable", id: 587 });

    const [bad, good] = await Promise.all(
      [[587, 34], [34]].map((post) => ask("/universe/names", { post })),
    );

    expect([bad?.status, good?.status]).toEqual([404, 200]);
  });
});

describe("items", () => {
  it.each([
    ["gone", 204, ""],
    ["not-public", 403, '{"error":"Contract not public"}'],
    ["accepted", 403, '{"error":"Contract accepted by player, requires authorization"}'],
    ["unknown", 404, '{"error":"Contract not found!"}'],
    ["empty", 200, "[]"],
  ] as const)("%s: %d though the contract is outstanding", async (how, status, body) => {
    const { ask, world } = setUp({ kind: "items", how }, 1);

    const response = await ask(`/contracts/public/items/${world.ids[0]}`);

    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
  });
});

describe("odd-rows", () => {
  const oddRow = async (fault: Fault) => {
    const { ask } = setUp(fault, 1);
    const rows: Record<string, unknown>[] = JSON.parse(await (await ask(forge)).text());
    return rows[0];
  };

  it.each([
    ["extra-fields", { availability: "public" }],
    ["unknown-type", { type: "barter" }],
    ["negative-price", { price: -1 }],
    ["string-id", { contract_id: "230000001" }],
    ["infinite-price", { price: Number.POSITIVE_INFINITY }],
    ["beyond-2-31", { issuer_id: 2_147_483_655 }],
    ["null-fields", { price: null, title: null }],
    ["bad-date", { date_expired: "soon" }],
  ] as const)("%s", async (oddity, expected) => {
    expect(await oddRow({ kind: "odd-rows", oddity })).toMatchObject(expected);
  });

  it("sends ids that no double holds", async () => {
    const { ask } = setUp({ kind: "odd-rows", oddity: "beyond-2-53" }, 1);

    expect(await (await ask(forge)).text()).toContain('"start_location_id":9007199254740993');
  });

  it("leaves out every field that the specification lets be absent", async () => {
    const row = await oddRow({ kind: "odd-rows", oddity: "no-optional-fields" });

    expect(Object.keys(row ?? {})).toEqual([
      "contract_id",
      "date_expired",
      "date_issued",
      "issuer_corporation_id",
      "issuer_id",
      "type",
    ]);
  });

  it("changes only one row if told which", async () => {
    const { ask } = setUp({ kind: "odd-rows", oddity: "not-an-object", index: 1 }, 3);

    const rows = await (await ask(forge)).json<unknown[]>();

    expect(rows.map((row) => typeof row)).toEqual(["object", "string", "object"]);
  });

  it("lets a test change rows by hand", async () => {
    const { ids, world } = setUp({ kind: "rows", change: (rows) => rows.toReversed() }, 3);

    expect(await ids(1)).toEqual(world.ids.toReversed());
  });
});
