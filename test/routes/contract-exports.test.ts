import { env } from "cloudflare:workers";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";

import { csvRecord } from "../../src/formats/csv.ts";
import { exportChunkRows } from "../../src/services/contract-export.ts";
import { aBlueprintCopy, aContract, anItem } from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, firstContract } from "../support/api.ts";
import { faults } from "../support/behaviours.ts";

type Contract = Record<string, unknown> & { contract_id: number };
type List = { data: Contract[]; meta: { next_cursor: string | null; total: number } };

const records = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

const linesOf = (ndjson: string): Contract[] =>
  ndjson
    .split("\n")
    .filter(Boolean)
    .map((line): Contract => JSON.parse(line));

const textOf = async (api: Api, path: string): Promise<string> => {
  const response = await api.get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return response.text();
};

const next = (response: Response): string | null =>
  /^<http:\/\/localhost(.+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1] ?? null;

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => aContract({ price: 1_000 + index }));

describe("GET /v1/contracts.ndjson", () => {
  it("has the contracts of the list, in its order, a line each", async () => {
    const api = await aSyncedApi({ contracts: many(5) });

    const response = await api.get("/v1/contracts.ndjson?sort=price");
    const text = await response.text();
    const list = await api.json<List>("/v1/contracts?sort=price");

    expect(linesOf(text)).toEqual(list.data);
    expect(text.endsWith("\n")).toBe(true);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    expect(response.headers.get("x-total-count")).toBe("5");
    expect(response.headers.get("link")).toBeNull();
    expect(response.headers.get("etag")).toMatch(/^W\//);
  });

  it("has the fields that are named, with the id", async () => {
    const api = await aSyncedApi({ contracts: many(1) });

    expect(await textOf(api, "/v1/contracts.ndjson?fields=price,type")).toBe(
      `{"contract_id":${firstContract},"price":1000,"type":"item_exchange"}\n`,
    );
  });

  it("is empty if nothing matches", async () => {
    const api = await aSyncedApi({ contracts: many(1) });

    const response = await api.get("/v1/contracts.ndjson?min_price=5000");

    expect(await response.text()).toBe("");
    expect(response.headers.get("x-total-count")).toBe("0");
  });

  it("links to the next part, even if a part is larger than one read", async () => {
    const count = exportChunkRows + 3;
    const api = await aSyncedApi({ contracts: many(count), regionIds: [10_000_002] });
    const limit = exportChunkRows + 1;

    const seen: number[] = [];
    const totals = new Set<string | null>();
    for (let at: string | null = `/v1/contracts.ndjson?sort=price&limit=${limit}`; at !== null;) {
      const response: Response = await api.get(at);
      totals.add(response.headers.get("x-total-count"));
      seen.push(...linesOf(await response.text()).map(({ contract_id: id }) => id));
      at = next(response);
    }

    expect(seen).toEqual(Array.from({ length: count }, (_, index) => firstContract + index));
    expect(totals).toEqual(new Set([String(count)]));
  });

  it("can go on where a list stopped, and a list can go on from here", async () => {
    const api = await aSyncedApi({ contracts: many(3) });
    const { meta } = await api.json<List>("/v1/contracts?sort=price&limit=1");

    const rest = await api.get(
      `/v1/contracts.ndjson?sort=price&limit=1&cursor=${meta.next_cursor}`,
    );
    const cursor = new URL(`http://localhost${next(rest)}`).searchParams.get("cursor");
    const last = await api.json<List>(`/v1/contracts?sort=price&cursor=${cursor}`);

    expect(linesOf(await rest.text()).map(({ price }) => price)).toEqual([1_001]);
    expect(last.data.map(({ price }) => price)).toEqual([1_002]);
  });

  it.each(["0", "10001", "x"])("takes no limit of %s", async (limit) => {
    const api = await aSyncedApi({ contracts: many(1) });

    const response = await api.get(`/v1/contracts.ndjson?limit=${limit}`);

    expect((await faults(response)).map(([parameter]) => parameter)).toEqual(["limit"]);
  });

  it("breaks off between two lines if the database fails", async () => {
    const api = await aSyncedApi({ contracts: many(exportChunkRows + 1) });
    const response = await api.get(`/v1/contracts.ndjson?limit=10000&sort=price`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    await env.DB.exec("drop table contracts");

    await expect(reader?.read()).rejects.toThrow(/D1_ERROR|no such table/);
    expect(linesOf(first?.value ?? "")).toHaveLength(exportChunkRows);
  });
});

describe("GET /v1/contracts.csv", () => {
  it("has a header, and what the list says", async () => {
    const api = await aSyncedApi({
      contracts: [
        aContract({ title: 'a "b", c\nd', price: 1.5, items: [aBlueprintCopy({ runs: 5 })] }),
      ],
    });

    const response = await api.get(
      "/v1/contracts.csv?fields=title,price,contract_id,blueprint,buyout",
    );
    const csv = await response.text();

    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(csv.startsWith("title,price,contract_id,blueprint_is_copy,blueprint_runs,")).toBe(true);
    expect(csv.endsWith("\r\n")).toBe(true);
    expect(records(csv)).toMatchObject([
      {
        title: 'a "b", c\nd',
        price: "1.5",
        contract_id: String(firstContract),
        blueprint_is_copy: "true",
        blueprint_runs: "5",
        buyout: "",
      },
    ]);
  });

  it("has 25 columns unless told, and codes for flags", async () => {
    const items = [anItem({ type_id: 34 }), anItem({ type_id: 34, is_included: false })];
    const api = await aSyncedApi({ contracts: [aContract({ price: 0, items })] });

    const [record = {}] = records(await textOf(api, "/v1/contracts.csv"));

    expect(Object.keys(record)).toHaveLength(25);
    expect(record).toMatchObject({ label: "Tritanium", flags: "asks_for_same_item" });
  });

  it("has only the header line if nothing matches", async () => {
    const api = await aSyncedApi({ contracts: [] });

    expect(await textOf(api, "/v1/contracts.csv?fields=label,price")).toBe("label,price\r\n");
  });

  it.each(["=1+1", "+1", "-1", "@sum", "\tx", "=cmd|' /C calc'!A0"])(
    "does not let the title %j become a formula",
    async (title) => {
      const api = await aSyncedApi({ contracts: [aContract({ title })] });

      expect(records(await textOf(api, "/v1/contracts.csv?fields=title"))).toEqual([
        { title: `'${title}` },
      ]);
    },
  );

  it("is a different answer from NDJSON, with its own ETag", async () => {
    const api = await aSyncedApi({ contracts: many(1) });
    const etags = await Promise.all(
      ["csv", "ndjson", "csv?fields=price", "csv?limit=1000"].map(async (ending) =>
        (await api.get(`/v1/contracts.${ending}`)).headers.get("etag"),
      ),
    );

    expect(new Set(etags.slice(0, 3)).size).toBe(3);
    expect(etags[3]).toBe(etags[0]);
    const again = await api.get("/v1/contracts.csv", { "if-none-match": etags[0] ?? "" });
    expect(again.status).toBe(304);
  });
});

describe("csvRecord", () => {
  it("leaves numbers plain, and null empty", () => {
    expect(csvRecord([-1.5, 0, null, undefined, false, "a,b", 'q"q', "\r"])).toBe(
      `-1.5,0,,,false,"a,b","q""q","'\r"\r\n`,
    );
  });
});
