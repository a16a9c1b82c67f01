import pMap from "p-map";

import type { ListedContract } from "../domain/contract.ts";
import type { AuctionDates, Snapshot } from "../domain/snapshot.ts";
import type { EpochSeconds } from "../lib/time.ts";
import { parseContractRow } from "./contract-row.ts";
import { maxConnections } from "./governor.ts";
import { auctionDatesSchema } from "./schema.ts";
import type { EsiAnswer, EsiHeaders } from "./transport.ts";

/** ESI's largest list has 34 pages. A higher count than this is invalid. */
const maxPages = 1_000;

/** Whether the value of `X-Pages` is a valid number of pages. */
export const isPageCount = (pages: number): boolean =>
  Number.isInteger(pages) && pages >= 0 && pages <= maxPages;

/**
 * How many times a walk starts again after the list changed, and how many times a failed page is
 * requested.
 */
const maxWalks = 3;
const maxPageAttempts = 3;

export type ListWalk =
  /** ESI's list has not changed since our snapshot. */
  | { kind: "unchanged"; headers: EsiHeaders }
  | ({ kind: "snapshot"; snapshot: Snapshot<ListedContract>; headers: EsiHeaders } & Oddities)
  | { kind: "failed"; reason: string };

/** The number of invalid rows, and the number of invalid fields in valid rows. */
type Oddities = { oddRows: number; oddFields: number };

export type PageRequest = (
  page: number,
  ifModifiedSince: EpochSeconds | null,
) => Promise<EsiAnswer<unknown[]>>;

/** The list changed during the walk. */
const torn = "torn";

type Page = { rows: unknown[]; headers: EsiHeaders; lastModified: EpochSeconds };

/** Why this walk gives no snapshot. */
class WalkFailed extends Error {
  override readonly name = "WalkFailed";
}

/**
 * Walks a region's list. Only a complete and consistent walk gives a snapshot. Every page must be
 * present, all pages must have the same `Last-Modified` and number of pages, and no page may be
 * empty unless it is the only one.
 *
 * Page 1 is asked by time whether the list changed. Its ETag says nothing about the last page,
 * where new contracts appear.
 *
 * @param loadKnown contracts that are stored already. Their rows are not read. Not called if the
 *   list is unchanged.
 * @param since the time of the snapshot we have.
 * @throws {Stopped} when ESI must not be asked now.
 */
export async function walkList(
  request: PageRequest,
  loadKnown: () => Promise<ReadonlySet<number>>,
  since: EpochSeconds | null,
): Promise<ListWalk> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await walkOnce(request, loadKnown, since);
    } catch (error) {
      if (!(error instanceof WalkFailed)) throw error;
      const reason = error.message;
      if (reason !== torn || attempt === maxWalks) return { kind: "failed", reason };
    }
  }
}

async function walkOnce(
  request: PageRequest,
  loadKnown: () => Promise<ReadonlySet<number>>,
  since: EpochSeconds | null,
): Promise<ListWalk> {
  const first = await firstPage(request, since);
  if ("kind" in first) return first;

  const { lastModified, headers } = first;
  const list = createList(await loadKnown());
  list.take(first.rows);
  const pages = Array.from({ length: pageCount(first) - 1 }, (_, index) => index + 2);
  await pMap(
    pages,
    async (page) => {
      const next = pageOf(await requestPage(request, page, null));
      const isSameList = next.lastModified === lastModified && next.headers.pages === headers.pages;
      if (!isSameList) throw new WalkFailed(torn);
      if (next.rows.length === 0) throw new WalkFailed("empty-page");
      list.take(next.rows);
    },
    { concurrency: maxConnections },
  );
  return { kind: "snapshot", headers, ...list.read(lastModified) };
}

async function firstPage(
  request: PageRequest,
  since: EpochSeconds | null,
): Promise<Page | Extract<ListWalk, { kind: "unchanged" }>> {
  let answer = await requestPage(request, 1, since);
  if (answer.kind === "not-modified") {
    if (since !== null && answer.headers.lastModified === since)
      return { kind: "unchanged", headers: answer.headers };
    // A 304 is useless if it does not say which list it refers to.
    answer = await requestPage(request, 1, null);
  }
  const page = pageOf(answer);
  const isNew = since === null || page.lastModified > since;
  return isNew ? page : { kind: "unchanged", headers: page.headers };
}

async function requestPage(
  request: PageRequest,
  page: number,
  since: EpochSeconds | null,
): Promise<EsiAnswer<unknown[]>> {
  let answer = await request(page, since);
  for (let attempt = 1; attempt < maxPageAttempts; attempt += 1) {
    if (answer.kind !== "transient" && answer.kind !== "malformed") return answer;
    answer = await request(page, since);
  }
  return answer;
}

function pageOf(answer: EsiAnswer<unknown[]>): Page {
  if (answer.kind === "not-modified") throw new WalkFailed("not-modified-unasked");
  if (answer.kind !== "ok") throw new WalkFailed(answer.reason);
  const { body: rows, headers } = answer;
  if (headers.lastModified === null) throw new WalkFailed("no-last-modified");
  return { rows, headers, lastModified: headers.lastModified };
}

function pageCount({ rows, headers: { pages } }: Page): number {
  if (!isPageCount(pages)) throw new WalkFailed("bad-x-pages");
  if (rows.length === 0 && pages > 1) throw new WalkFailed("empty-page");
  return Math.max(pages, 1);
}

function readableId(row: unknown): number | null {
  const id =
    typeof row === "object" && row !== null && "contract_id" in row ? row.contract_id : null;
  return Number.isSafeInteger(id) && Number(id) > 0 ? Number(id) : null;
}

/** Collects rows page by page. For known contracts, it keeps only the parts that may have moved. */
function createList(known: ReadonlySet<number>) {
  const ids = new Set<number>();
  const unknown: ListedContract[] = [];
  const auctions = new Map<number, AuctionDates>();
  let doubtfulRows = 0;
  let oddRows = 0;
  let oddFields = 0;

  function takeKnown(id: number, row: unknown): void {
    const isAuction =
      typeof row === "object" && row !== null && "type" in row && row.type === "auction";
    const dates = isAuction ? auctionDatesSchema.safeParse(row) : null;
    if (dates?.success) {
      auctions.set(id, {
        dateIssued: dates.data.date_issued,
        dateExpired: dates.data.date_expired,
      });
    }
  }

  function takeUnknown(row: unknown): void {
    const contract = parseContractRow(row, (fields) => {
      oddFields += fields;
    });
    if (contract) unknown.push(contract);
    else oddRows += 1;
  }

  return {
    take(rows: readonly unknown[]): void {
      for (const row of rows) {
        const id = readableId(row);
        if (id === null) {
          doubtfulRows += 1;
          oddRows += 1;
        } else if (ids.has(id)) {
          // Pages that shift during the walk repeat rows. Rows with the same id are one contract.
          doubtfulRows += 1;
        } else {
          ids.add(id);
          if (known.has(id)) takeKnown(id, row);
          else takeUnknown(row);
        }
      }
    },

    read: (at: EpochSeconds): { snapshot: Snapshot<ListedContract> } & Oddities => ({
      snapshot: { at, ids, unknown, auctions, doubtfulRows },
      oddRows,
      oddFields,
    }),
  };
}
