/** The tables of docs/market.md: the old rule and the new one on the same markets. */
import { judge, newRule, oldRule, type Verdict } from "./judge.ts";
import { type MadeType, makeMarket, makeMarketAround, marketKinds } from "./made-market.ts";

export const seed = 1;
const types = 6_000;

const percent = (share: number): string =>
  `${(share * 100).toLocaleString("en-US", { maximumFractionDigits: share < 1 ? 1 : 0 })}%`;

const header = [
  "market",
  "sides",
  "median error, old",
  "new",
  "p95 error, old",
  "new",
  "wrong flags, old",
  "new",
  "odd prices caught, old",
  "new",
];

const cellsOf = (what: string, before: Verdict, after: Verdict): string[] => [
  what,
  String(before.sides),
  percent(before.medianError),
  percent(after.medianError),
  percent(before.p95Error),
  percent(after.p95Error),
  percent(before.wrongFlags),
  percent(after.wrongFlags),
  percent(before.caught),
  percent(after.caught),
];

/** As oxfmt writes it: each column as wide as its widest cell, numbers to the right. */
function tableOf(rows: readonly string[][]): string {
  const widths = header.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const ruler = widths.map(
    (width, at) => `${"-".repeat(width - (at === 0 ? 0 : 1))}${at === 0 ? "" : ":"}`,
  );
  return [line(header), line(ruler), ...rows.map(line)].join("\n");
}

function tableOfMarket(market: readonly MadeType[]): string {
  const all = cellsOf("all", judge(market, oldRule), judge(market, newRule));
  const each = marketKinds.map((kind) =>
    cellsOf(kind, judge(market, oldRule, kind), judge(market, newRule, kind)),
  );
  return tableOf([all, ...each]);
}

export const madeMarket = (): MadeType[] => makeMarket(seed, types);

export const madeTable = (): string => tableOfMarket(madeMarket());

/** A row of ESI's `/markets/prices`. */
type PriceRow = { average_price?: number; adjusted_price?: number };

/**
 * Around recorded prices: CCP's adjusted price, which no single trade moves, stands for the true one;
 * the average is the one that was recorded with it.
 */
export function recordedTable(rows: readonly PriceRow[]): string {
  const known = rows.flatMap(({ average_price: average, adjusted_price: value }) =>
    value ? [{ value, average: average ?? null }] : [],
  );
  return tableOfMarket(makeMarketAround(seed, known));
}
