/** A published ship, or PLEX. Titles name these. */
export type NamedHull = {
  typeId: number;
  name: string;
  /** The hull that it is a variant of. Null if it is not a variant. */
  baseTypeId: number | null;
  /** A faction or navy variant. It costs more than it looks. */
  isFaction: boolean;
};

export type Word = { text: string; start: number; end: number };

/** A name that was found in a text, and its position. */
export type NamedIn = { hull: NamedHull; start: number; end: number };

/**
 * Marks and invisible characters belong to the word around them. They never count as a word border.
 */
const word = /[\p{L}\p{N}\p{M}\p{Cf}_]+(?:['’][\p{L}\p{N}\p{M}\p{Cf}_]+)*/gu;

/** The words of a text, ignoring letter case. */
export const wordsIn = (text: string): Word[] =>
  [...text.matchAll(word)].map(({ 0: found, index }) => ({
    text: found.toLowerCase().replaceAll("’", "'"),
    start: index,
    end: index + found.length,
  }));

type Pattern = { hull: NamedHull; words: string[]; gaps: string[] };

/** The text between two words. Any white space counts as one space. */
const gapsOf = (text: string, words: readonly Word[]): string[] =>
  words.slice(1).map(({ start }, index) => text.slice(words[index]?.end, start));

const isSameGap = (gap: string | undefined, wanted: string): boolean =>
  gap !== undefined && gap.replaceAll(/\s+/g, " ") === wanted;

/**
 * Finds full names in a text. It matches at word borders, longest name first, and ignores letter
 * case. So "Vexor Navy Issue" does not name a Vexor. It is built once, from some 400 names.
 */
export function createTitleNames(hulls: readonly NamedHull[]) {
  const hullOfId = new Map(hulls.map((hull) => [hull.typeId, hull]));
  const byFirstWord = new Map<string, Pattern[]>();
  for (const hull of hulls) {
    const words = wordsIn(hull.name);
    const [first] = words;
    if (!first) continue;
    const texts = words.map(({ text }) => text);
    const pattern = { hull, words: texts, gaps: gapsOf(hull.name, words) };
    const alike = [...(byFirstWord.get(first.text) ?? []), pattern];
    byFirstWord.set(
      first.text,
      alike.toSorted((a, b) => b.words.length - a.words.length),
    );
  }

  function namedIn(text: string): NamedIn[] {
    const words = wordsIn(text);
    const gaps = gapsOf(text, words);
    const found: NamedIn[] = [];
    for (let at = 0; at < words.length; at += 1) {
      const first = words[at];
      const match = byFirstWord
        .get(first?.text ?? "")
        ?.find(
          (pattern) =>
            pattern.words.every((each, index) => words[at + index]?.text === each) &&
            pattern.gaps.every((gap, index) => isSameGap(gaps[at + index], gap)),
        );
      if (!first || !match) continue;
      const last = words[at + match.words.length - 1] ?? first;
      found.push({ hull: match.hull, start: first.start, end: last.end });
      at += match.words.length - 1;
    }
    return found;
  }

  return {
    byId: (typeId: number): NamedHull | undefined => hullOfId.get(typeId),
    namedIn,
  };
}

export type TitleNames = ReturnType<typeof createTitleNames>;

/** Whether a text contains a name at word borders, even inside a longer name. */
export function holdsName(text: string, name: string): boolean {
  const wanted = wordsIn(name).map((each) => each.text);
  const words = wordsIn(text).map((each) => each.text);
  return words.some((_, at) => wanted.every((each, index) => words[at + index] === each));
}
