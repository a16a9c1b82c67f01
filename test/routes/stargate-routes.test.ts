import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { rowsOf } from "../../src/cli/universe/extract.ts";
import { type Api, anApi } from "../support/api.ts";
import { problem, read } from "../support/behaviours.ts";
import { committedExtract } from "../support/committed-extract.ts";

type Route = {
  jumps: number;
  systems: { system_id: number; name: string; security: number; security_class: string }[];
};

/** An API that knows every system of New Eden, as one in operation does. */
async function anApiOfAllSystems(): Promise<Api> {
  const api = await anApi();
  await env.DB.prepare(
    `insert or ignore into systems (system_id, name, constellation_id, region_id, security)
     select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)`,
  )
    .bind(JSON.stringify(rowsOf("systems", committedExtract.texts.systems)))
    .run();
  return api;
}

const namesOf = ({ systems }: Route) => systems.map(({ name }) => name);

const jita = { system_id: 30_000_142, name: "Jita", security: 0.9, security_class: "highsec" };
const perimeter = { ...jita, system_id: 30_000_144, name: "Perimeter" };

describe("GET /v1/routes/{origin}/{destination}", () => {
  it("shows the systems of the way, both ends included", async () => {
    const api = await anApi();

    const response = await api.get("/v1/routes/30000142/30000144");

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ jumps: 1, systems: [jita, perimeter] });
  });

  it.each([
    "/v1/routes/Jita/Perimeter",
    "/v1/routes/jita/PERIMETER",
    "/v1/routes/30000142/perimeter",
    "/v1/routes/%20Jita%20/30000144?route=shortest",
    "/v1/routes/Jita/Perimeter?route=highsec",
  ])("takes ids and names, letter case aside: %s", async (path) => {
    const api = await anApi();

    expect(await api.json(path)).toEqual({ jumps: 1, systems: [jita, perimeter] });
  });

  it("leads through lowsec if that is shorter", async () => {
    const api = await anApiOfAllSystems();

    const route = await api.json<Route>("/v1/routes/Jita/Amarr");

    expect(route.jumps).toBe(11);
    expect(route.systems).toHaveLength(12);
    expect([namesOf(route).at(0), namesOf(route).at(-1)]).toEqual(["Jita", "Amarr"]);
    expect(route.systems.some((system) => system.security_class === "lowsec")).toBe(true);
  });

  it("leads around it if that is asked", async () => {
    const api = await anApiOfAllSystems();

    const route = await api.json<Route>("/v1/routes/Jita/Amarr?route=highsec");

    expect(route.jumps).toBe(34);
    expect(route.systems).toHaveLength(35);
    expect(new Set(route.systems.map((system) => system.security_class))).toEqual(
      new Set(["highsec"]),
    );
  });

  it("avoids Zarzakh, since ships must leave it by the gate they entered", async () => {
    const api = await anApiOfAllSystems();

    const route = await api.json<Route>("/v1/routes/H-PA29/G-0Q86");

    expect(route.jumps).toBe(49);
    expect(namesOf(route)).not.toContain("Zarzakh");
  });

  it.each([
    ["H-PA29", "Zarzakh"],
    ["Zarzakh", "G-0Q86"],
  ])("may begin or end in Zarzakh: from %s to %s", async (origin, destination) => {
    const api = await anApiOfAllSystems();

    const route = await api.json<Route>(`/v1/routes/${origin}/${destination}`);

    expect(route.jumps).toBe(1);
    expect(namesOf(route)).toEqual([origin, destination]);
  });

  it("uses the gates that opened in 2026, and reaches the systems behind them", async () => {
    const api = await anApiOfAllSystems();

    const gate = await api.json<Route>("/v1/routes/Kassigainen/Pakhshi?route=highsec");
    const exordium = await api.json<Route>("/v1/routes/Yulai/Fortitude?route=highsec");

    expect(namesOf(gate)).toEqual(["Kassigainen", "Pakhshi"]);
    expect(namesOf(exordium)).toEqual(["Yulai", "Manifest", "Fortitude"]);
    expect(exordium.systems.map(({ security }) => security)).toEqual([0.9, 1, 1]);
  });

  it.each(["", "?route=highsec"])("has no jumps from a system to itself: %j", async (query) => {
    const api = await anApi();

    expect(await api.json(`/v1/routes/Jita/30000142${query}`)).toEqual({
      jumps: 0,
      systems: [jita],
    });
  });

  it("has no jumps from a system without gates to itself", async () => {
    const api = await anApi();

    expect(await api.json("/v1/routes/Thera/thera")).toMatchObject({
      jumps: 0,
      systems: [{ system_id: 31_000_005, security_class: "wormhole" }],
    });
  });

  it.each([
    ["/v1/routes/Jita/31000005", "No way by stargates leads from Jita to Thera."],
    ["/v1/routes/Thera/Jita", "No way by stargates leads from Thera to Jita."],
    ["/v1/routes/Jita/Thera?route=highsec", "No highsec way leads from Jita to Thera."],
  ])("answers 404 if there is no way: %s", async (path, detail) => {
    const api = await anApi();

    const response = await api.get(path);

    const [asked = ""] = path.split("?");
    expect(await read(response)).toEqual(problem(response, "route-not-found", asked, { detail }));
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("has a shortest route into lowsec or to a highsec island, but no highsec route", async () => {
    const api = await anApiOfAllSystems();
    const statuses = (destination: string) =>
      Promise.all(
        ["shortest", "highsec"].map(async (route) => {
          const { status } = await api.get(`/v1/routes/Jita/${destination}?route=${route}`);
          return status;
        }),
      );

    expect(await statuses("Tama")).toEqual([200, 404]);
    expect(await statuses("Keba")).toEqual([200, 404]);
  });

  it.each([
    ["/v1/routes/1/30000142", 1],
    ["/v1/routes/Jita/30009999", 30_009_999],
    ["/v1/routes/30009999/30009999", 30_009_999],
  ])("answers 404 for a system that does not exist: %s", async (path, id) => {
    const api = await anApi();

    const response = await api.get(path);

    expect(await read(response)).toEqual(
      problem(response, "system-not-found", path, { detail: `System ${id} is not known.` }),
    );
  });

  it.each([
    ["/v1/routes/Jitta/Amarr", "origin", "No system is called Jitta; did you mean Jita?"],
    ["/v1/routes/Jita/Amar", "destination", "No system is called Amar; did you mean Amarr?"],
    ["/v1/routes/Jita/Oz", "destination", "No system is called Oz"],
  ])("refuses an unknown name, and suggests similar ones: %s", async (path, parameter, detail) => {
    const api = await anApi();

    const response = await api.get(path);

    expect(await read(response)).toEqual(
      problem(response, "invalid-request", path, { errors: [{ parameter, detail }] }),
    );
  });

  it("refuses an unknown kind of route", async () => {
    const api = await anApi();

    const response = await api.get("/v1/routes/Jita/Amarr?route=safest");

    expect(await response.json()).toMatchObject({
      errors: [{ parameter: "route", detail: "One of shortest, highsec" }],
    });
  });

  it("is cached as long as other universe data, and checked by its ETag", async () => {
    const api = await anApi();
    const path = "/v1/routes/Jita/Perimeter";
    const first = await api.get(path);
    const etag = first.headers.get("etag") ?? "";

    const again = await api.get(path, { "if-none-match": etag });
    const another = await api.get(`${path}?route=highsec`, { "if-none-match": etag });

    expect(etag).toMatch(/^W\/".+"$/);
    expect(first.headers.get("cache-control")).toBe("public, max-age=3600");
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("etag")).toBe(etag);
    expect(another.status).toBe(200);
  });

  it("changes if the universe changes", async () => {
    const api = await anApi();
    const path = "/v1/routes/Jita/Perimeter";
    const etag = (await api.get(path)).headers.get("etag") ?? "";
    await env.DB.prepare("update universe set version = 'another'").run();

    const response = await api.get(path, { "if-none-match": etag });

    expect(response.status).toBe(200);
    expect(response.headers.get("etag")).not.toBe(etag);
  });
});
