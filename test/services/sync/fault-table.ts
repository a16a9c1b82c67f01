/**
 * The ways in which ESI fails, each by its name, with what is served and said meanwhile. What they
 * have in common is in faults.test.ts: the next healthy run mends everything.
 */
import type { Fault } from "../../esi-stand-in/faults.ts";
import type { Oddity } from "../../esi-stand-in/odd-rows.ts";
import { theForge } from "../../support/api.ts";
import { itemsRoute, listMs, listRoute, namesRoute } from "../../support/ticking-api.ts";
import { freshId, newIssuerId, newStationId, newTypeId, type Seen } from "./fault-scene.ts";

export type NamedFault = {
  name: string;
  faults: readonly Fault[];
  /** What is seen after a run while it lasts. */
  during: Seen;
  /** Of how many pages The Forge's list is. */
  pages: number;
  /** How long after it all is mended, by one run. */
  mendMs: number;
  /** What came with status 200 is asked for again, since it was not whole. */
  asksAgain: boolean;
  settings: Partial<Env>;
};

type Rest = Partial<Omit<NamedFault, "name" | "faults" | "during">>;

const hourMs = 3_600_000;

const taken = { list: "new", asOf: "new", lastError: null } as const;
const kept = (lastError: string | null) => ({ list: "old", asOf: "old", lastError }) as const;

const healthy: Seen = {
  outcome: "done",
  forge: taken,
  domain: taken,
  fresh: { items: "complete", isNamed: true, isPlaced: true },
  isHeldOff: false,
};

const named = (
  name: string,
  faults: Fault | readonly Fault[],
  during: Partial<Seen>,
  rest: Rest = {},
): NamedFault => ({
  name,
  faults: [faults].flat(),
  during: { ...healthy, ...during },
  pages: 1,
  mendMs: listMs,
  asksAgain: false,
  settings: {},
  ...rest,
});

const ofForge = { route: listRoute, params: { region_id: theForge } };

/** The Forge keeps the list it has, and says why; Domain goes on. */
const keepsForge = (lastError: string | null): Partial<Seen> => ({
  forge: kept(lastError),
  fresh: null,
});

const statuses = [400, 401, 403, 404, 500, 502, 503, 504, 520, 302, 418];

