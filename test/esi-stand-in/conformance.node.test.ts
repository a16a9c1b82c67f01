/**
 * The stand-in against what CCP really says and sends: its OpenAPI document, and recorded answers.
 * They lie beside the project and not in it; if they are missing, this is skipped.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";

import { createAsk } from "./asking.ts";
import { createNewEden } from "./new-eden/new-eden.ts";
import { readUniverse } from "./read-universe.ts";
import { createRecordedWorld } from "./recorded.ts";
import { routeFor } from "./routes.ts";
import { createStandIn } from "./stand-in.ts";
import type { ContractRow, ItemRow } from "./wire.ts";
import type { World } from "./world.ts";

const recordedData = "../shared/data";
const now = new Date("2041-03-05T09:00:00Z");

function textOf(name: string): string {
  const bytes = readFileSync(`${recordedData}/${name}`);
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

type Schema = { $ref?: string; items?: Schema; properties?: Record<string, Schema> };
type Content = { content?: { "application/json"?: { schema: Schema } } };
type Operation = { responses: Record<string, Content> };
type Document = {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, Operation>>;
};

/** The schema, closed: a field that CCP does not document is not of ESI. */
function closed(schema: Schema): Schema {
  const { items, properties } = schema;
  const entries = Object.entries(properties ?? {});
  return {
    ...schema,
    ...(items && { items: closed(items) }),
    ...(properties && {
      additionalProperties: false,
      properties: Object.fromEntries(entries.map(([name, value]) => [name, closed(value)])),
    }),
  };
}

function createValidator() {
  const document: Document = JSON.parse(textOf("esi-openapi-2026-07-21.json.gz"));
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const formats = { int32: true, int64: true, double: true, "date-time": isTime } as const;
  const ajv = new Ajv2020({ strict: false, formats });
  const known = new Map<string, ReturnType<typeof ajv.compile>>();

  /** What is wrong with the body, by the schema of the route's 200. */
  return function errorsIn(method: string, template: string, body: unknown): unknown[] {
    const operation = document.paths[template]?.[method.toLowerCase()];
    const reference = operation?.responses["200"]?.content?.["application/json"]?.schema.$ref;
    const schema = document.components.schemas[reference?.split("/").at(-1) ?? ""];
    if (schema === undefined) return [`No schema for ${method} ${template}.`];

    const validate = known.get(template) ?? ajv.compile(closed(schema));
    known.set(template, validate);
    return validate(body) ? [] : (validate.errors ?? []);
  };
}

function everyNth<T>(values: Iterable<T>, count: number): T[] {
  const all = [...values];
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, index) => index % step === 0);
}

/** Paths of every route, many of those that differ. */
function samplePaths(world: World): string[] {
  const { universe } = world;
  const kinds = ["types", "groups", "categories", "regions", "constellations", "systems"] as const;
  const facts = [...kinds, "stations" as const].flatMap((kind) =>
    everyNth(universe[kind].keys(), 40).map((id) => `/universe/${kind}/${id}`),
  );
  const regionIds = [...universe.regions.keys()];
  const ids = regionIds.flatMap((regionId) => world.outstandingAt(regionId, now));
  const typeOf = (id: number) => world.contract(id)?.row.type;
  const trades = ids.filter((id) => typeOf(id) !== "courier");
  return [
    ...regionIds.map((id) => `/contracts/public/${id}`),
    ...everyNth(trades, 400).map((id) => `/contracts/public/items/${id}`),
    ...ids.filter((id) => typeOf(id) === "auction").map((id) => `/contracts/public/bids/${id}`),
    ...facts,
    "/universe/regions",
    "/markets/prices",
    "/markets/10000002/orders?order_type=all&page=2",
    "/status",
  ];
}

