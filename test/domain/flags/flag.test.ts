import { describe, expect, it } from "vitest";

import {
  describe as describeFlag,
  flagCodes,
  flagDefinitions,
  isFlagCode,
} from "../../../src/domain/flags/flag.ts";
import { asked, flagsOf, item, types } from "./hulls.ts";

const detailsOf = (...facts: Parameters<typeof flagsOf>) =>
  flagsOf(...facts).map((flag) => describeFlag(flag).detail);

describe("flagDefinitions", () => {
  it("has each code once, with its severity", () => {
    const codesOf = (severity: string) =>
      flagCodes.filter((code) => flagDefinitions[code].severity === severity).toSorted();

    expect(new Set(flagCodes).size).toBe(flagCodes.length);
    expect(Object.keys(flagDefinitions).toSorted()).toEqual(flagCodes.toSorted());
    expect(codesOf("info")).toEqual(["expires_soon", "highsec_island", "modules_with_hull"]);
    expect(codesOf("danger")).toEqual([
      "asks_for_same_item",
      "blueprint_not_ship",
      "lookalike_hull",
      "price_magnitude",
      "skin_not_ship",
      "title_names_other_item",
    ]);
    expect(codesOf("warning")).toHaveLength(8);
  });

  it("states facts, and never claims intent", () => {
    const texts = Object.values(flagDefinitions).flatMap((each) => [each.when, each.explanation]);

    expect(texts.filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([]);
    expect(texts.join(" ")).not.toMatch(/scam|fraud|trick|cheat|fake|trap|decei/i);
  });

  it("tells its own codes from other words", () => {
    expect(isFlagCode("too_cheap")).toBe(true);
    expect(isFlagCode("constructor")).toBe(false);
  });
});

describe("a flag of items", () => {
  it("says what it found, when it is read", () => {
    expect(flagsOf("Tengu", item("Rifter")).map(describeFlag)).toEqual([
      {
        code: "title_names_other_item",
        severity: "danger",
        detail: "The title names Tengu, not among what is offered: Rifter",
        evidence: {
          named: ["Tengu"],
          named_type_ids: [29_984],
          offered: ["Rifter"],
          offered_type_ids: [587],
          offered_rows: 1,
        },
      },
    ]);
  });

  it("has words for each", () => {
    expect(detailsOf("Rifter", item("Rifter Krusual SKIN"))).toEqual([
      "The title names Rifter; only a SKIN is offered: Rifter Krusual SKIN",
    ]);
    expect(detailsOf("Charon", item("Charon Blueprint"))).toEqual([
      "The title names Charon; only a blueprint is offered: Charon Blueprint",
    ]);
    expect(detailsOf("Vexor Navy Issue", item("Vexor"))[1]).toBe(
      "The title names Vexor Navy Issue; offered is another hull of the same base: Vexor",
    );
    expect(detailsOf(null, item("PLEX"), asked("PLEX"))).toEqual([
      "Offers and asks for the same: PLEX",
    ]);
    expect(detailsOf(null, item("Rifter"), item("Damage Control II"))).toEqual([
      "1 module and 0 rigs come with Rifter; ESI does not say what is fitted",
    ]);
  });

  it("says how many rows it leaves unnamed", () => {
    const items = types.slice(0, 8).map(({ name }) => item(name));

    expect(detailsOf("Tengu", ...items)[0]).toBe(
      "The title names Tengu, not among what is offered: Rifter, Slasher, Vexor, Vexor Navy Issue, Guardian-Vexor, and 3 more rows",
    );
  });
});
