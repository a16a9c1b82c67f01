/** The price book: made of many pages over some runs, whole or not at all, and seldom. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import type { Fault } from "../../esi-stand-in/faults.ts";
import type { Market } from "../../esi-stand-in/market.ts";
import { createNewEdenMarket } from "../../esi-stand-in/new-eden/market.ts";
import { createValues } from "../../esi-stand-in/new-eden/values.ts";
import { shippedUniverse } from "../../esi-stand-in/shipped-universe.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import type { OrderRow } from "../../esi-stand-in/wire.ts";
import { expectConsistent, rowsOf } from "../../support/database.ts";
import { noon } from "../../support/harness.ts";
import {
  aMarket,
  anOrderRow,
  bookOf,
  manyOrders,
  ordersRoute,
  pricesRoute,
  type Quotes,
  storedBook,
} from "../../support/market.ts";
import { aTickingApi, minuteMs, type TickingApi } from "../../support/ticking-api.ts";

afterEach(() => expectConsistent(env.DB));

const hourMs = 60 * minuteMs;

const everySixHours = { PRICES_EVERY_HOURS: "6" };

/** Requests follow each other at once: minutes are what tests tell. */
const ports = { sleep: async () => undefined };

const priced = (market: { esi: Market }, faults: readonly Fault[] = [], settings: object = {}) =>
  aTickingApi({ market: market.esi, faults, ports, settings: { ...everySixHours, ...settings } });

type BookRow = {
  made_at: number | null;
  outliers: number | null;
  due_at: number;
  failures: number;
  begun_at: number | null;
  next_page: number | null;
};

async function bookRow(): Promise<BookRow | undefined> {
  const columns = "made_at, outliers, due_at, failures, begun_at, next_page";
  const [row] = await rowsOf<BookRow>(env.DB, `select ${columns} from price_book`);
  return row;
}

const asked = ({ esi: { counters } }: TickingApi) => [
  counters.total(pricesRoute),
  counters.total(ordersRoute),
];

/** The minutes, from now on, in whose ticks a route was asked. */
async function minutesAsked(
  scene: TickingApi,
  route: string,
  { from = 0, upTo, every }: { from?: number; upTo: number; every: number },
): Promise<number[]> {
  const minutes: number[] = [];
  for (let minute = from; minute <= upTo; minute += every) {
    scene.clock.set(noon + minute * minuteMs);
    const before = scene.esi.counters.total(route);
    await scene.tick();
    if (scene.esi.counters.total(route) > before) minutes.push(minute);
  }
  return minutes;
}

function newEden(orders: number, universe = smallUniverse) {
  const values = createValues(universe, 1);
  const now = new Date(noon);
  return { esi: createNewEdenMarket({ universe, seed: 1, values, now, orders }) };
}

const rifters = (sell: number): Quotes => ({ 587: { sell, average: sell } });

/** The prices of the book in use, without what stands behind them. */
async function pricesInUse() {
  const book = await storedBook(env.DB);
  return new Map(Array.from(book, ([id, { sell, buy, average }]) => [id, { sell, buy, average }]));
}

const rifterAt = (sell: number) => new Map([[587, { sell, buy: null, average: sell }]]);

