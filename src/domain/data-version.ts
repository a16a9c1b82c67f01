import type { EpochMs } from "../lib/time.ts";

/**
 * Which state of the data an answer is made from. Two answers to one question with the same version
 * say the same; contracts end by the clock too, and lists grow stale, without a row written.
 */
export type DataVersion = {
  version: string;
  /** When the last of it changed. */
  changedAt: EpochMs;
};
