import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ListedContract } from "../../src/domain/contract.ts";
import { Stopped } from "../../src/domain/stopped.ts";
import { parseContractRow } from "../../src/esi/contract-row.ts";
import { type ListWalk, walkList } from "../../src/esi/list-walk.ts";
import type { EsiAnswer } from "../../src/esi/transport.ts";

const made = 1_772_366_400;
const before = made - 1_800;

type Row = Record<string, unknown>;

const aRow = (contractId: number, fields: Row = {}): Row => ({
  contract_id: contractId,
  type: "item_exchange",
  issuer_id: 2_112_000_001,
  issuer_corporation_id: 98_000_001,
  date_issued: "2041-03-01T12:00:00Z",
  date_expired: "2041-03-29T12:00:00Z",
  ...fields,
});

const anAuction = (contractId: number, dateExpired = "2041-03-15T12:00:00Z"): Row =>
  aRow(contractId, { type: "auction", date_expired: dateExpired });

function read(...rows: Row[]): ListedContract[] {
  return rows.map((row) => {
    const contract = parseContractRow(row);
    if (!contract) throw new Error("This row is none");
    return contract;
  });
}

type Headers = { lastModified?: number | null; pages?: number; expiresAt?: number };
type Answer = EsiAnswer<unknown[]>;

const headersOf = ({ lastModified = made, pages = 1, expiresAt = 0 }: Headers) => ({
  lastModified,
  pages,
  expiresAt,
});

const ok = (rows: unknown[], headers: Headers = {}): Answer => ({
  kind: "ok",
  body: rows,
  headers: headersOf(headers),
});

const notModified = (headers: Headers = {}): Answer => ({
  kind: "not-modified",
  headers: headersOf(headers),
});

const refused: Answer = { kind: "refused", reason: "status-404" };
const transient: Answer = { kind: "transient", reason: "status-503" };
const malformed: Answer = { kind: "malformed", reason: "not-json" };

/** Pages of one list, by their rows. */
const pagesOf = (rows: readonly unknown[][], headers: Headers = {}): Answer[] =>
  rows.map((page) => ok([...page], { pages: rows.length, ...headers }));

type Asked = { page: number; since: number | null };
type WalkOptions = { since?: number | null; known?: number[] };

/** Walks over what is answered to each request, and tells what was asked. */
async function walk(
  answer: (asked: Asked, times: number) => Answer,
  { since = null, known = [] }: WalkOptions = {},
): Promise<{ walk: ListWalk; asked: Asked[]; loads: number }> {
  const asked: Asked[] = [];
  let loads = 0;
  const result = await walkList(
    async (page, ifModifiedSince) => {
      const request = { page, since: ifModifiedSince };
      asked.push(request);
      return answer(request, asked.filter((other) => other.page === page).length);
    },
    async () => {
      loads += 1;
      return new Set(known);
    },
    since,
  );
  return { walk: result, asked, loads };
}

/** Walks over a list that answers the same to every request. */
const walkOver = (answers: readonly Answer[], options?: WalkOptions) =>
  walk(({ page }) => answers[page - 1] ?? refused, options);

/** Walks over one page that is answered by these in turn, the last of them for ever. */
const walkThrough = (answers: readonly Answer[], options?: WalkOptions) =>
  walk((_asked, times) => answers[times - 1] ?? answers.at(-1) ?? refused, options);

const snapshot = (fields: Partial<Extract<ListWalk, { kind: "snapshot" }>["snapshot"]> = {}) => ({
  at: made,
  ids: new Set<number>(),
  unknown: [],
  auctions: new Map(),
  doubtfulRows: 0,
  ...fields,
});

const failed = (reason: string): ListWalk => ({ kind: "failed", reason });

describe("a walk over a whole list", () => {
  it("returns a snapshot", async () => {
    const answers = pagesOf([[aRow(1), aRow(2)], [aRow(3)]], { expiresAt: 7 });

    expect((await walkOver(answers)).walk).toEqual({
      kind: "snapshot",
      headers: { lastModified: made, pages: 2, expiresAt: 7 },
      oddRows: 0,
      oddFields: 0,
      snapshot: snapshot({
        ids: new Set([1, 2, 3]),
        unknown: read(aRow(1), aRow(2), aRow(3)),
      }),
    });
  });

  it("asks for each page once, and for the first one by time", async () => {
    const answers = pagesOf([[aRow(1)], [aRow(2)], [aRow(3)]]);

    const { asked } = await walkOver(answers, { since: before });

    expect(asked).toEqual([
      { page: 1, since: before },
      { page: 2, since: null },
      { page: 3, since: null },
    ]);
  });

  it.each([0, 1])("is whole with one page where X-Pages says %i", async (pages) => {
    expect((await walkOver([ok([aRow(1)], { pages })])).walk).toMatchObject({
      snapshot: { ids: new Set([1]) },
    });
  });

  it("may be over an empty list", async () => {
    expect((await walkOver([ok([])])).walk).toEqual({
      kind: "snapshot",
      headers: headersOf({}),
      oddRows: 0,
      oddFields: 0,
      snapshot: snapshot(),
    });
  });

  it("may be over a thousand pages", async () => {
    const pages = Array.from({ length: 1_000 }, (_, index) => [aRow(index + 1)]);

    const { walk: result, asked } = await walkOver(pagesOf(pages));

    expect(result).toMatchObject({ kind: "snapshot" });
    expect(asked).toHaveLength(1_000);
  });
});

