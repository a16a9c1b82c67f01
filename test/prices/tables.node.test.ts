import { existsSync, readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { readRecordedPrices, recordedPrices } from "./recorded-prices.ts";
import { recordedTable } from "./tables.ts";

it.skipIf(!existsSync(recordedPrices))(
  "around recorded prices, the rule does as docs/market.md says",
  () => {
    const documented = readFileSync("docs/market.md", "utf8");

    expect(documented).toContain(recordedTable(readRecordedPrices()));
  },
);
