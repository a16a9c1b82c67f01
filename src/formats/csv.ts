import { csvFormatRow } from "d3-dsv";

export type Cell = string | number | boolean | null | undefined;

/**
 * The first characters that make a spreadsheet treat a text as a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formula = /^[=+\-@\t\r\n]/;

/** Text that could run as a formula is prefixed with an apostrophe. Numbers stay plain. */
function written(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "string" && formula.test(cell) ? `'${cell}` : String(cell);
}

/** One record of a CSV file (RFC 4180), with its line break. */
export const csvRecord = (cells: readonly Cell[]): string =>
  `${csvFormatRow(cells.map(written))}\r\n`;
