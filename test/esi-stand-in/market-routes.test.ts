import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "./asking.ts";
import { createWorld } from "./hand-made.ts";
import { createMarket } from "./market.ts";
import { createNewEdenMarket, trapOf } from "./new-eden/market.ts";
import { createValues } from "./new-eden/values.ts";
import { shippedUniverse } from "./shipped-universe.ts";
import { smallUniverse } from "./small-universe.ts";
import { createStandIn } from "./stand-in.ts";
import type { OrderRow } from "./wire.ts";

const start = "2041-03-05T09:00:00Z";
const orders = "/markets/10000002/orders";

function setUp(count = 2500) {
  const clock = createClock(start);
  const now = clock.now();
  const universe = smallUniverse;
  const values = createValues(universe, 1);
  const market = createNewEdenMarket({ universe, seed: 1, values, now, orders: count });
  const world = createWorld({ at: now, market });
  const standIn = createStandIn({ world, now: clock.now });
  return { ask: createAsk(standIn), clock, market };
}

describe("GET /markets/prices", () => {
  it("prices what has a market group, for an hour", async () => {
    const { ask } = setUp();

    const response = await ask("/markets/prices");

    const rows = await response.json<{ type_id: number }[]>();
    expect(response.headers.get("expires")).toBe("Tue, 05 Mar 2041 10:00:00 GMT");
    expect(response.headers.get("x-esi-error-limit-remain")).toBe("100");
    expect(rows.map((row) => row.type_id)).toContain(587);
    expect(rows.map((row) => row.type_id)).not.toContain(47_702);
  });

  it("leaves out the average of what nobody trades", () => {
    const universe = shippedUniverse();
    const values = createValues(universe, 1);
    const now = new Date(start);

    const prices = createNewEdenMarket({ universe, seed: 1, values, now }).prices();

    const without = prices.filter((row) => row.average_price === undefined).length;
    expect(without / prices.length).toBeCloseTo(0.16, 1);
  });
});

