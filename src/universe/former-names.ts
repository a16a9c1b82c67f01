import { folded } from "../domain/folded-text.ts";
import amendments from "./amendments.json" with { type: "json" };

type Renamed = [typeId: number, former: string, current: string];

/** What types were called before they were renamed, as far as `amendments.json` tells. */
export function createFormerNames(renamed: readonly Renamed[]) {
  const names = renamed
    .map(([typeId, former, current]) => ({
      typeId,
      former,
      folded: folded(former),
      isOther: folded(former) !== folded(current),
    }))
    // Letter case alone makes no other name.
    .filter(({ isOther }) => isOther);
  const byType = Map.groupBy(names, ({ typeId }) => typeId);
  const byName = Map.groupBy(names, (name) => name.folded);

  return {
    /** The types that were called exactly this, letter case aside. */
    typesCalled: (name: string): number[] =>
      (byName.get(folded(name)) ?? []).map(({ typeId }) => typeId),

    /** The former names that hold a text, folded, with their types. */
    holding(text: string): [typeId: number, foldedName: string][] {
      const asked = folded(text);
      return names
        .filter((name) => name.folded.includes(asked))
        .map((name) => [name.typeId, name.folded]);
    },

    /** What a type was called. */
    of: (typeId: number): string[] => (byType.get(typeId) ?? []).map(({ former }) => former),
  };
}

export type FormerNames = ReturnType<typeof createFormerNames>;

/** The former names that ship with the Worker. */
export const shippedFormerNames = createFormerNames(
  amendments.flatMap((amendment) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- test/universe checks the file
    "renamed" in amendment ? (amendment.renamed as Renamed[]) : [],
  ),
);
