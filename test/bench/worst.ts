/**
 * Looks for the question that costs most, as somebody would who means harm: by climbing from random
 * questions to dearer ones, a parameter at a time.
 */
import { createRandom } from "../esi-stand-in/random.ts";
import { once } from "./measure.ts";

type Question = Readonly<Record<string, string>>;
export type Found = { path: string; rowsRead: number; engineMs: number; ms: number };

const ids = (...values: number[]): string => values.join(",");

/** Values of each parameter that narrow little, contradict others, or reach far. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  type: ["item_exchange", "auction", "courier", "item_exchange,auction,courier"],
  status: ["outstanding", "expired", "gone", "outstanding,expired,gone"],
  region_id: ["10000002", ids(10000002, 10000043, 10000032, 10000030, 10000042)],
  system_id: ["30000142", "Jita,Amarr,Dodixie,Rens,Hek"],
  security: ["highsec", "nullsec", "highsec,lowsec,nullsec,wormhole"],
  start_location_kind: ["npc_station", "structure"],
  highsec_island: ["true", "false"],
  from_system_id: ["30000142", "30004759"],
  max_jumps: ["5", "100"],
  ship: ["true", "false"],
  category_id: ["6", "9", ids(6, 7, 8, 9, 18, 20, 22, 23, 25, 32, 34, 35, 65, 66, 87)],
  group_id: ["25", Array.from({ length: 100 }, (_, index) => 105 + 10 * index).join(",")],
  type_id: ["587", "691"],
  blueprint: ["copy", "original"],
  min_runs: ["1", "100"],
  min_me: ["0", "10"],
  max_te: ["20", "0"],
  wants_items: ["true", "false"],
  single_item: ["true", "false"],
  fully_priced: ["true", "false"],
  flag: ["too_cheap", "price_magnitude,zero_price,nullsec_location,structure_access_unknown"],
  without_flag: ["too_cheap", "expires_soon,highsec_island,price_magnitude"],
  max_severity: ["info", "warning", "danger"],
  price_confidence: ["firm", "firm,thin,average"],
  q: ["blueprint", "navy issue", "e b", "zzzz", "ing"],
  min_price: ["0", "1000"],
  max_price: ["999999999999", "1000"],
  min_volume: ["0"],
  min_reward: ["0"],
  max_collateral: ["1000000000"],
  max_price_to_value: ["0.8", "100"],
  min_value_sell: ["0"],
  issuer_id: ["2112000001"],
  first_seen_after: ["2020-01-01T00:00:00Z", "2026-02-01T06:00:00Z"],
  expires_before: ["2040-01-01T00:00:00Z"],
  sort: ["price", "-price", "label", "-volume", "value_sell", "price_to_value", "date_expired"],
  limit: ["1", "100"],
};

const names = Object.keys(valuesOf);

function pathOf(question: Question): string {
  const needsOrigin = "max_jumps" in question && !("from_system_id" in question);
  const origin = needsOrigin ? { from_system_id: "30000142" } : {};
  const search = new URLSearchParams({ ...question, ...origin });
  search.sort();
  return `/v1/contracts?${search.toString()}`;
}

/** Another question: one parameter more, less, or with another value. */
function neighbour(question: Question, random: ReturnType<typeof createRandom>): Question {
  const name = random.pick(names);
  const { [name]: known, ...rest } = question;
  if (known !== undefined && random.chance(0.5)) return rest;
  return { ...rest, [name]: random.pick(valuesOf[name] ?? []) };
}

/** Questions of the other routes that could cost much. */
const others = [
  "/v1/hulls?limit=100",
  "/v1/categories?limit=100",
  "/v1/groups?limit=100",
  "/v1/groups?q=a&limit=100",
  "/v1/types?limit=100",
  "/v1/types?all=true&limit=100",
  "/v1/types?q=e&limit=100",
  "/v1/types?q=blueprint&limit=100",
  "/v1/types?category_id=9&limit=100",
  "/v1/systems?limit=100",
  "/v1/systems?q=a&limit=100",
  "/v1/regions",
  "/v1/status",
];

async function costOf(origin: string, path: string): Promise<Found> {
  const { bill, ms } = await once(`${origin}${path}`);
  return { path, rowsRead: bill.rowsRead, engineMs: bill.engineMs, ms };
}

const dearest = (found: readonly Found[], by: (each: Found) => number, count: number): Found[] =>
  found.toSorted((a, b) => by(b) - by(a)).slice(0, count);

type Options = { seed: number; climbs: number; steps: number; report: (share: number) => void };

/** The dearest questions that so many climbs found, by rows read and by time in the engine. */
export async function findWorst(
  origin: string,
  { seed, climbs, steps, report }: Options,
): Promise<{ byRows: Found[]; byEngine: Found[]; others: Found[] }> {
  const random = createRandom(seed, 0);
  const found = new Map<string, Found>();
  for (let climb = 0; climb < climbs; climb += 1) {
    let question: Question = {};
    let cost = await costOf(origin, pathOf(question));
    // Each second climb is for time, the others for rows.
    const height = ({ rowsRead, engineMs }: Found) => (climb % 2 === 0 ? rowsRead : engineMs);
    for (let step = 0; step < steps; step += 1) {
      const next = neighbour(question, random);
      const path = pathOf(next);
      const nextCost = found.get(path) ?? (await costOf(origin, path));
      found.set(path, nextCost);
      if (height(nextCost) >= height(cost)) [question, cost] = [next, nextCost];
    }
    report((climb + 1) / climbs);
  }
  const otherCosts = [];
  for (const path of others) otherCosts.push(await costOf(origin, path));
  const all = [...found.values()];
  return {
    byRows: dearest(all, ({ rowsRead }) => rowsRead, 5),
    byEngine: dearest(all, ({ engineMs }) => engineMs, 5),
    others: dearest(otherCosts, ({ rowsRead }) => rowsRead, 5),
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What an ordinary question takes while so many callers ask the dearest ones without a pause. */
export async function underAttack(
  origin: string,
  ordinary: string,
  attacks: readonly string[],
): Promise<{ alone: number; attacked: number }> {
  const samples = 25;
  const ask = async () => {
    const times = [];
    for (let sample = 0; sample < samples; sample += 1) {
      times.push((await once(`${origin}${ordinary}`)).ms);
    }
    return median(times);
  };
  const alone = await ask();
  const end = new AbortController();
  const attackers = attacks.map(async (path) => {
    while (!end.signal.aborted) await once(`${origin}${path}`);
  });
  const attacked = await ask();
  end.abort();
  await Promise.all(attackers);
  return { alone, attacked };
}
