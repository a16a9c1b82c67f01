export type StopReason = "held" | "unreachable" | "budget";

/**
 * Stops a run. ESI must not be asked now (`held`), ESI does not answer at all (`unreachable`), or
 * the run has spent its budget (`budget`). Code that catches it keeps its results and rethrows it.
 */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly reason: StopReason;
  /** Only some of ESI's routes are held. Requests to other routes may continue. */
  readonly isPartial: boolean;

  constructor(reason: StopReason, message: string, { isPartial = false } = {}) {
    super(message);
    this.reason = reason;
    this.isPartial = isPartial;
  }
}
