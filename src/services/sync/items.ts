import type {
  ContractDue,
  ContractItems,
  ContractOffer,
  ContractRepository,
  Refusal,
} from "../../db/contract-repository.ts";
import type { RegionRepository } from "../../db/region-repository.ts";
import type { ContractItem, ItemType } from "../../domain/item.ts";
import { offerOf } from "../../domain/offer.ts";
import { count, type Countable } from "../../domain/region-counts.ts";
import type { EsiAnswer } from "../../esi/client.ts";
import { maxConnections } from "../../esi/governor.ts";
import { log } from "../../lib/log.ts";
import { type EpochMs, type EpochSeconds, toSeconds } from "../../lib/time.ts";
import type { SyncRun } from "./run.ts";
import type { TypeResolver } from "./type-resolver.ts";

type Deps = {
  contracts: ContractRepository;
  regions: RegionRepository;
  resolveTypes: TypeResolver;
};

type Fetched = { due: ContractDue; answer: EsiAnswer<ContractItem[]> };

/** What ESI's answers come to. */
type Outcome = {
  complete: (ContractItems & ContractOffer & { due: ContractDue })[];
  later: (Refusal & { due: ContractDue })[];
};

/** Contracts fetched before they are stored: what a run that is killed has to fetch again. */
const contractsPerChunk = 100;

/** How many queries one chunk takes. */
const queriesPerChunk = 20;

/** So many times ESI may refuse before the items count as unavailable; they are asked for still. */
const refusalsUntilUnavailable = 3;

const minuteSeconds = 60;

/** 403 and 404 cost errors, of which ESI grants few: they are asked for again least often. */
const costlyRefusals = new Set(["status-403", "status-404", "status-400", "status-401"]);

function retryAt(
  answer: Exclude<EsiAnswer<unknown>, { kind: "ok" }>,
  attempts: number,
  now: EpochMs,
): EpochSeconds {
  const isRefused = answer.kind === "refused";
  const isCostly = isRefused && costlyRefusals.has(answer.reason);
  const firstMinutes = isCostly ? 30 : isRefused || answer.kind === "malformed" ? 5 : 1;
  const minutes = Math.min(firstMinutes * 2 ** (attempts - 1), firstMinutes * 64);
  return toSeconds(now) + minutes * minuteSeconds;
}

const countable = (due: ContractDue): Countable => ({
  type: due.type,
  isShip: due.isShip,
  isSystemKnown: due.isSystemKnown,
  isPending: due.itemsStatus === "pending",
});

/** Step 3 of the sync: the items of contracts, each fetched once and for ever. */
export function createItemSync({ contracts, regions, resolveTypes }: Deps) {
  function refusalOf({ due, answer }: Fetched, now: EpochMs): Refusal & { due: ContractDue } {
    const attempts = due.attempts + 1;
    const isRefused = answer.kind === "refused" && attempts >= refusalsUntilUnavailable;
    const dueAt =
      answer.kind === "ok" ? toSeconds(now) + 10 * minuteSeconds : retryAt(answer, attempts, now);
    const itemsStatus = isRefused ? "unavailable" : due.itemsStatus;
    return { due, contractId: due.contractId, attempts, dueAt, itemsStatus };
  }

  /** An item list is complete once every type in it is known; until then it is asked for later. */
  function outcomeOf(
    fetched: readonly Fetched[],
    types: ReadonlyMap<number, ItemType>,
    now: EpochMs,
  ): Outcome {
    const outcome: Outcome = { complete: [], later: [] };
    for (const { due, answer } of fetched) {
      if (answer.kind === "ok" && answer.body.every(({ typeId }) => types.has(typeId))) {
        const offer = offerOf(answer.body, (typeId) => types.get(typeId));
        outcome.complete.push({ due, contractId: due.contractId, items: answer.body, offer });
      } else {
        outcome.later.push(refusalOf({ due, answer }, now));
      }
    }
    return outcome;
  }

  async function newCounts({ complete, later }: Outcome) {
    const dues = [...complete, ...later].map(({ due }) => due);
    const states = await regions.byIds([...new Set(dues.map(({ regionId }) => regionId))]);
    const countsOf = new Map(states.map(({ regionId, counts }) => [regionId, counts]));
    const recount = (due: ContractDue, after: Partial<Countable>) => {
      const counts = countsOf.get(due.regionId);
      if (!counts) return;
      count(counts, countable(due), -1);
      count(counts, { ...countable(due), ...after }, 1);
    };
    for (const { due, offer } of complete) recount(due, { isShip: offer.isShip, isPending: false });
    for (const { due, itemsStatus } of later)
      recount(due, { isPending: itemsStatus === "pending" });
    return countsOf;
  }

  async function store(run: SyncRun, fetched: readonly Fetched[]): Promise<void> {
    const typeIds = fetched.flatMap(({ answer }) =>
      answer.kind === "ok" ? answer.body.map(({ typeId }) => typeId) : [],
    );
    const types = await resolveTypes(run, [...new Set(typeIds)]);
    const outcome = outcomeOf(fetched, types, run.now());
    const { complete, later } = outcome;
    const counts = await newCounts(outcome);
    await run.commitChange(counts.keys(), (at) => [
      ...(complete.length > 0
        ? [...contracts.storeItems(complete), ...contracts.storeOffers(complete)]
        : []),
      ...(later.length > 0 ? [contracts.refuseItems(later.map(withoutDue))] : []),
      regions.changed(counts, at),
    ]);
    reportOf(run, fetched, outcome);
  }

  /** Fetches what is queued, the newest contracts first, until nothing is due. */
  return async function syncItems(run: SyncRun): Promise<void> {
    for (;;) {
      run.goOn(queriesPerChunk);
      const due = await contracts.dueForItems(toSeconds(run.now()), contractsPerChunk);
      if (due.length === 0) return;
      const fetched = await run.attemptEach(due, maxConnections, async (contract) => ({
        due: contract,
        answer: await run.esi.contractItems(contract.contractId),
      }));
      if (fetched.length > 0) await store(run, fetched);
    }
  };
}

export type ItemSync = ReturnType<typeof createItemSync>;

const withoutDue = ({ contractId, attempts, dueAt, itemsStatus }: Refusal): Refusal => ({
  contractId,
  attempts,
  dueAt,
  itemsStatus,
});

function reportOf(
  { report }: SyncRun,
  fetched: readonly Fetched[],
  { complete, later }: Outcome,
): void {
  const refused = fetched.filter(({ answer }) => answer.kind === "refused").length;
  report.items.complete += complete.length;
  report.items.rows += complete.reduce((sum, { items }) => sum + items.length, 0);
  report.items.refused += refused;
  report.items.failed += later.length - refused;
  for (const { due, answer } of fetched) {
    if (answer.kind === "malformed") {
      log("warn", "items-malformed", { contractId: due.contractId, reason: answer.reason });
    }
  }
}
