/** Whatever ESI does: what is served stays right, the state says what is wrong, and it mends. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import { expectConsistent } from "../../support/database.ts";
import { aFaultScene, type Seen } from "./fault-scene.ts";
import { faultNames, type NamedFault, namedFaults } from "./fault-table.ts";

afterEach(() => expectConsistent(env.DB));

const mended: Seen = {
  outcome: "done",
  forge: { list: "new", asOf: "new", lastError: null },
  domain: { list: "new", asOf: "new", lastError: null },
  fresh: { items: "complete", isNamed: true, isPlaced: true },
  isHeldOff: false,
};

/** What was asked again though it had come, if nothing was wrong with it. */
const unprovoked = ({ asksAgain }: NamedFault, violations: readonly string[]) =>
  violations.filter((each) => !(asksAgain && /^(list-before-expiry|items-again)/.test(each)));

async function behavesUnder(_name: string, fault: NamedFault): Promise<void> {
  const { faults, during, pages, mendMs, settings } = fault;
  const scene = await aFaultScene(pages, settings);
  for (const each of faults) scene.esi.faults.add(each);
  await scene.tick();
  expect(await scene.seen()).toEqual(during);

  scene.esi.faults.clear();
  await scene.tickLater(mendMs);

  expect(await scene.seen()).toEqual(mended);
  expect(await scene.leftOver()).toEqual([]);
  expect(unprovoked(fault, scene.violations())).toEqual([]);
  expect(scene.esi.counters.lowestErrorBudget).toBeGreaterThanOrEqual(50);
}

describe("right data is kept, wrong data is reported, and one healthy run repairs it, after", () => {
  it.each(namedFaults.map((fault) => [fault.name, fault] as const))("%s", behavesUnder);
});

describe("the table of faults", () => {
  it("names each of them once", () => {
    expect(new Set(faultNames).size).toBe(faultNames.length);
  });
});
