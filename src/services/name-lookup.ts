import { distance } from "fastest-levenshtein";

import type { NameLookupRepository, NameMatch } from "../db/taxonomy/name-lookup-repository.ts";
import type { NamedKind } from "../domain/named-kind.ts";

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

const fold = (name: string): string => name.toLowerCase();

const partsOf = (text: string): string[] => text.split(",").map((part) => part.trim());

const isId = (part: string): boolean => /^[1-9]\d{0,15}$/.test(part);

const textsOf = ({ values }: NamedQuestion): string[] =>
  values.filter((value) => typeof value === "string");

/** Of one name: only the published ones where there are any, since nobody means the others. */
function meant(matches: readonly NameMatch[]): readonly NameMatch[] {
  const published = matches.filter(({ isPublished }) => isPublished);
  return published.length > 0 ? published : matches;
}

/** Regions, systems and types by their names. */
export function createNameLookup({ names }: { names: NameLookupRepository }) {
  async function unknown({ kind, parameter }: NamedQuestion, name: string): Promise<NameFault> {
    const near = (await names.near(kind, name))
      .toSorted((a, b) => distance(fold(a), fold(name)) - distance(fold(b), fold(name)))
      .slice(0, maxShown);
    const candidates = near.length === 0 ? "" : `; did you mean ${near.join(", or ")}?`;
    return { parameter, detail: `No ${kind} is called ${name}${candidates}` };
  }

  const ambiguous = (
    { kind, parameter }: NamedQuestion,
    name: string,
    matches: readonly NameMatch[],
  ): NameFault => {
    const ids = matches.slice(0, maxShown).map(({ id }) => id);
    return { parameter, detail: `Several ${kind}s are called ${name}: ${ids.join(", ")}` };
  };

  return {
    /**
     * The ids that are meant. A text is tried whole before it is split at commas: some names hold one.
     */
    async resolve(questions: readonly NamedQuestion[]): Promise<NameAnswer> {
      const asked = questions.map((question) => ({
        kind: question.kind,
        names: [...new Set(textsOf(question).flatMap((text) => [text, ...partsOf(text)]))],
      }));
      const isAsked = asked.some((each) => each.names.length > 0);
      const found = isAsked ? await names.find(asked) : [];
      const faults: NameFault[] = [];

      const ids = questions.map(async (question, index) => {
        const byName = Map.groupBy(found[index] ?? [], (match) => match.asked);
        const resolved: number[] = [];
        for (const value of question.values) {
          if (typeof value === "number") resolved.push(value);
          else {
            const parts = byName.has(value) ? [value] : partsOf(value);
            for (const part of parts) {
              const matches = meant(byName.get(part) ?? []);
              const [match] = matches;
              if (matches.length > 1) faults.push(ambiguous(question, part, matches));
              else if (match) resolved.push(match.id);
              else if (isId(part)) resolved.push(Number(part));
              else faults.push(await unknown(question, part));
            }
          }
        }
        return [...new Set(resolved)];
      });
      return { ids: await Promise.all(ids), faults };
    },
  };
}

export type NameLookup = ReturnType<typeof createNameLookup>;
