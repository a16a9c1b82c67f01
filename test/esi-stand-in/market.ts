/** The market of New Eden: what `/markets/prices` and `/markets/{region_id}/orders` know. */
import type { OrderRow, PriceRow } from "./wire.ts";

export type Market = {
  /** The body of `/markets/prices`. */
  prices: () => readonly PriceRow[];
  orders: (regionId: number) => readonly OrderRow[];
};

/** A market that knows only what it is given. */
export function createMarket(given: {
  prices?: readonly PriceRow[];
  orders?: ReadonlyMap<number, readonly OrderRow[]>;
}): Market {
  return {
    prices: () => given.prices ?? [],
    orders: (regionId) => given.orders?.get(regionId) ?? [],
  };
}
