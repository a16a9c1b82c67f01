import { DOMParser } from "@xmldom/xmldom";
import { describe, expect, it } from "vitest";

import { shortIsk } from "../../src/formats/short-isk.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { type Api, aSyncedApi, firstContract } from "../support/api.ts";

type JsonFeed = {
  version: string;
  feed_url: string;
  next_url?: string;
  items: { id: string; url: string; title: string; content_text: string; tags?: string[] }[];
};

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => aContract({ price: 1_000_000 + index }));

async function atomOf(api: Api, path: string) {
  const response = await api.get(path);
  const text = await response.text();
  // Throws if the document is not well-formed.
  const document = new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(text, "application/xml");
  const all = (name: string) =>
    Array.from(document.getElementsByTagName(name), (element) => element.textContent ?? "");
  const links = Array.from(document.getElementsByTagName("link"), (link) => [
    link.getAttribute("rel"),
    link.getAttribute("href"),
  ]);
  return { response, text, all, links };
}

describe("GET /v1/contracts.atom", () => {
  it("has an entry per contract, with an id that never changes", async () => {
    const api = await aSyncedApi({ contracts: many(2) });

    const { response, all, links } = await atomOf(api, "/v1/contracts.atom?region_id=10000002");

    expect(response.headers.get("content-type")).toBe("application/atom+xml; charset=utf-8");
    expect(all("id").slice(1).toSorted()).toEqual([
      `tag:hangar-bay.example,2026:contract/${firstContract}`,
      `tag:hangar-bay.example,2026:contract/${firstContract + 1}`,
    ]);
    expect(all("title")[1]).toMatch(/ – 1\.00 M ISK – Jita$/);
    expect(links).toContainEqual(["self", "http://localhost/v1/contracts.atom?region_id=10000002"]);
    expect(links).toContainEqual(["alternate", `http://localhost/v1/contracts/${firstContract}`]);
  });

  it("says when something last changed, not what time it is", async () => {
    const api = await aSyncedApi({ contracts: many(1) });
    const before = await atomOf(api, "/v1/contracts.atom");
    api.clock.advance(10_000);
    const after = await atomOf(api, "/v1/contracts.atom");

    expect(after.all("updated")[0]).toBe(before.all("updated")[0]);
    expect(after.response.headers.get("etag")).toBe(before.response.headers.get("etag"));
  });

  it("is a valid feed if nothing matches", async () => {
    const api = await aSyncedApi({ contracts: many(1) });

    const { response, all } = await atomOf(api, "/v1/contracts.atom?min_price=900000000000");

    expect(response.status).toBe(200);
    expect(all("entry")).toEqual([]);
    expect(all("updated")).toHaveLength(1);
  });

  it.each([
    "<script>alert(1)</script>",
    "]]> & <b>&amp;</b>",
    "\"quoted\" 'quoted' <!-- -->",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
  ])("keeps the title of a player as text: %s", async (title) => {
    const api = await aSyncedApi({ contracts: [aContract({ title })] });

    const { all } = await atomOf(api, "/v1/contracts.atom");

    expect(all("content")[0]).toContain(`Title: ${title}`);
    expect(all("script")).toEqual([]);
    expect(all("b")).toEqual([]);
  });

  it("leaves out characters that XML forbids", async () => {
    const api = await aSyncedApi({ contracts: [aContract({ title: "a\u0000b\u000Bc\uFFFFd" })] });

    const { all } = await atomOf(api, "/v1/contracts.atom");

    expect(all("content")[0]).toContain("Title: abcd");
  });

  it("leads to the next part", async () => {
    const api = await aSyncedApi({ contracts: many(3) });

    const first = await atomOf(api, "/v1/contracts.atom?limit=2");
    const next = first.links.find(([rel]) => rel === "next")?.[1] ?? "";
    const second = await atomOf(api, next.replace("http://localhost", ""));

    expect(first.all("entry")).toHaveLength(2);
    expect(second.all("entry")).toHaveLength(1);
    expect(second.links.find(([rel]) => rel === "next")).toBeUndefined();
    expect(new Set([...first.all("id").slice(1), ...second.all("id").slice(1)]).size).toBe(3);
  });

  it.each(["limit=51", "limit=0", "fields=price", "colour=red"])("refuses %s", async (query) => {
    const api = await aSyncedApi({ contracts: many(1) });

    expect((await api.get(`/v1/contracts.atom?${query}`)).status).toBe(400);
  });
});

describe("GET /v1/contracts.feed.json", () => {
  it("has the entries of the Atom feed", async () => {
    const api = await aSyncedApi({ contracts: many(2) });

    const feed = await api.json<JsonFeed>("/v1/contracts.feed.json?limit=1");
    const { all } = await atomOf(api, "/v1/contracts.atom?limit=1");

    expect(feed.version).toBe("https://jsonfeed.org/version/1.1");
    expect(feed.feed_url).toBe("http://localhost/v1/contracts.feed.json?limit=1");
    expect(feed.next_url).toContain("cursor=");
    expect(feed.items.map(({ id }) => id)).toEqual(all("id").slice(1));
    expect(feed.items.map(({ title }) => title)).toEqual(all("title").slice(1));
    expect(feed.items.map(({ content_text }) => content_text)).toEqual(all("content"));
  });

  it("begins with the newest contracts", async () => {
    const api = await aSyncedApi({ contracts: many(3) });

    const feed = await api.json<JsonFeed>("/v1/contracts.feed.json");
    const list = await api.json<{ data: { contract_id: number }[] }>(
      "/v1/contracts?sort=-first_seen_at",
    );

    expect(feed.items.map(({ url }) => Number(url.split("/").at(-1)))).toEqual(
      list.data.map(({ contract_id }) => contract_id),
    );
  });
});

describe("shortIsk", () => {
  it.each([
    [0, "0.00 ISK"],
    [999, "999 ISK"],
    [9_800_000, "9.80 M ISK"],
    [1_234_567_890, "1.23 B ISK"],
    [2_000_000_000_000, "2.00 T ISK"],
  ])("writes %d as %s", (isk, written) => {
    expect(shortIsk(isk)).toBe(written);
  });
});
