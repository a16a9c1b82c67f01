/** What `npm start` and `npm run dev` show of the sync, and of the requests that come in. */
import { setTimeout as wait } from "node:timers/promises";

import type { DevServer } from "./dev-server.ts";
import { createProgress } from "./terminal.ts";

/** What is read of `GET /v1/status`. */
type Status = {
  contracts: { outstanding: number };
  items: { pending: number };
  regions: { region_id: number; as_of: string | null; last_error: string | null }[];
  last_run: {
    outcome: string;
    started_at: string;
    regions: { accepted: number; failed: number };
    contracts: { listed: number; ended: number };
    items: { complete: number };
    esi_requests: number;
  } | null;
};

const readStatus = (server: DevServer) => server.json<Status>("/v1/status");
const pollMs = 500;

/** @param before - contracts and items that were there at the start. */
function progressOf(
  { contracts, items, regions }: Status,
  before: number,
  seconds: number,
): [string, number] {
  const { outstanding } = contracts;
  const synced = regions.filter(({ as_of }) => as_of !== null).length;
  const complete = Math.max(outstanding - items.pending, 0);
  const rate = seconds < 1 ? "" : `, ${Math.round((outstanding + complete - before) / seconds)}/s`;
  const lists = regions.length === 0 ? "asking ESI" : `${synced} of ${regions.length} regions`;
  const text = `Syncing: ${lists}, ${outstanding} contracts, ${complete} with their items${rate}`;
  const share =
    regions.length === 0 || outstanding === 0
      ? 0
      : (synced / regions.length + complete / outstanding) / 2;
  return [text, share];
}

/** Which regions have no list, and why; by reason, since it is mostly the same for all. */
function failuresOf(regions: Status["regions"]): string {
  const failed = regions.filter(({ last_error }) => last_error !== null);
  const byReason = Map.groupBy(failed, ({ last_error }) => last_error);
  return [...byReason]
    .map(([reason, those]) => {
      const shown = those.slice(0, 5).map(({ region_id }) => region_id);
      const more = those.length > shown.length ? ` and ${those.length - shown.length} more` : "";
      return `ESI returned no list for ${those.length} regions: ${reason} (${shown.join(", ")}${more}).\n`;
    })
    .join("");
}

/** Runs the sync until nothing is due, and shows how far it is. */
export async function firstSync(server: DevServer): Promise<void> {
  const progress = createProgress(process.stderr);
  const startedAt = Date.now();
  const start = await readStatus(server);
  const before = 2 * start.contracts.outstanding - start.items.pending;
  try {
    for (;;) {
      const run = server.tick().then(() => "ended" as const);
      for (;;) {
        progress.report(
          ...progressOf(await readStatus(server), before, (Date.now() - startedAt) / 1000),
        );
        if ((await Promise.race([run, wait(pollMs)])) === "ended") break;
      }
      const { last_run: last } = await readStatus(server);
      if (last?.outcome !== "budget") break;
    }
  } finally {
    progress.end();
  }
  const { contracts, items, regions, last_run: last } = await readStatus(server);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const synced = regions.filter(({ as_of }) => as_of !== null);
  console.log(
    `Synced in ${seconds} s: ${contracts.outstanding} contracts in ${synced.length} of ${regions.length} regions, ${items.pending} still without their items.`,
  );
  console.log(failuresOf(regions));
  if (last && last.outcome !== "done") console.log(`The last run ended with "${last.outcome}".`);
}

/** Fires the cron once, and says what it did if it did anything. */
export async function syncOnce(server: DevServer, say: (line: string) => void): Promise<void> {
  const before = (await readStatus(server)).last_run?.started_at;
  await server.tick();
  const { last_run: last } = await readStatus(server);
  if (!last || last.started_at === before) return;
  const { regions, contracts, items, outcome } = last;
  const failed = regions.failed > 0 ? `, ${regions.failed} failed` : "";
  say(
    `${last.started_at.slice(11, 19)} sync ${outcome}: ${regions.accepted} new lists${failed}, ${contracts.listed} contracts new, ${contracts.ended} ended, ${items.complete} with items (${last.esi_requests} requests)`,
  );
}

type List = { data: { contract_id: number }[] };

/** Addresses that work now. */
export async function whatToTry(server: DevServer): Promise<string> {
  const { data } = await server.json<List>("/v1/contracts?limit=1&ship=true&sort=price");
  const examples = [
    "/v1/contracts?region_id=10000002&ship=true&sort=price",
    "/v1/contracts?q=rifter",
    "/v1/contracts?ship=true&fully_priced=true&max_price_to_value=0.9&sort=price_to_value",
    "/v1/contracts?type=courier&sort=-reward_per_jump&without_flag=collateral_over_value",
    "/v1/contracts?flag=title_names_other_item",
    "/v1/hulls?sort=-listed",
    ...data.map(({ contract_id }) => `/v1/contracts/${contract_id}`),
    "/v1/status",
  ];
  return [
    "",
    `Hangar Bay runs at ${server.origin} and syncs once a minute. Documentation: ${server.origin}/docs`,
    "",
    ...examples.map((path) => `  curl '${server.origin}${path}'`),
    "",
    "Press Ctrl-C to stop. The next start continues from the same state.",
    "",
  ].join("\n");
}

type LogLine = { event?: string; method?: string; path?: string; status?: number };

const hiddenEvents = new Set(["job-finished", "type-learnt"]);
const ownPaths = new Set(["/v1/status", "/healthz"]);

function readLogLine(line: string): LogLine | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by src/lib/log.ts
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}

/** A short form of a line of the Worker's log; undefined if the line adds nothing to what is shown already. */
export function describeLogLine(line: string): string | undefined {
  if (!line.startsWith("{")) return /warn|error/i.test(line) ? line : undefined;
  const entry = readLogLine(line);
  if (!entry) return line;
  if (entry.event === "request") {
    const { method = "", path = "", status = 0 } = entry;
    return ownPaths.has(path) ? undefined : `${method} ${path} ${status}`;
  }
  return hiddenEvents.has(entry.event ?? "") ? undefined : line;
}
