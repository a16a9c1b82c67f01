import { describe, expect, it } from "vitest";

import { Stopped } from "../../src/domain/stopped.ts";
import type { ItemsAnswer } from "../../src/esi/client.ts";
import { type Answer, ok } from "../esi-stand-in/answers.ts";
import { createClock } from "../esi-stand-in/asking.ts";
import type { Fault } from "../esi-stand-in/faults.ts";
import {
  aBlueprintCopy,
  aBlueprintOriginal,
  aContract,
  anItem,
  type ContractPlan,
  createWorld,
  type HandMadeOptions,
} from "../esi-stand-in/hand-made.ts";
import { createStandIn } from "../esi-stand-in/stand-in.ts";
import { noon, setUp as setUpClient } from "./asking.ts";

const forge = 10_000_002;
const minute = 60;

type Options = Omit<HandMadeOptions, "at" | "contracts"> & {
  contracts?: readonly ContractPlan[];
  faults?: readonly Fault[];
};

/** The client over the stand-in for ESI: lists are a minute old when they are first asked for. */
function setUp({ contracts = [aContract()], faults = [], ...world }: Options = {}) {
  const clock = createClock(new Date(noon));
  const made = createWorld({ at: clock.now(), contracts, ...world });
  const standIn = createStandIn({ world: made, now: clock.now, faults, phase: () => minute });
  const { esi } = setUpClient(standIn.fetch, () => clock.now().getTime());
  const walk = (known: readonly number[] = [], since: number | null = null) =>
    esi.walkContracts(forge, async () => new Set(known), since);
  return { clock, world: made, standIn, esi, walk, id: made.ids[0] ?? 0 };
}

const many = (count: number, plan: ContractPlan = {}) =>
  Array.from({ length: count }, () => aContract(plan));

const someItems = (count: number) => Array.from({ length: count }, () => anItem());

describe("walkContracts", () => {
  it("walks a region's list, page by page", async () => {
    const { walk, world, standIn } = setUp({ contracts: many(2_500) });

    const result = await walk();

    expect(result).toMatchObject({
      kind: "snapshot",
      oddRows: 0,
      headers: { pages: 3, expiresAt: noon + 29 * minute * 1000 },
      snapshot: { at: noon / 1000 - minute, ids: new Set(world.ids), doubtfulRows: 0 },
    });
    expect(standIn.counters.total()).toBe(3);
    expect(standIn.counters.violations).toEqual([]);
  });

  it("asks one request of a list that has not changed", async () => {
    const { walk, standIn } = setUp({ contracts: many(1_001) });

    const result = await walk([], noon / 1000 - minute);

    expect(result).toMatchObject({ kind: "unchanged" });
    expect(standIn.counters.requests).toEqual({ "/contracts/public/{region_id}": { 304: 1 } });
  });

  it("finds a new contract on the last page, even if page 1 is exactly the same", async () => {
    const { clock, walk, world } = setUp({ contracts: many(1_500) });
    const first = await walk();
    const added = world.add(aContract(), clock.advance(30 * minute));

    const next = await walk(world.ids, noon / 1000 - minute);

    expect(first).toMatchObject({ kind: "snapshot" });
    expect(next).toMatchObject({
      kind: "snapshot",
      snapshot: { ids: new Set([...world.ids, added]), unknown: [{ contractId: added }] },
    });
  });

  it("starts again if ESI makes a new list during the walk", async () => {
    const { walk, world } = setUp({
      contracts: many(1_500),
      faults: [{ kind: "torn-walk", page: 2, times: 1 }],
    });

    expect(await walk()).toMatchObject({ kind: "snapshot", snapshot: { ids: new Set(world.ids) } });
  });

  it.each([
    [{ kind: "status", status: 503, page: 2 }, "status-503"],
    [{ kind: "status", status: 404, page: 1 }, "status-404"],
    [{ kind: "timeout", page: 2 }, "timeout"],
    [{ kind: "connection-reset", page: 2 }, "connection-failed"],
    [{ kind: "truncated-body", page: 2 }, "body-broken-off"],
    [{ kind: "truncated-body", cut: "ends", page: 2 }, "not-json"],
    [{ kind: "html", page: 2 }, "not-json"],
    [{ kind: "early-end", lastPage: 1 }, "status-404"],
    [{ kind: "page-count", by: 5 }, "status-404"],
    [{ kind: "headers", headers: { "Last-Modified": null } }, "no-last-modified"],
    [{ kind: "headers", headers: { "X-Pages": "many" } }, "bad-x-pages"],
    [{ kind: "torn-walk", page: 2 }, "torn"],
    [
      { kind: "answer", answer: () => ({ status: 200, body: { error: "Sorry" } }) },
      "unexpected-shape",
    ],
  ] as const)("brings no snapshot where ESI fails: %o", async (fault, reason) => {
    const { walk } = setUp({ contracts: many(1_500), faults: [fault] });

    expect(await walk()).toEqual({ kind: "failed", reason });
  });

  it.each(["error-limited", "rate-limited"] as const)("stops if ESI is %s", async (kind) => {
    const { walk } = setUp({ faults: [{ kind }] });

    await expect(walk()).rejects.toThrow(Stopped);
  });
});

