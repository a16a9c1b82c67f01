/** The ways in which ESI fails. Each is data, so that a test names it and a control route takes it. */
import { type Answer, failure, pageBeyondTheLast } from "./answers.ts";
import type { Call } from "./call.ts";
import type { Effect } from "./effects.ts";
import { errorLimitText } from "./limits.ts";
import { type Oddity, oddRow } from "./odd-rows.ts";

/** What each kind is told. */
export type FaultOptions = {
  /** Any error status, with ESI's text for it unless told; `isBare` without ESI's headers. */
  status: { status: number; error?: string; isBare?: boolean };
  "error-limited": { isBare?: boolean };
  /** Some limits lie deep in EVE's servers: 429 without a header [DOC]. */
  "rate-limited": { retryAfterSeconds?: number; isBare?: boolean };
  /** Rejects as `AbortSignal.timeout` does, at once. */
  timeout: object;
  /** Answers nothing until the request's own signal aborts it. */
  hang: object;
  "connection-reset": object;
  "truncated-body": { cut?: "breaks" | "ends" };
  "not-json": object;
  html: object;
  /** The list is rebuilt: another `Last-Modified` in the middle of a walk. */
  "torn-walk": object;
  "page-count": { by: number };
  /** 404 on pages after this one, whatever was announced. */
  "early-end": { lastPage: number };
  /** Each page starts so many rows early: what the page before had, again, and the last rows lost. */
  "shifted-rows": { by: number };
  /** The list holds only its first part: 0 for none. */
  "short-list": { share: number };
  /** 304 whatever was asked. */
  "not-modified": { withLastModified: boolean };
  items: { how: "gone" | "not-public" | "accepted" | "unknown" | "empty" };
  /** Rows of a page, changed by name; every row, or the one at `index`. */
  "odd-rows": { oddity: Oddity; index?: number };
  /** Rows of a page, changed by hand. */
  rows: { change: (rows: readonly unknown[], call: Call) => readonly unknown[] };
  /** ESI's clock is off: every date it sends. */
  "clock-skew": { seconds: number };
  /** Routes with event-driven caching send no useful `Expires` [BLOG smarter-caching]. */
  "max-age": { seconds: number; age?: number };
  /** Set over ESI's own; null takes a header away. */
  headers: { headers: Readonly<Record<string, string | null>> };
  /** `/universe/names` fails wherever this id is among those asked. */
  unresolvable: { id: number };
  answer: { answer: (call: Call) => Answer | Promise<Answer> };
};

export type FaultKind<K extends keyof FaultOptions = keyof FaultOptions> = {
  [P in K]: { kind: P } & FaultOptions[P];
}[K];

const errorTexts: Readonly<Record<number, string>> = {
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  500: "Unhandled internal error encountered!",
  502: "Bad gateway",
  503: "The datasource tranquility is temporarily unavailable",
  504: "Timeout contacting tranquility",
  520: "Undefined 520 response. Internal error thrown from the EVE server",
};

const itemsAnswers = {
  gone: (answer: Answer): Answer => ({ ...withoutBody(answer), status: 204 }),
  "not-public": () => failure(403, "Contract not public"),
  accepted: () => failure(403, "Contract accepted by player, requires authorization"),
  unknown: () => failure(404, "Contract not found!"),
  empty: (answer: Answer): Answer => ({ ...answer, status: 200, body: [], pages: 1 }),
};

function withoutBody({ status, cached, headers }: Answer): Answer {
  return { status, ...(cached && { cached }), ...(headers && { headers }) };
}

const bare = (isBare: boolean | undefined) => (isBare === true ? ({ isBare } as const) : {});

const withHeaders = (answer: Answer, headers: Record<string, string | null>): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
});

const pageText = (status: number, text: string, type: string) => (): Answer => ({
  status,
  text,
  headers: { "Content-Type": type },
});

function onRows(change: (rows: readonly unknown[], call: Call) => readonly unknown[]): Effect {
  return {
    alter: (answer, call) =>
      Array.isArray(answer.body) ? { ...answer, body: change(answer.body, call) } : answer,
  };
}

function hang({ request }: Call): Promise<Answer> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(request.signal.reason);
    if (request.signal.aborted) abort();
    request.signal.addEventListener("abort", abort);
  });
}

function throwing(error: () => Error): Effect {
  return {
    instead: () => {
      throw error();
    },
  };
}

