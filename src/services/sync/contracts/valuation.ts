import type { PricedValuation } from "../../../db/contracts/valuations.ts";
import type { PriceRepository } from "../../../db/price-repository.ts";
import type { ContractItem } from "../../../domain/item.ts";
import { priceOf, valuationOf } from "../../../domain/valuation.ts";
import { toSeconds } from "../../../lib/time.ts";

type Valued<Contract> = Contract & { valuation: PricedValuation };

/** Values contracts by the price book; nothing if there is none yet, or it cannot be read. */
export function createContractValuation({ prices }: { prices: PriceRepository }) {
  return async function valueContracts<Contract extends { items: readonly ContractItem[] }>(
    contracts: readonly Contract[],
  ): Promise<Valued<Contract>[] | undefined> {
    const { madeAt } = await prices.state();
    if (madeAt === null) return undefined;
    const typeIds = [
      ...new Set(contracts.flatMap(({ items }) => items.map(({ typeId }) => typeId))),
    ];
    const [market, abyssal] = [await prices.of(typeIds), await prices.abyssalTypeIds(typeIds)];
    // Without their prices they would be worth less than they are.
    if ([...market.values()].includes(null)) return undefined;
    const valueOf = (items: readonly ContractItem[]) =>
      valuationOf(items, (item) =>
        priceOf(
          { isBlueprintCopy: item.isBlueprintCopy, isAbyssal: abyssal.has(item.typeId) },
          market.get(item.typeId) ?? undefined,
        ),
      );
    return contracts.map((contract) => ({
      ...contract,
      valuation: { ...valueOf(contract.items), pricedAt: toSeconds(madeAt) },
    }));
  };
}

export type ContractValuation = ReturnType<typeof createContractValuation>;
