import { type NamedHull, type NamedIn, type TitleNames, wordsIn } from "./title-names.ts";
import { fitWords, ordinaryNames, strongCues, tradePhrases, tradeWords } from "./title-words.ts";

/** What a title says is for sale. */
export type TitleClaim = {
  /** Without duplicates. */
  hulls: NamedHull[];
  /** "Rifter + Slasher" means both. "Rifter / Slasher" may mean either. */
  isTogether: boolean;
  /** A bare number may be the runs or the efficiency of a blueprint. */
  hasNumber: boolean;
  /** Whether the title means a ship only if the contract contains a ship. */
  needsShip: boolean;
};

const address = /https?:\/\/\S+/giu;
/** "950m", "1.5 bil", "300,000,000 ISK". */
const price =
  /(?<![\p{L}\p{N}.,/])\d[\d.,']*\s?(?:k|m|kk|mil|mill|million|b|bil|bill|billion|isk)(?:\s?isk)?(?![\p{L}\p{N}/])/giu;
const percentage = /(?<![\p{L}\p{N}.,/])\d+(?:[.,]\d+)?\s?%/gu;
const number = /^(?:x?\d+|\d+x)$/u;
const count = /^(?:x\d+|\d+x)$/u;
/** Comparisons, questions, efficiencies ("10/20") and rolled values ("12.14"). */
const unclear = /[?<>=≠≈→←]|\d\s*[/\\|:-]\s*\d|\d[.,]\d/u;
const isBoth = /[+&]|(?<![\p{L}\p{N}])(?:and|plus)(?![\p{L}\p{N}])/iu;
const isEither = /[/|\\]|(?<![\p{L}\p{N}])or(?![\p{L}\p{N}])/iu;

/** The text around the names. */
function restOf(text: string, found: readonly NamedIn[]): { between: string[]; all: string } {
  const starts = [0, ...found.map(({ end }) => end)];
  const ends = [...found.map(({ start }) => start), text.length];
  const gaps = starts.map((start, index) => text.slice(start, ends[index]));
  // Text before a name and text after it are never read as one piece.
  return { between: gaps.slice(1, -1), all: gaps.join(" , ") };
}

const isKnown = (word: string): boolean =>
  tradeWords.has(word) || strongCues.has(word) || fitWords.has(word) || number.test(word);

/** Players also call a complex a "plex". Only "PLEX" in capitals surely means the item. */
const isOrdinaryWord = (name: string, written: string): boolean =>
  ordinaryNames.has(name.toLowerCase()) || (name === name.toUpperCase() && written !== name);

/**
 * What the title claims, if it only names goods: full names of ships or PLEX, and trade words. Null
 * for any other title, because it names nothing or says more than can be judged.
 */
export function claimOf(title: string, names: TitleNames): TitleClaim | null {
  const text = title.normalize("NFC").replaceAll(address, " ");
  const found = names.namedIn(text);
  if (found.length === 0) return null;

  const { between, all } = restOf(text, found);
  const unpriced = all.replaceAll(price, " ");
  const rest = unpriced.replaceAll(percentage, " ");
  if (unclear.test(rest)) return null;
  const words = wordsIn(rest.replaceAll(tradePhrases, " ")).map((word) => word.text);
  if (!words.every(isKnown)) return null;

  const hulls = [...new Map(found.map(({ hull }) => [hull.typeId, hull])).values()];
  const isCued = unpriced !== all || words.some((word) => strongCues.has(word) || count.test(word));
  const isOrdinary = found.some(({ hull, start, end }) =>
    isOrdinaryWord(hull.name, text.slice(start, end)),
  );
  return {
    hulls,
    isTogether: between.every((gap) => isBoth.test(gap) && !isEither.test(gap)),
    hasNumber: rest !== unpriced || words.some((word) => number.test(word)),
    needsShip: (isOrdinary && !isCued) || words.some((word) => fitWords.has(word)),
  };
}
