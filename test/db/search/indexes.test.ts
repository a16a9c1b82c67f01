/** Every index is there for a query, and docs/read-model.md says for which. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import readModel from "../../../docs/read-model.md?raw";
import { queries } from "../../bench/queries.ts";
import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { domain, firstContract, theForge } from "../../support/api.ts";
import { rowsOf } from "../../support/database.ts";
import { aTickingApi } from "../../support/ticking-api.ts";

const indexesOf = async (condition: string) =>
  (
    await rowsOf<{ name: string }>(
      env.DB,
      `select name from sqlite_master where type = 'index' and sql is not null and ${condition} order by name`,
    )
  ).map(({ name }) => name);

/** The names of all indexes that SQLite says a statement goes through. */
async function indexesUsedBy(statement: string): Promise<string[]> {
  // What is bound does not change a plan here: which index is used stands in the text.
  const text = `explain query plan ${statement.replaceAll(/\?\d+/g, "null")}`;
  const plan = await rowsOf<{ detail: string }>(env.DB, text);
  return plan.flatMap(({ detail }) => /USING (?:COVERING )?INDEX (\w+)/.exec(detail)?.[1] ?? []);
}

/** Asks everything, once: runs of the sync around a change and a repair, and the queries of the bench. */
async function statementsOfEverything(): Promise<string[]> {
  const scene = await aTickingApi({
    contracts: [
      aContract(),
      aContract({ type: "auction" }),
      aContract({ type: "courier", start_location_id: 60_015_200 }),
      aContract({ region_id: domain, items: [anItem()] }),
    ],
    regionIds: [theForge, domain],
    settings: { RETENTION_DAYS: "1" },
  });
  scene.meter.reset();
  await scene.tick();
  scene.world.remove(firstContract, scene.clock.date());
  await scene.tickLater();
  await env.DB.prepare("update region_states set counts = 'spoilt'").run();
  await scene.tickLater();
  scene.configure({ SYNC_REGION_IDS: String(theForge) });
  // As a release with other rules finds it.
  await env.DB.prepare("update sync_state set derived_by = ''").run();
  await scene.tickLater(3 * 86_400_000);
  const sorts = ["date_issued", "date_expired", "price"];
  const filters = ["", "ship=true", "type=courier", `region_id=${theForge}`];
  const both = `ship=true&region_id=${theForge}`;
  const searches = [
    ...queries.map(({ search }) => search),
    ...[...filters, both].flatMap((filter) => sorts.map((sort) => `${filter}&sort=${sort}`)),
    "max_price=5&system_id=30000142",
    "type_id=Rifter",
    "region_id=Domain",
    "status=expired,gone",
  ];
  const paths = [
    ...searches.map((search) => `/v1/contracts?${search}`),
    ...["types?group_id=25", "types?q=ri", "groups?category_id=6", "systems?q=ji", "status"].map(
      (path) => `/v1/${path}`,
    ),
  ];
  for (const path of paths) expect((await scene.request(path)).status, path).toBe(200);
  return [...new Set(scene.meter.statements())];
}

describe("the indexes", () => {
  it("are each used by a query", async () => {
    const used = new Set<string>();
    for (const statement of await statementsOfEverything()) {
      for (const name of await indexesUsedBy(statement)) used.add(name);
    }

    const unused = (await indexesOf("true")).filter((name) => !used.has(name));
    expect(unused).toEqual([]);
  });

  it("are each explained in the read model's document", async () => {
    const explained = new Set(readModel.match(/(?<=`)\w+(?=`)/g));

    expect((await indexesOf("true")).filter((name) => !explained.has(name))).toEqual([]);
  });
});
