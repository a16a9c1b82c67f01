/** Sections 7 and 8 of `api.md` done over for the oracle, with plain loops. */
import { type ItemFlagCode, itemFlags } from "../../../src/domain/flags/item-flags.ts";
import { createTitleNames } from "../../../src/domain/flags/title-names.ts";
import type { Universe } from "../../esi-stand-in/universe.ts";
import type { ItemRow } from "../../esi-stand-in/wire.ts";
import { testPrices } from "./prices.ts";

const abyssal = 47_702;

function sellOf(item: ItemRow): number | null {
  const price = testPrices.get(item.type_id);
  if (item.is_blueprint_copy || item.type_id === abyssal || !price) return null;
  return price.sell ?? (price.average || null);
}

/** How sure the least sure of the rows that have a price is: 2 by many orders, 1 by few, 0 by none. */
function surenessOf(items: readonly ItemRow[]): number {
  let least = 2;
  for (const item of items) {
    if (sellOf(item) === null) continue;
    const price = testPrices.get(item.type_id);
    const sureness = price?.sell == null ? 0 : price.sellDepth?.isFirm ? 2 : 1;
    least = Math.min(least, sureness);
  }
  return least;
}

const cents = (isk: number) => Math.round(isk * 100) / 100;

export type Worth = {
  valueSell: number | null;
  isFullyPriced: boolean | null;
  requestedValue: number | null;
  cost: number | null;
  priceToValue: number | null;
  topShare: number | null;
  priceConfidence: string | null;
};

/** Null if the items are not known. */
export function worthOf(
  items: readonly ItemRow[] | null,
  price: number | null,
  reward: number | null,
): Worth {
  if (!items) {
    return {
      valueSell: null,
      isFullyPriced: null,
      requestedValue: null,
      cost: null,
      priceToValue: null,
      topShare: null,
      priceConfidence: null,
    };
  }
  const offered = items.filter((item) => item.is_included);
  const worths = offered.map((item) => (sellOf(item) ?? Number.NaN) * item.quantity);
  const priced = worths.filter((worth) => !Number.isNaN(worth));
  const total = priced.reduce((sum, worth) => sum + worth, 0);
  const valueSell = priced.length > 0 ? cents(total) : null;
  const asked = items.filter((item) => !item.is_included);
  const isAskedPriced = asked.every((item) => sellOf(item) !== null);
  const requestedValue = isAskedPriced
    ? cents(asked.reduce((sum, item) => sum + (sellOf(item) ?? 0) * item.quantity, 0))
    : null;
  const isFullyPriced = offered.length > 0 && priced.length === offered.length;
  const cost =
    price === null || requestedValue === null ? null : price + requestedValue - (reward ?? 0);
  return {
    valueSell,
    isFullyPriced,
    requestedValue,
    cost,
    priceToValue: isFullyPriced && cost !== null && valueSell ? cost / valueSell : null,
    priceConfidence:
      valueSell === null ? null : (["average", "thin", "firm"][surenessOf(items)] ?? null),
    topShare: valueSell === null || total === 0 ? null : Math.max(...priced) / total,
  };
}

export type Flaggable = {
  type: string;
  status: string;
  isListed: boolean;
  title: string | null;
  price: number | null;
  reward: number | null;
  collateral: number | null;
  expiresAt: number;
  items: readonly ItemRow[] | null;
  offered: readonly ItemRow[] | null;
  worth: Worth;
  /** Of the start and, of a courier, the end. */
  ends: { kind: string | null; securityClass: string | null; isHighsecIsland: boolean | null }[];
};

/** The type of the lone hull that is asked ISK for, as statistics count it. */
export function countedHull(contract: Flaggable, universe: Universe): number | null {
  const [item, ...others] = contract.items ?? [];
  if (!contract.isListed || contract.type !== "item_exchange" || contract.price === null)
    return null;
  if (!item || others.length > 0 || !item.is_included || item.quantity !== 1) return null;
  const group = universe.groups.get(universe.types.get(item.type_id)?.groupId ?? 0);
  return group?.categoryId === 6 ? item.type_id : null;
}

function medianOf(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low + (high - low) / 2;
}

const severityOf: Record<string, number> = {
  highsec_island: 0,
  expires_soon: 0,
  modules_with_hull: 0,
  too_cheap: 1,
  zero_price: 1,
  requested_unpriced: 1,
  many_fillers: 1,
  structure_access_unknown: 1,
  nullsec_location: 1,
  wormhole_location: 1,
  collateral_over_value: 1,
};

