import type { ContractDetailRepository, DescribedItem } from "../db/contract-detail-repository.ts";
import { summaryFromRow } from "../db/contract-summary.ts";
import type { EsiLimitRepository } from "../db/esi-limit-repository.ts";
import type { PriceRepository } from "../db/price-repository.ts";
import type { Bid, Bids } from "../domain/bid.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import type { DataVersion } from "../domain/data-version.ts";
import { bidsLimit, type EsiLimit, errorLimit } from "../domain/esi-limit.ts";
import { blueprintCategoryId } from "../domain/item.ts";
import type { Stargates } from "../domain/stargates.ts";
import { Stopped } from "../domain/stopped.ts";
import { type ItemPrice, priceOf } from "../domain/valuation.ts";
import { AppError } from "../errors.ts";
import type { BidsGate } from "../esi/bids-gate.ts";
import type { CreateEsi } from "../esi/create-esi.ts";
import { log } from "../lib/log.ts";
import type { EpochMs } from "../lib/time.ts";

type Deps = {
  details: ContractDetailRepository;
  limits: EsiLimitRepository;
  prices: PriceRepository;
  stargates: Stargates;
  createEsi: CreateEsi;
  bidsGate: BidsGate;
  now: () => EpochMs;
};

export type DetailItem = DescribedItem & {
  isBlueprintOriginal: boolean;
  /** ISK apiece; null before there is a price book. */
  price: ItemPrice | null;
};

export type ContractDetail = ContractSummary & {
  includedItems: DetailItem[];
  requestedItems: DetailItem[];
  /** Highest first; null if this is no auction, or ESI did not tell in time. */
  bids: Bid[] | null;
};

/** How long ESI caches bids, in milliseconds. */
const bidsCachedMs = 300_000;

/** A page does not wait for ESI's health. */
const bidsTimeoutMs = 2_000;
const maxBidPages = 4;

/** ESI's failures are remembered, so that views of a page do not add up to its error limit. */
const refusalMs = 60_000;

/**
 * Readers stop asking in ESI's current error window once this many of its 100 errors are left. The
 * sync goes on until 56 are left. It never waits for readers.
 */
export const readersErrorFloor = 80;

const isOriginal = ({ categoryId, isBlueprintCopy }: DescribedItem): boolean =>
  categoryId === blueprintCategoryId && !isBlueprintCopy;

/** Waits until data for the next request is kept. A failure here must not fail the page. */
async function remembered(keeping: Promise<void>): Promise<void> {
  await keeping.catch((error: unknown) => log("warn", "not-remembered", { error: String(error) }));
}

/** What other isolates and the sync must know of ESI: little, and only when it matters. */
function toBeKept(changes: readonly EsiLimit[], closedUntil: EpochMs | null): EsiLimit[] {
  const errors = changes.find(({ bucket }) => bucket === errorLimit);
  const isLow = errors !== undefined && (errors.remaining ?? Infinity) <= readersErrorFloor;
  const heldUntil = Math.max(closedUntil ?? 0, (isLow && errors.resetAt) || 0);
  return [
    ...changes.filter((limit) => limit.heldUntil !== null || (isLow && limit === errors)),
    ...(heldUntil > 0 ? [{ bucket: bidsLimit, remaining: null, resetAt: null, heldUntil }] : []),
  ];
}

