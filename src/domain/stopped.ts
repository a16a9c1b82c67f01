/**
 * A run does no more: ESI must not be asked for now (`held`), or what the run may take is taken
 * (`budget`). Whoever catches it keeps what it has, and lets it go on up.
 */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly reason: "held" | "budget";

  constructor(reason: "held" | "budget", message: string) {
    super(message);
    this.reason = reason;
  }
}
