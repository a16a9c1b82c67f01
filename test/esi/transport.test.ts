import { describe, expect, it } from "vitest";

import { Stopped } from "../../src/domain/stopped.ts";
import type { EsiRequest } from "../../src/esi/transport.ts";
import { noon, setUp } from "./asking.ts";

const httpDate = (ms: number) => new Date(ms).toUTCString();

const aRequest = (fields: Partial<EsiRequest> = {}): EsiRequest => ({
  group: "contract-lists",
  path: "/contracts/public/10000002?page=1",
  ...fields,
});

/** What the transport makes of one answer. */
const kindOf = (answer: () => Response | Promise<Response>, request = aRequest()) =>
  setUp(async () => answer()).transport(request);

/** What was asked, for one request. */
async function asked(request: EsiRequest): Promise<Request> {
  const requests: Request[] = [];
  const { transport } = setUp(async (sent) => {
    requests.push(sent);
    return Response.json([]);
  });
  await transport(request);
  const [only] = requests;
  if (!only || requests.length > 1) throw new Error(`${requests.length} requests were made`);
  return only;
}

/** A body of which this much comes, and then what the platform says when it breaks. */
const brokenBody = (text: string, error: Error) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.error(error);
    },
  });

/** A body that never ends, and whether anybody told it to. */
function endlessBody() {
  const state = { isCancelled: false };
  const body = new ReadableStream({
    cancel() {
      state.isCancelled = true;
    },
  });
  return { body, state };
}

describe("a request", () => {
  it("says who asks, and for which date of the API", async () => {
    const request = await asked(aRequest());

    expect([request.method, request.url, request.redirect]).toEqual([
      "GET",
      "https://esi.test/contracts/public/10000002?page=1",
      "manual",
    ]);
    expect(Object.fromEntries(request.headers)).toEqual({
      accept: "application/json",
      "accept-language": "en",
      "user-agent": "HangarBay/test (tests@hangar-bay.test)",
      "x-compatibility-date": "2026-08-18",
    });
  });

  it("asks for what is newer than a moment", async () => {
    const request = await asked(aRequest({ ifModifiedSince: 1_790_548_059 }));

    expect(request.headers.get("if-modified-since")).toBe("Sun, 27 Sep 2026 22:27:39 GMT");
  });

  it.each([null, undefined])("sets no condition if that is %s", async (moment) => {
    const condition = moment === undefined ? {} : { ifModifiedSince: moment };

    expect((await asked(aRequest(condition))).headers.has("if-modified-since")).toBe(false);
  });

  it("posts what it is given, as JSON", async () => {
    const request = await asked({ group: "names", path: "/universe/names", body: [1, 2] });

    expect([request.method, request.headers.get("content-type"), await request.json()]).toEqual([
      "POST",
      "application/json",
      [1, 2],
    ]);
  });
});

describe("a good answer", () => {
  it("has its body and what its headers say", async () => {
    const answer = await kindOf(() =>
      Response.json([{ contract_id: 1 }], {
        headers: {
          "last-modified": httpDate(noon - 60_000),
          expires: httpDate(noon + 1_740_000),
          "x-pages": "34",
        },
      }),
    );

    expect(answer).toEqual({
      kind: "ok",
      body: [{ contract_id: 1 }],
      headers: { lastModified: noon / 1000 - 60, expiresAt: noon + 1_740_000, pages: 34 },
    });
  });

  it("has a default lifetime and an unknown number of pages if no header says more", async () => {
    expect(await kindOf(() => Response.json(null))).toEqual({
      kind: "ok",
      body: null,
      headers: { lastModified: null, expiresAt: noon + 300_000, pages: Number.NaN },
    });
  });

  it("has no last-modified time if the header cannot be read", async () => {
    const headers = { "last-modified": "a while ago" };

    expect(await kindOf(() => Response.json([], { headers }))).toMatchObject({
      headers: { lastModified: null },
    });
  });

  it("ignores a header that is not a number of pages", async () => {
    const headers = { "x-pages": "many" };

    expect(await kindOf(() => Response.json([], { headers }))).toMatchObject({
      headers: { pages: Number.NaN },
    });
  });
});

describe("304", () => {
  it("says of which list it speaks, and until when", async () => {
    const headers = { "last-modified": httpDate(noon), expires: httpDate(noon + 60_000) };

    expect(await kindOf(() => new Response(null, { status: 304, headers }))).toEqual({
      kind: "not-modified",
      headers: { lastModified: noon / 1000, expiresAt: noon + 60_000, pages: Number.NaN },
    });
  });

  it("may leave out both", async () => {
    expect(await kindOf(() => new Response(null, { status: 304 }))).toEqual({
      kind: "not-modified",
      headers: { lastModified: null, expiresAt: noon + 300_000, pages: Number.NaN },
    });
  });
});