describe("a price book", () => {
  it("is made from all pages in one run, if one run is enough", async () => {
    const market = newEden(2_500);
    const scene = await priced(market);

    await scene.tick();

    const { prices, outliers } = bookOf(market);
    expect(await storedBook(env.DB)).toEqual(prices);
    expect(prices.size).toBe(9);
    expect(outliers).toBeGreaterThan(0);
    expect(await bookRow()).toMatchObject({
      outliers,
      failures: 0,
      begun_at: null,
      next_page: null,
    });
    expect(asked(scene)).toEqual([1, 3]);
    expect(scene.esi.counters.violations).toEqual([]);
    expect(await rowsOf(env.DB, "select * from order_pages")).toEqual([]);
  });

  it("is made over several runs if each has few requests, and is used once it is complete", async () => {
    const market = newEden(44_500);
    const scene = await priced(market, [], { SYNC_RUN_REQUESTS: "40" });

    await scene.tick();
    const first = { row: await bookRow(), report: await scene.lastRun() };
    await scene.tickLater(minuteMs);

    expect(first.row).toMatchObject({ made_at: null, begun_at: noon, next_page: 21 });
    expect(first.report).toMatchObject({ outcome: "budget", esiRequests: 40 });
    expect(await storedBook(env.DB)).toEqual(bookOf(market).prices);
    expect(await bookRow()).toMatchObject({ failures: 0, begun_at: null });
    expect((await scene.lastRun()).esiRequests).toBe(25);
    expect(scene.esi.counters.violations).toEqual([]);
  }, 60_000);

  it("takes no more than 160 pages in one run", async () => {
    const order = (page: number) => anOrderRow({ price: 1_000_000 + page });
    const scene = await priced(aMarket(), [
      {
        kind: "answer",
        route: ordersRoute,
        answer: ({ page }) => ({ status: 200, body: [order(page)], pages: 400, cached: cachedAt }),
      },
    ]);
    const cachedAt = { generatedAt: noon, expiresAt: noon + 300_000, isHit: true };

    const pages: number[] = [];
    let rowsWritten = 0;
    for (let run = 0; run < 3; run += 1) {
      const before = asked(scene)[1] ?? 0;
      await scene.tick();
      pages.push((asked(scene)[1] ?? 0) - before);
      rowsWritten += (await scene.lastRun()).rowsWritten;
      scene.clock.advance(minuteMs);
    }

    expect(pages).toEqual([160, 160, 80]);
    // The twenty best of four hundred.
    expect(await pricesInUse()).toEqual(
      new Map([[587, { sell: 1_000_010.5, buy: null, average: null }]]),
    );
    expect(rowsWritten).toBeLessThan(100);
  });

  it("writes tens of rows for fourteen thousand types", async () => {
    const market = newEden(6_000, shippedUniverse());
    const scene = await priced(market);
    await scene.tick();
    scene.clock.advance(6 * hourMs);
    scene.meter.reset();

    await scene.tick();

    const book = await storedBook(env.DB);
    expect(book).toEqual(bookOf(market).prices);
    expect(book.size).toBeGreaterThan(14_000);
    expect(scene.meter.bill().rowsWritten).toBeLessThanOrEqual(60);
    expect(scene.meter.bill().rowsRead).toBeLessThanOrEqual(200);
    expect(await rowsOf(env.DB, "select part from price_parts")).toHaveLength(8);
  }, 60_000);

  it("is made even if a run has few queries", async () => {
    const market = newEden(2_500);
    const scene = await priced(market, [], { SYNC_RUN_QUERIES: "40" });

    await scene.tick();
    await scene.tickLater(minuteMs);

    expect(await storedBook(env.DB)).toEqual(bookOf(market).prices);
  });

  it("counts an order once that shifted to another page", async () => {
    const market = aMarket();
    market.orders = manyOrders(2_500);
    const again = market.orders.slice(0, 40);
    const scene = await priced(market, [
      { kind: "rows", route: ordersRoute, page: 2, change: (rows) => [...again, ...rows] },
      { kind: "rows", route: ordersRoute, page: 3, change: (rows) => [...rows, ...again] },
    ]);

    await scene.tick();

    expect(await storedBook(env.DB)).toEqual(bookOf(market).prices);
  });

  it("drops types that no market knows any more", async () => {
    const market = aMarket({ 34: { sell: 5 }, 587: { sell: 1_000_000 } });
    const scene = await priced(market);
    await scene.tick();
    market.quote({ 587: { sell: 1_000_000 } });

    await scene.tickLater(6 * hourMs);

    expect([...(await storedBook(env.DB)).keys()]).toEqual([587]);
    expect(await rowsOf(env.DB, "select part from price_parts")).toHaveLength(1);
  });

  it("is also made for a market without orders or averages", async () => {
    const scene = await priced(aMarket());

    await scene.tick();

    expect(await storedBook(env.DB)).toEqual(new Map());
    expect(await bookRow()).toMatchObject({ outliers: 0, failures: 0, begun_at: null });
  });
});

