/** Runs of the sync that die while they wait. */
import type { TickingApi } from "./ticking-api.ts";

/** Longer than a run may take, with what is granted to one that is late. */
export const leaseMs = 116_000;

export type Death = { at: number; isAfter: boolean };

/** Counts what the sync waits for; at one of these, everything stops for good. */
export function dyingSync(scene: TickingApi, death?: Death) {
  const { DB } = scene.env;
  let awaits = 0;
  let isDead = false;
  async function passing<Result>(act: () => Promise<Result>): Promise<Result> {
    if (isDead) throw new Error("Dead.");
    awaits += 1;
    if (awaits !== death?.at) return act();
    isDead = true;
    if (death.isAfter) await act();
    throw new Error("Dying.");
  }
  scene.env.DB = {
    prepare: (query) => DB.prepare(query),
    batch: (statements) => passing(() => DB.batch(statements)),
    exec: (query) => DB.exec(query),
    dump: () => DB.dump(),
    withSession: (constraint) => DB.withSession(constraint),
  };
  const run = scene.container({
    fetch: (input, init) =>
      passing(async () => scene.esi.fetch(input instanceof Request ? input : String(input), init)),
    purge: (tags) => passing(async () => void scene.purged.push([...tags])),
  });
  return {
    run: () => run.sync.run("cron"),
    awaits: () => awaits,
    isDead: () => isDead,
    end: () => {
      scene.env.DB = DB;
    },
  };
}
