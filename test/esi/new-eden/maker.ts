/** Makes contracts, each from the seed and its index alone. */
import { type Random, type Weighted, createRandom, shareOf } from "../random.ts";
import type { Universe } from "../universe.ts";
import { type ContractRow, type ItemRow, esiTime } from "../wire.ts";
import type { WorldContract } from "../world.ts";
import {
  type Contents,
  type Theme,
  type WantToBuy,
  createContents,
  sizeOf,
  themes,
} from "./contents.ts";
import { createIssuers } from "./issuers.ts";
import { bidsOf, buyoutOf, courierMoney, tradeMoney } from "./money.ts";
import { newerIds } from "./newer.ts";
import { createPlaces } from "./places.ts";
import { createPools } from "./pools.ts";
import { titleOf } from "./titles.ts";
import { createValues } from "./values.ts";

export type Kind = "item_exchange" | "auction" | "courier";

const courierShare = 0.005;

/** 103 of 3,479 real contracts ask for something, 46 of them for nothing but that [EO]. */
const wishes: Weighted<WantToBuy> = [
  [0.97, "nothing"],
  [0.0165, "something"],
  [0.0135, "everything"],
];

/** How many rows are kept: enough for all of New Eden. */
const mostRows = 60_000;

/** Ids go up by about seven, as private contracts take the others. */
const [firstId, idStep] = [230_000_000, 7];

export type Life = {
  index: number;
  kind: Kind;
  regionId: number;
  /** Epoch milliseconds; `endsAt` is before `expiresAt` where it is accepted or withdrawn. */
  issuedAt: number;
  expiresAt: number;
  endsAt: number;
  /** Overrides how many items are in it. */
  size?: number | undefined;
};

export type MakerOptions = { universe: Universe; seed: number; issuers: number };

export type Maker = ReturnType<typeof createMaker>;

export function createMaker({ universe, seed, issuers: issuerCount }: MakerOptions) {
  const places = createPlaces(universe, seed);
  const issuers = createIssuers(issuerCount, seed);
  const values = createValues(universe, seed);
  const pools = createPools(universe, seed);
  const contentsOf = createContents(pools, values, seed);

  const idOf = (index: number) =>
    firstId + index * idStep + Math.floor(shareOf(seed, index, 11) * idStep);

  /** Whose contract it is; nothing for an id that no public contract has. */
  function indexOf(contractId: number): number | undefined {
    const index = Math.floor((contractId - firstId) / idStep);
    return idOf(index) === contractId ? index : undefined;
  }

  function kindOf(index: number, auctionShare: number): Kind {
    const share = shareOf(seed, index, 12);
    if (share < courierShare) return "courier";
    return share < courierShare + auctionShare ? "auction" : "item_exchange";
  }

  function planOf({ index, kind, size }: Life, random: Random) {
    const wish = random.weighted(wishes);
    // An auction only offers.
    const wants: WantToBuy = kind === "auction" || size !== undefined ? "nothing" : wish;
    const drawn = random.weighted(themes);
    const theme: Theme = wants === "everything" ? "commodities" : drawn;
    const own = sizeOf(theme, random);
    return { index, theme, wants, size: size ?? (wants === "everything" ? Math.min(own, 3) : own) };
  }

  function rowOf(life: Life, contents: Contents, theme: Theme, wants: WantToBuy): ContractRow {
    const random = createRandom(seed, life.index, 14);
    const { issuerId, corporationId } = issuers.of(life.index, random);
    const location = places.locationIn(life.regionId, random);
    const isAuction = life.kind === "auction";
    const isCourier = life.kind === "courier";
    const money = isCourier ? courierMoney(random) : tradeMoney(contents.value, wants, random);
    const end = isCourier ? places.locationIn(places.anywhere(random), random) : location;
    return {
      ...(isAuction && { buyout: buyoutOf(money.price, random) }),
      ...(!isAuction && { collateral: money.collateral }),
      contract_id: idOf(life.index),
      date_expired: esiTime(life.expiresAt),
      date_issued: esiTime(life.issuedAt),
      days_to_complete: money.days,
      end_location_id: end,
      ...(random.chance(0.22) && { for_corporation: true }),
      issuer_corporation_id: corporationId,
      issuer_id: issuerId,
      price: money.price,
      reward: isAuction ? 0 : money.reward,
      start_location_id: location,
      title: titleOf(isCourier ? "courier" : theme, random),
      type: life.kind,
      volume: isCourier ? random.logNormal(8_000, 2) : contents.volume,
    };
  }

  function contentsAndPlan(life: Life) {
    const plan = planOf(life, createRandom(seed, life.index, 15));
    if (life.kind === "courier") return { plan, contents: { items: [], value: 0, volume: 0 } };
    return { plan, contents: contentsOf(plan) };
  }

  const rows = new Map<number, ContractRow>();

  /** Rows are kept, for each list says them again; they are small beside items. */
  function rowFor(life: Life): ContractRow {
    const known = rows.get(life.index);
    if (known !== undefined) return known;

    const { plan, contents } = contentsAndPlan(life);
    const row = Object.freeze(rowOf(life, contents, plan.theme, plan.wants));
    if (rows.size >= mostRows) rows.clear();
    rows.set(life.index, row);
    return row;
  }

  /** Row and items are made when they are asked for. */
  function contractOf(life: Life): WorldContract {
    return {
      regionId: life.regionId,
      get row() {
        return rowFor(life);
      },
      listedFrom: new Date(life.issuedAt),
      delistedAt: life.endsAt < life.expiresAt ? new Date(life.endsAt) : null,
      items() {
        const { plan, contents } = contentsAndPlan(life);
        return withNewerType(contents.items, plan.theme, life.index);
      },
      bidsAt(at) {
        if (life.kind !== "auction") return [];
        return bidsOf({ ...life, startingPrice: rowFor(life).price ?? 0 }, seed, at);
      },
    };
  }

  return { contractOf, idOf, indexOf, kindOf, issuers, values, regionOf: places.regionOf };
}

const newerByTheme: Partial<Record<Theme, { share: number; typeId: number }>> = {
  abyssal: { share: 0.01, typeId: newerIds.module },
  copies: { share: 0.005, typeId: newerIds.blueprint },
  ship: { share: 0.05, typeId: newerIds.ship },
};

/** The first item of a few contracts is of a type that the extract does not know yet. */
function withNewerType(items: readonly ItemRow[], theme: Theme, index: number) {
  const newer = newerByTheme[theme];
  const [first, ...rest] = items;
  const isNewer = newer !== undefined && shareOf(index, 16) < newer.share;
  if (!isNewer || first === undefined || !first.is_included) return items;
  return [{ ...first, type_id: newer.typeId }, ...rest];
}