describe("ESI is asked for prices", () => {
  it("every so many hours, and never between", async () => {
    const scene = await priced(aMarket(rifters(1_000_000)));

    const minutes = await minutesAsked(scene, pricesRoute, { upTo: 13 * 60, every: 10 });

    expect(minutes).toEqual([0, 360, 720]);
    expect(asked(scene)).toEqual([3, 3]);
    expect(scene.esi.counters.violations).toEqual([]);
  });

  it("as often as the settings say", async () => {
    const scene = await priced(aMarket(), [], { PRICES_EVERY_HOURS: "1" });

    expect(await minutesAsked(scene, ordersRoute, { upTo: 150, every: 10 })).toEqual([0, 60, 120]);
  });

  it("never, if the settings say so", async () => {
    const scene = await priced(aMarket(rifters(1)), [], { PRICES_EVERY_HOURS: "0" });

    const minutes = await minutesAsked(scene, ordersRoute, { upTo: 22 * 60, every: 60 });

    expect(minutes).toEqual([]);
    expect(asked(scene)).toEqual([0, 0]);
    expect(await bookRow()).toMatchObject({ made_at: null, begun_at: null });
  });

  it("not in its downtime", async () => {
    const scene = await priced(aMarket());
    const eleven = -60;

    const minutes = await minutesAsked(scene, ordersRoute, { from: eleven, upTo: 0, every: 5 });

    expect(minutes).toEqual([-40]);
  });
});

