/** Makes contracts, each from the seed and its index alone. */
import { type Random, type Weighted, createRandom, shareOf } from "../random.ts";
import type { Universe } from "../universe.ts";
import { type ContractRow, esiTime } from "../wire.ts";
import type { WorldContract } from "../world.ts";
import {
  type Contents,
  type WantToBuy,
  createContents,
  itemRowsOf,
  noContents,
  sizeOf,
} from "./contents.ts";
import { type Courier, createCouriers } from "./couriers.ts";
import { createIssuers } from "./issuers.ts";
import { type MixName, type Theme, mixes } from "./mix.ts";
import { auctionMoney, bidsOf, tradeMoney } from "./money.ts";
import { createPlaces } from "./places.ts";
import { createPools } from "./pools.ts";
import { schemeAt } from "./schemes.ts";
import { courierTitle, titleOf } from "./titles.ts";
import { createValues } from "./values.ts";

export type Kind = "item_exchange" | "auction" | "courier";

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
  /** Epoch milliseconds; `endsAt` is before `expiresAt` if it is accepted or withdrawn. */
  issuedAt: number;
  expiresAt: number;
  endsAt: number;
  /** Overrides how many items are in it. */
  size?: number | undefined;
};

/** What a row says that depends on its kind. */
type Own = Pick<Courier, "startLocationId" | "endLocationId" | "reward" | "volume" | "days"> & {
  price: number;
  collateral?: number | undefined;
  buyout?: number;
  title: string;
};

export type MakerOptions = { universe: Universe; seed: number; issuers: number; mix?: MixName };

export type Maker = ReturnType<typeof createMaker>;

export function createMaker({ universe, seed, issuers: issuerCount, mix = "real" }: MakerOptions) {
  const { couriers: courierShare, themes, schemes } = mixes[mix];
  const places = createPlaces(universe, seed);
  const issuers = createIssuers(issuerCount, seed);
  const values = createValues(universe, seed);
  const pools = createPools(universe, seed);
  const contentsOf = createContents({ universe, pools, values, seed });
  const couriers = createCouriers({ universe, places, seed });

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

  /** Its lane is drawn first, so that where it is listed follows from the index alone. */
  const courierRandom = (index: number) => createRandom(seed, index, 13);

  function regionOf(index: number, kind: Kind): number {
    return kind === "courier" ? couriers.regionOf(courierRandom(index)) : places.regionOf(index);
  }

  function planOf({ index, kind, size }: Life, random: Random) {
    const wish = random.weighted(wishes);
    // An auction only offers.
    const wants: WantToBuy = kind === "auction" || size !== undefined ? "nothing" : wish;
    const drawn = random.weighted(themes);
    const isPlain = kind === "auction" || size !== undefined || wants !== "nothing";
    const scheme = isPlain ? undefined : schemeAt(shareOf(seed, index, 28), schemes);
    const theme: Theme = size !== undefined || scheme !== undefined ? "mixed" : drawn;
    const own = sizeOf(drawn, random);
    return {
      index,
      theme,
      wants,
      size: size ?? (wants === "everything" ? Math.min(own, 3) : own),
      scheme,
    };
  }

  type Plan = ReturnType<typeof planOf>;

  /** What rows of every kind say alike, in ESI's order. */
  function rowOf(life: Life, random: Random, own: Own): ContractRow {
    const { issuerId, corporationId } = issuers.of(life.index, random);
    return {
      ...(own.buyout !== undefined && { buyout: own.buyout }),
      ...(own.collateral !== undefined && { collateral: own.collateral }),
      contract_id: idOf(life.index),
      date_expired: esiTime(life.expiresAt),
      date_issued: esiTime(life.issuedAt),
      days_to_complete: own.days,
      end_location_id: own.endLocationId,
      ...(random.chance(0.22) && { for_corporation: true }),
      issuer_corporation_id: corporationId,
      issuer_id: issuerId,
      price: own.price,
      reward: own.reward,
      start_location_id: own.startLocationId,
      title: own.title,
      type: life.kind,
      volume: own.volume,
    };
  }

  function ownOfCourier(courier: Courier, random: Random): Own {
    const { way, ...own } = courier;
    return { ...own, price: 0, title: courierTitle(way, random) };
  }

  function ownOfTrade(life: Life, plan: Plan, contents: Contents, random: Random): Own {
    const location = places.locationIn(life.regionId, contents.berth, random);
    const isAuction = life.kind === "auction";
    const money = isAuction
      ? { ...auctionMoney(contents, random), collateral: undefined }
      : tradeMoney({ contents, wants: plan.wants, scheme: plan.scheme }, random);
    const price = Math.max(money.price, money.reward);
    return {
      ...money,
      startLocationId: location,
      endLocationId: location,
      title: titleOf({ theme: plan.theme, wants: plan.wants, contents, price }, random),
      volume: contents.volume,
    };
  }

  function contentsAndPlan(life: Life) {
    const plan = planOf(life, createRandom(seed, life.index, 15));
    return { plan, contents: life.kind === "courier" ? noContents : contentsOf(plan) };
  }

  function freshRow(life: Life): ContractRow {
    const random = createRandom(seed, life.index, 14);
    if (life.kind === "courier") {
      const courier = couriers.courierOf(courierRandom(life.index));
      return rowOf(life, random, ownOfCourier(courier, random));
    }
    const { plan, contents } = contentsAndPlan(life);
    return rowOf(life, random, ownOfTrade(life, plan, contents, random));
  }

  const rows = new Map<number, ContractRow>();

  /** Rows are kept, for each list says them again; they are small beside items. */
  function rowFor(life: Life): ContractRow {
    const known = rows.get(life.index);
    if (known !== undefined) return known;

    const row = Object.freeze(freshRow(life));
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
        return itemRowsOf(contentsAndPlan(life).contents, life.index);
      },
      bidsAt(at) {
        if (life.kind !== "auction") return [];
        return bidsOf({ ...life, startingPrice: rowFor(life).price ?? 0 }, seed, at);
      },
    };
  }

  return { contractOf, idOf, indexOf, kindOf, regionOf, issuers, values, pools };
}
