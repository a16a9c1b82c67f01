/** A market whose prices move: each type's by some percent a day, in its own time. */
import type { Market } from "../esi-stand-in/market.ts";

const stepMs = 3_600_000;
const periodMs = 36 * stepMs;
const amplitude = 0.06;

type Cached = {
  prices: ReturnType<Market["prices"]>;
  orders: Map<number, ReturnType<Market["orders"]>>;
};

const nothing = (): Cached => ({ prices: [], orders: new Map() });

export function movingMarket(market: Market, now: () => number): Market {
  let step = -1;
  let cached = nothing();

  function moved() {
    const current = Math.floor(now() / stepMs);
    if (current !== step) {
      step = current;
      cached = nothing();
    }
    return cached;
  }

  const factorOf = (typeId: number): number =>
    1 + amplitude * Math.sin(2 * Math.PI * ((step * stepMs) / periodMs + typeId * 0.618));

  return {
    prices() {
      const at = moved();
      if (at.prices.length === 0) {
        at.prices = market.prices().map((row) => ({
          ...row,
          ...(row.average_price === undefined
            ? {}
            : { average_price: row.average_price * factorOf(row.type_id) }),
        }));
      }
      return at.prices;
    },

    orders(regionId) {
      const at = moved();
      const known = at.orders.get(regionId);
      if (known) return known;
      const orders = market
        .orders(regionId)
        .map((row) => ({ ...row, price: row.price * factorOf(row.type_id) }));
      at.orders.set(regionId, orders);
      return orders;
    },
  };
}
