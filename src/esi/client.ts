import type { z } from "zod";

import type { Bid } from "../domain/bid.ts";
import { bidsLimit } from "../domain/esi-limit.ts";
import type { RegionOrder } from "../domain/order-reach.ts";
import type { EpochSeconds } from "../lib/time.ts";
import { type ItemsAnswer, walkItems } from "./item-walk.ts";
import { isPageCount, type ListWalk, walkList } from "./list-walk.ts";
import {
  arraySchema,
  averagePriceSchema,
  bidsSchema,
  categorySchema,
  constellationSchema,
  groupSchema,
  itemsSchema,
  namesSchema,
  orderSchema,
  stationSchema,
  systemSchema,
  typeSchema,
} from "./schema.ts";
import type { EsiAnswer, EsiHeaders, EsiTransport } from "./transport.ts";

export type { EsiAnswer, ItemsAnswer, ListWalk };

type Row<Schema extends z.ZodType<unknown[]>> = z.output<Schema>[number];

/**
 * Returns the answer with its body checked. A body with a different shape makes the whole answer
 * malformed.
 */
function checked<Schema extends z.ZodType>(
  answer: EsiAnswer<unknown>,
  schema: Schema,
): EsiAnswer<z.output<Schema>> {
  if (answer.kind !== "ok") return answer;
  const result = schema.safeParse(answer.body);
  if (!result.success) return { kind: "malformed", reason: "unexpected-shape" };
  return { ...answer, body: result.data };
}

/** Returns the valid rows. An odd row is skipped, but its page is kept. */
function rowsOf<Schema extends z.ZodType>(
  rows: readonly unknown[],
  schema: Schema,
): z.output<Schema>[] {
  return rows.flatMap((row) => {
    const result = schema.safeParse(row);
    return result.success ? [result.data] : [];
  });
}

/** A page of a region's orders, and the number of pages. */
export type OrderPage = { orders: RegionOrder[]; pages: number };

/**
 * One method for each endpoint that Hangar Bay uses. Each returns an answer with a kind, and throws
 * only `Stopped`.
 */
