import { describe, expect, it } from "vitest";

import {
  differencesFromManifest,
  extractFrom,
  linesOf,
  rowsOf,
} from "../../../src/cli/universe/extract.ts";
import { aType, aUniverse } from "../../support/extract-builders.ts";

describe("extractFrom", () => {
  it("sorts each table by its primary key, so that the same facts give the same bytes", async () => {
    const jumps = [
      { system_a: 2, system_b: 9 },
      { system_a: 2, system_b: 10 },
      { system_a: 10, system_b: 11 },
    ];
    const types = [aType({ type_id: 9 }), aType({ type_id: 10 }), aType({ type_id: 100 })];

    const forwards = await extractFrom(aUniverse({ jumps, types }));
    const backwards = await extractFrom(
      aUniverse({ jumps: jumps.toReversed(), types: types.toReversed() }),
    );

    expect(backwards).toEqual(forwards);
    expect(forwards.texts.jumps).toBe('["system_a","system_b"]\n[2,9]\n[2,10]\n[10,11]\n');
  });

  it("keeps names as they are", async () => {
    const name = ` "Quote" \\ 'tick' \n 马克瑞 \u2028 `;

    const { texts } = await extractFrom(aUniverse({ types: [aType({ name })] }));

    expect(rowsOf("types", texts.types)[0]?.[1]).toBe(name);
  });
});

describe("linesOf", () => {
  it("refuses columns that this version of the code does not have", () => {
    expect(() => linesOf("regions", '["region_id"]\n[1]\n')).toThrow(
      /^regions\.jsonl must begin with the line \["region_id","name"\]/,
    );
  });

  it("refuses a table that was cut off", async () => {
    const { texts } = await extractFrom(aUniverse());

    expect(() => linesOf("types", texts.types.slice(0, -3))).toThrow(/types\.jsonl .* it is cut/);
  });
});

describe("rowsOf", () => {
  it.each(["{}", "[1]", '[1,{"en":"The Forge"}]', "[1,true]"])("refuses %s as a row", (line) => {
    expect(() => rowsOf("regions", `["region_id","name"]\n${line}\n`)).toThrow(/no row/);
  });
});

describe("differencesFromManifest", () => {
  it("finds nothing in a whole extract", async () => {
    expect(await differencesFromManifest(await extractFrom(aUniverse()))).toEqual([]);
  });

  it("finds a lost row and a changed one", async () => {
    const extract = await extractFrom(aUniverse());
    extract.texts.systems = `${extract.texts.systems.split("\n").slice(0, 2).join("\n")}\n`;
    extract.texts.types = extract.texts.types.replace("Rifter", "Rafter");

    expect(await differencesFromManifest(extract)).toEqual([
      "systems.jsonl has 1 rows, the manifest 2",
      "types.jsonl has another SHA-256 than the manifest says",
    ]);
  });
});
