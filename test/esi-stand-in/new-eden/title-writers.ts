/** What pilots write of each kind of goods: each way to write one title is a function. */
import type { Random } from "../random.ts";
import type { Contents, WantToBuy } from "./contents.ts";
import type { Theme } from "./mix.ts";

/** "240m", "1.85b", as pilots write ISK. */
function iskInShort(isk: number, random: Random): string {
  const isBillions = isk >= 950_000_000;
  const amount = isk / (isBillions ? 1e9 : isk >= 1_000_000 ? 1e6 : 1e3);
  const unit = isBillions ? ["b", " bil", "B"] : isk >= 1_000_000 ? ["m", "mil", " mil"] : ["k"];
  const digits = isBillions && amount < 100 ? 2 : 0;
  return `${Number(amount.toFixed(digits))}${random.pick(unit)}`;
}

export type TitleFacts = {
  theme: Theme;
  wants: WantToBuy;
  contents: Contents;
  /** ISK: what it asks, or pays. */
  price: number;
};

export type Writer = (facts: TitleFacts, random: Random) => string;

const nameOf = ({ contents: { drawn } }: TitleFacts): string => drawn[0]?.type.name ?? "";
const isk = ({ price }: TitleFacts, random: Random): string => iskInShort(price, random);
const levels = ({ contents: { drawn } }: TitleFacts, between = "/"): string =>
  `${drawn[0]?.blueprint?.me ?? 0}${between}${drawn[0]?.blueprint?.te ?? 0}`;
const runs = ({ contents: { drawn } }: TitleFacts): number => drawn[0]?.blueprint?.copyRuns ?? 1;
const productOf = (facts: TitleFacts): string => nameOf(facts).replace(/\s+Blueprint$/, "");
const rolled = (random: Random, low: number, high: number): string =>
  (low + random.next() * (high - low)).toFixed(2);

const ofCopies: readonly Writer[] = [
  (facts) => `${levels(facts)} BPC`,
  (facts) => `${runs(facts)} runs`,
  (facts) => `${runs(facts)} runs ${levels(facts)}`,
  (facts) => `${levels(facts)} ${runs(facts)} Runs`,
  (facts) => `ME${levels(facts, " PE")} R${runs(facts)}`,
  (facts) => `${productOf(facts)} BPC`,
  (facts) => `${productOf(facts)} ${runs(facts)}r`,
  (facts, random) => `${runs(facts)} run BPC - ${isk(facts, random)}`,
  () => "max run",
  () => "max runs BPC",
];

const ofCopyPacks: readonly Writer[] = [
  (facts) => `${levels(facts)} BPC pack`,
  ({ contents: { drawn } }) => `${drawn.length}x BPC`,
  (facts) => `${facts.contents.drawn.length}x ${productOf(facts)} BPC`,
  ({ contents: { drawn } }) => `max run ${drawn.length}set`,
  () => "misc bpc",
  () => "T2 blueprints from scanning cans in null",
  (facts) => `Pack of ${facts.contents.drawn.length} ${levels(facts)} copies`,
];

const ofOriginals: readonly Writer[] = [
  (facts) => `${levels(facts)} BPO`,
  (facts) => `BPO ${levels(facts)}`,
  (facts) =>
    `${levels(facts)} ${facts.contents.drawn[0]?.blueprint?.me === 10 ? "perfect " : ""}BPO`,
  (facts) => `BPO - ME ${levels(facts, " - TE ")} - Great Buy!`,
  (facts) => `ME${levels(facts, " TE")}`,
  (facts) => `${productOf(facts)} BPO ${levels(facts)}`,
  (facts) => `◆ ${levels(facts)} BPO ◆`,
];

const ofFittedShips: readonly Writer[] = [
  (facts) => `${nameOf(facts)} ${facts.contents.role}`,
  (facts) => `fit ${nameOf(facts)} ${facts.contents.role}`,
  (facts) => `${nameOf(facts)} - ${facts.contents.role} fit`,
  (facts) => `[${nameOf(facts)}, ${facts.contents.role}]`,
  (facts) => `Fitted ${nameOf(facts)}`,
  (facts, random) => `${nameOf(facts)} fully fit ${isk(facts, random)}`,
  (facts) => `T2 fit ${nameOf(facts)}, ready to undock`,
  () => "LOW MILES! ONLY USED ON SUNDAY",
  () => "quitting the doctrine, all rigged",
];

