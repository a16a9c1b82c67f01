import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase } from "../../src/db/client.ts";
import { createNameLookupRepository } from "../../src/db/taxonomy/name-lookup-repository.ts";
import type { NamedKind } from "../../src/domain/named-kind.ts";
import { createNameLookup } from "../../src/services/name-lookup.ts";
import { createFormerNames } from "../../src/universe/former-names.ts";
import { meteredD1 } from "../support/metered-d1.ts";
import { loadTestUniverse } from "../support/universe.ts";

const meter = meteredD1(env.DB);
const formerNames = createFormerNames([
  [17_428, "Triclinic Bistot", "Bistot II-Grade"],
  [587, "Slasher", "Rifter"],
  [585, "Breacher", "Slasher"],
  [30_001, "Twice Called", "One"],
  [30_002, "twice called", "Two"],
]);
const lookup = createNameLookup({
  names: createNameLookupRepository(createDatabase(meter.db)),
  formerNames,
});

/** Types that are no part of the small universe. */
async function add(...types: [typeId: number, name: string, isPublished?: boolean][]) {
  const rows = types.map(([typeId, name, isPublished = true]) => [typeId, name, isPublished]);
  await env.DB.prepare(
    `insert into types (type_id, name, is_published)
     select value ->> 0, value ->> 1, value ->> 2 from json_each(?)`,
  )
    .bind(JSON.stringify(rows))
    .run();
}

beforeEach(async () => {
  await loadTestUniverse();
  meter.reset();
});

/** What one parameter means. */
async function meaning(kind: NamedKind, ...values: (number | string)[]) {
  const parameter = `${kind}_id`;
  const { ids, faults } = await lookup.resolve([{ kind, parameter, values }]);
  return { ids: ids[0], faults: faults.map(({ detail }) => detail) };
}

const found = (...ids: number[]) => ({ ids, faults: [] });

describe("a name", () => {
  it.each<[NamedKind, string, number]>([
    ["region", "The Forge", 10_000_002],
    ["region", "the forge", 10_000_002],
    ["region", "G-R00031", 11_000_031],
    ["system", "JITA", 30_000_142],
    ["system", "jita", 30_000_142],
    ["type", "hobgoblin ii", 2456],
    ["type", "ＲＩＦＴＥＲ", 587],
    ["type", "Small Core Defense Field Extender I", 31_788],
  ])("of a %s means its id, letter case aside: %s", async (kind, name, id) => {
    expect(await meaning(kind, name)).toEqual(found(id));
  });

  it("is looked up only among things of its kind", async () => {
    expect(await meaning("type", "Jita")).toMatchObject({ faults: ["No type is called Jita"] });
  });

  it.each(["Rifter%", "R_fter", "'; drop table types; --", 'Rifter" or "1', "*"])(
    "is taken literally: %s",
    async (name) => {
      expect(await meaning("type", name)).toMatchObject({ ids: [], faults: [expect.anything()] });
    },
  );
});

describe("a text with commas", () => {
  it("is a list of names and ids, white space aside", async () => {
    const ids = found(587, 34, 12_005);

    expect(await meaning("type", "Rifter,34, ishtar ")).toEqual(ids);
    expect(await meaning("type", 587, "34,Ishtar")).toEqual(ids);
    expect(await meaning("type", "Rifter", "Tritanium", "Ishtar")).toEqual(ids);
  });

  it("counts each thing once, even if it is named several times", async () => {
    expect(await meaning("type", 587, "Rifter,rifter,587", "RIFTER")).toEqual(found(587));
  });

  it("is a single name if something has exactly that name", async () => {
    await add([4358, "Exotic Dancers, Male"], [90_001, "Exotic Dancers"], [90_002, "Male"]);

    expect(await meaning("type", "exotic dancers, male")).toEqual(found(4358));
    expect(await meaning("type", "Exotic Dancers, Male", "Rifter")).toEqual(found(4358, 587));
    expect(await meaning("type", "Male, Exotic Dancers")).toEqual(found(90_002, 90_001));
  });

  it("is refused for each unknown part", async () => {
    expect((await meaning("system", "Jita,Jitta,Oz,0,")).faults).toEqual([
      "An id is a positive whole number",
      "An id is a positive whole number",
      "No system is called Jitta; did you mean Jita?",
      "No system is called Oz",
    ]);
  });
});

