export type StopReason = "held" | "unreachable" | "budget";

/**
 * A run does no more: ESI must not be asked for now (`held`), does not answer at all
 * (`unreachable`), or what the run may take is taken (`budget`). Whoever catches it keeps what it has, and lets it go on up.
 */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly reason: StopReason;
  /** Some of ESI's routes are held: what asks others may go on. */
  readonly isPartial: boolean;

  constructor(reason: StopReason, message: string, { isPartial = false } = {}) {
    super(message);
    this.reason = reason;
    this.isPartial = isPartial;
  }
}
