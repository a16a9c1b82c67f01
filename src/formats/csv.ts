import { csvFormatRow } from "d3-dsv";

export type Cell = string | number | boolean | null | undefined;

/**
 * Beginnings that make a spreadsheet take a text for a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formula = /^[=+\-@\t\r\n]/;

/** Text is quoted with an apostrophe if it could run; numbers stay plain. */
function written(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "string" && formula.test(cell) ? `'${cell}` : String(cell);
}

/** One record of a CSV file (RFC 4180), with its line break. */
export const csvRecord = (cells: readonly Cell[]): string =>
  `${csvFormatRow(cells.map(written))}\r\n`;
