import { describe, expect, it } from "vitest";

import { aContract } from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, firstContract } from "../support/api.ts";
import { faults } from "../support/behaviours.ts";

const second = firstContract + 1;

const aPricedApi = () =>
  aSyncedApi({ contracts: [aContract({ price: 1_000_000 }), aContract({ price: 2_000_000 })] });

type List = {
  data: Record<string, unknown>[];
  meta: { next_cursor: string | null; total: number };
};

/** The fields of the first contract of the answer, as the body has them: names, order, values. */
async function firstOf(api: Api, query: string): Promise<[string, unknown][]> {
  const { data } = await api.json<List>(`/v1/contracts?sort=price&${query}`);
  return Object.entries(data[0] ?? {});
}

describe("fields of GET /v1/contracts", () => {
  it("are answered in the order in which they are named, behind the id", async () => {
    const api = await aPricedApi();

    expect(await firstOf(api, "fields=type,price,label")).toEqual([
      ["contract_id", firstContract],
      ["type", "item_exchange"],
      ["price", 1_000_000],
      ["label", "Rifter"],
    ]);
  });

  it("place the id where it is named", async () => {
    const api = await aPricedApi();

    expect(await firstOf(api, "fields=price,contract_id")).toEqual([
      ["price", 1_000_000],
      ["contract_id", firstContract],
    ]);
  });

  it("may be named twice, or in several parameters", async () => {
    const api = await aPricedApi();

    const once = await firstOf(api, "fields=price,type");

    expect(await firstOf(api, "fields=price,type,price")).toEqual(once);
    expect(await firstOf(api, "fields=price&fields=type")).toEqual(once);
  });

  it("are null where the whole contract has null", async () => {
    const api = await aPricedApi();

    expect(await firstOf(api, "fields=buyout")).toEqual([
      ["contract_id", firstContract],
      ["buyout", null],
    ]);
  });

  it("are all included if none are named", async () => {
    const api = await aPricedApi();

    const whole = await firstOf(api, "limit=1");

    expect(whole.length).toBeGreaterThan(40);
    expect(await firstOf(api, `fields=${whole.map(([name]) => name).join(",")}`)).toEqual(whole);
  });

  it("leave the rest of the answer as it is", async () => {
    const api = await aPricedApi();

    const whole = await api.json<List>("/v1/contracts?limit=1");
    const part = await api.json<List>("/v1/contracts?fields=price&limit=1");

    expect({ ...part.meta, next_cursor: null }).toEqual({ ...whole.meta, next_cursor: null });
  });

  it("may change from page to page", async () => {
    const api = await aPricedApi();
    const { meta } = await api.json<List>("/v1/contracts?sort=price&limit=1&fields=price");

    const next = await api.json<List>(
      `/v1/contracts?sort=price&limit=1&fields=label&cursor=${meta.next_cursor}`,
    );

    expect(next.data).toEqual([{ contract_id: second, label: "Rifter" }]);
  });

  it("change the ETag if the fields or their order differ", async () => {
    const api = await aPricedApi();
    const etagOf = async (query: string) => {
      const response = await api.get(`/v1/contracts${query}`);
      return response.headers.get("etag");
    };

    const [whole, some, turned, spelt] = await Promise.all([
      etagOf(""),
      etagOf("?fields=price,type"),
      etagOf("?fields=type,price"),
      etagOf("?fields=contract_id,price,type,price"),
    ]);

    expect(new Set([whole, some, turned]).size).toBe(3);
    expect(spelt).toBe(some);
  });

  it("are refused if they do not exist, with the nearest name", async () => {
    const api = await aPricedApi();

    expect(await faults(await api.get("/v1/contracts?fields=pirce,price"))).toEqual([
      ["fields", "Unknown field; did you mean price?"],
    ]);
    expect(await faults(await api.get("/v1/contracts?fields=no_such_thing_at_all"))).toEqual([
      ["fields", "Unknown field"],
    ]);
  });

  it("cannot be empty", async () => {
    const api = await aPricedApi();

    expect(await faults(await api.get("/v1/contracts?fields="))).toHaveLength(1);
  });

  it("make a page for a table at most a third of the full size", async () => {
    const contracts = Array.from({ length: 50 }, () => aContract({ title: "cheap Rifter" }));
    const api = await aSyncedApi({ contracts });
    const bytesOf = async (query: string) =>
      (await (await api.get(`/v1/contracts?limit=50${query}`)).arrayBuffer()).byteLength;

    const columns = [
      "label,title,type,price,value_sell,price_to_value,start_location_name,start_system_name",
      "start_security,start_security_class,jumps,flags,date_expired,hull_rank,hull_listed",
    ].join(",");

    expect(await bytesOf(`&fields=${columns}`)).toBeLessThanOrEqual(30_000);
    expect(await bytesOf("")).toBeGreaterThan(60_000);
  });
});
