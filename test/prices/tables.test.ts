import { describe, expect, it } from "vitest";

import documented from "../../docs/market.md?raw";
import { judge, newRule, oldRule } from "./judge.ts";
import { marketKinds } from "./made-market.ts";
import { madeMarket, madeTable } from "./tables.ts";

describe("on a made market, the rule of prices", () => {
  const market = madeMarket();

  it.each([undefined, ...marketKinds])("is nearer to the truth than the old one (%s)", (kind) => {
    const [before, after] = [judge(market, oldRule, kind), judge(market, newRule, kind)];

    expect(after.medianError).toBeLessThanOrEqual(before.medianError);
    expect(after.p95Error).toBeLessThan(before.p95Error / 20);
    expect(after.unpriced).toBe(0);
  });

  it("accuses no fair price, and of odd ones most if the market has many orders", () => {
    expect(judge(market, newRule).wrongFlags).toBe(0);
    expect(judge(market, newRule, "deep").caught).toBeGreaterThan(0.95);
    expect(judge(market, newRule, "shallow").caught).toBeGreaterThan(0.95);
  });

  it("does as docs/market.md says", () => {
    expect(documented).toContain(madeTable());
  });
});
