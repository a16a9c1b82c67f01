import { distance } from "fastest-levenshtein";

import type { NameLookupRepository, NameMatch } from "../db/taxonomy/name-lookup-repository.ts";
import { folded } from "../domain/folded-text.ts";
import { isName, type NamedKind, noId } from "../domain/named-kind.ts";
import type { FormerNames } from "../universe/former-names.ts";

/** What was asked for by id or by name, and by which parameter. */
export type NamedQuestion = {
  kind: NamedKind;
  parameter: string;
  /** Ids, and texts that hold a name, or ids and names between commas. */
  values: readonly (number | string)[];
};

/** A name that is nobody's, or of several; `detail` says which there are. */
export type NameFault = { parameter: string; detail: string };

export type NameAnswer = { ids: number[][]; faults: NameFault[] };

const maxShown = 5;

const partsOf = (text: string): string[] => text.split(",").map((part) => part.trim());

const isId = (part: string): boolean => /^[1-9]\d{0,15}$/.test(part);

const textsOf = ({ values }: NamedQuestion): string[] =>
  values.filter((value) => typeof value === "string");

/** Of one name: only the published ones if there are any, since nobody means the others. */
function meant(matches: readonly NameMatch[]): readonly NameMatch[] {
  const published = matches.filter(({ isPublished }) => isPublished);
  return published.length > 0 ? published : matches;
}

/** A name that is nobody's, of the question it came with. */
type Unknown = { question: NamedQuestion; name: string };

/**
 * If there are more unknown names than this, they get no suggestions. Each costs a look at a
 * thousand names.
 */
const maxSuggestedFor = 3;

const ambiguous = (
  { kind, parameter }: NamedQuestion,
  name: string,
  ids: readonly number[],
): NameFault => ({
  parameter,
  detail: `Several ${kind}s are called ${name}: ${ids.slice(0, maxShown).join(", ")}`,
});

/** What one question means, by the names that were found, and else by those that types had before. */
function meaningOf(
  question: NamedQuestion,
  matches: readonly NameMatch[],
  formerNames: Pick<FormerNames, "typesCalled">,
) {
  const byName = Map.groupBy(matches, (match) => match.asked);
  const ids: number[] = [];
  const faults: NameFault[] = [];
  const unknown: Unknown[] = [];
  const parts = question.values.flatMap((value) =>
    typeof value === "number" || byName.has(value) ? [value] : partsOf(value),
  );
  for (const part of parts) {
    if (typeof part === "number") {
      ids.push(part);
      continue;
    }
    const called = meant(byName.get(part) ?? []).map(({ id }) => id);
    const isFormer = called.length === 0 && question.kind === "type";
    const found = isFormer ? formerNames.typesCalled(part) : called;
    const [match] = found;
    if (found.length > 1) faults.push(ambiguous(question, part, found));
    else if (match !== undefined) ids.push(match);
    else if (isId(part)) ids.push(Number(part));
    else if (!isName(part)) faults.push({ parameter: question.parameter, detail: noId });
    else unknown.push({ question, name: part });
  }
  return { ids: [...new Set(ids)], faults, unknown };
}

type Deps = { names: NameLookupRepository; formerNames: Pick<FormerNames, "typesCalled"> };

/** Regions, systems and types by their names; types by former names too, if no other has them. */
export function createNameLookup({ names, formerNames }: Deps) {
  async function suggestions({ question, name }: Unknown): Promise<string> {
    const near = (await names.near(question.kind, name))
      .toSorted((a, b) => distance(folded(a), folded(name)) - distance(folded(b), folded(name)))
      .slice(0, maxShown);
    return near.length === 0 ? "" : `; did you mean ${near.join(", or ")}?`;
  }

  async function unknownFaults(unknown: readonly Unknown[]): Promise<NameFault[]> {
    const suggested = await Promise.all(unknown.slice(0, maxSuggestedFor).map(suggestions));
    return unknown.map(({ question: { kind, parameter }, name }, index) => ({
      parameter,
      detail: `No ${kind} is called ${name}${suggested[index] ?? ""}`,
    }));
  }

  return {
    /**
     * The ids that are meant. A text is tried whole before it is split at commas: some names hold one.
     *
     * @param beforeSuggesting called before others are looked for in place of names that are nobody's.
     */
    async resolve(
      questions: readonly NamedQuestion[],
      beforeSuggesting: () => Promise<void> = async () => {},
    ): Promise<NameAnswer> {
      const asked = questions.map((question) => ({
        kind: question.kind,
        names: [...new Set(textsOf(question).flatMap((text) => [text, ...partsOf(text)]))],
      }));
      const isAsked = asked.some((each) => each.names.length > 0);
      const found = isAsked ? await names.find(asked) : [];
      const meanings = questions.map((question, index) =>
        meaningOf(question, found[index] ?? [], formerNames),
      );
      const unknown = meanings.flatMap((meaning) => meaning.unknown);
      if (unknown.length > 0) await beforeSuggesting();
      return {
        ids: meanings.map(({ ids }) => ids),
        faults: [...meanings.flatMap(({ faults }) => faults), ...(await unknownFaults(unknown))],
      };
    },
  };
}

export type NameLookup = ReturnType<typeof createNameLookup>;
