import { describe, expect, it } from "vitest";

import { amended, amendmentsFrom } from "../../../src/cli/universe/amendments.ts";
import { rowsOf } from "../../../src/cli/universe/extract.ts";
import committed from "../../../src/universe/amendments.json" with { type: "json" };
import { committedExtract } from "../../support/committed-extract.ts";
import { aUniverse, plainRows } from "../../support/extract-builders.ts";

const source = "a test";
const since = "2026-06-09";

/** A region behind Perimeter, with one system in it. */
const newRegion = {
  what: "Exordium",
  source,
  since,
  rows: {
    regions: [[10_001_004, "Exordium"]],
    constellations: [[20_010_001, "Manifest District", 10_001_004]],
    systems: [[30_100_032, "Manifest", 20_010_001, 10_001_004, 1]],
    jumps: [[30_000_144, 30_100_032]],
  },
};
const loweredPerimeter = {
  what: "Perimeter",
  source,
  since,
  lowered: { security: 0.949, systems: [30_000_144] },
};

const read = (...amendments: object[]) => amendmentsFrom(amendments, "amendments.json");

const manifest = {
  system_id: 30_100_032,
  name: "Manifest",
  constellation_id: 20_010_001,
  region_id: 10_001_004,
  security: 1,
};

describe("amended", () => {
  it("renames types that the export has by their former names, and no others", async () => {
    const exported = aUniverse();
    const [first, second] = exported.rows.types;
    const renamed = [
      [first?.type_id, first?.name, "Renamed"],
      [second?.type_id ?? 99, "Something else", "Not this"],
    ];
    const rename = { what: "names", source, since, renamed };

    const { universe, outcomes } = await amended(exported, read(rename));
    const twice = await amended(universe, read(rename));
    const newer = await amended({ ...exported, releasedOn: since }, read(rename));

    expect(universe.rows.types).toEqual([
      { ...first, name: "Renamed" },
      ...exported.rows.types.slice(1),
    ]);
    expect(outcomes).toEqual([{ what: "names", applied: 1, unneeded: 1 }]);
    expect(twice.universe).toBe(universe);
    expect(newer.universe.rows.types).toEqual(exported.rows.types);
  });

  it("adds rows that the export lacks, and lowers a security that is too high", async () => {
    const exported = aUniverse();

    const { universe, outcomes } = await amended(exported, read(newRegion, loweredPerimeter));

    const [jita, perimeter] = plainRows.systems;
    expect(universe.rows.regions).toEqual([
      ...plainRows.regions,
      { region_id: 10_001_004, name: "Exordium" },
    ]);
    expect(universe.rows.systems).toEqual([jita, { ...perimeter, security: 0.949 }, manifest]);
    expect(universe.rows.jumps.at(-1)).toEqual({ system_a: 30_000_144, system_b: 30_100_032 });
    expect(outcomes).toEqual([
      { what: "Exordium", applied: 4, unneeded: 0 },
      { what: "Perimeter", applied: 1, unneeded: 0 },
    ]);
    expect(exported).toEqual(aUniverse());
  });

  it("gives different facts different versions, equal facts the same one, and no facts no new one", async () => {
    const versionWith = async (...amendments: object[]) =>
      (await amended(aUniverse(), read(...amendments))).universe.version;

    const versions = await Promise.all([
      versionWith(newRegion),
      versionWith({ ...newRegion, what: "Said otherwise" }),
      versionWith(loweredPerimeter),
      versionWith(),
    ]);

    expect(versions[0]).toMatch(/^sde-1\+[0-9a-f]{8}$/);
    expect(versions[1]).toBe(versions[0]);
    expect(versions[2]).not.toBe(versions[0]);
    expect(versions[3]).toBe("sde-1");
  });

  it("changes nothing when it is repeated", async () => {
    const amendments = read(newRegion, loweredPerimeter);
    const once = await amended(aUniverse(), amendments);

    const twice = await amended(once.universe, amendments);

    expect(twice.universe).toEqual(once.universe);
    expect(twice.outcomes).toEqual([
      { what: "Exordium", applied: 0, unneeded: 4 },
      { what: "Perimeter", applied: 0, unneeded: 1 },
    ]);
  });

  it("keeps what the export holds, even if the amendment says something else", async () => {
    const renamed = { ...manifest, name: "Manifest Prime" };
    const lower = plainRows.systems.map((system) => ({ ...system, security: 0.9 }));
    const rows = {
      regions: [...plainRows.regions, { region_id: 10_001_004, name: "Exordium" }],
      constellations: [
        ...plainRows.constellations,
        { constellation_id: 20_010_001, name: "Manifest District", region_id: 10_001_004 },
      ],
      systems: [...lower, renamed],
    };

    const { universe, outcomes } = await amended(
      aUniverse(rows),
      read(newRegion, loweredPerimeter),
    );

    expect(universe.rows.systems).toEqual(rows.systems);
    expect(outcomes).toEqual([
      { what: "Exordium", applied: 1, unneeded: 3 },
      { what: "Perimeter", applied: 0, unneeded: 1 },
    ]);
  });

  it.each([
    [0.949, 1, 0.949],
    [0.9491, 0, 0.949],
  ])("lowers a security only if it is too high: %d", async (security, unneeded, expected) => {
    const systems = plainRows.systems.map((system) => ({ ...system, security }));

    const { universe, outcomes } = await amended(aUniverse({ systems }), read(loweredPerimeter));

    expect(outcomes).toMatchObject([{ applied: 1 - unneeded, unneeded }]);
    expect(universe.rows.systems[1]?.security).toBe(expected);
  });

  it.each([
    ["2026-06-08", 4],
    ["2026-06-09", 0],
    ["2027-01-01", 0],
  ])(
    "adds to an export of %s %i facts: a later export says for itself what is closed",
    async (releasedOn, applied) => {
      const { outcomes } = await amended({ ...aUniverse(), releasedOn }, read(newRegion));

      expect(outcomes).toEqual([{ what: "Exordium", applied, unneeded: 4 - applied }]);
    },
  );

  it("is refused if a stargate leads to a system that nobody knows", async () => {
    const gate = { ...newRegion, rows: { jumps: [[30_000_144, 30_100_032]] } };

    await expect(amended(aUniverse(), read(gate))).rejects.toThrow(
      "The amendments do not fit a test:\n  jumps: 30000144-30100032 has system_b 30100032, which systems lacks",
    );
  });

  it("is refused if it tells a fact twice", async () => {
    await expect(amended(aUniverse(), read(newRegion, newRegion))).rejects.toThrow(
      "jumps: 30000144-30100032 comes twice",
    );
  });

  it("is refused if it lowers the security of a system that nobody knows", async () => {
    const lowered = { security: 0.949, systems: [30_000_144, 30_000_145] };

    await expect(amended(aUniverse(), read({ ...loweredPerimeter, lowered }))).rejects.toThrow(
      'The amendment "Perimeter" lowers the security of systems that a test lacks: 30000145',
    );
  });
});