describe.skipIf(!existsSync(recordedData))(
  "the stand-in, beside ../shared/data: what CCP publishes",
  () => {
    let world: World;
    let errorsIn: ReturnType<typeof createValidator>;

    beforeAll(() => {
      world = createNewEden({ universe: readUniverse(), seed: 11, contracts: 3_000, now });
      errorsIn = createValidator();
    });

    const standIn = () => createStandIn({ world, now: () => now });

    it("sees an answer that does not conform", () => {
      const errors = errorsIn("GET", "/universe/regions/{region_id}", { region_id: "1" });

      expect(errors).not.toEqual([]);
      expect(
        errorsIn("GET", "/status", { players: 1, server_version: "", start_time: "now" }),
      ).toMatchObject([{ instancePath: "/start_time" }]);
    });

    it("answers every GET by the schema of CCP's document", async () => {
      const ask = createAsk(standIn());
      const templates = new Set<string>();
      const failed: unknown[] = [];

      for (const path of samplePaths(world)) {
        const response = await ask(path);
        const { template } = routeFor("GET", new URL(path, "https://esi").pathname).route;
        templates.add(template);
        const errors = errorsIn("GET", template, await response.json());
        if (response.status !== 200 || errors.length > 0)
          failed.push([path, response.status, errors]);
      }

      expect(failed).toEqual([]);
      expect(templates.size).toBe(14);
    });

    it("answers every POST by the schema of CCP's document", async () => {
      const ask = createAsk(standIn());
      const rows = world.listAt(10_000_002, now);
      const ids = [...new Set(rows.map((row) => row.issuer_id)), 587, 30_000_142, 60_003_760];

      const names = await (await ask("/universe/names", { post: ids })).json<{ name: string }[]>();
      const post = [...new Set(names.map(({ name }) => name))].slice(0, 500);
      const found = await (await ask("/universe/ids", { post })).json();

      expect(names).toHaveLength(ids.length);
      expect(errorsIn("POST", "/universe/names", names)).toEqual([]);
      expect(errorsIn("POST", "/universe/ids", found)).toEqual([]);
    });
  },
);

type Exchange = {
  request: { method: string; url: string };
  headers: Record<string, string>;
  body: unknown;
};

/** Of the connection, the edge, or ways of reading that have come and gone. */
const ofTheTransport =
  /^(connection|strict-transport-security|access-control-.*|allow|content-length)$/;

const namesOf = (headers: Iterable<string>) =>
  [...headers]
    .map((name) => name.toLowerCase())
    .filter((name) => !ofTheTransport.test(name))
    .toSorted();

describe.skipIf(!existsSync(recordedData))(
  "the stand-in, beside ../shared/data: recorded answers",
  () => {
    it("has the headers of each of this year's recorded answers, and no others", async () => {
      const exchanges: Exchange[] = JSON.parse(textOf("recorded-responses.json"));
      const world = createNewEden({ universe: readUniverse(), seed: 11, contracts: 3_000, now });
      const ask = createAsk(createStandIn({ world, now: () => now }));
      const [contractId = 0] = world.outstandingAt(10_000_002, now);

      const compared = new Set<string>();
      for (const { request, headers } of exchanges) {
        const url = new URL(request.url);
        const { route } = routeFor(request.method, url.pathname);
        if (route.template === "unknown" || !("X-Compatibility-Date" in headers)) continue;
        const path = url.pathname.replace(/(items|bids)\/\d+/, `$1/${contractId}`);
        const response = await ask(path);
        expect([path, namesOf(response.headers.keys())]).toEqual([
          path,
          namesOf(Object.keys(headers)),
        ]);
        compared.add(route.template);
      }

      expect(compared.size).toBeGreaterThanOrEqual(9);
    });

    it("serves the real rows as they were, except for their dates, and by CCP's schemas", async () => {
      const contracts: ContractRow[] = JSON.parse(textOf("contracts-10000002-2022-02.json"));
      const items: Record<string, ItemRow[]> = JSON.parse(
        textOf("contract-items-10000002-2025-09.json.gz"),
      );
      const errorsIn = createValidator();
      const universe = readUniverse();
      const world = createRecordedWorld({ contracts, items, now, universe });
      const ask = createAsk(createStandIn({ world, now: () => now, phase: () => 0 }));

      const rows = await (await ask("/contracts/public/10000002")).json<ContractRow[]>();

      const undated = (row: ContractRow) => ({ ...row, date_expired: "", date_issued: "" });
      expect(rows.map(undated)).toEqual(contracts.map(undated));
      expect(errorsIn("GET", "/contracts/public/{region_id}", rows)).toEqual([]);
      for (const { contract_id: id } of rows.slice(0, 200)) {
        const response = await ask(`/contracts/public/items/${id}`);
        const template = "/contracts/public/items/{contract_id}";
        expect(errorsIn("GET", template, await response.json())).toEqual([]);
      }
    });
  },
);