describe("what is read of rows", () => {
  it("leaves out contracts that we have, except for the dates of auctions", async () => {
    const rows = [aRow(1), anAuction(2), aRow(3), anAuction(4)];

    const { walk: result, loads } = await walkOver([ok(rows)], { known: [1, 2, 9] });

    expect(result).toMatchObject({
      oddRows: 0,
      snapshot: snapshot({
        ids: new Set([1, 2, 3, 4]),
        unknown: read(aRow(3), anAuction(4)),
        auctions: new Map([
          [
            2,
            {
              dateIssued: Date.parse("2041-03-01T12:00:00Z") / 1000,
              dateExpired: Date.parse("2041-03-15T12:00:00Z") / 1000,
            },
          ],
        ]),
      }),
    });
    expect(loads).toBe(1);
  });

  it("leaves out even the dates of auctions if they make no sense", async () => {
    const { walk: result } = await walkOver([ok([anAuction(1, "soon")])], { known: [1] });

    expect(result).toMatchObject({ oddRows: 0, snapshot: snapshot({ ids: new Set([1]) }) });
  });

  it("takes a repeated contract once, and counts the repeat as a possibly missing one", async () => {
    const answers = pagesOf([
      [aRow(1), aRow(2), aRow(2)],
      [aRow(2), aRow(3)],
    ]);

    expect((await walkOver(answers)).walk).toMatchObject({
      oddRows: 0,
      snapshot: snapshot({
        ids: new Set([1, 2, 3]),
        unknown: read(aRow(1), aRow(2), aRow(3)),
        doubtfulRows: 2,
      }),
    });
  });

  it("lists an odd row without storing it, if its id is readable", async () => {
    const odd = aRow(2, { issuer_id: -1 });

    expect((await walkOver([ok([aRow(1), odd, aRow(3)])])).walk).toMatchObject({
      kind: "snapshot",
      oddRows: 1,
      snapshot: snapshot({ ids: new Set([1, 2, 3]), unknown: read(aRow(1), aRow(3)) }),
    });
  });

  it("stores a row without its odd fields, and counts those fields", async () => {
    const odd = aRow(2, { price: -1, volume: null });

    expect((await walkOver([ok([aRow(1), odd, aRow(3)])])).walk).toMatchObject({
      kind: "snapshot",
      oddRows: 0,
      oddFields: 2,
      snapshot: snapshot({ ids: new Set([1, 2, 3]), unknown: read(aRow(1), odd, aRow(3)) }),
    });
  });

  it("counts rows without a readable id, since a missing contract may be one of them", async () => {
    const beyond: unknown = JSON.parse("9007199254740993");
    const rows = ["2", 0, -1, 1.5, beyond, null, undefined].map((id) => ({
      ...aRow(1),
      contract_id: id,
    }));

    const { walk: result } = await walkOver([ok([...rows, "row", null, 7, [], aRow(9)])]);

    expect(result).toMatchObject({
      kind: "snapshot",
      oddRows: 11,
      snapshot: snapshot({ ids: new Set([9]), unknown: read(aRow(9)), doubtfulRows: 11 }),
    });
  });

  it("includes a row of a type that ESI has added", async () => {
    const row = aRow(1, { type: "barter" });

    expect((await walkOver([ok([row])])).walk).toMatchObject({
      oddRows: 0,
      snapshot: { unknown: [{ contractId: 1, type: "unknown" }] },
    });
  });
});

