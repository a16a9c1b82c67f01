/** New Eden's market, with the traps of a real one. */
import type { Market } from "../market.ts";
import { type Random, type Weighted, createRandom, shareOf } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import { type OrderRow, type PriceRow, esiTime } from "../wire.ts";
import { type Pools, createPools } from "./pools.ts";
import { tradedTypes } from "./traded.ts";
import { type Values, cents } from "./values.ts";

export type NewEdenMarketOptions = {
  universe: Universe;
  seed: number;
  values: Values;
  /** Made of universe and seed unless told. */
  pools?: Pools;
  now: Date;
  orders?: number | undefined;
};

/** The first of the traded types are traded each day. */
const dailyTypes = 1_500;

const forge = { regionId: 10_000_002, hub: { location_id: 60_003_760, system_id: 30_000_142 } };

/** Each tenth type has one of these; the others are quiet. */
const traps = ["cheap", "dear", "one-seller", "only-buyers", "min-volume", "huge-volume"] as const;

export type Trap = (typeof traps)[number] | "none";

export function trapOf(position: number): Trap {
  return position % 10 < traps.length ? (traps[position % 10] ?? "none") : "none";
}

/** Players' own market hub, one jump from Jita. */
const perimeter = { location_id: 1_030_000_144_001, system_id: 30_000_144 };

const hubRanges: Weighted<string> = [
  [0.55, "station"],
  [0.12, "region"],
  [0.1, "solarsystem"],
  [0.08, "5"],
  [0.07, "10"],
  [0.04, "20"],
  [0.04, "40"],
];

/** Most orders from elsewhere are placed so that they buy at the hub. */
const otherRanges: Weighted<string> = [
  [0.3, "region"],
  [0.2, "10"],
  [0.12, "20"],
  [0.1, "5"],
  [0.08, "40"],
  [0.05, "1"],
  [0.05, "3"],
  [0.05, "solarsystem"],
  [0.05, "station"],
];

function priceRow({ typeId }: Type, isDaily: boolean, seed: number, values: Values): PriceRow {
  const chance = shareOf(seed, typeId, 20);
  const value = values.valueOf(typeId);
  const adjusted = chance < 0.05 ? 0 : cents(value * (0.8 + chance * 0.4));
  // About one in six has no average: nobody has traded it lately [REC].
  const isTraded = isDaily || chance < 0.82;
  return {
    adjusted_price: adjusted,
    ...(isTraded && { average_price: value }),
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

/** Buys that look better than they are: all or nothing, of more than anybody has. */
const isLure = ({ isBuy, position, trap }: OrderPlan): boolean =>
  isBuy && trap === "min-volume" && position < 2;

/** The first order of a side is the trap: a price a thousandth or a thousand times what is fair. */
function priceOf(plan: OrderPlan, random: Random): number {
  const { isBuy, position, trap, value } = plan;
  const away = random.next() ** 2;
  const fair = value * (isBuy ? 0.96 - away * 0.2 : 1 + away * 0.18);
  if (isLure(plan)) return cents(value * (1.15 + away * 0.25) + 0.01);
  const factor = trap === "cheap" ? 0.001 : trap === "dear" ? 1000 : 1;
  const isTrap = position === 0 && isBuy === (trap === "dear");
  return Math.max(0.01, cents(isTrap ? fair * factor : fair));
}

/** What is cheap is traded by the million, a titan one at a time. */
function volumeOf({ trap, position, value }: OrderPlan, random: Random): number {
  if (trap === "huge-volume" && position === 0) return 2_147_483_647;
  const most = Math.min(Math.max(6_000_000_000 / value, 2), 10_000_000);
  return Math.ceil(most ** random.next());
}

export function createNewEdenMarket(options: NewEdenMarketOptions): Market {
  const { universe, seed, values, now } = options;
  const elsewhere = [...universe.stations.values()]
    .filter(({ systemId }) => universe.systems.get(systemId)?.regionId === forge.regionId)
    .map(({ stationId, systemId }) => ({ location_id: stationId, system_id: systemId }))
    .filter(({ location_id: id }) => id !== forge.hub.location_id);
  const hasPerimeter = universe.systems.has(perimeter.system_id);
  let prices: readonly PriceRow[] | undefined;
  let known: readonly Type[] | undefined;
  const books = new Map<number, readonly OrderRow[]>();

  const traded = () =>
    (known ??= tradedTypes(universe, options.pools ?? createPools(universe, seed)));

  function placeOf(isBuy: boolean, random: Random) {
    if (random.chance(isBuy ? 0.74 : 0.85)) return forge.hub;
    if (hasPerimeter && random.chance(isBuy ? 0.5 : 0.3)) return perimeter;
    return elsewhere.length === 0 ? forge.hub : random.pick(elsewhere);
  }

  function orderOf(plan: OrderPlan, orderId: number, random: Random): OrderRow {
    const { isBuy } = plan;
    const price = priceOf(plan, random);
    const volume = volumeOf(plan, random);
    const issuedAt = now.getTime() - Math.floor(random.next() * 90 * 86_400) * 1000;
    const place = placeOf(isBuy, random);
    const remaining = Math.ceil(volume * (1 - random.next()));
    return {
      duration: 90,
      is_buy_order: isBuy,
      issued: esiTime(issuedAt),
      ...place,
      min_volume: isLure(plan) ? Math.max(remaining, 1) : 1,
      order_id: orderId,
      price,
      range: isBuy ? random.weighted(place === forge.hub ? hubRanges : otherRanges) : "region",
      type_id: plan.type.typeId,
      volume_remain: remaining,
      volume_total: volume,
    };
  }

  function forgeOrders(most: number): OrderRow[] {
    const random = createRandom(seed, 21);
    const types = traded();
    const orders: OrderRow[] = [];
    for (let position = 0; orders.length < most && types.length > 0; position += 1) {
      const type = types[position % types.length];
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
    prices: () =>
      (prices ??= traded().map((type, rank) => priceRow(type, rank < dailyTypes, seed, values))),
    orders(regionId) {
      const book = books.get(regionId);
      if (book !== undefined) return book;
      const made = regionId === forge.regionId ? forgeOrders(options.orders ?? 6_000) : [];
      books.set(regionId, made);
      return made;
    },
  };
}
