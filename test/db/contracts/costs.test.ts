/** What a contract costs to write, from the list that first holds it to the day it is forgotten. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";

import readModel from "../../../docs/read-model.md?raw";
import { createDatabase, type Database } from "../../../src/db/client.ts";
import {
  type ContractRepository,
  createContractRepository,
} from "../../../src/db/contracts/contract-repository.ts";
import type { PlacedContract } from "../../../src/db/contracts/listing.ts";
import { type ContractItem, type ItemType } from "../../../src/domain/item.ts";
import { offerOf } from "../../../src/domain/offer.ts";
import {
  aContractItem,
  aPlacedContract,
  rifter,
  tritanium,
  typeOf,
} from "../../support/contract-builders.ts";
import { loadTestUniverse } from "../../support/universe.ts";

let db: Database;
let contracts: ContractRepository;

beforeEach(async () => {
  await loadTestUniverse();
  db = createDatabase(env.DB);
  contracts = createContractRepository(db);
  // Among others whose change has marked the row group as out of date already.
  await db.all(sql`insert into row_groups (group_id) values (0)`);
});

async function cost(queries: Parameters<Database["batch"]>[0]): Promise<number> {
  const before = db.costs.rowsWritten;
  await db.batch(queries);
  return db.costs.rowsWritten - before;
}

const anOffer = ({ typeId }: ItemType, items: number): ContractItem[] =>
  Array.from({ length: items }, (_, index) => aContractItem({ recordId: index + 1, typeId }));

/** The life of one contract among others, step by step. */
async function lifeOf(fields: Partial<PlacedContract>, items: readonly ContractItem[]) {
  const contractId = 1;
  const contract = aPlacedContract({ contractId, ...fields });
  const { dateIssued, dateExpired } = contract;
  const complete = { contractId, items, offer: offerOf(items, typeOf) };
  const end = { endedAt: dateIssued + 60, lastListedAt: dateIssued };
  return {
    listed: await cost(contracts.insertListed(10_000_002, [contract], 0, [])),
    items:
      items.length === 0
        ? 0
        : await cost([...contracts.storeItems([complete]), ...contracts.storeOffers([complete])]),
    moved: await cost([contracts.move([{ contractId, dateIssued, dateExpired: dateExpired + 1 }])]),
    ended: await cost(contracts.unlist([contractId], end)),
    forgotten: await cost(contracts.forget([contractId])),
  };
}

/** The document's tables without the blanks that align them. */
const documented = readModel.replaceAll(/ {2,}/g, " ");

describe("the life of a contract writes so many rows", () => {
  it.each<[string, Partial<PlacedContract>, ContractItem[]]>([
    ["a ship", {}, anOffer(rifter, 1)],
    [
      "a ship with 9 rows of items",
      {},
      [...anOffer(rifter, 1), ...anOffer(tritanium, 10).slice(1)],
    ],
    ["other items, one row", {}, anOffer(tritanium, 1)],
    ["an auction of a ship", { type: "auction" }, anOffer(rifter, 1)],
    ["a courier", { type: "courier" }, []],
  ])("%s", async (name, fields, items) => {
    const { listed, items: stored, moved, ended, forgotten } = await lifeOf(fields, items);
    expect(documented).toContain(
      `| ${[name, listed, stored, moved, ended, forgotten].join(" | ")} |`,
    );
  });
});