describe("contractItems", () => {
  it("returns everything that ESI sends about a contract's items, and false for flags it leaves out", async () => {
    const items = [
      anItem(),
      aBlueprintCopy({ runs: 7, material_efficiency: 4, time_efficiency: 8 }),
      aBlueprintOriginal(),
      anItem({ is_included: false, quantity: 3 }),
    ];
    const { esi, id } = setUp({ contracts: [aContract({ items })] });
    const [recordId, itemId] = [5_000_000_000 + id * 10, 1_040_000_000_000 + id * 100];
    const plain = {
      quantity: 1,
      isIncluded: true,
      isBlueprintCopy: false,
      runs: null,
      materialEfficiency: null,
      timeEfficiency: null,
    };

    expect(await esi.contractItems(id)).toMatchObject({
      kind: "ok",
      body: [
        { ...plain, recordId, typeId: 587, itemId },
        {
          ...plain,
          recordId: recordId + 1,
          typeId: 691,
          itemId: itemId + 1,
          isBlueprintCopy: true,
          runs: 7,
          materialEfficiency: 4,
          timeEfficiency: 8,
        },
        {
          ...plain,
          recordId: recordId + 2,
          typeId: 691,
          itemId: itemId + 2,
          materialEfficiency: 10,
          timeEfficiency: 20,
        },
        {
          ...plain,
          recordId: recordId + 3,
          typeId: 587,
          itemId: null,
          isIncluded: false,
          quantity: 3,
        },
      ],
    });
  });

  it.each([
    [1_000, 1],
    [1_001, 2],
    [2_500, 3],
  ])("reads %i items from %i pages", async (count, pages) => {
    const { esi, id, standIn } = setUp({ contracts: [aContract({ items: someItems(count) })] });

    const answer = await esi.contractItems(id);

    const records = answer.kind === "ok" ? answer.body.map(({ recordId }) => recordId) : [];
    expect(new Set(records).size).toBe(count);
    expect(standIn.counters.total()).toBe(pages);
  });

  it.each([
    [
      { kind: "items", how: "gone" },
      { kind: "refused", reason: "status-204" },
    ],
    [
      { kind: "items", how: "not-public" },
      { kind: "refused", reason: "status-403" },
    ],
    [
      { kind: "items", how: "accepted" },
      { kind: "refused", reason: "status-403" },
    ],
    [
      { kind: "items", how: "unknown" },
      { kind: "refused", reason: "status-404" },
    ],
    [
      { kind: "items", how: "empty" },
      { kind: "refused", reason: "no-items" },
    ],
    [
      { kind: "status", status: 520 },
      { kind: "refused", reason: "status-520" },
    ],
    [
      { kind: "status", status: 502 },
      { kind: "transient", reason: "status-502" },
    ],
    [{ kind: "not-json" }, { kind: "malformed", reason: "not-json" }],
    [
      { kind: "odd-rows", oddity: "no-type-id" },
      { kind: "malformed", reason: "unexpected-shape" },
    ],
    [
      { kind: "odd-rows", oddity: "not-an-object", index: 0 },
      { kind: "malformed", reason: "unexpected-shape" },
    ],
  ] as const)("never takes a failed answer as items: %o", async (fault, expected) => {
    const { esi, id } = setUp({ faults: [fault] });

    expect(await esi.contractItems(id)).toEqual(expected);
  });

  const secondPage = (answer: (rows: readonly unknown[]) => readonly unknown[]): Fault => ({
    kind: "rows",
    change: answer,
    page: 2,
  });

  it.each<[string, Fault, object]>([
    ["a page is lost", { kind: "status", status: 503, page: 2 }, { reason: "status-503" }],
    ["a page is refused", { kind: "early-end", lastPage: 2 }, { reason: "status-404" }],
    ["a page is empty", secondPage(() => []), { kind: "transient", reason: "empty-page" }],
    [
      "pages say another number of pages",
      { kind: "page-count", by: 1, page: 2 },
      { kind: "transient", reason: "torn" },
    ],
    [
      "the number of pages is not said",
      { kind: "headers", headers: { "X-Pages": null } },
      { kind: "malformed", reason: "bad-x-pages" },
    ],
    [
      "the number of pages cannot be read",
      { kind: "headers", headers: { "X-Pages": "many" } },
      { kind: "malformed", reason: "bad-x-pages" },
    ],
    [
      "the number of pages is absurd",
      { kind: "headers", headers: { "X-Pages": "1001" } },
      { kind: "malformed", reason: "bad-x-pages" },
    ],
  ])("never takes some pages as all the items: %s", async (_what, fault, expected) => {
    const { esi, id } = setUp({
      contracts: [aContract({ items: someItems(2_500) })],
      faults: [fault],
    });

    const answer = await esi.contractItems(id);

    expect(answer).toMatchObject(expected);
    expect(answer.kind).not.toBe("ok");
  });
});

