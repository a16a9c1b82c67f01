/** `npm run prices:compare`: prints what the old rule and the new one make of the same markets. */
import { existsSync } from "node:fs";

import { readRecordedPrices, recordedPrices } from "./recorded-prices.ts";
import { madeTable, recordedTable, seed } from "./tables.ts";

console.log(`A made market, seed ${seed}:\n\n${madeTable()}`);
if (existsSync(recordedPrices))
  console.log(`\nAround recorded prices, seed ${seed}:\n\n${recordedTable(readRecordedPrices())}`);
