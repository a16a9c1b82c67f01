import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { committedExtract, readExtract } from "../../src/cli/universe/extract-files.ts";
import { extractFrom, rowsOf } from "../../src/cli/universe/extract.ts";
import { stargateMapOf } from "../../src/cli/universe/stargate-map.ts";
import { maxTableJumps } from "../../src/db/search/jumps.ts";
import { createStargates, routeKinds, type StargateMap } from "../../src/domain/stargates.ts";
import { aUniverse } from "../support/extract-builders.ts";

const file = join(committedExtract, "stargates.json");
const text = readFileSync(file, "utf8");
const map: StargateMap = JSON.parse(text);
const stargates = createStargates(map);

const jita = 30_000_142;
const amarr = 30_002_187;
const dodixie = 30_002_659;
const yulai = 30_005_204;
const zarzakh = 30_100_000;
const hPa29 = 30_001_269;
const g0q86 = 30_001_041;

describe("the stargates that ship", () => {
  it("are those of the extract that ships: `npm run universe:build` writes both", async () => {
    expect(map).toEqual(stargateMapOf(await readExtract(committedExtract)));
  });

  it("add no more than 100 KB to the Worker", () => {
    expect(gzipSync(text).byteLength).toBeLessThanOrEqual(100_000);
  });

  it("join Jita and Amarr by 11 jumps, and by 34 in highsec", () => {
    expect(routeKinds.map((kind) => stargates.jumps(jita, amarr, kind))).toEqual([11, 34]);
  });

  it.each([
    ["Kassigainen", 30_002_761, "Pakhshi", 30_005_198],
    ["Mehatoor", 30_002_974, "Akes", 30_002_992],
    ["Rayeret", 30_004_116, "Jakri", 30_004_125],
    ["Kemerk", 30_005_206, "Bania", 30_005_294],
    ["Yulai", 30_005_204, "Manifest", 30_100_032],
  ])("join %s (%i) and %s (%i), as they do since June 2026", (_, from, __, to) => {
    expect(routeKinds.map((kind) => stargates.jumps(from, to, kind))).toEqual([1, 1]);
    expect(routeKinds.map((kind) => stargates.jumps(to, from, kind))).toEqual([1, 1]);
  });

  it("reach each of the 53 systems behind Yulai, by highsec", () => {
    const reach = stargates.reach(yulai, "highsec");
    const exordium = Array.from({ length: 53 }, (_, at) => 30_100_032 + at);

    const jumps = exordium.map((systemId) => reach.jumpsTo(systemId));

    expect(Math.min(...jumps.map(Number))).toBe(1);
    expect(Math.max(...jumps.map(Number))).toBe(5);
    expect(jumps).not.toContain(null);
  });

  it("have 1,056 systems within 30 highsec jumps of Dodixie, Amarr among them", () => {
    const near = stargates
      .reach(dodixie, "highsec")
      .entries()
      .filter(([, jumps]) => jumps <= 30);

    // 692 by the stargates of June 2024, by which Amarr was 34 jumps away.
    expect(near).toHaveLength(1_056);
    expect(stargates.jumps(dodixie, amarr, "highsec")).toBe(25);
  });

  it("lead from H-PA29 to G-0Q86 the long way: Zarzakh between them is no thoroughfare", () => {
    const route = stargates.route(hPa29, g0q86, "shortest") ?? [];

    expect(route).not.toContain(zarzakh);
    expect(route).toHaveLength(50);
    expect(stargates.jumps(hPa29, zarzakh, "shortest")).toBe(1);
    expect(stargates.jumps(zarzakh, g0q86, "shortest")).toBe(1);
  });

  it(
    "are nearly all within the distance that a search's table covers",
    { timeout: 60_000 },
    async () => {
      const { texts } = await readExtract(committedExtract);
      const ids = rowsOf("systems", texts.systems).map(([id]) => Number(id));
      const reaches = ids.map((id) => stargates.reach(id, "shortest").entries());

      const beyond = reaches.map((reach) => reach.filter(([, jumps]) => jumps > maxTableJumps));

      // E7-WSY and 5-P1Y2 are farthest apart; such pairs are told one by one, in each search.
      expect(beyond.flat().map(([systemId, jumps]) => [systemId, jumps])).toEqual([
        [30_004_374, 94],
        [30_001_909, 94],
      ]);
    },
  );
});

const recordedData = "../shared/data";

type Exchange = {
  request: { method: string; url: string; body?: string };
  status: number;
  body: { route: number[] };
};

/** What lies beside the project and not in it; if it is missing, this is skipped. */
describe.skipIf(!existsSync(recordedData))("the stargates, beside ../shared/data", () => {
  it("lead from Jita to Amarr in as many jumps as ESI's shortest route", () => {
    const exchanges: Exchange[] = JSON.parse(
      readFileSync(`${recordedData}/recorded-responses.json`, "utf8"),
    );
    const routes = exchanges.filter(({ request, status }) => {
      if (!request.url.endsWith(`/route/${jita}/${amarr}`) || status !== 200) return false;
      const asked: Record<string, unknown> = JSON.parse(request.body ?? "{}");
      const isPlain = [asked["avoid_systems"], asked["connections"]].every(
        (list) => Array.isArray(list) && list.length === 0,
      );
      return isPlain && asked["preference"] === "Shorter";
    });

    const jumps = routes.map(({ body }) => body.route.length - 1);

    expect(jumps.length).toBeGreaterThan(0);
    expect(new Set(jumps)).toEqual(new Set([stargates.jumps(jita, amarr, "shortest")]));
  });

  it("of mid-2026 join Jita and Amarr by 34 jumps in highsec", async () => {
    const rowsIn = (name: string) =>
      gunzipSync(readFileSync(`${recordedData}/universe/${name}.csv.gz`))
        .toString()
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","));
    const systems = rowsIn("systems").map(
      ([id, name = "", constellationId, regionId, security]) => ({
        system_id: Number(id),
        name,
        constellation_id: Number(constellationId),
        region_id: Number(regionId),
        security: Number(security),
      }),
    );
    const jumps = rowsIn("jumps").map(([a, b]) => ({ system_a: Number(a), system_b: Number(b) }));
    const extract = await extractFrom(aUniverse({ systems, jumps }));

    const ofThen = createStargates(stargateMapOf(extract));

    expect(routeKinds.map((kind) => ofThen.jumps(jita, amarr, kind))).toEqual([11, 34]);
  });
});
