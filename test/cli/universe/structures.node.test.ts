import { describe, expect, it } from "vitest";

import { structuresIn } from "../../../src/cli/universe/structures.ts";

const isSystem = (systemId: number) => systemId === 30_000_142 || systemId === 30_002_187;
const read = (...lines: string[]) =>
  structuresIn(["structure_id,name,system_id", ...lines].join("\n"), isSystem);

describe("a file of structures", () => {
  it("tells ids, names and systems", () => {
    expect(
      read(
        '1035466617946,"Perimeter - ""Tranquility"", Trading",30000142',
        "1000000000000, A ,30002187",
      ),
    ).toEqual([
      {
        structureId: 1_035_466_617_946,
        name: 'Perimeter - "Tranquility", Trading',
        systemId: 30_000_142,
      },
      { structureId: 1_000_000_000_000, name: "A", systemId: 30_002_187 },
    ]);
  });

  it("may have its columns in another order, and a byte order mark", () => {
    const csv = "\ufeffname,system_id,structure_id\r\nA,30000142,1000000000000\r\n";

    expect(structuresIn(csv, isSystem)).toHaveLength(1);
  });

  it.each([
    ["60003760,A,30000142", "line 2: structure_id is no structure's id"],
    ["999999999999,A,30000142", "line 2: structure_id is no structure's id"],
    ["x,A,30000142", "line 2: structure_id must be a number"],
    ["1000000000000,,30000142", "line 2: name is empty"],
    [`1000000000000,${"a".repeat(201)},30000142`, "line 2: name is longer than 200 characters"],
    ["1000000000000,a\u0000b,30000142", "line 2: name has control characters"],
    ["1000000000000,A,30000143", "line 2: there is no system 30000143"],
    ["1000000000000,A,", "line 2: system_id"],
    ["1000000000000,A,30000142\n1000000000000,B,30000142", "line 3: 1000000000000 is there twice"],
    ["1000000000000,A", "Invalid Record Length"],
  ])("is refused with the number of the bad line: %j", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  it("takes a name of 200 characters", () => {
    expect(read(`1000000000000,${"é".repeat(200)},30000142`)).toHaveLength(1);
  });

  it("is refused if it is empty, or has other columns", () => {
    expect(() => read()).toThrow("There is no row");
    expect(() => structuresIn("id,name\n1,A", isSystem)).toThrow("structure_id");
  });
});
