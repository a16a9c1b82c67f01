/**
 * Hangar Bay over a corpus of any size, for `npm run bench`: the app as it is, with the bill of each
 * request in a header, and a route that fills the database.
 */
import { createApp } from "../../src/app.ts";
import { createContainer } from "../../src/container.ts";
import { createDatabase } from "../../src/db/client.ts";
import { createNewEden } from "../esi-stand-in/new-eden/new-eden.ts";
import { shippedUniverse } from "../esi-stand-in/shipped-universe.ts";
import { averagesOf, contractsOf, type CorpusContract, insertCorpus } from "../support/corpus.ts";

/** The corpus never ages. */
const corpusTime = Date.parse("2026-02-01T12:00:00Z");

type Bill = { rowsRead: number; engineMs: number; roundTrips: number };

/** The database, adding what it is asked to a bill. */
function billed(d1: D1Database, bill: Bill): D1Database {
  const add = ({ meta }: D1Result) => {
    bill.rowsRead += meta.rows_read;
    bill.engineMs += meta.timings?.sql_duration_ms ?? meta.duration;
  };
  const connection = (real: Pick<D1Database, "prepare" | "batch">) => ({
    prepare: (sql: string) => real.prepare(sql),
    async batch<Row>(statements: D1PreparedStatement[]) {
      bill.roundTrips += 1;
      const results = await real.batch<Row>(statements);
      for (const result of results) add(result);
      return results;
    },
  });
  return {
    ...connection(d1),
    exec: (sql) => d1.exec(sql),
    dump: () => d1.dump(),
    withSession(constraint) {
      const session = d1.withSession(constraint);
      return { ...connection(session), getBookmark: () => session.getBookmark() };
    },
  };
}

const stepMs = 6 * 3_600_000;

/** A corpus that was synced for as long as it is old, some hours at a time. */
function* seenOverTime(contracts: Iterable<CorpusContract>): Iterable<CorpusContract> {
  for (const contract of contracts) {
    const issuedAt = Date.parse(contract.row.date_issued);
    yield {
      ...contract,
      firstSeenAt: Math.min(issuedAt - (issuedAt % stepMs) + stepMs, corpusTime),
    };
  }
}

async function fill(env: Env, contracts: number, say: (line: string) => Promise<void>) {
  const now = new Date(corpusTime);
  const world = createNewEden({ universe: shippedUniverse(), seed: 1, contracts, now });
  const regionIds = [...world.universe.regions.keys()].filter((id) => id < 12_000_000);
  const db = createDatabase(env.DB);
  let saidAt = 0;
  await insertCorpus(db, {
    universe: world.universe,
    contracts: seenOverTime(contractsOf(world, regionIds, now)),
    regionIds,
    prices: averagesOf(world),
    at: corpusTime,
    onProgress(done) {
      if (done - saidAt < contracts / 100) return;
      saidAt = done;
      void say(String(done));
    },
  });
  await say("done");
}

function filling(env: Env, contracts: number, context: ExecutionContext): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const say = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
  context.waitUntil(
    fill(env, contracts, say)
      .catch((error: unknown) => say(`failed: ${String(error)}`))
      .finally(() => writer.close()),
  );
  return new Response(readable);
}

const app = createApp((bindings) => createContainer(bindings, { now: () => corpusTime }));

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/bench/fill")
      return filling(env, Number(searchParams.get("contracts")), context);
    const bill: Bill = { rowsRead: 0, engineMs: 0, roundTrips: 0 };
    const bindings = { ...env, DB: billed(env.DB, bill) };
    const response = await app.fetch(request, bindings, context);
    const headers = new Headers(response.headers);
    headers.set("x-bench", JSON.stringify(bill));
    return new Response(response.body, { status: response.status, headers });
  },
} satisfies ExportedHandler<Env>;