const ofLists: readonly NamedFault[] = [
  ...statuses.map((status) =>
    named(
      `list: page 1 answers ${status}`,
      { kind: "status", status, ...ofForge, page: 1 },
      keepsForge(`status-${status}`),
    ),
  ),
  ...[404, 503].map((status) =>
    named(
      `list: page 2 answers ${status}`,
      { kind: "status", status, ...ofForge, page: 2 },
      keepsForge(`status-${status}`),
      { pages: 2 },
    ),
  ),
  named(
    "list: page 2 answers 503 once",
    { kind: "status", status: 503, ...ofForge, page: 2, times: 1 },
    {},
    { pages: 2 },
  ),
  named(
    "list: 204 instead of page 1",
    { kind: "answer", answer: () => ({ status: 204 }), ...ofForge },
    keepsForge("status-204"),
  ),
  named("list: times out", { kind: "timeout", ...ofForge }, keepsForge("timeout")),
  named("list: is never answered", { kind: "hang", ...ofForge }, keepsForge("timeout"), {
    settings: { ESI_TIMEOUT_MS: "100" },
  }),
  named(
    "list: connection reset",
    { kind: "connection-reset", ...ofForge },
    keepsForge("connection-failed"),
  ),
  named(
    "list: body breaks off",
    { kind: "truncated-body", cut: "breaks", ...ofForge },
    keepsForge("body-broken-off"),
  ),
  named(
    "list: body ends half way",
    { kind: "truncated-body", cut: "ends", ...ofForge },
    keepsForge("not-json"),
  ),
  named("list: no JSON", { kind: "not-json", ...ofForge }, keepsForge("not-json")),
  named("list: HTML with status 200", { kind: "html", ...ofForge }, keepsForge("not-json")),
  ...[{ error: "none" }, null, "[]", 7].map((body) =>
    named(
      `list: ${JSON.stringify(body)} instead of rows`,
      { kind: "answer", answer: () => ({ status: 200, body, pages: 1 }), ...ofForge },
      keepsForge("unexpected-shape"),
    ),
  ),
  named(
    "list: made anew under each walk",
    { kind: "torn-walk", ...ofForge, page: 2 },
    keepsForge("torn"),
    { pages: 2 },
  ),
  named(
    "list: made anew under the first walk",
    { kind: "torn-walk", ...ofForge, page: 2, times: 1 },
    {},
    { pages: 2, asksAgain: true },
  ),
  named(
    "list: page 2 announces another number of pages",
    { kind: "page-count", by: 1, ...ofForge, page: 2 },
    keepsForge("torn"),
    { pages: 2, asksAgain: true },
  ),
  named(
    "list: announces a page more than there is",
    { kind: "page-count", by: 1, ...ofForge },
    keepsForge("status-404"),
    { pages: 2 },
  ),
  named(
    "list: ends before the pages that it announces",
    { kind: "early-end", lastPage: 1, ...ofForge },
    keepsForge("status-404"),
    { pages: 2 },
  ),
  named(
    "list: page 2 is empty",
    { kind: "rows", change: () => [], ...ofForge, page: 2 },
    keepsForge("empty-page"),
    { pages: 2 },
  ),
  named(
    "list: page 1 of 2 is empty",
    { kind: "rows", change: () => [], ...ofForge, page: 1 },
    keepsForge("empty-page"),
    { pages: 2 },
  ),
  named(
    "list: rows shift to the next page, and the last are lost",
    { kind: "shifted-rows", by: 3, ...ofForge },
    keepsForge("held"),
    { pages: 2 },
  ),
  named(
    "list: empty with status 200",
    { kind: "short-list", share: 0, ...ofForge },
    keepsForge("held"),
  ),
  named("list: half of it", { kind: "short-list", share: 0.5, ...ofForge }, keepsForge("held"), {
    pages: 2,
  }),
  named(
    "list: 304 with its new time, once",
    { kind: "not-modified", withLastModified: true, ...ofForge, times: 1 },
    {},
    { asksAgain: true },
  ),
  named(
    "list: 304 without a time, once",
    { kind: "not-modified", withLastModified: false, ...ofForge, times: 1 },
    {},
    { asksAgain: true },
  ),
  named(
    "list: 304 whatever is asked",
    { kind: "not-modified", withLastModified: false, ...ofForge },
    keepsForge("not-modified-unasked"),
    { asksAgain: true },
  ),
  named(
    "list: 304 on page 2",
    { kind: "not-modified", withLastModified: true, ...ofForge, page: 2 },
    keepsForge("not-modified-unasked"),
    { pages: 2 },
  ),
  named(
    "list: no Last-Modified",
    { kind: "headers", headers: { "Last-Modified": null }, ...ofForge },
    keepsForge("no-last-modified"),
  ),
  named(
    "list: an older one than we have",
    {
      kind: "headers",
      headers: { "Last-Modified": "Sun, 01 Mar 2026 11:00:00 GMT" },
      ...ofForge,
    },
    keepsForge(null),
  ),
  ...[null, "many", "-1", "1001", "1.5"].map((pages) =>
    named(
      `list: X-Pages ${pages === null ? "missing" : `of ${pages}`}`,
      { kind: "headers", headers: { "X-Pages": pages }, ...ofForge },
      keepsForge("bad-x-pages"),
    ),
  ),
  named(
    "list: ESI's clock is an hour late",
    { kind: "clock-skew", seconds: -3600 },
    { ...keepsForge(null), domain: kept(null) },
    { asksAgain: true },
  ),
  named(
    "list: ESI's clock is an hour early",
    { kind: "clock-skew", seconds: 3600 },
    {},
    { mendMs: 2 * hourMs },
  ),
  named("list: max-age instead of Expires", { kind: "max-age", seconds: 1800, age: 60 }, {}),
  named("list: Expires missing", { kind: "headers", headers: { Expires: null } }, {}),
  named("list: Expires is no date", { kind: "headers", headers: { Expires: "0" } }, {}),
];