/** A value that is not firm accuses nobody of more than a hint. */
function severityIndex(code: string, isTooDear: boolean, { priceConfidence }: Worth): number {
  const isByValue = code === "too_cheap" || (code === "price_magnitude" && !isTooDear);
  return isByValue && priceConfidence !== "firm" ? 0 : (severityOf[code] ?? 2);
}

export const oracleFlagCodes = [
  "price_magnitude",
  ...Object.keys(severityOf),
  "title_names_other_item",
  "skin_not_ship",
  "blueprint_not_ship",
  "lookalike_hull",
  "asks_for_same_item",
];

export function createFlagOracle(contracts: readonly Flaggable[], universe: Universe, now: number) {
  const asksOf = Map.groupBy(
    contracts.filter((contract) => countedHull(contract, universe) !== null),
    (contract) => countedHull(contract, universe),
  );
  const hulls = [...universe.types.values()].filter(
    ({ groupId }) => universe.groups.get(groupId)?.categoryId === 6,
  );
  const names = createTitleNames(
    hulls.map(({ typeId, name }) => ({ typeId, name, baseTypeId: null, isFaction: false })),
  );

  function ofItems({ title, items }: Flaggable): ItemFlagCode[] {
    if (!items || items.length === 0) return [];
    return itemFlags({
      title,
      items: items.map((item) => ({
        typeId: item.type_id,
        quantity: item.quantity,
        isIncluded: item.is_included,
        isBlueprintCopy: item.is_blueprint_copy ?? false,
      })),
      typeOf: (typeId) => {
        const type = universe.types.get(typeId);
        const group = universe.groups.get(type?.groupId ?? 0);
        return (
          type &&
          group && { typeId, name: type.name, groupId: type.groupId, categoryId: group.categoryId }
        );
      },
      names,
    }).map(({ code }) => code);
  }

  /** Each flag that it has, with the index of its severity. */
  return function flagsOf(contract: Flaggable): Map<string, number> {
    const { type, price, reward, collateral, worth, offered, items, ends } = contract;
    const { cost, valueSell } = worth;
    const flags = new Set<string>(ofItems(contract));
    const add = (code: string, is: boolean) => is && flags.add(code);
    const asks = asksOf.get(countedHull(contract, universe)) ?? [];
    const median = medianOf(asks.map((ask) => ask.price ?? 0));
    const isCounted = countedHull(contract, universe) !== null;
    const isTooDear = isCounted && asks.length >= 5 && median > 0 && (price ?? 0) >= 8 * median;
    const isFull = worth.isFullyPriced === true && cost !== null && (valueSell ?? 0) > 0;
    const asked = (items ?? []).filter((item) => !item.is_included).length;
    const isOriginal = (item: ItemRow) =>
      !item.is_blueprint_copy &&
      universe.groups.get(universe.types.get(item.type_id)?.groupId ?? 0)?.categoryId === 9;
    const paid = reward ?? 0;
    const gives = (cost ?? 0) + paid;
    const gets = (valueSell ?? 0) + paid;
    const isFarAbove = isFull && !offered?.some(isOriginal) && gives >= 10 * gets;
    add("price_magnitude", isTooDear || isFarAbove);
    add("too_cheap", type !== "auction" && isFull && gives < 0.1 * gets);
    add(
      "zero_price",
      type !== "auction" &&
        price === 0 &&
        asked === 0 &&
        paid === 0 &&
        valueSell !== null &&
        valueSell > 0,
    );
    add("requested_unpriced", asked > 0 && worth.requestedValue === null);
    add(
      "many_fillers",
      worth.isFullyPriced === true && (offered?.length ?? 0) >= 20 && (worth.topShare ?? 0) >= 0.9,
    );
    add(
      "structure_access_unknown",
      ends.some(({ kind }) => kind === "structure"),
    );
    add(
      "nullsec_location",
      ends.some((end) => end.securityClass === "nullsec"),
    );
    add(
      "wormhole_location",
      ends.some((end) => end.securityClass === "wormhole"),
    );
    add(
      "highsec_island",
      ends.some((end) => end.isHighsecIsland === true),
    );
    add(
      "collateral_over_value",
      type === "courier" && collateral !== null && reward !== null && collateral > 50 * reward,
    );
    const left = contract.expiresAt - now;
    add("expires_soon", contract.status === "outstanding" && left < 3_600_000);
    return new Map(
      Array.from(flags, (code) => [code, severityIndex(code, isTooDear, worth)] as const),
    );
  };
}
