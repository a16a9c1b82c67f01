import { describe, expect, it } from "vitest";

import { createAsk, createClock } from "./asking.ts";
import { aContract, createWorld } from "./hand-made.ts";
import { createStandIn } from "./stand-in.ts";

function setUp() {
  const clock = createClock("2041-03-05T09:00:00Z");
  const world = createWorld({
    at: clock.now(),
    contracts: [aContract({ issuer_id: 90_000_001, issuer_corporation_id: 98_000_001 })],
    names: { 90_000_001: "Zoë O'Neil", 98_000_002: "Gone Corp", 90_000_002: null },
  });
  const standIn = createStandIn({ world, now: clock.now });
  return { clock, standIn, ask: createAsk(standIn) };
}

describe("GET /universe/…", () => {
  it.each([
    ["/universe/types/587", { name: "Rifter", group_id: 25, market_group_id: 64, published: true }],
    ["/universe/groups/25", { name: "Frigate", category_id: 6, types: [587] }],
    ["/universe/categories/6", { name: "Ship", groups: [25, 358] }],
    ["/universe/regions/10000002", { name: "The Forge", constellations: [20_000_020] }],
    ["/universe/constellations/20000020", { name: "Kimotoro", region_id: 10_000_002 }],
    ["/universe/systems/30000142", { name: "Jita", security_status: 0.945913 }],
    ["/universe/stations/60003760", { system_id: 30_000_142, type_id: 52_678 }],
  ])("%s tells what the universe knows", async (path, facts) => {
    const { ask } = setUp();

    const response = await ask(path);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(facts);
  });

  it("lists the regions", async () => {
    const { ask } = setUp();

    const response = await ask("/universe/regions");

    expect(await response.json()).toEqual([10_000_002, 10_000_030, 10_000_043, 11_000_031]);
  });

  it("leaves the market group out of a type that has none", async () => {
    const { ask } = setUp();

    expect(await (await ask("/universe/types/47702")).json()).not.toHaveProperty("market_group_id");
  });

  it("expires at the next 11:05", async () => {
    const { ask, clock } = setUp();

    const before = await ask("/universe/types/587");
    clock.set("2041-03-05T11:05:00Z");
    const after = await ask("/universe/types/587");

    expect(before.headers.get("expires")).toBe("Tue, 05 Mar 2041 11:05:00 GMT");
    expect(after.headers.get("expires")).toBe("Wed, 06 Mar 2041 11:05:00 GMT");
  });

  it.each(["types", "groups", "categories", "regions", "constellations", "systems", "stations"])(
    "answers 404 for an id that /universe/%s lacks",
    async (kind) => {
      const { ask } = setUp();

      const response = await ask(`/universe/${kind}/1`);

      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: expect.stringMatching(/^\w+ not found!$/) });
    },
  );
});

describe("POST /universe/names", () => {
  it("names characters, corporations, types and places", async () => {
    const { ask } = setUp();

    const post = [90_000_001, 98_000_001, 587, 30_000_142, 60_003_760, 20_000_020, 10_000_002];
    const response = await ask("/universe/names", { post });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual([
      { category: "character", id: 90_000_001, name: "Zoë O'Neil" },
      { category: "corporation", id: 98_000_001, name: expect.any(String) },
      { category: "inventory_type", id: 587, name: "Rifter" },
      { category: "solar_system", id: 30_000_142, name: "Jita" },
      { category: "station", id: 60_003_760, name: expect.stringContaining("Jita IV") },
      { category: "constellation", id: 20_000_020, name: "Kimotoro" },
      { category: "region", id: 10_000_002, name: "The Forge" },
    ]);
  });

  it.each([[90_000_002], [1], [1_035_000_000_001]])(
    "fails whole for one bad id, %d",
    async (bad) => {
      const { ask } = setUp();

      const response = await ask("/universe/names", { post: [587, bad] });

      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        error: "Ensure all IDs are valid before resolving.",
      });
    },
  );

  it.each([
    ["none", []],
    ["1001", Array.from({ length: 1001 }, (_, id) => id)],
    ["the same twice", [587, 587]],
    ["text", ["587"]],
    ["no list", { id: 587 }],
  ])("refuses %s", async (_what, post) => {
    const { ask } = setUp();

    expect((await ask("/universe/names", { post })).status).toBe(400);
  });
});

describe("POST /universe/ids", () => {
  it("finds exact names, by kind, and leaves out what it does not find", async () => {
    const { ask } = setUp();

    const post = ["Rifter", "rifter", "Jita", "Zoë O'Neil", "Gone Corp", "The Forge"];
    const response = await ask("/universe/ids", { post });

    expect(await response.json()).toEqual({
      characters: [{ id: 90_000_001, name: "Zoë O'Neil" }],
      corporations: [{ id: 98_000_002, name: "Gone Corp" }],
      inventory_types: [{ id: 587, name: "Rifter" }],
      regions: [{ id: 10_000_002, name: "The Forge" }],
      systems: [{ id: 30_000_142, name: "Jita" }],
    });
  });

  it("refuses more than 500 names", async () => {
    const { ask } = setUp();

    const post = Array.from({ length: 501 }, (_, index) => `name ${index}`);
    expect((await ask("/universe/ids", { post })).status).toBe(400);
  });
});
