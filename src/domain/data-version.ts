import type { EpochMs } from "../lib/time.ts";

/**
 * Identifies the state of the data that an answer is made from. Two answers to the same question
 * with the same version are equal. The clock is part of it, because contracts expire and lists
 * become stale without a row being written.
 */
export type DataVersion = {
  version: string;
  /** When the data last changed. */
  changedAt: EpochMs;
};
