import { describe, expect, it } from "vitest";

import {
  differencesFromManifest,
  type Row,
  rowsOf,
  type TableName,
  tableNames,
} from "../../src/cli/universe/extract.ts";
import { committedExtract } from "../support/committed-extract.ts";

const { manifest, texts } = committedExtract;

const rows = (table: TableName): Row[] => rowsOf(table, texts[table]);

/** The values of one column, by default of the first: the id. */
const idsIn = (table: TableName, column = 0) => rows(table).map((row) => row[column] ?? null);

/** What a column names that is not among the ids of another table. */
function orphansIn(table: TableName, column: number, parent: TableName) {
  const known = new Set(idsIn(parent));
  return idsIn(table, column).filter((id) => id !== null && !known.has(id));
}

describe("the extract that ships", () => {
  it("is what its manifest says", async () => {
    expect(await differencesFromManifest(committedExtract)).toEqual([]);
    expect(manifest.version).toMatch(/^sde-[\d.]+(\+[0-9a-f]{8})?$/);
  });

  it("has all of New Eden, wormholes, abyssal and void space included", () => {
    const spaces = Map.groupBy(idsIn("regions"), (id) => Math.floor(Number(id) / 1_000_000));

    expect([...spaces.keys()]).toEqual(expect.arrayContaining([10, 11, 12, 14]));
    expect(rows("types").length).toBeGreaterThan(48_000);
  });

  it.each(tableNames)("has each of the %s once, in order", (table) => {
    const width = table === "jumps" ? 2 : 1;
    const keys = rows(table).map((row) => row.slice(0, width).map(Number));
    const isBefore = ([a = 0, b = 0]: number[], [c = 0, d = 0]: number[]) =>
      a < c || (a === c && b < d);

    expect(keys.slice(1).every((key, at) => isBefore(keys[at] ?? [], key))).toBe(true);
  });

  it.each<[TableName, number, TableName]>([
    ["constellations", 2, "regions"],
    ["systems", 2, "constellations"],
    ["systems", 3, "regions"],
    ["jumps", 0, "systems"],
    ["jumps", 1, "systems"],
    ["stations", 2, "systems"],
    ["stations", 3, "types"],
    ["groups", 2, "categories"],
    ["market_groups", 2, "market_groups"],
    ["types", 2, "groups"],
    ["types", 4, "market_groups"],
    ["types", 5, "meta_groups"],
    ["types", 6, "types"],
  ])(
    "has for each of the %s what its column %i refers to among the %s",
    (table, column, parent) => {
      expect(orphansIn(table, column, parent)).toEqual([]);
    },
  );

  it("has each jump once, the lower id first", () => {
    expect(rows("jumps").filter(([a, b]) => Number(a) >= Number(b))).toEqual([]);
  });

  it("knows Jita and its trade hub", () => {
    const jita = rows("systems").find(([id]) => id === 30_000_142);
    const hub = rows("stations").find(([id]) => id === 60_003_760);

    expect(jita).toEqual([30_000_142, "Jita", 20_000_020, 10_000_002, 0.945_913_116_665]);
    expect(hub).toEqual([
      60_003_760,
      "Jita IV - Moon 4 - Caldari Navy Assembly Plant",
      30_000_142,
      52_678,
    ]);
  });

  it("knows the systems whose names look like numbers", () => {
    expect(rows("systems").filter(([, name]) => name === "6E-578")).toHaveLength(1);
    expect(rows("systems").filter(([, name]) => typeof name !== "string")).toEqual([]);
  });

  it("knows unpublished types, and what a type is a variant of", () => {
    const types = rows("types");
    const jaguar = types.find(([id]) => id === 11_400);

    expect(types.filter(([, , , isPublished]) => isPublished === 0).length).toBeGreaterThan(10_000);
    expect([jaguar?.[1], jaguar?.[6]]).toEqual(["Jaguar", 587]);
  });
});
