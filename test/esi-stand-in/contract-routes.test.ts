import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "./asking.ts";
import { aBlueprintCopy, aContract, anItem, createWorld } from "./hand-made.ts";
import { createStandIn } from "./stand-in.ts";
import type { ContractRow, ItemRow } from "./wire.ts";

const start = "2041-03-05T09:00:00Z";
const forge = "/contracts/public/10000002";

function setUp(contracts = [aContract()]) {
  const clock = createClock(start);
  const world = createWorld({ at: clock.now(), contracts });
  const standIn = createStandIn({ world, now: clock.now, phase: () => 600 });
  return { clock, world, standIn, ask: createAsk(standIn) };
}

const manyContracts = (count: number) => Array.from({ length: count }, () => aContract());

describe("GET /contracts/public/{region_id}", () => {
  it("has the headers of the recorded answer, and no others", async () => {
    const { ask } = setUp();

    const response = await ask(`${forge}?page=1`);

    // Recorded on 2026-09-27.
    const recorded =
      "access-control-allow-origin access-control-expose-headers cache-control content-language content-length content-type date etag expires last-modified vary x-compatibility-date x-esi-cache-status x-esi-error-limit-remain x-esi-error-limit-reset x-esi-request-id x-pages";
    expect(response.status).toBe(200);
    expect([...response.headers.keys()].toSorted()).toEqual(recorded.split(" "));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "public",
      "content-type": "application/json; charset=UTF-8",
      date: "Tue, 05 Mar 2041 09:00:00 GMT",
      etag: expect.stringMatching(/^"[0-9a-f]{56}"$/),
      expires: "Tue, 05 Mar 2041 09:20:00 GMT",
      "last-modified": "Tue, 05 Mar 2041 08:50:00 GMT",
      "x-compatibility-date": "2020-01-01",
      "x-esi-cache-status": "HIT",
      "x-esi-error-limit-remain": "100",
      "x-esi-error-limit-reset": "60",
      "x-pages": "1",
    });
  });

  it("sends an item exchange as ESI does, fillers and all", async () => {
    const { ask } = setUp([aContract({ contract_id: 7, title: "http://a", price: 5 })]);

    const text = await (await ask(forge)).text();

    expect(text).toBe(
      String.raw`[{"collateral":0.0,"contract_id":7,"date_expired":"2041-04-01T09:00:00Z","date_issued":"2041-03-04T09:00:00Z","days_to_complete":0,"end_location_id":60003760,"issuer_corporation_id":98000001,"issuer_id":2112000001,"price":5.0,"reward":0.0,"start_location_id":60003760,"title":"http:\/\/a","type":"item_exchange","volume":27289.0}]`,
    );
  });

  it("sends an auction without collateral, its dates coarse and moving with each list", async () => {
    const { ask, clock } = setUp([aContract({ type: "auction" })]);

    const before: ContractRow[] = await (await ask(forge)).json();
    clock.advance(1201);
    const after: ContractRow[] = await (await ask(forge)).json();

    expect(before[0]).not.toHaveProperty("collateral");
    expect(before[0]).toMatchObject({
      buyout: 0,
      date_issued: "2041-03-04T00:00:00Z",
      date_expired: "2041-03-20T08:50:00Z",
    });
    expect(after[0]?.date_expired).toBe("2041-03-20T09:20:01Z");
  });

  it("leaves out what a test sets to undefined", async () => {
    const { ask } = setUp([aContract({ price: undefined, title: undefined })]);

    const rows: ContractRow[] = await (await ask(forge)).json();

    expect(rows[0]).not.toHaveProperty("price");
    expect(rows[0]).not.toHaveProperty("title");
  });

  it("lists 1000 contracts a page, the oldest first", async () => {
    const { ask, world } = setUp(manyContracts(2001));

    const pages = await Promise.all([1, 2, 3].map((page) => ask(`${forge}?page=${page}`)));
    const rows = (await Promise.all(pages.map((page) => page.json<ContractRow[]>()))).flat();

    expect(pages.map((page) => page.headers.get("x-pages"))).toEqual(["3", "3", "3"]);
    expect(rows.map((row) => row.contract_id)).toEqual(world.ids);
  });

  it("lists each contract once, on as many pages as it says, however many there are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3_100 }), async (count) => {
        const { ask, world } = setUp(manyContracts(count));
        const ids: number[] = [];
        let pages = 1;
        for (let page = 1; page <= pages; page += 1) {
          const response = await ask(`${forge}?page=${page}`);
          pages = Number(response.headers.get("x-pages"));
          const rows = await response.json<ContractRow[]>();
          ids.push(...rows.map((row) => row.contract_id));
        }
        expect(ids).toEqual(world.ids);
        expect(pages).toBe(Math.max(1, Math.ceil(count / 1000)));
        expect((await ask(`${forge}?page=${pages + 1}`)).status).toBe(404);
      }),
      { numRuns: 12, examples: [[0], [1000], [1001], [2000]] },
    );
  });

  it("answers 404 for a page past the last, an unknown region and an unknown path", async () => {
    const { ask } = setUp();

    const [page, region, path] = await Promise.all([
      ask(`${forge}?page=2`),
      ask("/contracts/public/10999999"),
      ask("/contracts"),
    ]);

    expect(page.status).toBe(404);
    expect(await page.json()).toEqual({ error: "Requested page does not exist!" });
    expect(region.status).toBe(404);
    expect(await region.json()).toEqual({ error: "Region not found" });
    expect(path.status).toBe(404);
    expect(path.headers.get("x-esi-error-limit-remain")).toBe("97");
  });

  it("answers an empty list of one page for a region without contracts", async () => {
    const { ask } = setUp();

    const response = await ask("/contracts/public/10000043");

    expect(response.headers.get("x-pages")).toBe("1");
    expect(await response.json()).toEqual([]);
  });

  it("shows the same list until it expires, including contracts that expire before that", async () => {
    const { ask, clock, world } = setUp([
      aContract(),
      aContract({ date_expired: "2041-03-05T08:55:00Z" }),
    ]);
    const [first = 0] = world.ids;

    world.remove(first, clock.now());
    world.add(aContract(), clock.now());
    const stale: ContractRow[] = await (await ask(forge)).json();
    clock.advance(1200);
    const fresh: ContractRow[] = await (await ask(forge)).json();

    expect(stale.map((row) => row.contract_id)).toEqual(world.ids);
    expect(fresh.map((row) => row.contract_id)).toEqual([230_000_003]);
  });

  it("makes a new list only when asked after expiry, and stamps it with that time", async () => {
    const { ask, clock } = setUp();

    await ask(forge);
    clock.advance(5000);
    const response = await ask(forge);

    expect(response.headers.get("last-modified")).toBe("Tue, 05 Mar 2041 10:23:20 GMT");
    expect(response.headers.get("expires")).toBe("Tue, 05 Mar 2041 10:53:20 GMT");
    expect(response.headers.get("x-esi-cache-status")).toBe("MISS");
  });

  it("keeps page 1 and its ETag while the last page changes, under a new Last-Modified", async () => {
    const { ask, clock, world } = setUp(manyContracts(1001));
    const read = async () => Promise.all([ask(`${forge}?page=1`), ask(`${forge}?page=2`)]);

    const [oldFirst, oldLast] = await read();
    world.add(aContract(), clock.now());
    clock.advance(1800);
    const [newFirst, newLast] = await read();

    expect(newFirst.headers.get("etag")).toBe(oldFirst.headers.get("etag"));
    expect(newLast.headers.get("etag")).not.toBe(oldLast.headers.get("etag"));
    expect(newFirst.headers.get("last-modified")).not.toBe(oldFirst.headers.get("last-modified"));
  });

  it.each([
    ["If-None-Match", (old: Headers) => old.get("etag") ?? ""],
    ["If-None-Match", (old: Headers) => `W/${old.get("etag")}`],
    ["If-Modified-Since", (old: Headers) => old.get("last-modified") ?? ""],
  ])("answers %s with 304 if nothing is new", async (name, validatorOf) => {
    const { ask } = setUp();
    const { headers } = await ask(forge);

    const response = await ask(forge, { headers: { [name]: validatorOf(headers) } });

    expect(response.status).toBe(304);
    expect(await response.text()).toBe("");
    for (const kept of ["etag", "last-modified", "expires"])
      expect(response.headers.get(kept)).toBe(headers.get(kept));
  });

  it("answers If-Modified-Since with 200 once there is a new list", async () => {
    const { ask, clock } = setUp();
    const { headers } = await ask(forge);
    clock.advance(1800);

    const since = headers.get("last-modified") ?? "";
    const response = await ask(forge, { headers: { "If-Modified-Since": since } });

    expect(response.status).toBe(200);
  });
});

