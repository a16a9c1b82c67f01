import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";

import { createDatabase } from "../../src/db/client.ts";
import { rankOf } from "../../src/db/taxonomy/named-page.ts";

const db = createDatabase(env.DB);

async function rank(name: string, text: string): Promise<number | undefined> {
  const row = await db.first(sql<{ rank: number }>`select ${rankOf(sql`${name}`, text)} as rank`);
  return row?.rank;
}

describe("the names that are looked for", () => {
  it.each([
    ["Rifter", "rifter", 0],
    ["Caracal Navy Issue", "navy", 1],
    ["Navy Cap Booster 100", "navy", 1],
    ["Proteus", "pro", 2],
    ["Caldari Proximity Mine", "pro", 3],
    ["Improved Cloaking Device II", "pro", 4],
    ["Hakim's Module", "HAKIM’S", 1],
  ])("%s is looked for by %s: rank %i", async (name, text, expected) => {
    expect(await rank(name, text)).toBe(expected);
  });
});
