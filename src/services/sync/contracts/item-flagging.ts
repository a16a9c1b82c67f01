import type { UniverseRepository } from "../../../db/universe-repository.ts";
import { type ItemFlag, itemFlags } from "../../../domain/flags/item-flags.ts";
import { createTitleNames, type TitleNames } from "../../../domain/flags/title-names.ts";
import type { ContractItem, ItemType } from "../../../domain/item.ts";

type Flaggable = { title: string | null; items: readonly ContractItem[] };

/** Judges contracts by their titles and items. */
export function createItemFlagging({ universe }: { universe: UniverseRepository }) {
  let known: Promise<TitleNames> | undefined;
  const titleNames = () =>
    (known ??= universe.namedHulls().then((hulls) => createTitleNames(hulls)));

  return async function flagItems<Contract extends Flaggable>(
    contracts: readonly Contract[],
    typeOf: (typeId: number) => ItemType | undefined,
  ): Promise<(Contract & { flags: ItemFlag[] })[]> {
    if (contracts.length === 0) return [];
    const names = await titleNames();
    return contracts.map((contract) => ({
      ...contract,
      flags: itemFlags({ title: contract.title, items: contract.items, typeOf, names }),
    }));
  };
}

export type ItemFlagging = ReturnType<typeof createItemFlagging>;
