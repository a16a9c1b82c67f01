import type { EpochMs } from "../lib/time.ts";

/** The number of auctions whose bids one isolate requests at the same time. */
export const maxBidsAtOnce = 4;
/** Questions a second, and how many may come together after a pause. */
export const bidsPerSecond = 5;
export const bidsBurst = 10;
/** So many failures in a row close the gate. */
export const failuresUntilClosed = 3;
/** For so long it stays closed; then one question is let through, and its answer decides. */
export const gateClosedMs = 60_000;

/**
 * The readers' share of ESI. A page view asks for an auction's bids, and views are as many as there
 * are readers: without a gate, a route of ESI that fails lets them spend the error limit that the
 * sync lives on. Whoever is not let through shows no bids, and does not wait.
 *
 * One gate serves an isolate. What closes it is also kept in the database, for the others.
 */
export function createBidsGate() {
  let open = 0;
  let failures = 0;
  let closedUntil: EpochMs = 0;
  let tokens = bidsBurst;
  let filledAt: EpochMs = 0;

  function isOpen(at: EpochMs): boolean {
    // After a failure too many, one question at a time finds out whether ESI is well again.
    const most = failures >= failuresUntilClosed ? 1 : maxBidsAtOnce;
    tokens = Math.min(bidsBurst, tokens + (Math.max(0, at - filledAt) * bidsPerSecond) / 1000);
    filledAt = at;
    return at >= closedUntil && open < most && tokens >= 1;
  }

  return {
    /**
     * Asks, unless the gate is closed: undefined then. `isFailure` says whether an answer cost ESI's
     * patience.
     */
    async ask<Answer>(
      now: () => EpochMs,
      question: () => Promise<Answer>,
      isFailure: (answer: Answer) => boolean,
    ): Promise<Answer | undefined> {
      if (!isOpen(now())) return undefined;
      open += 1;
      tokens -= 1;
      try {
        const answer = await question();
        failures = isFailure(answer) ? failures + 1 : 0;
        if (failures >= failuresUntilClosed) closedUntil = now() + gateClosedMs;
        return answer;
      } finally {
        open -= 1;
      }
    },

    /** Until when nobody is let through; null while the gate is open. */
    closedUntil: (at: EpochMs): EpochMs | null => (closedUntil > at ? closedUntil : null),
  };
}

export type BidsGate = ReturnType<typeof createBidsGate>;
