import type { ContractRepository } from "../../../db/contracts/contract-repository.ts";
import type { ContractDue, ContractItems, Refusal } from "../../../db/contracts/items.ts";
import type { ContractOffer } from "../../../db/contracts/offers.ts";
import type { RegionRepository } from "../../../db/region-repository.ts";
import { backoff } from "../../../domain/backoff.ts";
import type { ContractItem, ItemType } from "../../../domain/item.ts";
import { offerOf } from "../../../domain/offer.ts";
import { count, countableOf, type Countable } from "../../../domain/region-counts.ts";
import type { EsiAnswer } from "../../../esi/client.ts";
import { maxConnections } from "../../../esi/governor.ts";
import { log } from "../../../lib/log.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../../lib/time.ts";
import type { ItemFlagging } from "../contracts/item-flagging.ts";
import type { TypeResolver } from "../contracts/type-resolver.ts";
import type { ContractValuation } from "../contracts/valuation.ts";
import type { SyncRun } from "../run.ts";

type Deps = {
  contracts: ContractRepository;
  regions: RegionRepository;
  resolveTypes: TypeResolver;
  valueContracts: ContractValuation;
  flagItems: ItemFlagging;
};

type Failure = Exclude<EsiAnswer<unknown>, { kind: "ok" }>;
type Fetched = { due: ContractDue } & ({ items: ContractItem[] } | { failure: Failure });
type Complete = ContractItems & ContractOffer & { due: ContractDue };
type Later = Refusal & { due: ContractDue };

/** What ESI's answers come to. */
type Outcome = {
  complete: Complete[];
  /** Items with at least one unknown type. */
  waiting: (ContractItems & Later)[];
  failed: (Later & { failure: Failure })[];
};

/** Contracts fetched before they are stored: what a run that is killed has to fetch again. */
const contractsPerChunk = 100;

/** How many queries one chunk takes. */
const queriesPerChunk = 20;

/**
 * Items that ESI refuses for a listed contract are unavailable at once. Items that fail for another
 * reason are unavailable after this many attempts. Both are asked for again for as long as the
 * contract is listed.
 */
const failuresUntilUnavailable = 3;

const minuteSeconds = 60;

/** Minutes to wait for types. A type that ESI did not describe may come with its next release. */
const minutesForTypes = 10;

/** A 403 or 404 counts against ESI's error limit, so these are retried least often. */
const costlyRefusals = new Set(["status-403", "status-404", "status-400", "status-401"]);

function minutesUntilRetry(failure: Failure): number {
  if (failure.kind === "malformed") return 5;
  if (failure.kind !== "refused") return 1;
  return costlyRefusals.has(failure.reason) ? 30 : 5;
}

function retryAt(firstMinutes: number, attempts: number, now: EpochMs): EpochSeconds {
  const minutes = backoff(firstMinutes, 64 * firstMinutes, attempts - 1);
  return toSeconds(now) + minutes * minuteSeconds;
}

