/** What a month costs, by what the last simulated day did. */
import type { Profile } from "./profiles.ts";
import type { Hour, Outcome } from "./simulation.ts";

const daysPerMonth = 30;
const hoursPerDay = 24;
const ticksPerDay = hoursPerDay * 60;

export type Bill = {
  rowsRead: number;
  rowsWritten: number;
  esiRequests: number;
  invocations: number;
};

const total = (hours: readonly Hour[], of: (hour: Hour) => number): number =>
  hours.reduce((sum, hour) => sum + of(hour), 0);

/** The hours after the cold start. */
const settledHours = ({ hours, coldStartMinutes }: Outcome): Hour[] =>
  coldStartMinutes === null ? [] : hours.slice(Math.ceil(coldStartMinutes / 60));

/**
 * The last day, thirty times: it forgets what ended the day before. Null where less than a day has
 * passed since the cold start.
 */
export function monthlyBill(outcome: Outcome): Bill | null {
  const settled = settledHours(outcome);
  if (settled.length < hoursPerDay) return null;
  const day = settled.slice(-hoursPerDay);
  const month = (of: (hour: Hour) => number) => total(day, of) * daysPerMonth;
  return {
    rowsRead: month(({ rowsRead }) => rowsRead),
    rowsWritten: month(({ rowsWritten }) => rowsWritten),
    esiRequests: month(({ esiRequests }) => esiRequests),
    invocations: ticksPerDay * daysPerMonth,
  };
}

/** What was promised and not kept, in words. */
export function brokenPromises(outcome: Outcome, profile: Profile): string[] {
  const bill = monthlyBill(outcome);
  const { quota, maxShare, maxColdStartMinutes } = profile;
  const settled = settledHours(outcome);
  const promises: [string, boolean][] = [
    ["the cold start comes to an end", outcome.coldStartMinutes !== null],
    [
      `the cold start takes ${maxColdStartMinutes} minutes at most`,
      (outcome.coldStartMinutes ?? 0) <= maxColdStartMinutes,
    ],
    ["nothing that ended is served", settled.every(({ truth }) => truth.wronglyServed === 0)],
    ["nothing is missing", settled.every(({ truth }) => truth.missing === 0)],
    ["items are there within ten minutes", settled.every(({ truth }) => truth.itemsLate === 0)],
    ["no list is asked for before it expires", outcome.listsBeforeExpiry === 0],
    ["no items are asked for twice", outcome.itemsFetchedTwice === 0],
    ["nothing is asked during the downtime", outcome.requestsInDowntime === 0],
    ["ESI has nothing to complain of", Object.keys(outcome.violations).length === 0],
    ["50 errors are always left", outcome.lowestErrorBudget >= 50],
    ["a tick with nothing due reads ten rows at most", outcome.idleTicks.rowsRead <= 10],
    [
      "rows read stay within their share",
      (bill?.rowsRead ?? 0) <= quota.rowsRead * maxShare.rowsRead,
    ],
    [
      "rows written stay within their share",
      (bill?.rowsWritten ?? 0) <= quota.rowsWritten * maxShare.rowsWritten,
    ],
  ];
  return promises.filter(([, isKept]) => !isKept).map(([promise]) => promise);
}