describe("a list that has not changed", () => {
  const since = made;

  it("is recognized by a 304 for the snapshot that we have", async () => {
    const headers = { lastModified: made, expiresAt: 5 };

    const { walk: result, asked, loads } = await walkOver([notModified(headers)], { since });

    expect(result).toEqual({ kind: "unchanged", headers: headersOf(headers) });
    expect(asked).toEqual([{ page: 1, since: made }]);
    expect(loads).toBe(0);
  });

  it("is recognized by a 200 for the snapshot that we have, in one request", async () => {
    const headers = { lastModified: made, pages: 3, expiresAt: 5 };

    const result = await walkOver([ok([aRow(1)], headers)], { since });

    expect(result).toEqual({
      walk: { kind: "unchanged", headers: headersOf(headers) },
      asked: [{ page: 1, since: made }],
      loads: 0,
    });
  });

  it("may be older than ours, as a cache behind ESI may still serve it", async () => {
    const { walk: result } = await walkOver([ok([], { lastModified: made - 1 })], { since });

    expect(result).toEqual({ kind: "unchanged", headers: headersOf({ lastModified: made - 1 }) });
  });

  it("counts as changed if it is one second newer", async () => {
    const { walk: result } = await walkOver([ok([aRow(1)], { lastModified: made + 1 })], { since });

    expect(result).toMatchObject({ kind: "snapshot", snapshot: { at: made + 1 } });
  });

  it.each([
    ["no time", null],
    ["an older time", made - 1],
    ["a newer time", made + 1],
  ])(
    "is not proven by a 304 with %s, so the whole list is fetched",
    async (_what, lastModified) => {
      const answers = [notModified({ lastModified }), ok([aRow(1)], { lastModified: made + 1 })];

      const { walk: result, asked } = await walkThrough(answers, { since });

      expect(result).toMatchObject({ kind: "snapshot", snapshot: { ids: new Set([1]) } });
      expect(asked).toEqual([
        { page: 1, since: made },
        { page: 1, since: null },
      ]);
    },
  );

  it("is not proven by a 304 to a request without a condition", async () => {
    const answers = [notModified({ lastModified: null }), notModified({ lastModified: made })];

    expect((await walkThrough(answers, { since })).walk).toEqual(failed("not-modified-unasked"));
  });

  it("cannot be assumed for a region without a snapshot, even with a 304", async () => {
    const { walk: result } = await walkOver([notModified({ lastModified: null })]);

    expect(result).toEqual(failed("not-modified-unasked"));
  });

  it("cannot be told from its first page, since new contracts are never there", async () => {
    const first = [aRow(1)];
    const answers = pagesOf([first, [aRow(2), aRow(3)]]);

    const { walk: result } = await walkOver(answers, { since: before, known: [1, 2] });

    expect(result).toMatchObject({ kind: "snapshot", snapshot: { unknown: read(aRow(3)) } });
  });
});

describe("a walk that fails", () => {
  const whole = pagesOf([[aRow(1)], [aRow(2)], [aRow(3)]]);
  const withPage = (page: number, answer: Answer) => whole.with(page - 1, answer);

  it.each([
    ["page 1 is refused", withPage(1, refused), "status-404"],
    ["a page is refused", withPage(2, refused), "status-404"],
    ["the last page is refused", withPage(3, refused), "status-404"],
    ["a page in the middle is empty", withPage(2, ok([], { pages: 3 })), "empty-page"],
    ["the last page is empty", withPage(3, ok([], { pages: 3 })), "empty-page"],
    ["the first of several pages is empty", withPage(1, ok([], { pages: 3 })), "empty-page"],
    ["a page is answered 304", withPage(2, notModified({ pages: 3 })), "not-modified-unasked"],
    ["page 1 says no time", pagesOf([[aRow(1)]], { lastModified: null }), "no-last-modified"],
    [
      "a page says no time",
      withPage(2, ok([aRow(2)], { pages: 3, lastModified: null })),
      "no-last-modified",
    ],
    ["pages are too many", [ok([aRow(1)], { pages: 1_001 })], "bad-x-pages"],
    ["pages are less than none", [ok([aRow(1)], { pages: -1 })], "bad-x-pages"],
    ["pages are not whole", [ok([aRow(1)], { pages: 1.5 })], "bad-x-pages"],
    ["pages are no number", [ok([aRow(1)], { pages: Number.NaN })], "bad-x-pages"],
    ["pages are endless", [ok([aRow(1)], { pages: Number.POSITIVE_INFINITY })], "bad-x-pages"],
  ])("says why: %s", async (_what, answers, reason) => {
    expect((await walkOver(answers)).walk).toEqual(failed(reason));
  });

  it.each([
    ["page 1", 1],
    ["another page", 3],
  ])("survives %s failing once", async (_what, page) => {
    for (const hiccup of [transient, malformed]) {
      const result = await walk((asked, times) =>
        asked.page === page && times === 1 ? hiccup : (whole[asked.page - 1] ?? refused),
      );

      expect(result.walk).toMatchObject({
        kind: "snapshot",
        snapshot: { ids: new Set([1, 2, 3]) },
      });
      expect(result.asked).toHaveLength(4);
    }
  });

  it.each([
    ["page 1", 1],
    ["another page", 3],
  ])("gives up on %s after three attempts", async (_what, page) => {
    for (const [hiccup, reason] of [
      [transient, "status-503"],
      [malformed, "not-json"],
    ] as const) {
      const { walk: result, asked } = await walkOver(withPage(page, hiccup));

      expect(result).toEqual(failed(reason));
      expect(asked.filter((request) => request.page === page)).toHaveLength(3);
    }
  });

  it("sends the same condition each time, since no answer came", async () => {
    const { asked } = await walkOver([transient], { since: made });

    expect(asked).toEqual([
      { page: 1, since: made },
      { page: 1, since: made },
      { page: 1, since: made },
    ]);
  });

  it("does not repeat a request that ESI refuses", async () => {
    expect((await walkOver([refused])).asked).toHaveLength(1);
  });

  it.each(["held", "budget"] as const)("passes on that the run is stopped: %s", async (reason) => {
    const stopped = walk(() => {
      throw new Stopped(reason, "No more");
    });

    await expect(stopped).rejects.toThrow(Stopped);
  });
});

