/** When ESI fails: faults with conditions, applied in the order they were added. */
import type { Call } from "./call.ts";
import type { Effect } from "./effects.ts";
import { type FaultKind, effectOf } from "./fault-kinds.ts";
import { createRandom } from "./random.ts";

export type FaultCondition = {
  /** The route by ESI's own name, `/contracts/public/{region_id}`; every route unless told. */
  route?: string;
  params?: Readonly<Record<string, number>>;
  page?: number;
  when?: (call: Call) => boolean;
  /** Only between these moments, as for a downtime; dates, or their text. */
  from?: Date | string;
  until?: Date | string;
  /** How many matching requests go unharmed first. */
  skip?: number;
  /** How many are harmed after that; all of them unless told. */
  times?: number;
  /** Of those, how many really are, by the seed. */
  probability?: number;
};

export type Fault = FaultCondition & FaultKind;

function isMatch(fault: Fault, call: Call): boolean {
  const params = Object.entries(fault.params ?? {});
  const at = call.at.getTime();
  return (
    (fault.route === undefined || fault.route === call.route) &&
    (fault.page === undefined || fault.page === call.page) &&
    params.every(([name, value]) => call.params[name] === value) &&
    (fault.from === undefined || at >= new Date(fault.from).getTime()) &&
    (fault.until === undefined || at < new Date(fault.until).getTime()) &&
    (fault.when === undefined || fault.when(call))
  );
}

export type Faults = ReturnType<typeof createFaults>;

export function createFaults(seed: number, initial: readonly Fault[] = []) {
  type Entry = { fault: Fault; effect: Effect; toSkip: number; left: number };
  let entries: Entry[] = [];
  const random = createRandom(seed, 13);

  /** Adds a fault; what it returns takes the fault away again. */
  function add(fault: Fault): () => void {
    const { skip: toSkip = 0, times: left = Number.POSITIVE_INFINITY } = fault;
    const entry = { fault, effect: effectOf(fault), toSkip, left };
    entries.push(entry);
    return () => {
      entries = entries.filter((other) => other !== entry);
    };
  }

  function isDue(entry: Entry, call: Call): boolean {
    if (entry.left <= 0 || !isMatch(entry.fault, call)) return false;
    if (entry.toSkip > 0) {
      entry.toSkip -= 1;
      return false;
    }
    if (!random.chance(entry.fault.probability ?? 1)) return false;
    entry.left -= 1;
    return true;
  }

  for (const fault of initial) add(fault);

  return {
    add,
    clear(): void {
      entries = [];
    },
    /** What hits this request. Asking uses the faults up. */
    effectsOn: (call: Call): readonly Effect[] =>
      entries.filter((entry) => isDue(entry, call)).map(({ effect }) => effect),
  };
}
