/** The three routes of public contracts. */
import {
  type Answer,
  failure,
  ok,
  pageBeyondTheLast,
  pageCount,
  pageOf,
  paged,
} from "./answers.ts";
import { type Call, paramOf } from "./call.ts";
import type { Effect } from "./effects.ts";
import type { Generation } from "./generations.ts";
import type { Server } from "./server.ts";
import { type WorldContract, endOf, rowAt } from "./world.ts";

/** The list's ids as they were at its generation, whatever has happened to the world since. */
function idsOf(server: Server, regionId: number, { generatedAt }: Generation): readonly number[] {
  const kept = server.lists.get(regionId);
  if (kept?.generatedAt === generatedAt) return kept.ids;

  const ids = server.world.outstandingAt(regionId, new Date(generatedAt));
  server.lists.set(regionId, { generatedAt, ids });
  return ids;
}

/** `GET /contracts/public/{region_id}`: ascending ids, so that new contracts land on the last page. */
export function listContracts(call: Call, server: Server, effects: readonly Effect[]): Answer {
  const regionId = paramOf(call, "region_id");
  if (!server.world.universe.regions.has(regionId)) return failure(404, "Region not found");

  const now = call.at.getTime();
  const generation = server.generations.ofList(regionId, now, server.cacheSeconds.lists);
  let ids = idsOf(server, regionId, generation);
  for (const effect of effects) ids = effect.list?.(ids, call) ?? ids;

  const pages = pageCount(ids.length);
  if (call.page > pages) return pageBeyondTheLast;
  const madeAt = new Date(generation.generatedAt);
  const rows = pageOf(ids, call.page).flatMap((id) => {
    const contract = server.world.contract(id);
    return contract === undefined ? [] : [rowAt(contract, madeAt)];
  });
  return ok(rows, generation, pages);
}

type Part = { call: Call; server: Server; cacheSeconds: number };

/** What belongs to a contract: 404 before it exists, 204 once it has ended. */
function ofContract(
  { call, server, cacheSeconds }: Part,
  rowsOf: (contract: WorldContract, madeAt: Date) => readonly unknown[],
): Answer {
  const contractId = paramOf(call, "contract_id");
  const contract = server.world.contract(contractId);
  const now = call.at.getTime();
  if (contract === undefined || now < contract.listedFrom.getTime())
    return failure(404, "Contract not found!");

  const key = `${call.route} ${contractId}`;
  const generation = server.generations.ofContract(key, now, cacheSeconds);
  // Made within the second in which the contract appeared, it would be older than the contract.
  const madeAt = new Date(Math.max(generation.generatedAt, contract.listedFrom.getTime()));
  if (madeAt.getTime() >= endOf(contract)) return { status: 204, cached: generation };
  return paged(rowsOf(contract, madeAt), call.page, generation);
}

export function listItems(call: Call, server: Server): Answer {
  const part = { call, server, cacheSeconds: server.cacheSeconds.items };
  return ofContract(part, (contract) => contract.items());
}

export function listBids(call: Call, server: Server): Answer {
  const part = { call, server, cacheSeconds: server.cacheSeconds.bids };
  return ofContract(part, (contract, madeAt) => contract.bidsAt(madeAt));
}
