/**
 * A run that dies while it makes a price book, or values by it: the book in use is the last one or the
 * new one, and so is each contract's value; the runs after it end with the new one.
 */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { aContract, anItem } from "../../esi-stand-in/hand-made.ts";
import { expectConsistent, rowsOf } from "../../support/database.ts";
import { type Death, dyingSync, leaseMs } from "../../support/dying-sync.ts";
import { emptyDatabase } from "../../support/empty-database.ts";
import { aMarket, anOrderRow, bookOf, type Quotes, storedBook } from "../../support/market.ts";
import { aTickingApi, minuteMs, type TickingApi } from "../../support/ticking-api.ts";

const hourMs = 60 * minuteMs;

const before: Quotes = { 34: { sell: 5, buy: 4 }, 587: { sell: 500_000, average: 400_000 } };
const after: Quotes = { 34: { sell: 6, buy: 3 }, 587: { sell: 700_000, average: 400_000 } };

/** A price book that is in use, and another one that is due, of two pages. */
async function begin() {
  const market = aMarket(before);
  const scene = await aTickingApi({
    market: market.esi,
    ports: { sleep: async () => undefined },
    settings: { PRICES_EVERY_HOURS: "6" },
    contracts: [
      aContract(),
      aContract({ items: [anItem({ type_id: 34, quantity: 1_000 })] }),
      aContract({ items: [anItem(), anItem({ type_id: 34, quantity: 7, is_included: false })] }),
    ],
  });
  await scene.tick();
  await scene.tickLater(minuteMs);
  market.quote(after);
  market.orders = [
    ...market.orders,
    ...Array.from({ length: 1_000 }, () => anOrderRow({ price: 700_000 })),
  ];
  scene.clock.advance(6 * hourMs);
  return { market, scene };
}

type Value = { id: number; sell: number; buy: number | null; wanted: number };

const values = () =>
  rowsOf<Value>(
    env.DB,
    `select contract_id as id, value_sell as sell, value_buy as buy, requested_value as wanted
     from contracts order by contract_id`,
  );

const valuesOf = (sell: number, buy: number, rifter: number) => [
  { sell: rifter, buy: 400_000, wanted: 0 },
  { sell: 1_000 * sell, buy: 1_000 * buy, wanted: 0 },
  { sell: rifter, buy: 400_000, wanted: 7 * sell },
];
const [old, renewed] = [valuesOf(5, 4, 500_000), valuesOf(6, 3, 700_000)];

async function expectSomeBook(books: readonly unknown[]): Promise<void> {
  await expectConsistent(env.DB);
  expect(books).toContainEqual(await storedBook(env.DB));
  for (const [index, { id: _id, ...value }] of (await values()).entries()) {
    expect([old[index], renewed[index]]).toContainEqual(value);
  }
}

async function recover(scene: TickingApi): Promise<void> {
  scene.clock.advance(leaseMs);
  for (let run = 0; run < 10; run += 1) {
    if ((await scene.sync()).outcome === "idle") return;
    scene.clock.advance(minuteMs);
  }
  throw new Error("The sync found no end.");
}

/** The run that makes the book, and values by it. */
async function runOnce(scene: TickingApi, death?: Death): Promise<number> {
  const doomed = dyingSync(scene, death);
  await doomed.run().catch(() => "dead");
  doomed.end();
  expect(doomed.isDead()).toBe(death !== undefined);
  return doomed.awaits();
}

it("a run that makes a book, and values by it, may die at each of its awaits", async () => {
  const { scene: whole } = await begin();
  const oldBook = await storedBook(env.DB);
  const total = await runOnce(whole);

  for (let at = 1; at <= total; at += 1) {
    for (const isAfter of [false, true]) {
      await emptyDatabase();
      const { market, scene } = await begin();
      const newBook = bookOf(market).prices;
      await runOnce(scene, { at, isAfter });
      await expectSomeBook([oldBook, newBook]);

      await recover(scene);

      await expectSomeBook([newBook]);
      expect((await values()).map(({ id: _id, ...value }) => value)).toEqual(renewed);
      expect(await rowsOf(env.DB, "select from_page from order_pages")).toEqual([]);
    }
  }
  expect(total).toBeGreaterThan(8);
}, 120_000);
