import type { Database } from "../client.ts";
import { createCouriersRepository } from "./couriers.ts";
import { createItemsRepository } from "./items.ts";
import { createListingRepository } from "./listing.ts";
import { createLocationsRepository } from "./locations.ts";
import { createOffersRepository } from "./offers.ts";
import { createValuationsRepository } from "./valuations.ts";

/** All that the sync reads and writes of contracts: a file for each thing that it writes. */
export const createContractRepository = (db: Database) => ({
  ...createListingRepository(db),
  ...createItemsRepository(db),
  ...createOffersRepository(db),
  ...createValuationsRepository(db),
  ...createLocationsRepository(db),
  ...createCouriersRepository(db),
});

export type ContractRepository = ReturnType<typeof createContractRepository>;
