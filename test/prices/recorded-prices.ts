import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { folder } from "../recorded/counts.ts";

export const recordedPrices = `${folder}/markets-prices-2022-02.json.gz`;

type PriceRow = { type_id: number; average_price?: number; adjusted_price?: number };

/** A real body of `/markets/prices`. */
export const readRecordedPrices = (): PriceRow[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a recorded file, described in its README
  JSON.parse(gunzipSync(readFileSync(recordedPrices)).toString()) as PriceRow[];
