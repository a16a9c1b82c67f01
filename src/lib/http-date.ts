import type { EpochMs } from "./time.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const shortDay = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const longDay = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";
const month = `(?<month>${months.join("|")})`;
const time = "(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)";

/** RFC 9110, section 5.6.7: the current format, and two older formats that must still be read. */
const formats = [
  new RegExp(`^${shortDay}, (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^${longDay}, (?<day>\\d{2})-${month}-(?<shortYear>\\d{2}) ${time} GMT$`),
  new RegExp(`^${shortDay} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
];

/**
 * A two-digit year is in this century, or in the last one if it would be more than 50 years ahead.
 */
function fullYear(lastDigits: number, now: EpochMs): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + lastDigits;
  return year > thisYear + 50 ? year - 100 : year;
}

/** Parses an HTTP date in one of its three formats. Returns null if the text is not a date. */
export function parseHttpDate(text: string | null, now: EpochMs): EpochMs | null {
  const match = formats.map((format) => format.exec(text ?? "")).find((each) => each !== null);
  const found = match?.groups;
  if (!found) return null;
  const part = (name: string) => Number(found[name]);
  const year = found["year"] ? part("year") : fullYear(part("shortYear"), now);
  const day = part("day");
  const date = new Date(0);
  date.setUTCFullYear(year, months.indexOf(found["month"] ?? ""), day);
  // Rejects dates such as the 31st of a month with 30 days.
  if (date.getUTCDate() !== day) return null;
  return date.setUTCHours(part("hour"), part("minute"), part("second"));
}