describe("a name of several", () => {
  it("means the published one", async () => {
    await add(
      [90_001, "Spiked Quafe", false],
      [21_661, "Spiked Quafe"],
      [90_002, "spiked quafe", false],
    );

    expect(await meaning("type", "Spiked Quafe")).toEqual(found(21_661));
  });

  it("is refused if several are published, with their ids", async () => {
    await add([21_661, "Spiked Quafe"], [54_165, "Spiked Quafe"], [90_001, "Spiked Quafe", false]);

    expect(await meaning("type", "spiked quafe")).toEqual({
      ids: [],
      faults: ["Several types are called spiked quafe: 21661, 54165"],
    });
  });

  it("is refused if several are, and none is published", async () => {
    await add([90_001, "Test Ship", false], [90_002, "Test Ship", false]);

    expect((await meaning("type", "Test Ship")).faults).toEqual([
      "Several types are called Test Ship: 90001, 90002",
    ]);
  });

  it("means the only type of that name, published or not", async () => {
    await add([90_001, "Test Ship", false]);

    expect(await meaning("type", "Test Ship")).toEqual(found(90_001));
  });
});

describe("a name of nothing", () => {
  it("is answered with the nearest five that begin alike, the nearest first", async () => {
    const names = ["Rift", "Rifters", "Riptide Howler", "Rill", "Rim"];
    await add(...names.map((name, at): [number, string] => [90_001 + at, name]));

    expect((await meaning("type", "Riftr")).faults).toEqual([
      "No type is called Riftr; did you mean Rift, or Rifter, or Rifters, or Rill, or Rim?",
    ]);
  });

  it("gets no suggestion that is not published", async () => {
    await add([90_001, "Riftr Test", false]);

    expect((await meaning("type", "riftr")).faults).toEqual([
      "No type is called riftr; did you mean Rifter, or Rifter Blueprint?",
    ]);
  });

  it("is answered with the nearest five of all regions, whatever they begin with", async () => {
    expect((await meaning("region", "forge")).faults).toEqual([
      "No region is called forge; did you mean The Forge, or Domain, or G-R00031, or Heimatar?",
    ]);
  });

  it("gets suggestions only if it is among the first three, over all parameters", async () => {
    const { faults } = await lookup.resolve([
      { kind: "type", parameter: "type_id", values: ["Riftor,Ishtur"] },
      { kind: "system", parameter: "system_id", values: ["Jitta,Jitto"] },
    ]);

    expect(faults.map(({ detail }) => detail)).toEqual([
      "No type is called Riftor; did you mean Rifter, or Rifter Blueprint?",
      expect.stringMatching(/^No type is called Ishtur; did you mean Ishtar/),
      "No system is called Jitta; did you mean Jita?",
      "No system is called Jitto",
    ]);
    expect(meter.bill().roundTrips).toBe(4);
  });
});

describe("several parameters", () => {
  it("are looked up in one round trip, and answered in their order", async () => {
    const answer = await lookup.resolve([
      { kind: "region", parameter: "region_id", values: ["Domain,The Forge"] },
      { kind: "system", parameter: "system_id", values: [30_002_510] },
      { kind: "type", parameter: "type_id", values: ["Rifter", 34] },
      { kind: "system", parameter: "from_system_id", values: ["Jita"] },
    ]);

    expect(answer).toEqual({
      ids: [[10_000_043, 10_000_002], [30_002_510], [587, 34], [30_000_142]],
      faults: [],
    });
    expect(meter.bill().roundTrips).toBe(1);
  });

  it("cost no round trip if all are ids", async () => {
    await lookup.resolve([
      { kind: "region", parameter: "region_id", values: [10_000_043] },
      { kind: "type", parameter: "type_id", values: [587, 34] },
    ]);

    expect(meter.bill().roundTrips).toBe(0);
  });

  it("say for each unknown name which parameter it came from", async () => {
    const { faults } = await lookup.resolve([
      { kind: "system", parameter: "system_id", values: ["Nowhere"] },
      { kind: "system", parameter: "from_system_id", values: ["Elsewhere"] },
    ]);

    const details = Object.fromEntries(faults.map(({ parameter, detail }) => [parameter, detail]));
    expect(details).toEqual({
      system_id: "No system is called Nowhere",
      from_system_id: "No system is called Elsewhere",
    });
  });
});

describe("a former name of a type", () => {
  it("means the type that had it, letter case aside", async () => {
    expect(await meaning("type", "triclinic BISTOT", 34)).toEqual(found(17_428, 34));
  });

  it("gives way to a type that has the name now", async () => {
    await add([585, "Slasher"]);

    expect(await meaning("type", "Slasher")).toEqual(found(585));
  });

  it("is refused if several types had it", async () => {
    expect(await meaning("type", "Twice Called")).toEqual({
      ids: [],
      faults: ["Several types are called Twice Called: 30001, 30002"],
    });
  });

  it("does not name a system", async () => {
    expect(await meaning("system", "Triclinic Bistot")).toMatchObject({ ids: [] });
  });
});