describe("while a book cannot be made, the last one stays", () => {
  /** A book of Rifters for a million, and a market where they cost two. */
  async function withBook(pages = 3) {
    const market = aMarket(rifters(1_000_000));
    const scene = await priced(market);
    await scene.tick();
    market.quote(rifters(2_000_000));
    market.orders = [
      ...market.orders,
      ...Array.from({ length: pages * 1_000 - 1 }, () =>
        anOrderRow({ price: 2_000_000, volume_remain: 1 }),
      ),
    ];
    scene.clock.advance(6 * hourMs);
    scene.esi.counters.reset();
    return { market, scene };
  }
  const old = rifterAt(1_000_000);
  const renewed = rifterAt(2_000_000);

  it("and a page that fails once is fetched again at once", async () => {
    const { scene } = await withBook();
    scene.esi.faults.add({ kind: "status", status: 502, route: ordersRoute, page: 2, times: 1 });

    await scene.tick();

    expect(await pricesInUse()).toEqual(renewed);
    expect(asked(scene)).toEqual([1, 4]);
  });

  it.each<[string, Fault]>([
    ["a page fails", { kind: "status", status: 500, route: ordersRoute, page: 2 }],
    ["the first page fails", { kind: "status", status: 500, route: ordersRoute, page: 1 }],
    ["a page is missing", { kind: "status", status: 404, route: ordersRoute, page: 3 }],
    ["a page times out", { kind: "timeout", route: ordersRoute, page: 3 }],
    ["a page breaks off", { kind: "truncated-body", route: ordersRoute, page: 3 }],
    ["a page is no JSON", { kind: "html", route: ordersRoute, page: 2 }],
    [
      "a page does not say how many there are",
      { kind: "headers", headers: { "x-pages": null }, route: ordersRoute, page: 3 },
    ],
  ])(
    "if %s: ESI is asked less and less often, and a book that gets too old is started again",
    async (_what, fault) => {
      const { market, scene } = await withBook();
      const remove = scene.esi.faults.add(fault);
      const begun = 6 * 60;

      const minutes = await minutesAsked(scene, ordersRoute, {
        from: begun,
        upTo: begun + 150,
        every: 5,
      });
      expect(minutes.map((minute) => minute - begun)).toEqual([0, 5, 15, 35]);
      expect(scene.esi.counters.total(pricesRoute)).toBe(1);
      expect(await pricesInUse()).toEqual(old);
      expect(await bookRow()).toMatchObject({ begun_at: null, failures: 5 });

      remove();
      market.quote(rifters(3_000_000));
      scene.clock.set(noon + (begun + 155) * minuteMs);
      await scene.tick();

      expect(scene.esi.counters.total(pricesRoute)).toBe(2);
      expect(await pricesInUse()).toEqual(rifterAt(3_000_000));
      expect(await bookRow()).toMatchObject({ begun_at: null, failures: 0 });
      expect(scene.esi.counters.violations).toEqual([]);
    },
  );

  it("if the averages fail: ESI is asked less and less often", async () => {
    const { scene } = await withBook();
    const remove = scene.esi.faults.add({ kind: "status", status: 503, route: pricesRoute });
    const begun = 6 * 60;

    const minutes = await minutesAsked(scene, pricesRoute, {
      from: begun,
      upTo: begun + 70,
      every: 5,
    });
    const before = await pricesInUse();
    remove();
    scene.clock.set(noon + (begun + 75) * minuteMs);
    await scene.tick();

    expect(minutes.map((minute) => minute - begun)).toEqual([0, 5, 15, 35]);
    expect(before).toEqual(old);
    expect(await pricesInUse()).toEqual(renewed);
  });

  it("and the pages already read are kept until ESI recovers", async () => {
    const { market, scene } = await withBook(22);
    const remove = scene.esi.faults.add({
      kind: "status",
      status: 500,
      route: ordersRoute,
      page: 21,
    });

    await scene.tick();
    const [, before] = asked(scene);
    remove();
    await scene.tickLater(5 * minuteMs);

    expect(before).toBe(22);
    expect(asked(scene)).toEqual([1, 24]);
    expect(await storedBook(env.DB)).toEqual(bookOf(market).prices);
  }, 60_000);

  it.each<[string, Fault, number]>([
    ["420", { kind: "error-limited", route: ordersRoute, page: 2, times: 1 }, 1],
    [
      "429",
      {
        kind: "rate-limited",
        retryAfterSeconds: 120,
        route: ordersRoute,
        page: 2,
        times: 1,
      },
      2,
    ],
  ])(
    "and a %d stops the run until ESI may be asked again",
    async (_status, fault, minutes) => {
      const { scene } = await withBook(20);
      scene.esi.faults.add(fault);

      await scene.tick();
      const stopped = { asked: asked(scene)[1], report: await scene.lastRun() };
      await scene.tickLater(minutes * minuteMs - 1000);
      const held = asked(scene)[1];
      const kept = await pricesInUse();
      await scene.tickLater(2_000);

      expect(stopped.report.outcome).toBe("held");
      expect(stopped.asked).toBeLessThan(8);
      expect(held).toBe(stopped.asked);
      expect(kept).toEqual(old);
      expect(await pricesInUse()).toEqual(renewed);
      expect(await bookRow()).toMatchObject({ failures: 0 });
    },
    60_000,
  );

  it("and a run that is killed leaves the old book in use", async () => {
    const { scene } = await withBook();
    const dies: Fault = {
      kind: "rows",
      route: ordersRoute,
      page: 3,
      change: (rows) => {
        scene.meter.failWith(new Error("D1 is gone."));
        return rows;
      },
    };
    const remove = scene.esi.faults.add(dies);

    await expect(scene.tick()).rejects.toThrow("D1 is gone.");
    scene.meter.failWith(undefined);
    remove();
    const killed = await pricesInUse();
    await scene.tickLater(3 * minuteMs);

    expect(killed).toEqual(old);
    expect(await pricesInUse()).toEqual(renewed);
    expect(asked(scene)).toEqual([1, 6]);
  });
});

