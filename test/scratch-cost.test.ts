import { env } from "cloudflare:workers";
import { it } from "vitest";
import { createDatabase } from "../src/db/client.ts";
import { createApp } from "../src/app.ts";
import { createNewEden } from "./esi/new-eden/new-eden.ts";
import { shippedUniverse } from "./esi/shipped-universe.ts";
import { contractsOf, insertCorpus } from "./support/corpus.ts";
import { loadTestUniverse } from "./support/universe.ts";
import { createClock, createHarness } from "./support/harness.ts";
import { createWorld } from "./esi/hand-made.ts";

const N = 100_000;
it("cost", async () => {
  const clock = createClock();
  let t = Date.now();
  const world = createNewEden({ universe: shippedUniverse(), seed: 1, contracts: N, now: clock.date() });
  await loadTestUniverse(world.universe);
  console.log("universe", Date.now() - t); t = Date.now();
  const regionIds = [...world.universe.regions.keys()].filter((id) => id < 12_000_000);
  const db = createDatabase(env.DB);
  await insertCorpus(db, { universe: world.universe, contracts: contractsOf(world, regionIds, clock.date()), regionIds, at: clock.now() });
  console.log("corpus", Date.now() - t, JSON.stringify(db.costs));
  const log: string[] = [];
  const DB = new Proxy(env.DB, { get(target, key) {
    if (key === "withSession") return () => DB;
    if (key === "batch") return async (s: D1PreparedStatement[]) => { const r = await target.batch(s); log.push(r.map((x) => `${x.meta.rows_read}r/${x.meta.timings?.sql_duration_ms ?? x.meta.duration}ms`).join(" ")); return r; };
    const v = Reflect.get(target, key); return typeof v === "function" ? v.bind(target) : v; } }) as D1Database;
  const h = createHarness({ world: createWorld({ at: clock.date() }), clock });
  const e = { ...h.env, DB };
  const { createContainer } = await import("../src/container.ts");
  const app = createApp(() => createContainer(e, { now: clock.now }));
  const stats: [string, string][] = [];
  for (const q of ["TAX/v1/categories","TAX/v1/groups?category_id=6","TAX/v1/groups","TAX/v1/types?q=rif","TAX/v1/types?q=ra&limit=20","TAX/v1/types?q=skin&limit=20","TAX/v1/types?q=blueprint&limit=20","TAX/v1/types","TAX/v1/systems?q=jit","TAX/v1/systems/30000142","TAX/v1/regions","TAX/v1/status","type_id=1&max_price=5","blueprint=copy&min_me=10&max_price=0&security=wormhole&q=rifter", "", "type=courier", "type=auction&sort=price", "type=item_exchange&sort=date_expired", "region_id=10000002", "region_id=10000030&sort=-price","sort=price", "sort=-price", "ship=true", "ship=true&sort=price", "region_id=10000002&ship=true&sort=price", "ship=false",
    "type_id=587", "group_id=25", "system_id=30000142", "system_id=30002187&ship=true", "location_id=60008494", "q=rifter", "q=blueprint", "q=skin", "category_id=6", "category_id=9", "blueprint=copy", "blueprint=copy&min_me=10&min_runs=10&max_price=50000000&security=highsec&sort=label", "security=lowsec", "max_price=1000000", "sort=label", "sort=-reward", "type_id=587&blueprint=copy", "group_id=105&blueprint=copy&min_me=5", "first_seen_after=2026-03-01T13:00:00Z&sort=first_seen_at", "issuer_id=1", "status=gone", "status=gone,outstanding&q=rifter", "single_item=true&wants_items=false&sort=price", "contract_id=230000001","type=courier&sort=-reward","type=courier&sort=-collateral&region_id=10000002","security=highsec&ship=true&sort=price","system_id=30002187&max_price=5000000", "system_id=30002187", "system_id=30003504", "type_id=99999999", "region_id=10000002,10000043&sort=price","group_id=105&type_id=691", "min_runs=10", "max_me=5&q=rifter"]) {
    log.length = 0; const t0 = performance.now();
    const r = await app.request(q.startsWith("TAX") ? q.slice(3) : `/v1/contracts?${q}`, {}, e);
    const b = await r.json() as { meta?: { total: number }; data?: unknown[] };
    const first = [...log];
    log.length = 0; await app.request(q.startsWith("TAX") ? q.slice(3) : `/v1/contracts?${q}`, {}, e);
    stats.push([q, `${r.status} total=${b.meta?.total} n=${b.data?.length} | ${first.join(" || ")} | 2nd ${log.join("||")}`]);
  }
  console.log(stats.map(([q, s]) => `${q.padEnd(80)} ${s}`).join("\n"));
  const size = await env.DB.prepare("select 1").all(); console.log(JSON.stringify(size.meta.size_after));
}, 200_000);