/** Step 3 of the sync: the items of contracts, each fetched once and for ever. */
export function createItemSync({
  contracts,
  regions,
  resolveTypes,
  valueContracts,
  flagItems,
}: Deps) {
  function later(due: ContractDue, firstMinutes: number, now: EpochMs): Later {
    const attempts = due.attempts + 1;
    const dueAt = retryAt(firstMinutes, attempts, now);
    return { due, contractId: due.contractId, attempts, dueAt, itemsStatus: due.itemsStatus };
  }

  function afterFailure(due: ContractDue, failure: Failure, now: EpochMs): Later {
    const postponed = later(due, minutesUntilRetry(failure), now);
    const isUnavailable =
      failure.kind === "refused" || postponed.attempts >= failuresUntilUnavailable;
    return isUnavailable ? { ...postponed, itemsStatus: "unavailable" } : postponed;
  }

  function outcomeOf(
    fetched: readonly Fetched[],
    types: ReadonlyMap<number, ItemType>,
    now: EpochMs,
  ): Outcome {
    const outcome: Outcome = { complete: [], waiting: [], failed: [] };
    for (const result of fetched) {
      const { due } = result;
      if ("failure" in result) {
        const { failure } = result;
        outcome.failed.push({ ...afterFailure(due, failure, now), failure });
        continue;
      }
      const { items } = result;
      // Complete is what has every type known; until then the items wait, stored but not shown.
      if (items.every(({ typeId }) => types.has(typeId))) {
        const offer = offerOf(items, (typeId) => types.get(typeId));
        outcome.complete.push({ due, contractId: due.contractId, items, offer });
      } else {
        outcome.waiting.push({ ...later(due, minutesForTypes, now), items });
      }
    }
    return outcome;
  }

  async function newCounts({ complete, waiting, failed }: Outcome) {
    const postponed = [...waiting, ...failed];
    const dues = [...complete, ...postponed].map(({ due }) => due);
    const states = await regions.byIds([...new Set(dues.map(({ regionId }) => regionId))]);
    const countsOf = new Map(states.map(({ regionId, counts }) => [regionId, counts]));
    const recount = (due: ContractDue, after: Partial<Countable>) => {
      const counts = countsOf.get(due.regionId);
      if (!counts) return;
      count(counts, countableOf(due), -1);
      count(counts, { ...countableOf(due), ...after }, 1);
    };
    for (const { due, offer } of complete) recount(due, { isShip: offer.isShip, isPending: false });
    for (const { due, itemsStatus } of postponed)
      recount(due, { isPending: itemsStatus === "pending" });
    return countsOf;
  }

  async function store(run: SyncRun, fetched: readonly Fetched[]): Promise<void> {
    const typeIds = fetched.flatMap((result) =>
      "items" in result ? result.items.map(({ typeId }) => typeId) : [],
    );
    const types = await resolveTypes(run, [...new Set(typeIds)]);
    const outcome = outcomeOf(fetched, types, run.now());
    const { waiting, failed } = outcome;
    const titled = outcome.complete.map((each) => ({ ...each, title: each.due.title }));
    const flagged = await flagItems(titled, (typeId) => types.get(typeId));
    const complete = (await valueContracts(flagged)) ?? flagged;
    const postponed = [...waiting, ...failed].map(refusalOf);
    const counts = await newCounts(outcome);
    await run.commitChange(counts.keys(), (at) => [
      ...contracts.storeItems([...complete, ...waiting]),
      ...(complete.length > 0 ? contracts.storeOffers(complete) : []),
      ...(postponed.length > 0 ? [contracts.refuseItems(postponed)] : []),
      regions.changed(counts, at),
    ]);
    reportOf(run, outcome);
  }

  /** Items are fetched from ESI once. Items that wait for their types are already stored. */
  async function fetchChunk(run: SyncRun, due: readonly ContractDue[]): Promise<Fetched[]> {
    const again = due.filter(({ attempts }) => attempts > 0).map(({ contractId }) => contractId);
    const stored = again.length > 0 ? await contracts.itemsOf(again) : new Map<number, never>();
    return run.attemptEach(due, maxConnections, async (contract) => {
      const items = stored.get(contract.contractId);
      if (items) return { due: contract, items };
      const answer = await run.esi.contractItems(contract.contractId);
      if (answer.kind !== "ok") return { due: contract, failure: answer };
      run.report.oddFields += answer.oddFields;
      return { due: contract, items: answer.body };
    });
  }

  /** Fetches what is queued, the newest contracts first, until nothing is due. */
  return async function syncItems(run: SyncRun): Promise<void> {
    for (;;) {
      run.requireQueries(queriesPerChunk);
      const due = await contracts.dueForItems(toSeconds(run.now()), contractsPerChunk);
      if (due.length === 0) return;
      const fetched = await fetchChunk(run, due);
      if (fetched.length > 0) await store(run, fetched);
    }
  };
}

export type ItemSync = ReturnType<typeof createItemSync>;

const refusalOf = ({ contractId, attempts, dueAt, itemsStatus }: Refusal): Refusal => ({
  contractId,
  attempts,
  dueAt,
  itemsStatus,
});

function reportOf({ report }: SyncRun, { complete, waiting, failed }: Outcome): void {
  const refused = failed.filter(({ failure }) => failure.kind === "refused").length;
  report.items.complete += complete.length;
  report.items.rows += complete.reduce((sum, { items }) => sum + items.length, 0);
  report.items.refused += refused;
  report.items.failed += waiting.length + failed.length - refused;
  for (const { contractId, failure } of failed) {
    if (failure.kind === "malformed") {
      log("warn", "items-malformed", { contractId, reason: failure.reason });
    }
  }
}