export function createEsiClient(transport: EsiTransport) {
  const get = (group: string, path: string, timeoutMs?: number) =>
    transport({ group, path, ...(timeoutMs === undefined ? {} : { timeoutMs }) });

  async function contractsPage(
    regionId: number,
    page: number,
    ifModifiedSince: EpochSeconds | null,
  ): Promise<EsiAnswer<unknown[]>> {
    const path = `/contracts/public/${regionId}?page=${page}`;
    const answer = await transport({ group: "contract-lists", path, ifModifiedSince });
    if (answer.kind !== "ok") return answer;
    const { body, headers } = answer;
    return Array.isArray(body)
      ? { kind: "ok", body: body as unknown[], headers }
      : { kind: "malformed", reason: "unexpected-shape" };
  }

  /**
   * The pages of a list that needs no consistent snapshot, because listed entries do not change.
   */
  async function allPages<Schema extends z.ZodType<unknown[]>>(
    group: string,
    path: string,
    schema: Schema,
    timeoutMs?: () => number,
  ): Promise<EsiAnswer<Row<Schema>[][]>> {
    const pages: Row<Schema>[][] = [];
    let headers: EsiHeaders | undefined;
    for (let page = 1; page <= (headers?.pages ?? 1); page += 1) {
      const answer = checked(await get(group, `${path}?page=${page}`, timeoutMs?.()), schema);
      if (answer.kind !== "ok") return answer;
      headers ??= answer.headers;
      if (!isPageCount(headers.pages)) return { kind: "malformed", reason: "bad-x-pages" };
      if (answer.headers.pages !== headers.pages) return { kind: "transient", reason: "torn" };
      const isHole = answer.body.length === 0 && headers.pages > 1;
      if (isHole) return { kind: "transient", reason: "empty-page" };
      pages.push(answer.body);
    }
    if (!headers) return { kind: "malformed", reason: "no-pages" };
    return { kind: "ok", body: pages, headers };
  }

  const one = async <Schema extends z.ZodType>(path: string, schema: Schema) =>
    checked(await get("universe", path), schema);

  return {
    /** See `walkList`. */
    walkContracts: (
      regionId: number,
      loadKnown: () => Promise<ReadonlySet<number>>,
      since: EpochSeconds | null,
    ): Promise<ListWalk> =>
      walkList(
        (page, ifModifiedSince) => contractsPage(regionId, page, ifModifiedSince),
        loadKnown,
        since,
      ),

    /** See `walkItems`. */
    contractItems: (contractId: number): Promise<ItemsAnswer> =>
      walkItems(() =>
        allPages("contract-items", `/contracts/public/items/${contractId}`, itemsSchema),
      ),

    /**
     * The bids of an auction, highest first.
     *
     * @param timeoutMs - how long a page may take. It is called before each page.
     */
    async contractBids(contractId: number, timeoutMs: () => number): Promise<EsiAnswer<Bid[]>> {
      const path = `/contracts/public/bids/${contractId}`;
      const answer = await allPages(bidsLimit, path, bidsSchema, timeoutMs);
      if (answer.kind !== "ok") return answer;
      const bids = answer.body.flat().map((row) => ({
        bidId: row.bid_id,
        amount: row.amount,
        dateBid: row.date_bid,
      }));
      return { ...answer, body: bids.toSorted((a, b) => b.amount - a.amount || a.bidId - b.bidId) };
    },

    /**
     * Names of at most 1,000 characters and corporations. ESI refuses the whole request if it does
     * not know one of them.
     */
    async names(ids: readonly number[]) {
      return checked(
        await transport({ group: "names", path: "/universe/names", body: ids }),
        namesSchema,
      );
    },

    /** ESI's average price of each recently traded type. */
    async averagePrices(): Promise<EsiAnswer<Map<number, number>>> {
      const answer = checked(await get("market-prices", "/markets/prices"), arraySchema);
      if (answer.kind !== "ok") return answer;
      const rows = rowsOf(answer.body, averagePriceSchema);
      const averages = rows.flatMap(({ type_id: typeId, average_price: average }) =>
        average === undefined ? [] : [[typeId, average] as const],
      );
      return { ...answer, body: new Map(averages) };
    },

    /** A page of a region's orders, both buy and sell orders. */
    async orderPage(regionId: number, page: number): Promise<EsiAnswer<OrderPage>> {
      const path = `/markets/${regionId}/orders?order_type=all&page=${page}`;
      const answer = checked(await get("market-orders", path), arraySchema);
      if (answer.kind !== "ok") return answer;
      const { pages } = answer.headers;
      if (!isPageCount(pages)) return { kind: "malformed", reason: "bad-x-pages" };
      const orders = rowsOf(answer.body, orderSchema).map((row) => ({
        orderId: row.order_id,
        typeId: row.type_id,
        isBuy: row.is_buy_order,
        price: row.price,
        volume: row.volume_remain,
        locationId: row.location_id,
        systemId: row.system_id,
        range: row.range,
        minVolume: row.min_volume,
      }));
      return { ...answer, body: { orders, pages } };
    },

    type: (typeId: number) => one(`/universe/types/${typeId}`, typeSchema),
    group: (groupId: number) => one(`/universe/groups/${groupId}`, groupSchema),
    category: (categoryId: number) => one(`/universe/categories/${categoryId}`, categorySchema),
    station: (stationId: number) => one(`/universe/stations/${stationId}`, stationSchema),
    system: (systemId: number) => one(`/universe/systems/${systemId}`, systemSchema),
    constellation: (constellationId: number) =>
      one(`/universe/constellations/${constellationId}`, constellationSchema),
  };
}

export type EsiClient = ReturnType<typeof createEsiClient>;