describe("a list of orders that shrinks", () => {
  async function shrinking(fault: Fault[] = []) {
    const market = aMarket();
    market.orders = manyOrders(20_500);
    const shrink: Fault = {
      kind: "rows",
      route: ordersRoute,
      page: 20,
      change: (rows) => {
        market.orders = market.orders.slice(0, 20_000);
        return rows;
      },
    };
    const scene = await priced(market, fault.length > 0 ? fault : [shrink]);
    await scene.tick();
    return { market, scene };
  }

  it("ends once its last page is gone", async () => {
    const { market, scene } = await shrinking();

    expect(await storedBook(env.DB)).toEqual(bookOf(market).prices);
    expect(asked(scene)).toEqual([1, 22]);
  }, 60_000);

  it("does not end if ESI still counts the page that is not found", async () => {
    await shrinking([{ kind: "status", status: 404, route: ordersRoute, page: 21 }]);

    expect(await bookRow()).toMatchObject({ made_at: null, next_page: 21, failures: 1 });
  }, 60_000);
});

describe("a row that makes no sense", () => {
  it.each([
    "not-an-object",
    "no-type-id",
    "negative-price",
    "infinite-price",
    "null-fields",
  ] as const)("(%s) is the only row left out", async (oddity) => {
    const market = aMarket();
    market.orders = [
      anOrderRow({ price: 1 }),
      ...Array.from({ length: 20 }, () => anOrderRow({ price: 5 })),
    ];
    const scene = await priced(market, [
      { kind: "odd-rows", route: ordersRoute, oddity, index: 0 },
    ]);

    await scene.tick();

    expect((await storedBook(env.DB)).get(587)).toMatchObject({ sell: 5 });
  });

  it("among the averages is the only one left out", async () => {
    const market = aMarket({ 34: { average: 5 }, 587: { average: 1_000_000 } });
    const scene = await priced(market, [
      { kind: "odd-rows", route: pricesRoute, oddity: "no-type-id", index: 0 },
    ]);

    await scene.tick();

    expect([...(await storedBook(env.DB)).keys()]).toEqual([587]);
  });

  it("may have fields that we do not know", async () => {
    const scene = await priced(aMarket(rifters(5)), [
      { kind: "odd-rows", route: ordersRoute, oddity: "extra-fields" },
    ]);

    await scene.tick();

    expect(await pricesInUse()).toEqual(rifterAt(5));
  });
});