describe("amendmentsFrom", () => {
  it.each<[string, unknown, RegExp]>([
    ["no list", {}, /x\.json is no list of amendments/],
    ["no source", [{ what: "A", since }], /source/],
    ["no day", [{ what: "A", source, since: "June 2026" }], /since/],
    ["a field that nobody knows", [{ what: "A", source, since, row: {} }], /row/],
    [
      "a jump whose higher id is first",
      [{ what: "A", source, since, rows: { jumps: [[2, 1]] } }],
      /a jump has the lower id first/,
    ],
  ])("refuses %s", (_, json, message) => {
    expect(() => amendmentsFrom(json, "x.json")).toThrow(message);
  });
});

describe("the amendments that ship", () => {
  const all = amendmentsFrom(committed, "amendments.json");
  const sum = (count: (amendment: (typeof all)[number]) => number) =>
    all.reduce((total, amendment) => total + count(amendment), 0);

  it("are 101 stargates, 54 systems with what they are in, and 53 securities", () => {
    expect(sum(({ rows }) => rows.jumps.length)).toBe(101);
    expect(sum(({ rows }) => rows.systems.length)).toBe(54);
    expect(sum(({ rows }) => rows.constellations.length)).toBe(10);
    expect(sum(({ rows }) => rows.regions.length)).toBe(2);
    expect(sum(({ lowered }) => lowered?.systems.length ?? 0)).toBe(53);
  });

  it("are in the extract that ships: `npm run universe:build` puts them there", async () => {
    const held = (table: "regions" | "constellations" | "systems" | "jumps") =>
      new Set(rowsOf(table, committedExtract.texts[table]).map((row) => JSON.stringify(row)));
    const rowsIn = (table: "regions" | "constellations" | "systems" | "jumps") =>
      committed.flatMap(({ rows }) => (rows?.[table] ?? []).map((row) => JSON.stringify(row)));
    const securityOf = new Map(
      rowsOf("systems", committedExtract.texts.systems).map(([id, , , , security]) => [
        Number(id),
        Number(security),
      ]),
    );

    for (const table of ["regions", "constellations", "systems", "jumps"] as const) {
      const known = held(table);
      expect(rowsIn(table).filter((row) => !known.has(row))).toEqual([]);
    }
    for (const { lowered } of all) {
      const high = lowered?.systems.filter((id) => (securityOf.get(id) ?? 1) > lowered.security);
      expect(high ?? []).toEqual([]);
    }
  });
});