describe("records that come twice", () => {
  const recordsOf = (answer: ItemsAnswer) =>
    answer.kind === "ok" ? answer.body.map(({ recordId }) => recordId) : [];

  it("on one page count as two items, and are asked for once", async () => {
    const twin = aBlueprintCopy({ record_id: 7, item_id: 70 });
    const { esi, id, standIn } = setUp({
      contracts: [aContract({ items: [twin, anItem({ record_id: 8 }), twin] })],
    });

    const answer = await esi.contractItems(id);

    expect(recordsOf(answer)).toEqual([7, 8, 7]);
    expect(answer).toMatchObject({ body: [{ itemId: 70, runs: 1 }, {}, { itemId: 70, runs: 1 }] });
    expect(standIn.counters.total()).toBe(1);
  });

  /** The last record of page 1 is the first of page 2 too. */
  const repeating = (times?: number) => {
    let last: unknown;
    const remember: Fault = {
      kind: "rows",
      page: 1,
      change: (rows) => {
        last = rows.at(-1);
        return rows;
      },
    };
    const repeat: Fault = {
      kind: "rows",
      page: 2,
      change: (rows) => [last, ...rows],
      ...(times === undefined ? {} : { times }),
    };
    return setUp({
      contracts: [aContract({ items: someItems(1_500) })],
      faults: [remember, repeat],
    });
  };

  it.each([1, 2])(
    "on two pages, %i times, mean that pages shifted, so all are read again",
    async (times) => {
      const { esi, id, standIn } = repeating(times);

      const records = recordsOf(await esi.contractItems(id));

      expect([records.length, new Set(records).size]).toEqual([1_500, 1_500]);
      expect(standIn.counters.total()).toBe(2 * (times + 1));
    },
  );

  it("on two pages, three times, are taken as what ESI means", async () => {
    const { esi, id, standIn } = repeating();

    const records = recordsOf(await esi.contractItems(id));

    expect([records.length, new Set(records).size]).toEqual([1_501, 1_500]);
    expect(standIn.counters.total()).toBe(6);
  });

  it("are refused as malformed if they contradict each other", async () => {
    const items = [anItem({ record_id: 7 }), anItem({ record_id: 7, quantity: 2 })];
    const { esi, id } = setUp({ contracts: [aContract({ items })] });

    expect(await esi.contractItems(id)).toEqual({
      kind: "malformed",
      reason: "one-record-two-items",
    });
  });
});

