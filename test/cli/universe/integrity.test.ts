import { describe, expect, it } from "vitest";

import { problemsIn } from "../../../src/cli/universe/integrity.ts";
import { aType, aUniverse, plainRows } from "../../support/extract-builders.ts";

describe("problemsIn", () => {
  it("finds none in a sound universe", () => {
    expect(problemsIn(aUniverse())).toEqual([]);
  });

  it("names an empty table", () => {
    expect(problemsIn(aUniverse({ meta_groups: [] }))).toEqual(["meta_groups: there are none"]);
  });

  it("names a row that comes twice", () => {
    const types = [aType({}), aType({ name: "Another" })];
    const jumps = [...plainRows.jumps, ...plainRows.jumps];

    expect(problemsIn(aUniverse({ types, jumps }))).toEqual([
      "jumps: 30000142-30000144 comes twice",
      "types: 587 comes twice",
    ]);
  });

  it("names a row without the one it belongs to", () => {
    const types = [aType({ group_id: 99 })];
    const jumps = [{ system_a: 30_000_142, system_b: 31 }];

    expect(problemsIn(aUniverse({ types, jumps }))).toEqual([
      "jumps: 30000142-31 has system_b 31, which systems lacks",
      "types: 587 has group_id 99, which groups lacks",
    ]);
  });
});
