import { folded } from "../domain/folded-text.ts";
import { type EpochMs, isoFromMs } from "../lib/time.ts";
import { answeredFields } from "./contract-fields.ts";
import type { ResolvedValues } from "./contract-query.schema.ts";

/** The values that are assumed if a parameter is absent. */
export const contractDefaults = {
  limit: "50",
  route: "shortest",
  sort: "-date_issued",
  status: "outstanding",
};

/** The range of times that a query can name. Nothing exists before or after it. */
const earliest = Date.parse("0000-01-01T00:00:00Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

/** In UTC, without the fraction if it is zero. */
const writtenInstant = (ms: EpochMs): string =>
  isoFromMs(Math.min(Math.max(ms, earliest), latest)).replace(".000Z", "Z");

const wholeSeconds = (round: (seconds: number) => number) => (ms: EpochMs) =>
  writtenInstant(round(ms / 1000) * 1000);

const writtenIf = <Given>(given: Given | undefined, write: (given: Given) => string) =>
  given === undefined ? undefined : write(given);

/**
 * The values of a search, in the form that `questionOf` needs. Values with the same meaning are
 * written alike.
 */
export const contractQuestion = (values: ResolvedValues) => ({
  ...values,
  q: writtenIf(values.q, folded),
  // The order of the fields is part of the question.
  fields: writtenIf(values.fields, (fields) => answeredFields(fields).join(",")),
  // ESI dates contracts by the second.
  issued_after: writtenIf(values.issued_after, wholeSeconds(Math.floor)),
  expires_before: writtenIf(values.expires_before, wholeSeconds(Math.ceil)),
  first_seen_after: writtenIf(values.first_seen_after, writtenInstant),
});