/** Rows that cost only themselves: the new contract is one of them. */
const ofRows: readonly NamedFault[] = [
  ...(["negative-price", "infinite-price", "absurd-numbers", "null-fields"] satisfies Oddity[]).map(
    (oddity) =>
      named(
        `row: ${oddity}, in the last row`,
        { kind: "odd-rows", oddity, index: 4, ...ofForge },
        {},
      ),
  ),
  ...(["bad-date", "beyond-2-53"] satisfies Oddity[]).map((oddity) =>
    named(
      `row: ${oddity}, in the last row`,
      { kind: "odd-rows", oddity, index: 4, ...ofForge },
      { forge: { ...taken, list: "new but for the fresh one" }, fresh: null },
    ),
  ),
  ...(["string-id", "contract-id-beyond-2-53", "no-contract-id", "not-an-object"] as const).map(
    (oddity) =>
      named(
        `row: ${oddity}, in the last row`,
        { kind: "odd-rows", oddity, index: 4, ...ofForge },
        keepsForge("held"),
      ),
  ),
  named("row: extra-fields, in all", { kind: "odd-rows", oddity: "extra-fields", ...ofForge }, {}),
  named(
    "row: each of them twice",
    { kind: "rows", change: (rows) => [...rows, ...rows], ...ofForge },
    keepsForge("held"),
  ),
];

const ofFresh = { route: itemsRoute, params: { contract_id: freshId } };
const ofType = { route: "/universe/types/{type_id}", params: { type_id: newTypeId } };
const ofStation = {
  route: "/universe/stations/{station_id}",
  params: { station_id: newStationId },
};
const ofNames = { route: namesRoute };

const freshWith = (fields: Partial<NonNullable<Seen["fresh"]>>): Partial<Seen> => ({
  fresh: { items: "complete", isNamed: true, isPlaced: true, ...fields },
});

/** What any route may answer instead, and be asked again for soon. */
const hiccups = (where: object): readonly (readonly [string, Fault])[] => [
  ...[500, 502, 503, 504].map(
    (status) => [`${status}`, { kind: "status", status, ...where }] as const,
  ),
  ["a timeout", { kind: "timeout", ...where }],
  ["a connection reset", { kind: "connection-reset", ...where }],
  ["a body that breaks off", { kind: "truncated-body", cut: "breaks", ...where }],
  ["a body that ends half way", { kind: "truncated-body", cut: "ends", ...where }],
  ["no JSON", { kind: "not-json", ...where }],
  ["HTML with status 200", { kind: "html", ...where }],
  ["another shape", { kind: "answer", answer: () => ({ status: 200, body: { no: 1 } }), ...where }],
];

const ofItems: readonly NamedFault[] = [
  ...(["gone", "not-public", "accepted", "unknown", "empty"] as const).map((how) =>
    named(
      `items: ${how}`,
      { kind: "items", how, ...ofFresh },
      freshWith({ items: "unavailable" }),
      { asksAgain: how === "empty" },
    ),
  ),
  named(
    "items: 520",
    { kind: "status", status: 520, ...ofFresh },
    freshWith({ items: "unavailable" }),
  ),
  ...hiccups(ofFresh).map(([name, fault]) =>
    named(`items: ${name}`, fault, freshWith({ items: "pending" })),
  ),
  ...(["no-type-id", "not-an-object"] as const).map((oddity) =>
    named(
      `items: a row that is ${oddity}`,
      { kind: "odd-rows", oddity, index: 1, ...ofFresh },
      freshWith({ items: "pending" }),
      { asksAgain: true },
    ),
  ),
  ...(["extra-fields", "no-optional-fields"] as const).map((oddity) =>
    named(`items: rows with ${oddity}`, { kind: "odd-rows", oddity, ...ofFresh }, {}),
  ),
];

/** Where items show that the transport tells them all apart, these stand for the rest. */
const some = ["503", "a timeout", "a body that ends half way", "another shape"];

const someHiccups = (where: object) => hiccups(where).filter(([name]) => some.includes(name));

