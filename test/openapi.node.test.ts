import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";

const committed = readFileSync(join(import.meta.dirname, "../docs/openapi.json"), "utf8");

/** The check of the committed document by OpenAPI's own schemas of itself. */
const check = (text: string) => new Validator().validate(JSON.parse(text));

describe("docs/openapi.json", () => {
  it("is OpenAPI 3.1", async () => {
    const result = await check(committed);

    expect(result).toEqual({ valid: true });
    expect(JSON.parse(committed)).toMatchObject({ openapi: "3.1.0" });
  });

  it.each([
    ["a method that there is not", '"get":', '"fetch":'],
    ["a place where no parameter is", '"in": "path"', '"in": "body"'],
    ["a response without a description", '"description": "The process responds",', ""],
    ["a version that there is not", '"openapi": "3.1.0"', '"openapi": "3.1"'],
  ])("would not be with %s: the validator sees it", async (_, part, instead) => {
    const result = await check(committed.replace(part, instead));

    expect(committed).toContain(part);
    expect(result.valid).toBe(false);
  });

  it("refers to no part that it has not, and has none that nothing refers to", () => {
    const referred = [...committed.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );

    const document: { components: { schemas: object } } = JSON.parse(committed);
    expect(new Set(referred)).toEqual(new Set(Object.keys(document.components.schemas)));
  });
});
