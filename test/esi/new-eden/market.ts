/** New Eden's market, with the traps of a real one. */
import type { Market } from "../market.ts";
import { type Random, createRandom, shareOf } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import { type OrderRow, type PriceRow, esiTime } from "../wire.ts";
import { type Values, cents } from "./values.ts";

export type NewEdenMarketOptions = {
  universe: Universe;
  seed: number;
  values: Values;
  now: Date;
  orders?: number | undefined;
};

const forge = { regionId: 10_000_002, hub: { location_id: 60_003_760, system_id: 30_000_142 } };

/** Each tenth type has one of these; the others are quiet. */
const traps = ["cheap", "dear", "one-seller", "only-buyers", "min-volume", "huge-volume"] as const;

export type Trap = (typeof traps)[number] | "none";

export function trapOf(position: number): Trap {
  return position % 10 < traps.length ? (traps[position % 10] ?? "none") : "none";
}

function priceRow({ typeId }: Type, seed: number, { valueOf }: Values): PriceRow {
  const chance = shareOf(seed, typeId, 20);
  const adjusted = chance < 0.05 ? 0 : cents(valueOf(typeId) * (0.8 + chance * 0.4));
  // About one in six has no average: nobody has traded it lately [REC].
  const isTraded = chance < 0.84;
  return {
    adjusted_price: adjusted,
    ...(isTraded && { average_price: valueOf(typeId) }),
    type_id: typeId,
  };
}

/** How many of each side a type has, by its trap. */
function sidesOf(trap: Trap, random: Random): { sells: number; buys: number } {
  if (trap === "one-seller") return { sells: 1, buys: 0 };
  if (trap === "only-buyers") return { sells: 0, buys: random.between(3, 9) };
  return { sells: random.between(4, 9), buys: random.between(3, 7) };
}

type OrderPlan = { type: Type; isBuy: boolean; position: number; trap: Trap; value: number };

/** The first order of a side is the trap: a price a thousandth or a thousand times what is fair. */
function priceOf({ isBuy, position, trap, value }: OrderPlan, random: Random): number {
  const spread = isBuy ? -random.next() * 0.15 : random.next() * 0.2;
  const fair = value * (1 + (isBuy ? -0.03 : 0.03) + spread);
  const factor = trap === "cheap" ? 0.001 : trap === "dear" ? 1000 : 1;
  const isTrap = position === 0 && isBuy === (trap === "dear");
  return Math.max(0.01, cents(isTrap ? fair * factor : fair));
}

export function createNewEdenMarket(options: NewEdenMarketOptions): Market {
  const { universe, seed, values, now } = options;
  const traded = [...universe.types.values()].filter(
    ({ marketGroupId, isPublished }) => marketGroupId !== null && isPublished,
  );
  const elsewhere = [...universe.stations.values()].filter(
    ({ systemId }) => universe.systems.get(systemId)?.regionId === forge.regionId,
  );
  let prices: readonly PriceRow[] | undefined;
  const books = new Map<number, readonly OrderRow[]>();

  function placeOf(random: Random) {
    const station =
      random.chance(0.8) || elsewhere.length === 0 ? undefined : random.pick(elsewhere);
    return station ? { location_id: station.stationId, system_id: station.systemId } : forge.hub;
  }

  function orderOf(plan: OrderPlan, orderId: number, random: Random): OrderRow {
    const price = priceOf(plan, random);
    const isHuge = plan.trap === "huge-volume" && plan.position === 0;
    const volume = isHuge ? 2_147_483_647 : random.between(1, 5_000);
    const issuedAt = now.getTime() - Math.floor(random.next() * 90 * 86_400) * 1000;
    return {
      duration: 90,
      is_buy_order: plan.isBuy,
      issued: esiTime(issuedAt),
      ...placeOf(random),
      min_volume: plan.trap === "min-volume" && plan.position < 2 ? Math.min(volume, 1_000) : 1,
      order_id: orderId,
      price,
      range: plan.isBuy ? random.pick(["station", "region", "solarsystem", "5", "10"]) : "region",
      type_id: plan.type.typeId,
      volume_remain: Math.ceil(volume * random.next()),
      volume_total: volume,
    };
  }

  function forgeOrders(most: number): OrderRow[] {
    const random = createRandom(seed, 21);
    const orders: OrderRow[] = [];
    for (let position = 0; orders.length < most && traded.length > 0; position += 1) {
      const type = traded[Math.floor(random.next() * traded.length)];
      if (type === undefined) break;
      const trap = trapOf(position);
      const { sells, buys } = sidesOf(trap, random);
      const value = values.valueOf(type.typeId);
      for (let index = 0; index < sells + buys; index += 1) {
        const isBuy = index >= sells;
        const plan = { type, isBuy, position: isBuy ? index - sells : index, trap, value };
        orders.push(orderOf(plan, 6_900_000_000 + orders.length * 3, random));
      }
    }
    return orders.slice(0, most);
  }

  return {
    prices: () => (prices ??= traded.map((type) => priceRow(type, seed, values))),
    orders(regionId) {
      const book = books.get(regionId);
      if (book !== undefined) return book;
      const made = regionId === forge.regionId ? forgeOrders(options.orders ?? 6_000) : [];
      books.set(regionId, made);
      return made;
    },
  };
}