describe("another status", () => {
  it.each([204, 400, 401, 403, 404, 520])("counts as a refusal if it is %i", async (status) => {
    const body = status === 204 ? null : '{"error":"No."}';

    expect(await kindOf(() => new Response(body, { status }))).toEqual({
      kind: "refused",
      reason: `status-${status}`,
    });
  });

  it.each([500, 502, 503, 504, 521, 599, 301, 418, 422])(
    "counts as temporary if it is %i",
    async (status) => {
      expect(await kindOf(() => new Response("Sorry", { status }))).toEqual({
        kind: "transient",
        reason: `status-${status}`,
      });
    },
  );

  it.each([403, 503])("leaves its body unread for %i", async (status) => {
    const { body, state } = endlessBody();

    await kindOf(() => new Response(body, { status }));

    expect(state.isCancelled).toBe(true);
  });

  it.each([420, 429])("stops the run if it is %i", async (status) => {
    await expect(kindOf(() => new Response(null, { status }))).rejects.toThrow(Stopped);
  });

  it("stops other routes of the same limit, and no others", async () => {
    const { transport } = setUp(async ({ url }) =>
      url.endsWith("page=1") ? new Response(null, { status: 429 }) : Response.json([]),
    );
    await expect(transport(aRequest())).rejects.toThrow("ESI answered 429");

    const again = aRequest({ path: "/contracts/public/10000043?page=2" });
    await expect(transport(again)).rejects.toThrow("contract-lists");
    expect(await transport({ group: "names", path: "/universe/names" })).toMatchObject({
      kind: "ok",
    });
  });
});

describe("an answer that nobody can make sense of", () => {
  it.each([
    ["text", "upstream connect error"],
    ["HTML", "<html><body>Sorry!</body></html>"],
    ["nothing", ""],
    ["half of it", '[{"contract_id":230000001},{"contr'],
  ])("is malformed even with status 200: %s", async (_what, body) => {
    expect(await kindOf(() => new Response(body))).toEqual({
      kind: "malformed",
      reason: "not-json",
    });
  });

  it.each([
    [8_000_000, { kind: "ok", body: [] }],
    [8_000_001, { kind: "malformed", reason: "body-too-large" }],
  ])("is judged by its size: one of %i bytes is %o", async (length, expected) => {
    const headers = { "content-length": String(length) };

    expect(await kindOf(() => new Response("[]", { headers }))).toMatchObject(expected);
  });

  it("is not read if it is too large", async () => {
    const { body, state } = endlessBody();

    await kindOf(() => new Response(body, { headers: { "content-length": "99999999" } }));

    expect(state.isCancelled).toBe(true);
  });
});

describe("no answer", () => {
  /** Waits until whoever asked has had enough. */
  const hang = (request: Request) =>
    new Promise<Response>((_resolve, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
    });

  it("is a timeout after the settings' time", async () => {
    const { transport } = setUp(hang);

    expect(await transport(aRequest())).toEqual({ kind: "transient", reason: "timeout" });
  });

  it("is a timeout after the request's own time, if it has one", async () => {
    const { transport } = setUp(hang);
    const usual = transport(aRequest()).then(() => "after the usual time");
    const sooner = transport(aRequest({ timeoutMs: 1 })).then(() => "sooner");

    expect(await Promise.race([usual, sooner])).toBe("sooner");
    await usual;
  });

  it("is a connection that failed", async () => {
    const broken = () => Promise.reject(new TypeError("Network connection lost."));

    expect(await kindOf(broken)).toEqual({ kind: "transient", reason: "connection-failed" });
  });

  it("is half an answer, then a connection that broke", async () => {
    const body = brokenBody('[{"contract_id":2300', new TypeError("Network connection lost."));

    expect(await kindOf(() => new Response(body))).toEqual({
      kind: "transient",
      reason: "body-broken-off",
    });
  });

  it("times out if only half of an answer arrives", async () => {
    const timedOut = new DOMException("The operation was aborted due to timeout", "TimeoutError");

    expect(await kindOf(() => new Response(brokenBody("[", timedOut)))).toEqual({
      kind: "transient",
      reason: "timeout",
    });
  });

  it("counts as a request like an answer does", async () => {
    const { governor, transport } = setUp(() =>
      Promise.reject(new TypeError("Network connection lost.")),
    );

    await transport(aRequest());

    expect(governor.requests).toBe(1);
  });
});
