/** A price book of the wide universe: both sides, one, the average alone, and none. */
import type { TypePrice } from "../../../src/domain/price-book.ts";

const firm = { orders: 9, units: 500, isFirm: true };
const thin = { orders: 1, units: 3, isFirm: false };

export const testPrices = new Map<number, TypePrice>([
  [34, { sell: 5.02, buy: 4.5, average: 4.8, sellDepth: firm, buyDepth: firm }],
  [222, { sell: null, buy: null, average: 11.25 }],
  [587, { sell: 400_000, buy: 300_000.5, average: 380_000, sellDepth: firm, buyDepth: thin }],
  [691, { sell: 2_500_000, buy: null, average: 0, sellDepth: thin }],
  [2_048, { sell: null, buy: 650_000, average: null }],
  [2_456, { sell: 1_000_000, buy: 900_000, average: 950_000, sellDepth: firm, buyDepth: firm }],
  [
    12_005,
    { sell: 200_000_000, buy: 180_000_000, average: 190_000_000, sellDepth: thin, buyDepth: firm },
  ],
  [47_702, { sell: null, buy: null, average: 5_000_000 }],
]);
