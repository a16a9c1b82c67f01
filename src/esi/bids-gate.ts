import type { EpochMs } from "../lib/time.ts";

/** The number of auctions whose bids one isolate requests at the same time. */
export const maxBidsAtOnce = 4;
/** Requests per second, and how many may come at once after a pause. */
export const bidsPerSecond = 5;
export const bidsBurst = 10;
/** This many failures in a row close the gate. */
export const failuresUntilClosed = 3;
/** The gate stays closed for this long. Then one request is let through, and its answer decides. */
export const gateClosedMs = 60_000;

/**
 * Limits the readers' share of ESI. A page view requests an auction's bids, and there are as many
 * views as readers. Without a gate, readers could spend the error limit that the sync depends on
 * whenever a route of ESI fails. A reader who is not let through sees no bids and does not wait.
 *
 * Each isolate has one gate. The reason for closing it is also kept in the database, for other
 * isolates.
 */
export function createBidsGate() {
  let open = 0;
  let failures = 0;
  let closedUntil: EpochMs = 0;
  let tokens = bidsBurst;
  let filledAt: EpochMs = 0;

  function isOpen(at: EpochMs): boolean {
    // After too many failures, one request at a time finds out whether ESI works again.
    const most = failures >= failuresUntilClosed ? 1 : maxBidsAtOnce;
    tokens = Math.min(bidsBurst, tokens + (Math.max(0, at - filledAt) * bidsPerSecond) / 1000);
    filledAt = at;
    return at >= closedUntil && open < most && tokens >= 1;
  }

  return {
    /**
     * Asks the question, or returns undefined if the gate is closed. `isFailure` tells whether an
     * answer counts as a failure of ESI.
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

    /** The time until which the gate is closed. Null while it is open. */
    closedUntil: (at: EpochMs): EpochMs | null => (closedUntil > at ? closedUntil : null),
  };
}

export type BidsGate = ReturnType<typeof createBidsGate>;
