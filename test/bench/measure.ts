/** Asks one query again and again, and says what came of it. */

export type Measurement = {
  name: string;
  total: number;
  rowsRead: number;
  bytes: number;
  /** What D1's engine took, in milliseconds. */
  engineMedianMs: number;
  /** What a caller on the same machine waits, in milliseconds. */
  medianMs: number;
  p95Ms: number;
  /** With 16 callers at once. */
  requestsPerSecond: number;
};

type Bill = { rowsRead: number; engineMs: number };

/** What this bench's own Worker, or this bench, has written. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what was written
export function fromJson<Value>(text: string): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return JSON.parse(text) as Value;
}

const warmUps = 2;
const samples = 25;
const concurrency = 16;
const concurrentMs = 1_000;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;

const round = (value: number): number => Math.round(value * 10) / 10;

/** One request, with its bill. */
export async function once(url: string) {
  const start = performance.now();
  const response = await fetch(url);
  const body = await response.text();
  const ms = performance.now() - start;
  if (!response.ok) throw new Error(`${url}: ${response.status} ${body}`);
  const bill = fromJson<Bill>(response.headers.get("x-bench") ?? "{}");
  return { ms, bill, body };
}

async function throughput(url: string): Promise<number> {
  const until = performance.now() + concurrentMs;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await once(url);
      done += 1;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, caller));
  return done / ((performance.now() - start) / 1000);
}

export async function measure(origin: string, name: string, path: string): Promise<Measurement> {
  const url = `${origin}${path}`;
  for (let i = 0; i < warmUps; i += 1) await once(url);
  const runs = [];
  for (let i = 0; i < samples; i += 1) runs.push(await once(url));
  const ms = runs.map((run) => run.ms).toSorted((a, b) => a - b);
  const engineMs = runs.map(({ bill }) => bill.engineMs).toSorted((a, b) => a - b);
  const [{ bill, body } = { bill: { rowsRead: 0, engineMs: 0 }, body: "{}" }] = runs;
  const { meta = { total: 0 } } = fromJson<{ meta?: { total: number } }>(body);
  return {
    name,
    total: meta.total,
    rowsRead: bill.rowsRead,
    bytes: new TextEncoder().encode(body).length,
    engineMedianMs: percentile(engineMs, 0.5),
    medianMs: round(percentile(ms, 0.5)),
    p95Ms: round(percentile(ms, 0.95)),
    requestsPerSecond: Math.round(await throughput(url)),
  };
}
