/**
 * An expression is run as SQL and over row groups: both must say the same of any contract. Rows and
 * expressions are random, with many nulls, zeros and equal numbers.
 */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { createDatabase } from "../../../src/db/client.ts";
import { jsonRows } from "../../../src/db/d1.ts";
import { codesOf, type RowGroupColumn } from "../../../src/db/row-groups/columns.ts";
import { rowGroupsWith } from "../../../src/db/row-groups/row-group-cache.ts";
import { evaluate } from "../../../src/db/search/evaluate.ts";
import { toSql } from "../../../src/db/search/expression-sql.ts";
import { columnsOf, type Expression } from "../../../src/db/search/expression.ts";
import { renewRowGroups } from "../../support/corpus.ts";

const reals = ["price", "reward", "volume", "value_sell"] as const;
const integers = ["item_count", "priced_count", "item_flag_bits", "start_system_id"] as const;
const words = ["type", "start_security_class"] as const;

const aReal = fc.constantFrom(null, 0, 1, 2, 0.1, 0.3, 1e13 - 0.01, 2.1699999999999986, 0.01);
const anInteger = fc.constantFrom(null, 0, 1, 2, 3, 7, 30_000_142);
const aWord = (name: RowGroupColumn) => fc.constantFrom(...(codesOf(name) ?? []));

const aRow = fc.record({
  price: aReal,
  reward: aReal,
  volume: aReal,
  value_sell: aReal,
  item_count: anInteger,
  priced_count: anInteger,
  item_flag_bits: anInteger,
  start_system_id: anInteger,
  type: aWord("type"),
  start_security_class: fc.option(aWord("start_security_class")),
});

const aLiteral = fc.constantFrom(0, 1, 2, 0.3, 7, 1e13 - 0.01);
const aColumn = fc
  .constantFrom<RowGroupColumn>(...reals, ...integers)
  .map((name): Expression => ({ kind: "column", name }));

const { value: aValue } = fc.letrec<{ value: Expression; condition: Expression }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    aColumn,
    aLiteral.map((value): Expression => ({ kind: "number", value })),
    fc.record({
      kind: fc.constant("arithmetic" as const),
      operator: fc.constantFrom("+", "-", "*", "/"),
      left: tie("value"),
      right: tie("value"),
    }),
    fc.record({
      kind: fc.constant("arithmetic" as const),
      operator: fc.constant("&" as const),
      left: fc.constant<Expression>({ kind: "column", name: "item_flag_bits" }),
      right: fc.nat(15).map((value): Expression => ({ kind: "number", value })),
    }),
    fc.record({
      kind: fc.constant("coalesce" as const),
      operand: tie("value"),
      fallback: aLiteral,
    }),
    fc.record({ kind: fc.constant("nullIfZero" as const), operand: tie("value") }),
    fc.record({ kind: fc.constant("atLeast" as const), operand: tie("value"), least: aLiteral }),
    fc.record({
      kind: fc.constant("when" as const),
      condition: tie("condition"),
      value: tie("value"),
      otherwise: tie("value"),
    }),
    tie("condition"),
  ),
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constant("comparison" as const),
      operator: fc.constantFrom("=", "<>", "<", "<=", ">", ">="),
      left: tie("value"),
      right: tie("value"),
    }),
    fc.constantFrom(...words).chain((name) =>
      fc.record({
        kind: fc.constant("comparison" as const),
        operator: fc.constantFrom("=" as const, "<>" as const),
        left: fc.constant<Expression>({ kind: "column", name }),
        right: aWord(name).map((value): Expression => ({ kind: "text", value })),
      }),
    ),
    fc.constantFrom(...words).chain((name) =>
      fc.record({
        kind: fc.constant("oneOf" as const),
        operand: fc.constant<Expression>({ kind: "column", name }),
        values: fc.uniqueArray(aWord(name)),
        isNegated: fc.boolean(),
      }),
    ),
    fc.record({
      kind: fc.constant("oneOf" as const),
      operand: aColumn,
      values: fc.uniqueArray(aLiteral),
      isNegated: fc.boolean(),
    }),
    fc.record({
      kind: fc.constantFrom("and", "or"),
      terms: fc.array(tie("condition"), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constantFrom("isNotTrue", "isNull", "isNotNull"),
      operand: tie("condition"),
    }),
  ),
}));

const db = createDatabase(env.DB);

async function store(rows: readonly object[]): Promise<void> {
  await db.batch([
    sql`delete from contracts`,
    sql`insert into contracts (contract_id, region_id, type, date_issued, date_expired,
        for_corporation, issuer_id, issuer_corporation_id, is_listed, first_seen_at, items_status,
        price, reward, volume, value_sell, item_count, priced_count, item_flag_bits,
        start_system_id, start_security_class)
      select key, 10000002, value ->> 'type', 0, 1, 0, 1, 1, 1, 0, 'none', value ->> 'price',
        value ->> 'reward', value ->> 'volume', value ->> 'value_sell', value ->> 'item_count',
        value ->> 'priced_count', value ->> 'item_flag_bits', value ->> 'start_system_id',
        value ->> 'start_security_class'
      from (select json_each.key as key, json_each.value as value from json_each(${JSON.stringify(rows)}))`,
  ]);
  await renewRowGroups(db);
}

describe("an expression", () => {
  beforeEach(() => store([]));

  it("has the same value in SQL and over row groups, for any contract", async () => {
    let values = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(aRow, { minLength: 1, maxLength: 40 }),
        fc.array(aValue, { minLength: 20, maxLength: 20 }),
        async (rows, expressions) => {
          await store(rows);
          const groups = rowGroupsWith(expressions.flatMap(columnsOf));
          const [group] = groups.read(...(await db.batch(groups.queries))) ?? [];
          for (const expression of expressions) {
            const inSql = await db.all(sql<{ value: number | null }>`
              select ${toSql(expression)} as value from contracts order by contract_id`);
            const overColumns = group && [
              ...evaluate(expression, group, { hullMedianAsks: new Map() }),
            ];

            expect(overColumns?.map((value) => (Number.isNaN(value) ? null : value + 0))).toEqual(
              inSql.map(({ value }) => value && value + 0),
            );
            values += inSql.filter(({ value }) => value !== null && value !== 0).length;
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(values).toBeGreaterThan(1_000);
  }, 60_000);

  it("takes any number of ids, and as many terms as there are filters", async () => {
    await store([{ type: "auction", item_count: 3 }]);
    const ids = Array.from({ length: 5_000 }, (_, id) => id);
    const isOne: Expression = {
      kind: "oneOf",
      operand: { kind: "column", name: "item_count" },
      values: ids,
      isNegated: false,
    };
    const many: Expression = { kind: "and", terms: Array.from({ length: 150 }, () => isOne) };

    const [row] = await db.all(sql<{ value: number }>`
      select ${toSql(many)} as value, ${jsonRows([])} as none from contracts`);

    expect(row?.value).toBe(1);
  });
});
