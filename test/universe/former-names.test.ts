import { describe, expect, it } from "vitest";

import { amendmentsFrom } from "../../src/cli/universe/amendments.ts";
import { rowsOf } from "../../src/cli/universe/extract.ts";
import amendments from "../../src/universe/amendments.json" with { type: "json" };
import { createFormerNames, shippedFormerNames } from "../../src/universe/former-names.ts";
import { committedExtract } from "../support/committed-extract.ts";

const names = createFormerNames([
  [1, "Triclinic Bistot", "Bistot II-Grade"],
  [1, "Threefold Bistot", "Triclinic Bistot"],
  [2, "Tuning system", "Tuning System"],
]);

describe("former names", () => {
  it("are those of a type, in the order in which they are known", () => {
    expect(names.of(1)).toEqual(["Triclinic Bistot", "Threefold Bistot"]);
    expect(names.of(9)).toEqual([]);
  });

  it("are found whole, letter case and quotes aside", () => {
    expect(names.typesCalled("TRICLINIC bistot")).toEqual([1]);
    expect(names.typesCalled("Triclinic")).toEqual([]);
  });

  it("are found by a part", () => {
    expect(names.holding("Fold")).toEqual([[1, "threefold bistot"]]);
    expect(names.holding("bistot")).toHaveLength(2);
    expect(names.holding("ii-grade")).toEqual([]);
  });

  it("are none if only letter case changed", () => {
    expect(names.of(2)).toEqual([]);
  });
});

describe("the former names that ship", () => {
  const renamed = amendmentsFrom(amendments, "amendments.json").flatMap((each) => each.renamed);

  it("are of types that the shipped universe has, under their current names", () => {
    const types = rowsOf("types", committedExtract.texts.types);
    const nameById = new Map(types.map(([typeId, name]) => [typeId, name]));

    expect(renamed.length).toBeGreaterThan(250);
    expect(renamed.map(([typeId, , current]) => [typeId, current])).toEqual(
      renamed.map(([typeId]) => [typeId, nameById.get(typeId)]),
    );
  });

  it("find types", () => {
    expect(shippedFormerNames.typesCalled("Triclinic Bistot")).toEqual([17_428]);
    expect(shippedFormerNames.of(17_428)).toEqual(["Triclinic Bistot"]);
  });
});