describe("contractBids", () => {
  const aBid = (bidId: number, amount: number) => ({
    bid_id: bidId,
    amount,
    date_bid: new Date(noon - bidId * 1_000).toISOString().replace(".000Z", "Z"),
  });

  it("tells bids, highest first, and the earlier of two", async () => {
    const bids = [aBid(1, 5), aBid(3, 70.01), aBid(2, 70.01), aBid(4, 70)];
    const { esi, id } = setUp({ contracts: [aContract({ type: "auction", bids })] });

    expect(await esi.contractBids(id, () => 2_000)).toMatchObject({
      kind: "ok",
      headers: { expiresAt: noon + 300_000 },
      body: [
        { bidId: 2, amount: 70.01, dateBid: noon / 1000 - 2 },
        { bidId: 3, amount: 70.01, dateBid: noon / 1000 - 3 },
        { bidId: 4, amount: 70, dateBid: noon / 1000 - 4 },
        { bidId: 1, amount: 5, dateBid: noon / 1000 - 1 },
      ],
    });
  });

  it("may be none", async () => {
    const { esi, id } = setUp({ contracts: [aContract({ type: "auction" })] });

    expect(await esi.contractBids(id, () => 2_000)).toMatchObject({ kind: "ok", body: [] });
  });

  it("sorts them over all pages", async () => {
    const bids = Array.from({ length: 1_200 }, (_, index) => aBid(index + 1, index + 1));
    const { esi, id } = setUp({ contracts: [aContract({ type: "auction", bids })] });

    const answer = await esi.contractBids(id, () => 2_000);

    const amounts = answer.kind === "ok" ? answer.body.map(({ amount }) => amount) : [];
    expect(amounts).toEqual(Array.from({ length: 1_200 }, (_, index) => 1_200 - index));
  });

  it("waits no longer than the given time", async () => {
    const { esi, id } = setUp({ faults: [{ kind: "hang" }] });

    expect(await esi.contractBids(id, () => 1)).toEqual({ kind: "transient", reason: "timeout" });
  });
});

describe("names", () => {
  const issuers = [2_112_000_001, 98_000_001];

  it("returns the names of all ids", async () => {
    const { esi } = setUp({ names: { 2_112_000_001: "O'Neill", 98_000_001: "出售 <b>" } });

    const answer = await esi.names(issuers);

    expect(answer.kind === "ok" ? answer.body : answer).toEqual([
      { id: 2_112_000_001, name: "O'Neill" },
      { id: 98_000_001, name: "出售 <b>" },
    ]);
  });

  it("returns no names if ESI does not know one of the ids", async () => {
    const { esi } = setUp({ names: { 98_000_001: null } });

    expect(await esi.names(issuers)).toEqual({ kind: "refused", reason: "status-404" });
  });
});

describe("the universe", () => {
  it("tells types, groups and categories", async () => {
    const { esi } = setUp();

    const answers = await Promise.all([esi.type(587), esi.group(25), esi.category(6)]);

    expect(answers.map((answer) => (answer.kind === "ok" ? answer.body : answer))).toEqual([
      {
        type_id: 587,
        name: "Rifter",
        published: true,
        group_id: 25,
        market_group_id: 64,
        volume: 27_289,
      },
      { group_id: 25, name: "Frigate", published: true, category_id: 6 },
      { category_id: 6, name: "Ship", published: true },
    ]);
  });

  it("tells stations, systems and constellations", async () => {
    const { esi } = setUp();

    const answers = await Promise.all([
      esi.station(60_003_760),
      esi.system(30_000_142),
      esi.constellation(20_000_020),
    ]);

    expect(answers.map((answer) => (answer.kind === "ok" ? answer.body : answer))).toEqual([
      {
        station_id: 60_003_760,
        name: "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
        system_id: 30_000_142,
        type_id: 52_678,
      },
      {
        system_id: 30_000_142,
        name: "Jita",
        constellation_id: 20_000_020,
        security_status: 0.945_913,
      },
      { constellation_id: 20_000_020, name: "Kimotoro", region_id: 10_000_002 },
    ]);
  });

  it.each(["type", "group", "category", "station", "system", "constellation"] as const)(
    "is refused when asked for a %s that does not exist",
    async (what) => {
      expect(await setUp().esi[what](99_999_999)).toEqual({
        kind: "refused",
        reason: "status-404",
      });
    },
  );

  it("is malformed if it has another shape", async () => {
    const generation = { generatedAt: noon, expiresAt: noon + 1_000, isHit: false };
    const answer = (): Answer => ok({ type_id: "587" }, generation);
    const { esi } = setUp({ faults: [{ kind: "answer", answer }] });

    expect(await esi.type(587)).toEqual({ kind: "malformed", reason: "unexpected-shape" });
  });
});
