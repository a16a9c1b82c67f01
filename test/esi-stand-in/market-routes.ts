/** The market, and the server's status. */
import { type Answer, failure, ok, paged } from "./answers.ts";
import { type Call, paramOf } from "./call.ts";
import type { Server } from "./server.ts";
import { esiTime } from "./wire.ts";

export function listPrices(call: Call, server: Server): Answer {
  const { generations, cacheSeconds, world } = server;
  const cached = generations.of("prices", call.at.getTime(), cacheSeconds.prices);
  return ok(world.market.prices(), cached);
}

const orderTypes = new Set(["buy", "sell", "all"]);

/** `GET /markets/{region_id}/orders?order_type&type_id&page` */
export function listOrders(call: Call, { generations, cacheSeconds, world }: Server): Answer {
  const regionId = paramOf(call, "region_id");
  const { searchParams } = call.url;
  const orderType = searchParams.get("order_type") ?? "all";
  const typeId = searchParams.get("type_id");
  if (!world.universe.regions.has(regionId)) return failure(404, "Region not found");
  if (!orderTypes.has(orderType)) return failure(400, `Unknown order_type ${orderType}.`);
  if (typeId !== null && !world.universe.types.has(Number(typeId)))
    return failure(404, "Type not found!");

  const orders = world.market.orders(regionId).filter((order) => {
    const isOfType = typeId === null || order.type_id === Number(typeId);
    return isOfType && (orderType === "all" || order.is_buy_order === (orderType === "buy"));
  });
  const key = `orders ${regionId}`;
  const cached = generations.of(key, call.at.getTime(), cacheSeconds.orders);
  return paged(orders, call.page, cached);
}

/** The server starts a minute and 58 seconds after the daily downtime has begun [REC]. */
export function showStatus(call: Call, { generations, cacheSeconds }: Server): Answer {
  const cached = generations.of("status", call.at.getTime(), cacheSeconds.status);
  const startedAt = new Date(cached.generatedAt);
  startedAt.setUTCHours(11, 1, 58, 0);
  if (startedAt.getTime() > cached.generatedAt) startedAt.setUTCDate(startedAt.getUTCDate() - 1);
  return ok({ players: 32_697, server_version: "3145366", start_time: esiTime(startedAt) }, cached);
}
