import { folded } from "../domain/folded-text.ts";
import { type EpochMs, isoFromMs } from "../lib/time.ts";
import { answeredFields } from "./contract-fields.ts";
import type { ResolvedValues } from "./contract-query.schema.ts";

/** What is assumed if nothing is said. */
export const contractDefaults = {
  limit: "50",
  route: "shortest",
  sort: "-date_issued",
  status: "outstanding",
};

/** The instants that a query can name: before and after them there is nothing either. */
const earliest = Date.parse("0000-01-01T00:00:00Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

/** In UTC, and without the fraction if that is nought. */
const writtenInstant = (ms: EpochMs): string =>
  isoFromMs(Math.min(Math.max(ms, earliest), latest)).replace(".000Z", "Z");

const wholeSeconds = (round: (seconds: number) => number) => (ms: EpochMs) =>
  writtenInstant(round(ms / 1000) * 1000);

const writtenIf = <Given>(given: Given | undefined, write: (given: Given) => string) =>
  given === undefined ? undefined : write(given);

/** The values of a search as `questionOf` takes them: what means the same is written alike. */
export const contractQuestion = (values: ResolvedValues) => ({
  ...values,
  q: writtenIf(values.q, folded),
  // Their order is a part of what is asked.
  fields: writtenIf(values.fields, (fields) => answeredFields(fields).join(",")),
  // ESI dates contracts by the second.
  issued_after: writtenIf(values.issued_after, wholeSeconds(Math.floor)),
  expires_before: writtenIf(values.expires_before, wholeSeconds(Math.ceil)),
  first_seen_after: writtenIf(values.first_seen_after, writtenInstant),
});