const timedOut = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");

const move = (time: number, seconds: number) => time + seconds * 1000;

function skewed(answer: Answer, call: Call, seconds: number): Answer {
  const { cached } = answer;
  const date = new Date(move(call.at.getTime(), seconds)).toUTCString();
  const moved = cached && {
    ...cached,
    generatedAt: move(cached.generatedAt, seconds),
    expiresAt: move(cached.expiresAt, seconds),
  };
  return withHeaders({ ...answer, ...(moved && { cached: moved }) }, { Date: date });
}

function maxAge(answer: Answer, seconds: number, age: number): Answer {
  return withHeaders(answer, {
    Age: String(age),
    "Cache-Control": `public, max-age=${seconds}, must-revalidate, stale-if-error=900`,
    Expires: null,
  });
}

function notModified(answer: Answer, withLastModified: boolean): Answer {
  const unchanged = { ...withoutBody(answer), status: 304 };
  return withLastModified ? unchanged : withHeaders(unchanged, { "Last-Modified": null });
}

type Kinds = { [K in keyof FaultOptions]: (fault: FaultKind<K>) => Effect };

const kinds: Kinds = {
  status: ({ status, error, isBare }) => ({
    instead: () => ({
      ...failure(status, error ?? errorTexts[status] ?? "Error"),
      ...bare(isBare),
    }),
  }),
  "error-limited": ({ isBare }) => ({
    instead: () => ({
      ...failure(420, errorLimitText),
      ...(isBare === true ? bare(isBare) : { headers: { "X-Esi-Error-Limit-Remain": "0" } }),
    }),
  }),
  "rate-limited": ({ retryAfterSeconds = 60, isBare }) => ({
    instead: () => ({
      ...failure(429, "Too many requests"),
      ...(isBare === true
        ? bare(isBare)
        : { headers: { "Retry-After": String(retryAfterSeconds) } }),
    }),
  }),
  timeout: () => throwing(timedOut),
  hang: () => ({ instead: hang }),
  "connection-reset": () => throwing(() => new TypeError("Network connection lost.")),
  "truncated-body": ({ cut = "breaks" }) => ({ alter: (answer) => ({ ...answer, cut }) }),
  "not-json": () => ({ instead: pageText(200, "upstream connect error", "text/plain") }),
  html: () => ({ instead: pageText(200, "<html><body>Sorry!</body></html>", "text/html") }),
  "torn-walk": () => ({ renewsList: true }),
  "page-count": ({ by }) => ({
    alter: (answer) => ({ ...answer, ...(answer.pages && { pages: answer.pages + by }) }),
  }),
  "early-end": ({ lastPage }) => ({
    alter: (answer, { page }) => (page > lastPage ? pageBeyondTheLast : answer),
  }),
  "shifted-rows": ({ by }) => ({
    list: (ids, { page }) =>
      page === 1 ? ids : [...ids.slice(0, by), ...ids].slice(0, ids.length),
  }),
  "short-list": ({ share }) => ({ list: (ids) => ids.slice(0, Math.floor(ids.length * share)) }),
  "not-modified": ({ withLastModified }) => ({
    alter: (answer) => notModified(answer, withLastModified),
  }),
  items: ({ how }) => ({ alter: itemsAnswers[how] }),
  "odd-rows": ({ oddity, index }) =>
    onRows((rows) => rows.map((row, at) => ((index ?? at) === at ? oddRow(row, oddity) : row))),
  rows: ({ change }) => onRows(change),
  "clock-skew": ({ seconds }) => ({ alter: (answer, call) => skewed(answer, call, seconds) }),
  "max-age": ({ seconds, age = 0 }) => ({ alter: (answer) => maxAge(answer, seconds, age) }),
  headers: ({ headers }) => ({ alter: (answer) => withHeaders(answer, headers) }),
  unresolvable: ({ id }) => ({
    alter: (answer, { body }) =>
      Array.isArray(body) && body.includes(id)
        ? failure(404, "Ensure all IDs are valid before resolving.")
        : answer,
  }),
  answer: ({ answer }) => ({ instead: answer }),
};

export function isFaultKind(name: string): name is keyof FaultOptions {
  return Object.hasOwn(kinds, name);
}

export function effectOf<K extends keyof FaultOptions>(fault: FaultKind<K>): Effect {
  return kinds[fault.kind](fault);
}
