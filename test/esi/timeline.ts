/** A clock that moves only when nothing else does: what waits for it, waits in order and for no time. */
export function createTimeline(start = 0) {
  type Sleeper = { at: number; wake: () => void };
  let time = start;
  let sleepers: Sleeper[] = [];

  /** Lets everything run that does not wait for the clock. */
  const settle = () => scheduler.wait(0);

  return {
    now: () => time,

    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: time + ms, wake });
      }),

    settle,

    /** Moves on to an instant, or until nobody waits any more. */
    async runUntil(end = Number.POSITIVE_INFINITY): Promise<void> {
      for (;;) {
        await settle();
        const at = Math.min(...sleepers.map((sleeper) => sleeper.at));
        if (at > end || at === Number.POSITIVE_INFINITY) break;
        time = Math.max(time, at);
        const woken = sleepers.filter((sleeper) => sleeper.at <= time);
        sleepers = sleepers.filter((sleeper) => sleeper.at > time);
        for (const { wake } of woken) wake();
      }
      if (end !== Number.POSITIVE_INFINITY) time = Math.max(time, end);
    },
  };
}

export type Timeline = ReturnType<typeof createTimeline>;