describe("a walk under which a new list is made", () => {
  /** A list of three pages that is rebuilt before this request, counted from 1. */
  const renewedAt = (request: number, after: (rows: Answer[]) => Answer[] = (pages) => pages) => {
    const old = pagesOf([[aRow(1)], [aRow(2)], [aRow(3)]]);
    const renewed = after(pagesOf([[aRow(2)], [aRow(3)], [aRow(4)]], { lastModified: made + 60 }));
    let requests = 0;
    return ({ page }: Asked) => {
      requests += 1;
      return (requests < request ? old : renewed)[page - 1] ?? refused;
    };
  };

  it.each([2, 3])("starts again and returns the new list: at request %i", async (request) => {
    const { walk: result, loads } = await walk(renewedAt(request));

    expect(result).toMatchObject({
      kind: "snapshot",
      snapshot: { at: made + 60, ids: new Set([2, 3, 4]) },
    });
    expect(loads).toBe(2);
  });

  it("is noticed even if only the number of pages differs", async () => {
    const answers = pagesOf([[aRow(1)], [aRow(2)]]);

    const { walk: result, asked } = await walk(({ page }, times) =>
      page === 2 && times === 1 ? ok([aRow(2)], { pages: 3 }) : (answers[page - 1] ?? refused),
    );

    expect(result).toMatchObject({ kind: "snapshot", snapshot: { ids: new Set([1, 2]) } });
    expect(asked).toHaveLength(4);
  });

  it("is given up after three attempts", async () => {
    const { walk: result, asked } = await walk(({ page }, times) =>
      ok([aRow(page)], { pages: 2, lastModified: made + page + times * 10 }),
    );

    expect(result).toEqual(failed("torn"));
    expect(asked.map(({ page }) => page)).toEqual([1, 2, 1, 2, 1, 2]);
  });

  it("returns a snapshot if the third attempt works", async () => {
    const { walk: result } = await walk(({ page }, times) =>
      ok([aRow(page)], { pages: 2, lastModified: made + (times < 3 ? page * times : 100) }),
    );

    expect(result).toMatchObject({ kind: "snapshot", snapshot: { at: made + 100 } });
  });

  it("starts again with the condition, since the list may be the one we have", async () => {
    const { walk: result, asked } = await walk(
      ({ page }, times) =>
        page === 1 && times === 2
          ? notModified({ lastModified: before })
          : ok([aRow(page)], { pages: 2, lastModified: page === 1 ? made : before }),
      { since: before },
    );

    expect(result).toMatchObject({ kind: "unchanged" });
    expect(asked.map(({ since }) => since)).toEqual([before, null, before]);
  });

  it("never returns a mix of two lists", { timeout: 30_000 }, async () => {
    const list = fc
      .uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 })
      .map((ids) => ids.toSorted((a, b) => a - b));
    const interleaving = fc.record({
      lists: fc.tuple(list, list, list),
      rowsPerPage: fc.integer({ min: 1, max: 4 }),
      /** Which list each request meets, in the order they are made; then the last one. */
      met: fc.array(fc.nat(2), { maxLength: 25 }),
    });

    await fc.assert(
      fc.asyncProperty(interleaving, async ({ lists, rowsPerPage, met }) => {
        const generations = lists.map((ids, index) => {
          const pages = Math.ceil(ids.length / rowsPerPage);
          const rows = Array.from({ length: pages }, (_, page) =>
            ids.slice(page * rowsPerPage, (page + 1) * rowsPerPage).map((id) => aRow(id)),
          );
          return pagesOf(rows, { lastModified: made + index });
        });
        let request = 0;

        const { walk: result } = await walk(({ page }) => {
          const generation = generations[met[request] ?? 2];
          request += 1;
          return generation?.[page - 1] ?? refused;
        });

        const ids = result.kind === "snapshot" ? [...result.snapshot.ids] : null;
        const at = result.kind === "snapshot" ? result.snapshot.at - made : 0;
        expect(ids ?? lists[at]).toEqual(lists[at]);
        expect(result.kind).not.toBe("unchanged");
      }),
      { numRuns: 1_000 },
    );
  });
});