const ofNewThings: readonly NamedFault[] = [
  ...[["404", { kind: "status", status: 404, ...ofType }] as const, ...someHiccups(ofType)].map(
    ([name, fault]) =>
      named(`type: ${name}`, fault, freshWith({ items: "pending" }), { mendMs: 1.1 * hourMs }),
  ),
  ...[
    ["404", { kind: "status", status: 404, ...ofStation }] as const,
    ...someHiccups(ofStation),
  ].map(([name, fault]) =>
    named(`station: ${name}`, fault, freshWith({ isPlaced: false }), { mendMs: 1.1 * hourMs }),
  ),
  ...someHiccups(ofNames).map(([name, fault]) =>
    named(`names: ${name}`, fault, freshWith({ isNamed: false })),
  ),
  named(
    "names: an id that ESI does not know",
    { kind: "unresolvable", id: newIssuerId, ...ofNames },
    freshWith({ isNamed: false }),
    { mendMs: 24.5 * hourMs },
  ),
  named(
    "names: an answer that lacks an id",
    { kind: "answer", answer: () => ({ status: 200, body: [] }), ...ofNames },
    freshWith({ isNamed: false }),
    { mendMs: 24.5 * hourMs },
  ),
];

const held = { outcome: "held", isHeldOff: true } as const;
const nothingNew: Partial<Seen> = { ...held, ...keepsForge(null), domain: kept(null) };

const limits = (where: object): readonly (readonly [string, Fault])[] => [
  ["420", { kind: "error-limited", ...where }],
  ["420 without a header", { kind: "error-limited", isBare: true, ...where }],
  ["429", { kind: "rate-limited", retryAfterSeconds: 600, ...where }],
  ["429 without a header", { kind: "rate-limited", isBare: true, ...where }],
];

/** The run stops, and the next ones hold off. */
const ofLimits: readonly NamedFault[] = [
  ...limits({ route: listRoute }).map(([name, fault]) =>
    named(`limit: ${name} to lists`, fault, nothingNew),
  ),
  ...limits({ route: itemsRoute }).map(([name, fault]) =>
    named(`limit: ${name} to items`, fault, {
      ...held,
      ...freshWith({ items: "pending", isNamed: false, isPlaced: false }),
    }),
  ),
  ...limits(ofType).map(([name, fault]) =>
    named(
      `limit: ${name} to a type`,
      fault,
      { ...held, ...freshWith({ items: "pending", isNamed: false, isPlaced: false }) },
      { mendMs: 1.1 * hourMs },
    ),
  ),
  ...limits(ofStation).map(([name, fault]) =>
    named(`limit: ${name} to a station`, fault, {
      ...held,
      ...freshWith({ isNamed: false, isPlaced: false }),
    }),
  ),
  ...limits(ofNames).map(([name, fault]) =>
    named(`limit: ${name} to names`, fault, { ...held, ...freshWith({ isNamed: false }) }),
  ),
  named(
    "limit: 56 errors are left",
    { kind: "headers", headers: { "X-Esi-Error-Limit-Remain": "56" }, route: itemsRoute },
    { ...held, ...freshWith({ items: "pending", isNamed: false, isPlaced: false }) },
    { mendMs: 1.1 * hourMs },
  ),
  named(
    "limit: 57 errors are left",
    { kind: "headers", headers: { "X-Esi-Error-Limit-Remain": "57" }, route: itemsRoute },
    {},
  ),
];

const ofEverything: readonly NamedFault[] = someHiccups({}).map(([name, fault]) => {
  const reasons: Readonly<Record<string, string>> = {
    503: "status-503",
    "a timeout": "timeout",
    "a body that ends half way": "not-json",
    "another shape": "unexpected-shape",
  };
  const reason = reasons[name] ?? "";
  // Whom nothing answers is dead; what a gateway or a broken body says is an answer.
  const outcome = name === "a timeout" ? "unreachable" : "done";
  return named(`everything: ${name}`, fault, {
    ...keepsForge(reason),
    domain: kept(reason),
    outcome,
  });
});

export const namedFaults: readonly NamedFault[] = [
  ...ofLists,
  ...ofRows,
  ...ofItems,
  ...ofNewThings,
  ...ofLimits,
  ...ofEverything,
];

/** For whoever wants to say what was tried. */
export const faultNames: readonly string[] = namedFaults.map(({ name }) => name);
