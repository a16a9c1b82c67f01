/** What contracts ask, pay and are bid. */
import { type Random, createRandom } from "../random.ts";
import { type BidRow, esiTime } from "../wire.ts";
import type { WantToBuy } from "./contents.ts";
import { cents } from "./values.ts";

/** Players like round prices, but not always. */
function rounded(price: number, random: Random): number {
  if (!random.chance(0.75)) return cents(price);
  const digits = Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(price, 1))) - 1));
  return Math.max(digits, Math.round(price / digits) * digits);
}

export function tradeMoney(value: number, wants: WantToBuy, random: Random) {
  const asked = rounded(value * random.logNormal(1, 0.35), random);
  const common = { collateral: 0, days: 0 };
  // The issuer pays: always where everything is asked for, now and then by a free gift of ISK.
  if (wants === "everything") return { ...common, price: 0, reward: asked };
  const chance = random.next();
  if (chance < 0.0027) return { ...common, price: 0, reward: asked };
  return { ...common, price: chance < 0.005 ? 0 : asked, reward: 0 };
}

export function courierMoney(random: Random) {
  const collateral = random.chance(0.1) ? 0 : rounded(random.logNormal(400_000_000, 1.5), random);
  const reward = rounded(random.logNormal(8_000_000, 1), random);
  return { price: 0, reward, collateral, days: random.between(1, 14) };
}

/** 0.0 is none (1 of 9 real auctions); at the starting price it is the price. */
export function buyoutOf(price: number, random: Random): number {
  if (random.chance(0.2)) return 0;
  return random.chance(0.2) ? price : cents(price * (1 + random.next() * 2));
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