export function createContractDetail({
  details,
  limits,
  prices,
  stargates,
  createEsi,
  bidsGate,
  now,
}: Deps) {
  /** Asks ESI for bids without waiting in line. Undefined if ESI cannot be asked at once. */
  async function askBids(
    contractId: number,
    known: readonly EsiLimit[],
  ): Promise<Bids | undefined> {
    const deadline = now() + bidsTimeoutMs;
    const { governor, esi } = createEsi({ limits: known, maxRequests: maxBidPages, deadline });
    const timeLeftMs = () => Math.max(deadline - now(), 1);
    const answer = await bidsGate
      .ask(
        now,
        () => esi.contractBids(contractId, timeLeftMs),
        ({ kind }) => kind !== "ok",
      )
      .catch((error: unknown) => {
        if (error instanceof Stopped) return undefined;
        throw error;
      });
    const learnt =
      governor.requests > 0 ? toBeKept(governor.changes(), bidsGate.closedUntil(now())) : [];
    if (learnt.length > 0) await remembered(limits.keep(learnt));
    if (!answer) return undefined;
    const bids: Bids =
      answer.kind === "ok"
        ? { bids: answer.body, expiresAt: answer.headers.expiresAt }
        : { bids: null, expiresAt: now() + refusalMs };
    await remembered(details.saveBids(contractId, bids));
    return bids;
  }

  /** Returns ESI's last answer until it expires. ESI must not be asked again before then. */
  async function bidsOf({ contractId, type, status }: ContractSummary) {
    if (type !== "auction" || status !== "outstanding") return undefined;
    const { bids, limits: known } = await details.bids(contractId);
    return bids && bids.expiresAt > now() ? bids : askBids(contractId, known);
  }

  /** Items with their prices, of the book in use. */
  async function priced(items: readonly DescribedItem[], bookMadeAt: EpochMs | null) {
    const typeIds = [...new Set(items.map(({ typeId }) => typeId))];
    const market = bookMadeAt !== null && items.length > 0 ? await prices.of(typeIds) : undefined;
    return items.map((item) => {
      // Null means that the price cannot be read. Nobody knows that there is none.
      const found = market ? market.get(item.typeId) : null;
      return {
        ...item,
        isBlueprintOriginal: isOriginal(item),
        price: found === null ? null : priceOf(item, found),
      };
    });
  }

  /**
   * An answer with bids changes when the bids change. An answer that must ask ESI for bids has no
   * version before that.
   */
  const versionWith = (
    data: DataVersion,
    bookMadeAt: EpochMs | null,
    bidsExpireAt: EpochMs | null,
  ): DataVersion => ({
    version: `${data.version}.${bookMadeAt ?? "none"}.${bidsExpireAt ?? "none"}`,
    // Bids with the same expiry time are no older than that time less ESI's cache time.
    changedAt: Math.max(data.changedAt, bookMadeAt ?? 0, (bidsExpireAt ?? 0) - bidsCachedMs),
  });

  return {
    /** The version that an answer has now; undefined if only the answer tells. */
    async version(contractId: number): Promise<DataVersion | undefined> {
      const brief = await details.brief(contractId, now());
      if (!brief) return undefined;
      const { version, type, bookMadeAt, bidsExpireAt } = brief;
      const hasFreshBids = bidsExpireAt !== null && bidsExpireAt > now();
      if (type === "auction" && !hasFreshBids) return undefined;
      return versionWith(version, bookMadeAt, bidsExpireAt);
    },

    /** @throws {AppError} `contract-not-found` when it was never seen, or is no longer kept. */
    async get(contractId: number): Promise<{ detail: ContractDetail; version: DataVersion }> {
      const stored = await details.byId(contractId, now());
      if (!stored) throw new AppError("contract-not-found", `No contract ${contractId} is known.`);
      const summary = summaryFromRow(stored.row, {
        snapshotAt: stored.snapshotAt,
        now: now(),
        stargates,
        reach: null,
      });
      // Items that wait for an unknown type are stored, but not complete yet.
      const known = summary.itemsStatus === "complete" ? stored.items : [];
      const items = await priced(known, stored.bookMadeAt);
      const bids = await bidsOf(summary);
      return {
        version: versionWith(stored.version, stored.bookMadeAt, bids?.expiresAt ?? null),
        detail: {
          ...summary,
          includedItems: items.filter(({ isIncluded }) => isIncluded),
          requestedItems: items.filter(({ isIncluded }) => !isIncluded),
          bids: bids?.bids ?? null,
        },
      };
    },
  };
}

export type ContractDetailService = ReturnType<typeof createContractDetail>;
