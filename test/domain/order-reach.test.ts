import { describe, expect, it } from "vitest";

import { rowsOf } from "../../src/cli/universe/extract.ts";
import {
  createOrderReach,
  isInPriceRegion,
  type RegionOrder,
} from "../../src/domain/order-reach.ts";
import { shippedStargates } from "../../src/universe/shipped-stargates.ts";
import { committedExtract } from "../support/committed-extract.ts";

const hub = { locationId: 60_003_760, systemId: 30_000_142 };
/** Jita IV - Moon 6, Perimeter VI, and a structure in Perimeter. */
const inJita = { locationId: 60_000_361, systemId: 30_000_142 };
const perimeter = { locationId: 60_000_358, systemId: 30_000_144 };
const structure = { locationId: 1_035_466_617_946, systemId: 30_000_144 };
const systems = rowsOf("systems", committedExtract.texts.systems);
const systemId = (name: string) => Number(systems.find((row) => row[1] === name)?.[0]);

const tradesAtJita = createOrderReach(shippedStargates);

const anOrder = (fields: Partial<RegionOrder>): RegionOrder => ({
  orderId: 1,
  typeId: 587,
  isBuy: true,
  price: 1_000_000,
  volume: 100,
  range: "region",
  minVolume: 1,
  ...hub,
  ...fields,
});

describe("a buy order", () => {
  it.each<[string, Partial<RegionOrder>, boolean]>([
    ["in the station, of that station", { range: "station" }, true],
    ["in another station of Jita, of that station", { ...inJita, range: "station" }, false],
    ["in Perimeter, of its station", { ...perimeter, range: "station" }, false],
    ["in the station, of its system", { range: "solarsystem" }, true],
    ["in another station of Jita, of its system", { ...inJita, range: "solarsystem" }, true],
    ["in Perimeter, of its system", { ...perimeter, range: "solarsystem" }, false],
    ["in the station, of one jump", { range: "1" }, true],
    ["in another station of Jita, of one jump", { ...inJita, range: "1" }, true],
    ["in Perimeter, of one jump", { ...perimeter, range: "1" }, true],
    ["in a structure of Perimeter, of one jump", { ...structure, range: "1" }, true],
    ["anywhere, of the region", { locationId: 60_000_001, systemId: 30_000_119 }, true],
    ["of a range that ESI does not have yet", { ...perimeter, range: "constellation" }, false],
    [
      "in a system without stargates that we know of",
      { systemId: 1, locationId: 1, range: "40" },
      false,
    ],
  ])("%s: %s", (_where, fields, expected) => {
    expect(tradesAtJita(anOrder(fields))).toBe(expected);
  });

  // Sirseshin is five jumps away through The Citadel, and six through The Forge alone.
  it.each<[string, number]>([
    ["New Caldari", 1],
    ["Sirseshin", 6],
    ["Obe", 16],
  ])("in %s reaches Jita with a range of %d jumps, but not with one less", (name, jumps) => {
    const at = { systemId: systemId(name), locationId: 1_035_466_617_946 };

    const reached = [jumps - 1, jumps, 40].map((range) =>
      tradesAtJita(anOrder({ ...at, range: String(range) })),
    );

    expect(reached).toEqual([false, true, true]);
  });

  it("counts only if it accepts a single unit", () => {
    const counted = [0, 1, 2, 1_000].map((minVolume) => tradesAtJita(anOrder({ minVolume })));

    expect(counted).toEqual([true, true, false, false]);
  });
});

describe("a sell order", () => {
  it.each<[string, Partial<RegionOrder>, boolean]>([
    ["in the station", {}, true],
    ["in the station, whatever it says of its range", { range: "station" }, true],
    ["in another station of Jita", inJita, false],
    ["in Perimeter, of the region", perimeter, false],
  ])("%s: %s", (_where, fields, expected) => {
    expect(tradesAtJita(anOrder({ ...fields, isBuy: false }))).toBe(expected);
  });
});

describe("the systems of The Forge", () => {
  it("are those of the extract that ships", () => {
    const forge = systems.filter(([, , , regionId]) => regionId === 10_000_002).map(([id]) => id);

    expect(systems.map(([id]) => id).filter((id) => isInPriceRegion(Number(id)))).toEqual(forge);
    expect(forge).toHaveLength(88);
  });
});
