/** What contracts ask, pay and are bid. */
import { type Random, type Weighted, createRandom } from "../random.ts";
import { type BidRow, esiTime } from "../wire.ts";
import type { Contents, WantToBuy } from "./contents.ts";
import type { Scheme } from "./schemes.ts";
import { cents } from "./values.ts";

/** Players like round prices, and prices just below them, but not always. */
export function rounded(price: number, random: Random): number {
  const habit = random.next();
  if (habit < 0.2) return cents(price);
  const digits = habit < 0.55 ? 1 : 2;
  const step = Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(price, 1))) - digits));
  const round = Math.max(step, Math.round(price / step) * step);
  if (habit < 0.92 || round < 1_000) return round;
  return habit < 0.96 ? round - 1 : cents(round - 0.01);
}

type Spread = Weighted<readonly [low: number, high: number]>;

/** Asks beside what the market asks: most near it, some bargains, some greedy. */
const asks: Spread = [
  [0.08, [0.55, 0.85]],
  [0.34, [0.85, 1.02]],
  [0.32, [1.02, 1.14]],
  [0.16, [1.14, 1.3]],
  [0.07, [1.3, 2]],
  [0.03, [2, 4]],
];

const beside = (spread: Spread, random: Random): number => {
  const [low, high] = random.weighted(spread);
  return low + random.next() * (high - low);
};

const slips: Partial<Record<Scheme, Spread>> = {
  "too-dear": [
    [0.8, [9.5, 12.5]],
    [0.2, [95, 120]],
  ],
  "too-cheap": [[1, [0.005, 0.08]]],
  fillers: [[1, [1.2, 2.5]]],
  "blueprint-for-ship": [[1, [5, 20]]],
  "skin-for-ship": [[1, [1.5, 6]]],
  lookalike: [[1, [1.5, 5]]],
  "names-other": [[1, [2, 9]]],
};

type Trade = { contents: Contents; wants: WantToBuy; scheme?: Scheme | undefined };

export function tradeMoney({ contents, wants, scheme }: Trade, random: Random) {
  const common = { collateral: 0, days: 0 };
  const { offered, asked } = contents;
  if (wants === "everything")
    return { ...common, price: 0, reward: rounded(asked * (0.78 + random.next() * 0.24), random) };
  if (scheme === "gift" || scheme === "asks-for-same") return { ...common, price: 0, reward: 0 };
  const factor = beside((scheme && slips[scheme]) ?? asks, random);
  const price = rounded(Math.max(offered * factor - asked, 1), random);
  // A barter asks for ISK if what it takes is worth less than what it gives.
  const isEven = wants === "something" && (asked >= offered * 0.8 || random.chance(0.3));
  return { ...common, price: isEven ? 0 : price, reward: 0 };
}

/** An auction begins below what it hopes for. */
export function auctionMoney({ offered }: Contents, random: Random) {
  const price = rounded(offered * (0.15 + random.next() * 0.8), random);
  return { price, reward: 0, collateral: 0, days: 0, buyout: buyoutOf(price, offered, random) };
}

/** 0.0 is none (1 of 9 real auctions); at the starting price it is the price. */
function buyoutOf(price: number, value: number, random: Random): number {
  if (random.chance(0.2)) return 0;
  if (random.chance(0.15)) return price;
  return Math.max(price, rounded(value * beside(asks, random), random));
}

const bidCounts = [
  [0.35, [0, 0]],
  [0.25, [1, 1]],
  [0.3, [2, 5]],
  [0.1, [6, 20]],
] as const;

type Auction = { index: number; issuedAt: number; endsAt: number; startingPrice: number };

/** The bids made until then, each higher than the one before. */
export function bidsOf(auction: Auction, seed: number, at: Date): BidRow[] {
  const { index, issuedAt, endsAt, startingPrice } = auction;
  const random = createRandom(seed, index, 17);
  const [fewest, most] = random.weighted<readonly [number, number]>(bidCounts);
  const times = Array.from({ length: random.between(fewest, most) }, () => {
    return issuedAt + Math.floor(random.next() * (endsAt - issuedAt));
  });
  let amount = startingPrice;
  return times
    .toSorted((a, b) => a - b)
    .map((time, position) => {
      amount = cents(amount * 1.05 + 1);
      return { amount, bid_id: 6_600_000 + index * 20 + position, date_bid: esiTime(time) };
    })
    .filter(({ date_bid }) => Date.parse(date_bid) <= at.getTime());
}
