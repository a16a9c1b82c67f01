import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { folded } from "../../src/domain/folded-text.ts";

describe("folded", () => {
  it.each([
    ["Hakim’s", "hakim's"],
    ["‘Arbalest’ „Tengu“", `'arbalest' "tengu"`],
    ["İSTANBUL", "istanbul"],
    ["ısı", "isi"],
    ["ＷＴＳ　Ｔｅｎｇｕ", "wts tengu"],
    ["Straße STRASSE", "strasse strasse"],
    ["ẞ", "ss"],
    ["Ñandú Ångström", "nandu angstrom"],
    ["Æsir œuvre Łódź Đà", "aesir oeuvre lodz da"],
    ["ΟΔΥΣΣΕΥΣ ὀδυσσεύς", "οδυσσευσ οδυσσευσ"],
    ["Ishtar — cheap – fast − now", "ishtar - cheap - fast - now"],
    ["a\u00a0b\u2009c", "a b c"],
    ["Rif\u200bter\u00ad", "rifter"],
    ["ﬁt", "fit"],
    ["便宜的 Рифтер", "便宜的 рифтер"],
    ["ไม่แพง", "ไม่แพง"],
    ["한국", "한국"],
  ])("makes %j %j", (text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it("changes nothing that is folded", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const once = folded(text);
        expect(folded(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it("folds a part of a text as it folds the whole, where letters stand alone", () => {
    const unit = fc.constantFrom(...Array.from("aZéß’—İＷ ı'-Σ"));
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), fc.array(unit), (before, part, after) => {
        const whole = [...before, ...part, ...after].join("");
        expect(folded(whole)).toContain(folded(part.join("")));
      }),
    );
  });
});