describe("GET /contracts/public/items/{contract_id}", () => {
  it("sends offered and requested items, copies and originals, each with the fields it has", async () => {
    const items = [
      anItem({ record_id: 1, item_id: 11 }),
      anItem({ record_id: 2, is_included: false, type_id: 34, quantity: 1000 }),
      aBlueprintCopy({ record_id: 3, item_id: 13 }),
    ];
    const { ask, world } = setUp([aContract({ items })]);

    const response = await ask(`/contracts/public/items/${world.ids[0]}`);

    expect(response.headers.get("expires")).toBe("Tue, 05 Mar 2041 10:00:00 GMT");
    expect(response.headers.get("x-pages")).toBe("1");
    expect(await response.json()).toEqual([
      { is_included: true, item_id: 11, quantity: 1, record_id: 1, type_id: 587 },
      { is_included: false, quantity: 1000, record_id: 2, type_id: 34 },
      {
        is_blueprint_copy: true,
        is_included: true,
        item_id: 13,
        material_efficiency: 0,
        quantity: 1,
        record_id: 3,
        runs: 1,
        time_efficiency: 0,
        type_id: 691,
      },
    ]);
  });

  it("sends 1000 items a page", async () => {
    const items = Array.from({ length: 1001 }, () => anItem());
    const { ask, world } = setUp([aContract({ items })]);

    const last = await ask(`/contracts/public/items/${world.ids[0]}?page=2`);

    expect(last.headers.get("x-pages")).toBe("2");
    expect(await last.json<ItemRow[]>()).toHaveLength(1);
  });

  it("answers 204 with cache headers, and nothing else, once the contract has ended", async () => {
    const { ask, clock, world } = setUp([
      aContract(),
      aContract({ date_expired: "2041-03-05T08:59:59Z" }),
    ]);
    const [accepted = 0, expired] = world.ids;
    world.remove(accepted, clock.now());

    for (const id of [accepted, expired]) {
      const response = await ask(`/contracts/public/items/${id}`);

      expect(response.status).toBe(204);
      expect(await response.text()).toBe("");
      expect(response.headers.get("last-modified")).toBe("Tue, 05 Mar 2041 09:00:00 GMT");
      expect(response.headers.get("expires")).toBe("Tue, 05 Mar 2041 10:00:00 GMT");
      expect(response.headers.get("x-pages")).toBeNull();
      expect(response.headers.get("x-esi-error-limit-remain")).toBe("100");
    }
  });

  it("serves the same answer for an hour, even if the contract has ended since", async () => {
    const { ask, clock, world } = setUp();
    const [id = 0] = world.ids;
    const statusAfter = async (seconds: number) => {
      clock.advance(seconds);
      return (await ask(`/contracts/public/items/${id}`)).status;
    };

    const statuses = [await statusAfter(0)];
    world.remove(id, clock.advance(1));
    statuses.push(await statusAfter(3598), await statusAfter(1));

    expect(statuses).toEqual([200, 200, 204]);
  });

  it("answers 404 for a contract that is unknown or not issued yet", async () => {
    const { ask, clock, world } = setUp();
    const later = world.add(aContract(), clock.advance(60));
    clock.advance(-60);

    for (const id of [1, later]) {
      const response = await ask(`/contracts/public/items/${id}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: "Contract not found!" });
    }
  });
});

describe("GET /contracts/public/bids/{contract_id}", () => {
  it("sends the bids made until then, again every five minutes", async () => {
    const bids = [
      { amount: 15_000_000, bid_id: 1, date_bid: "2041-03-05T08:00:00Z" },
      { amount: 16_000_000, bid_id: 2, date_bid: "2041-03-05T09:01:00Z" },
    ];
    const { ask, clock, world } = setUp([aContract({ type: "auction", bids })]);
    const path = `/contracts/public/bids/${world.ids[0]}`;

    const early = await ask(path);
    clock.advance(300);
    const late = await ask(path);

    expect(early.headers.get("expires")).toBe("Tue, 05 Mar 2041 09:05:00 GMT");
    expect(await early.text()).toContain('"amount":15000000.0');
    expect(await late.json()).toEqual(bids);
  });
});
