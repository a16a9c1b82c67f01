import { describe, expect, it } from "vitest";

import { createTitleNames, holdsName } from "../../../src/domain/flags/title-names.ts";
import { names } from "./hulls.ts";

const namedIn = (text: string) => names.namedIn(text).map(({ hull }) => hull.name);

describe("the names in a title", () => {
  it.each([
    ["Rifter", ["Rifter"]],
    ["rIFTER!", ["Rifter"]],
    ["(Rifter)", ["Rifter"]],
    ["'Rifter'", ["Rifter"]],
    ["◆Rifter♥", ["Rifter"]],
    ["Rifter, Slasher", ["Rifter", "Slasher"]],
    ["Vexor Navy Issue", ["Vexor Navy Issue"]],
    ["vexor   navy\tissue", ["Vexor Navy Issue"]],
    ["Vexor Navy", ["Vexor"]],
    ["Vexor, Navy Issue", ["Vexor"]],
    ["Vexor Vexor Navy Issue", ["Vexor", "Vexor Navy Issue"]],
    ["Guardian-Vexor", ["Guardian-Vexor"]],
    ["Guardian Vexor", ["Vexor"]],
    ["Goru's Shuttle", ["Goru's Shuttle"]],
    ["Goru’s Shuttle", ["Goru's Shuttle"]],
    ["500 PLEX", ["PLEX"]],
  ])("of %j are %j", (title, found) => {
    expect(namedIn(title)).toEqual(found);
  });

  it.each([
    "Rifters",
    "Rifter's",
    "Drifter",
    "Rifter2",
    "2Rifter",
    "Rifter_",
    "Rifterö",
    "оRifter",
    "Rifter\u0301",
    "Rif\u200Bter",
    "Rif ter",
    "Navy Issue",
    "PLEXes",
    "",
    " ",
  ])("are none in %j, which has no full name between word borders", (title) => {
    expect(namedIn(title)).toEqual([]);
  });

  it("are found where they stand", () => {
    expect(names.namedIn("♥ WTS Vexor  Navy Issue!")).toMatchObject([{ start: 6, end: 23 }]);
  });

  it("are none if no ship is known", () => {
    expect(createTitleNames([]).namedIn("Rifter")).toEqual([]);
  });
});

describe("holdsName", () => {
  it.each([
    ["Vexor Navy Issue", "Vexor", true],
    ["Core Scanner Probe I", "probe", true],
    ["Tengu Core - Obfuscation Manifold", "Tengu", true],
    ["Drifter", "Rifter", false],
    ["Vexor", "Vexor Navy Issue", false],
  ])("of %j and %j is %s", (text, name, isHeld) => {
    expect(holdsName(text, name)).toBe(isHeld);
  });
});