const ofHulls: readonly Writer[] = [
  nameOf,
  (facts) => `${nameOf(facts)} hull`,
  (facts, random) => `WTS ${nameOf(facts)} ${isk(facts, random)}`,
  (facts, random) => `${nameOf(facts)} ${isk(facts, random)} Jita`,
  (facts) => `${nameOf(facts)} below Jita`,
  (facts) => `cheap ${nameOf(facts)}`,
  (facts) => `★ ${nameOf(facts)} ★`,
];

/** What is said of a rolled module, by a word of its name. */
const rolls: readonly (readonly [RegExp, Writer])[] = [
  [
    /Web/,
    (_, random) =>
      `${rolled(random, 9, 16)} km, -${rolled(random, 50, 61)}%, ${rolled(random, 18, 34)} CPU`,
  ],
  [
    /Gyro|Heat Sink|Magnetic Field|Ballistic|Entropic/,
    (_, random) =>
      `${rolled(random, 1.08, 1.15)} Damage ${rolled(random, 9, 14)} ROF ${rolled(random, 20, 33)}% DPS`,
  ],
  [/Disrupt|Scrambler/, (_, random) => `${rolled(random, 20, 38)}km point; good cpu`],
  [
    /Armor Repairer|Shield Booster/,
    (_, random) =>
      `B // ${random.between(60, 900)}hp ${rolled(random, 1.5, 3.2)}hp/gj ${random.between(20, 190)}mw`,
  ],
  [
    /Extender|Plate/,
    (_, random) => `A // ${random.between(2_000, 6_900)}hp ${random.between(20, 490)}mw`,
  ],
  [
    /Neutralizer|Nosferatu/,
    (_, random) => `${rolled(random, 8, 36)} km, ${rolled(random, 9, 14)} s cycle`,
  ],
  [/Microwarpdrive|Afterburner/, (_, random) => `${random.between(500, 620)}% speed, low sig`],
];

const ofAbyssal: Writer = (facts, random) => {
  const name = nameOf(facts);
  const [, write] = rolls.find(([word]) => word.test(name)) ?? [];
  if (write !== undefined && random.chance(0.8)) return write(facts, random);
  return random.pick(["good roll", "god roll", "brick, cheap", "top 5% roll", "mutaplasmid.space"]);
};

const ofGoods: readonly Writer[] = [
  nameOf,
  (facts, random) =>
    `WTS ${nameOf(facts)}`.concat(random.chance(0.4) ? ` ${isk(facts, random)}` : ""),
  (facts) => `${facts.contents.drawn[0]?.quantity ?? 1}x ${nameOf(facts)}`,
  (facts, random) => `${nameOf(facts)} - ${isk(facts, random)}`,
  ({ price, contents }) => `${Math.round((price / contents.offered) * 20) * 5}% Jita sell`,
  () => "under Jita sell",
];

const ofBundles: readonly Writer[] = [
  () => "loot from nullsec",
  () => "moving out sale",
  () => "hangar cleanout, all must go",
  (facts, random) => `Jita ${isk(facts, random)} by Janice`,
  ({ contents: { drawn } }) => `${drawn.length} stacks`,
  () => "salvage + blue loot",
];

const ofWishes: readonly Writer[] = [
  (facts) => `WTB ${nameOf(facts)}`,
  (facts, random) => `Buying ${nameOf(facts)} - ${isk(facts, random)}`,
  () => "WTB, better than Jita buy",
];

const ofBarters: readonly Writer[] = [
  ({ contents: { drawn } }) => `trade for ${drawn.at(-1)?.type.name ?? ""}`,
  () => "swap, see items",
  () => "trade only",
];

const ofGifts: readonly Writer[] = [
  () => "free",
  () => "gift, o7",
  () => "free stuff for newbros",
  (facts) => `free ${nameOf(facts)}`,
];

/** Each names a hull, and nothing else that could be meant. */
export const ofLies = (hull: string): readonly Writer[] => [
  () => hull,
  () => `${hull} hull`,
  (facts, random) => `WTS ${hull} ${isk(facts, random)}`,
  () => `cheap ${hull} hull`,
  () => `selling ${hull}`,
];

export function writersOf({ theme, wants, contents, price }: TitleFacts): readonly Writer[] {
  const isBundle = contents.drawn.length > 1;
  if (wants === "everything") return ofWishes;
  if (contents.asked > 0) return ofBarters;
  if (price === 0) return ofGifts;
  if (theme === "copies") return isBundle ? ofCopyPacks : ofCopies;
  if (theme === "originals") return ofOriginals;
  if (theme === "abyssal") return [ofAbyssal];
  if (theme === "ship") return contents.role === undefined ? ofHulls : ofFittedShips;
  return isBundle ? ofBundles : ofGoods;
}
