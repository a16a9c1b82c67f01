import * as fc from "fast-check";
import { expect, it } from "vitest";

import { esiJson, rawJson } from "./json.ts";

it("writes what JSON.parse reads back, whatever the value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(JSON.parse(esiJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("keeps the .0 of doubles, and of nothing else", () => {
  const row = { price: 5, volume: 0.01, contract_id: 5, reward: 1e21 };

  expect(esiJson(row)).toBe('{"price":5.0,"volume":0.01,"contract_id":5,"reward":1e+21}');
});

it("escapes slashes, as in the titles that ESI sends", () => {
  expect(esiJson({ title: 'http://a "b"' })).toBe(String.raw`{"title":"http:\/\/a \"b\""}`);
});

it("leaves out undefined fields, and writes numbers that JavaScript has no value for", () => {
  const row = { absent: undefined, id: 9_007_199_254_740_993n, price: rawJson("1e400") };

  expect(esiJson(row)).toBe('{"id":9007199254740993,"price":1e400}');
});

it("does not remember a row that may still change", () => {
  const row = { price: 1 };
  esiJson(row);
  row.price = 2;

  expect(esiJson(row)).toBe('{"price":2.0}');
});