describe("of the traps of a market", () => {
  const inPerimeter = (fields: Partial<OrderRow>) =>
    anOrderRow({
      is_buy_order: true,
      location_id: 60_000_358,
      system_id: 30_000_144,
      ...fields,
    });
  const fair = [
    anOrderRow({ price: 1_100_000 }),
    anOrderRow({ price: 900_000, is_buy_order: true }),
  ];
  const average = 1_000_000;

  it.each<[string, OrderRow[], { sell: number; buy: number; outliers: number }]>([
    [
      "a seller at a thousandth is left out",
      [...fair, anOrderRow({ price: 1_000, volume_remain: 1_000_000 })],
      { sell: 1_100_000, buy: 900_000, outliers: 1 },
    ],
    [
      "a buyer at a thousand times is left out",
      [...fair, anOrderRow({ price: 1e9, is_buy_order: true })],
      { sell: 1_100_000, buy: 900_000, outliers: 1 },
    ],
    [
      "a seller at a thousand times is left out, and moves nothing",
      [...fair, anOrderRow({ price: 1e9, volume_remain: 1e6 })],
      { sell: 1_100_000, buy: 900_000, outliers: 1 },
    ],
    ["a side of one order is that order", fair, { sell: 1_100_000, buy: 900_000, outliers: 0 }],
    [
      "a side that nobody is on has the average",
      [anOrderRow({ price: 900_000, is_buy_order: true })],
      { sell: average, buy: 900_000, outliers: 0 },
    ],
    [
      "a huge volume makes the others small",
      [...fair, anOrderRow({ price: 1_300_000, volume_remain: 2_147_483_647 })],
      { sell: 1_299_999.81, buy: 900_000, outliers: 0 },
    ],
    [
      "a seller of a least volume counts as any other",
      [anOrderRow({ price: 950_000, min_volume: 100 }), ...fair],
      { sell: 950_000, buy: 900_000, outliers: 0 },
    ],
    [
      "a buyer in Perimeter counts whose range reaches Jita",
      [...fair, inPerimeter({ price: 950_000, range: "1" })],
      { sell: 1_100_000, buy: 950_000, outliers: 0 },
    ],
    [
      "a buyer in Perimeter does not count whose range ends there",
      [...fair, inPerimeter({ price: 950_000, range: "solarsystem" })],
      { sell: 1_100_000, buy: 900_000, outliers: 0 },
    ],
    [
      "a buyer of no single unit does not count",
      [...fair, anOrderRow({ price: 950_000, is_buy_order: true, min_volume: 2 })],
      { sell: 1_100_000, buy: 900_000, outliers: 0 },
    ],
    [
      "buyers and sellers who cross are brought in order",
      [...fair, anOrderRow({ price: 800_000 })],
      { sell: 800_000, buy: 800_000, outliers: 0 },
    ],
    [
      "an order elsewhere in The Forge is not Jita's",
      [...fair, anOrderRow({ price: 200_000, location_id: 60_003_466 })],
      { sell: 1_100_000, buy: 900_000, outliers: 0 },
    ],
  ])("%s", async (_what, orders, expected) => {
    const market = aMarket({ 587: { average } });
    market.orders = orders;
    const scene = await priced(market);

    await scene.tick();

    const { sell, buy } = (await storedBook(env.DB)).get(587) ?? {};
    expect({
      sell: sell ?? average,
      buy: buy ?? average,
      outliers: (await bookRow())?.outliers,
    }).toEqual(expected);
  });

  it("orders that agree are trusted over an average, and their number is kept", async () => {
    const market = aMarket({ 587: { average: 2_400_000 } });
    market.orders = Array.from({ length: 20 }, (_, index) => [
      anOrderRow({ price: 50_000_000 + 100_000 * index, volume_remain: 5 }),
      anOrderRow({ price: 45_000_000 - 100_000 * index, volume_remain: 5, is_buy_order: true }),
    ]).flat();
    const scene = await priced(market);

    await scene.tick();

    const depth = { orders: 20, units: 100, isFirm: true };
    expect((await storedBook(env.DB)).get(587)).toEqual({
      sell: 50_000_000,
      buy: 45_000_000,
      average: null,
      sellDepth: depth,
      buyDepth: depth,
    });
  });

  it("a book of an earlier version has prices, but no order counts", async () => {
    await priced(aMarket());
    await env.DB.prepare(
      "insert into price_parts (part, prices) values (3, '[[587,5,4,4.5]]')",
    ).run();

    expect(await storedBook(env.DB)).toEqual(new Map([[587, { sell: 5, buy: 4, average: 4.5 }]]));
  });

  it("none moves a price above ten times the average, or below a tenth of it", async () => {
    const market = newEden(6_000, shippedUniverse());
    const scene = await priced(market);

    await scene.tick();

    const book = [...(await storedBook(env.DB)).values()];
    const ratios = book.flatMap(({ sell, buy, average: fairPrice }) =>
      [sell, buy].flatMap((price) => (price === null || !fairPrice ? [] : [price / fairPrice])),
    );
    expect(ratios.length).toBeGreaterThan(800);
    expect(Math.min(...ratios)).toBeGreaterThan(0.5);
    expect(Math.max(...ratios)).toBeLessThan(2);
  }, 60_000);
});
