import { describe, expect, it } from "vitest";

import { questionOf, searchOf } from "../../src/http/question.ts";

const defaults = { limit: "50", sort: "label" };

describe("questionOf", () => {
  it.each([
    [{}, "/x"],
    [{ b: 1, a: 2 }, "/x?a=2&b=1"],
    [{ a: undefined, b: true, c: false }, "/x?b=true&c=false"],
    [{ limit: 50, sort: "label" }, "/x"],
    [{ limit: 5, sort: "-label" }, "/x?limit=5&sort=-label"],
    [{ id: [10, 9, 100] }, "/x?id=9%2C10%2C100"],
    [{ id: [2, 1, 2, 2] }, "/x?id=1%2C2"],
    [{ type: ["loan", "auction"] }, "/x?type=auction%2Cloan"],
    [{ min_price: 1_000_000_000_000_000 }, "/x?min_price=1000000000000000"],
    [{ min_price: 0.000001 }, "/x?min_price=0.000001"],
    [{ q: "a,b & c=d+e?" }, "/x?q=a%2Cb+%26+c%3Dd%2Be%3F"],
  ])("%o is %s", (values, question) => {
    expect(questionOf("/x", values, defaults)).toBe(question);
  });

  it("can be read back as the query that it stands for", () => {
    const values = { q: "a,b & c=d+e? é %41", limit: 5 };

    const question = questionOf("/x", values, defaults);

    const { searchParams } = new URL(question, "https://localhost");
    expect(Object.fromEntries(searchParams)).toEqual({ q: values.q, limit: "5" });
  });
});

describe("searchOf", () => {
  it("is the same for all pages, of any length", () => {
    const pages = [
      {},
      { limit: 5 },
      { cursor: "abc" },
      { limit: 7, cursor: "def" },
      { fields: "b" },
    ];

    const searches = pages.map((page) => searchOf("/x", { a: 1, ...page }, defaults));

    expect(searches).toEqual(pages.map(() => "/x?a=1"));
  });
});