describe("GET /markets/{region_id}/orders", () => {
  it("pages a thousand orders, and counts them in the market-order bucket", async () => {
    const { ask } = setUp();

    const response = await ask(`${orders}?order_type=all&page=3`);

    expect(response.headers.get("x-pages")).toBe("3");
    expect(response.headers.get("expires")).toBe("Tue, 05 Mar 2041 09:05:00 GMT");
    expect(response.headers.get("x-ratelimit-group")).toBe("market-order");
    expect(await response.json<OrderRow[]>()).toHaveLength(500);
  });

  it("takes the side and the type asked for", async () => {
    const { ask, market } = setUp();
    const all = market.orders(10_000_002);

    const sells = await (await ask(`${orders}?order_type=sell&type_id=587`)).json<OrderRow[]>();
    const buys = await (await ask(`${orders}?order_type=buy&type_id=587`)).json<OrderRow[]>();

    const ofRifters = all.filter((order) => order.type_id === 587).length;
    expect(sells.length + buys.length).toBe(ofRifters);
    expect(sells.every((order) => !order.is_buy_order && order.type_id === 587)).toBe(true);
    expect(buys.every((order) => order.is_buy_order)).toBe(true);
  });

  it.each([
    [`${orders}?order_type=maybe`, 400],
    [`${orders}?type_id=1`, 404],
    ["/markets/1/orders", 404],
    [`${orders}?page=0`, 400],
    [`${orders}?page=4`, 404],
  ])("refuses %s with %d", async (path, status) => {
    const { ask } = setUp();

    expect((await ask(path)).status).toBe(status);
  });

  it("has each trap of a real market", () => {
    const universe = shippedUniverse();
    const values = createValues(universe, 1);
    const now = new Date(start);
    const book = createNewEdenMarket({ universe, seed: 1, values, now }).orders(10_000_002);

    const ratio = (order: OrderRow) => order.price / values.valueOf(order.type_id);
    const sides = Map.groupBy(book, (order) => order.type_id);
    const thin = [...sides.values()].filter((side) => side.every((order) => order.is_buy_order));
    expect(book).toHaveLength(6_000);
    expect(book.some((order) => !order.is_buy_order && ratio(order) < 0.002)).toBe(true);
    expect(book.some((order) => order.is_buy_order && ratio(order) > 800)).toBe(true);
    expect([...sides.values()].some((side) => side.length === 1)).toBe(true);
    expect(thin.length).toBeGreaterThan(0);
    expect(book.some((order) => order.min_volume > 100)).toBe(true);
    expect(book.some((order) => order.volume_total === 2_147_483_647)).toBe(true);
    expect(new Set(book.map((order) => order.order_id)).size).toBe(6_000);
    const inJita = book.filter((order) => order.location_id === 60_003_760).length;
    expect(inJita / book.length).toBeCloseTo(0.8, 1);
    expect([0, 1, 6, 10].map(trapOf)).toEqual(["cheap", "dear", "none", "cheap"]);
  });

  it("has buyers elsewhere whose range covers Jita, and lures that few can fill", () => {
    const universe = shippedUniverse();
    const values = createValues(universe, 1);
    const now = new Date(start);
    const book = createNewEdenMarket({ universe, seed: 1, values, now }).orders(10_000_002);

    const buys = book.filter((order) => order.is_buy_order);
    const elsewhere = buys.filter((order) => order.system_id !== 30_000_142);
    const inPerimeter = elsewhere.filter((order) => order.system_id === 30_000_144);
    const lures = buys.filter((order) => order.min_volume > 1);
    expect(elsewhere.length / buys.length).toBeGreaterThan(0.15);
    for (const range of ["station", "solarsystem", "1", "5", "10", "40", "region"])
      expect(elsewhere.map((order) => order.range)).toContain(range);
    expect(inPerimeter.some((order) => order.location_id > 1e12)).toBe(true);
    expect(lures.length).toBeGreaterThan(20);
    for (const lure of lures) {
      expect(lure.price).toBeGreaterThan(values.valueOf(lure.type_id));
      expect(lure.min_volume).toBeLessThanOrEqual(lure.volume_remain);
    }
    const sells = book.filter((order) => !order.is_buy_order);
    expect(sells.every((order) => order.range === "region" && order.min_volume === 1)).toBe(true);
  });

  it("trades what ships are fitted with first", () => {
    const universe = shippedUniverse();
    const now = new Date(start);
    const values = createValues(universe, 1);
    const book = createNewEdenMarket({ universe, seed: 1, values, now }).orders(10_000_002);

    const names = new Set(book.map((order) => universe.types.get(order.type_id)?.name));

    for (const name of ["Ishtar", "Damage Control II", "Hobgoblin II", "Tritanium", "PLEX"])
      expect(names).toContain(name);
  });

  it("sends what a test tells it to", async () => {
    const clock = createClock(start);
    const market = createMarket({ prices: [{ type_id: 587, average_price: 5 }] });
    const world = createWorld({ at: clock.now(), market });
    const ask = createAsk(createStandIn({ world, now: clock.now }));

    expect(await (await ask("/markets/prices")).text()).toBe(
      '[{"type_id":587,"average_price":5.0}]',
    );
    expect(await (await ask(orders)).json()).toEqual([]);
  });
});

describe("GET /status", () => {
  it("tells when the server started, for half a minute", async () => {
    const { ask, clock } = setUp();

    const before = await ask("/status");
    clock.set("2041-03-05T11:20:00Z");
    const after = await ask("/status");

    expect(before.headers.get("expires")).toBe("Tue, 05 Mar 2041 09:00:30 GMT");
    expect(await before.json()).toMatchObject({ start_time: "2041-03-04T11:01:58Z" });
    expect(await after.json()).toMatchObject({ start_time: "2041-03-05T11:01:58Z" });
  });
});
