import type { Config } from "../../../config.ts";
import type { PriceRepository, PriceState } from "../../../db/price-repository.ts";
import type { Due } from "../../../db/sync-repository.ts";
import { backoff } from "../../../domain/backoff.ts";
import { createOrderReach } from "../../../domain/order-reach.ts";
import { priceBookOf, priceRegionId } from "../../../domain/price-book.ts";
import type { Stargates } from "../../../domain/stargates.ts";
import type { EsiAnswer, OrderPage } from "../../../esi/client.ts";
import { maxConnections } from "../../../esi/governor.ts";
import { log } from "../../../lib/log.ts";
import type { EpochMs } from "../../../lib/time.ts";
import type { SyncRun } from "../run.ts";

type Deps = { config: Config; prices: PriceRepository; stargates: Stargates };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Pages of orders that are fetched before they are stored. A killed run has to fetch this many
 * again.
 */
const pagesPerChunk = 20;
/**
 * Pages of the book that one run fetches. A page is a quarter of a megabyte of JSON, and CPU time
 * is limited.
 */
const pagesPerRun = 160;
/** A chunk, and the end of the book after it. */
const queriesPerStep = 14;

/** Orders change all the time. A book that takes longer than this mixes too many moments, and is started again. */
const maxAgeMs = 45 * minuteMs;

/** ESI refreshes orders every five minutes. An earlier request would get the same answer again. */
const firstRetryMs = 5 * minuteMs;

const retryAt = (now: EpochMs, failures: number): EpochMs =>
  now + backoff(firstRetryMs, 6 * hourMs, failures);

/**
 * The price book: ESI's averages, and the orders of The Forge page by page. It may take several
 * runs. The book is stored whole or not at all.
 */
export function createPriceSync({ config, prices, stargates }: Deps) {
  const tradesAtJita = createOrderReach(stargates);

  async function begin(run: SyncRun, { failures }: PriceState): Promise<boolean> {
    const answer = await run.attempt(() => run.esi.averagePrices());
    if (!answer) return false;
    if (answer.kind === "ok") {
      await run.commit(prices.begin(answer.body, run.now()));
      return true;
    }
    await run.commit(prices.abandon(retryAt(run.now(), failures)));
    return false;
  }

  /** Among hundreds of pages, one fails now and then. That page is requested once more. */
  async function pageOf(run: SyncRun, page: number): Promise<EsiAnswer<OrderPage>> {
    const answer = await run.esi.orderPage(priceRegionId, page);
    return answer.kind === "transient" ? run.esi.orderPage(priceRegionId, page) : answer;
  }

  /** Whether ESI has fewer pages than when it was last asked: then all are read. */
  async function isBeyondTheLast(run: SyncRun, page: number): Promise<boolean> {
    const first = await run.attempt(() => pageOf(run, 1));
    return first?.kind === "ok" && first.body.pages < page;
  }

  /** @returns the next page; null after the last one, undefined if the run got no further. */
  async function addChunk(run: SyncRun, fromPage: number): Promise<number | null | undefined> {
    const numbers = Array.from({ length: pagesPerChunk }, (_, index) => fromPage + index);
    // The first page says how many there are; of the rest, only those are asked for.
    const first = await run.attempt(() => pageOf(run, fromPage));
    if (first?.kind === "refused" && fromPage > 1 && (await isBeyondTheLast(run, fromPage)))
      return null;
    if (first?.kind !== "ok") return undefined;
    const { pages } = first.body;
    const rest = numbers.slice(1).filter((page) => page <= pages);
    const answers = await run.attemptEach(rest, maxConnections, (page) => pageOf(run, page));
    const bodies: OrderPage[] = answers.flatMap((answer) =>
      answer.kind === "ok" ? [answer.body] : [],
    );
    if (bodies.length < rest.length) return undefined;
    const orders = [first.body, ...bodies].flatMap((page) => page.orders.filter(tradesAtJita));
    const next = fromPage + pagesPerChunk;
    await run.commit(prices.addOrders(fromPage, orders, next));
    return next > Math.max(pages, ...bodies.map((body) => body.pages)) ? null : next;
  }

  async function finish(run: SyncRun, { failures }: PriceState): Promise<void> {
    const gathered = await prices.gathered();
    if (!gathered) return run.commit(prices.abandon(retryAt(run.now(), failures)));
    const { averages, orders } = gathered;
    const book = priceBookOf(orders, averages);
    const dueAt = run.now() + config.pricesEveryHours * hourMs;
    // Answers that show prices apiece change with the book, before any contract is valued by it.
    await run.commitChange([], (at) => prices.replace(book, at, dueAt));
    log("info", "prices-renewed", {
      types: book.prices.size,
      orders: orders.length,
      outliers: book.outliers,
    });
  }

  return async function syncPrices(run: SyncRun, due: Due): Promise<void> {
    if (!due.prices || config.pricesEveryHours === 0) return;
    run.requireQueries(queriesPerStep);
    const state = await prices.state();
    // Another run may have made the book since this one looked at what is due.
    if (state.dueAt > run.now()) return;
    const isTooOld = state.underway && run.now() - state.underway.begunAt > maxAgeMs;
    if (isTooOld) {
      await run.commit(prices.abandon(retryAt(run.now(), state.failures)));
      return;
    }
    if (!state.underway && !(await begin(run, state))) return run.throwIfStopped();
    let page = state.underway?.nextPage ?? 1;
    const end = page + pagesPerRun;
    while (page < end) {
      run.requireQueries(queriesPerStep);
      const next = await addChunk(run, page);
      if (next === undefined) {
        run.throwIfStopped();
        return run.commit([prices.postpone(retryAt(run.now(), state.failures))]);
      }
      if (next === null) return finish(run, state);
      page = next;
    }
  };
}

export type PriceSync = ReturnType<typeof createPriceSync>;
