import { describe, expect, it } from "vitest";

import { aContract } from "../esi-stand-in/hand-made.ts";
import { anAnswerStore } from "../support/answer-store.ts";
import { aSyncedApi } from "../support/api.ts";
import { createClock } from "../support/harness.ts";
import { laggingD1 } from "../support/lagging-d1.ts";

const minute = 60_000;

const lastModifiedOf = (response: Response): number =>
  Date.parse(response.headers.get("last-modified") ?? "");

/** An API whose replica has not heard of the last sync, and what was answered before that. */
async function behind(path: string, { withAnswers = true } = {}) {
  const clock = createClock();
  const { store } = anAnswerStore(clock.now);
  const api = await aSyncedApi({
    clock,
    contracts: [aContract()],
    ...(withAnswers ? { answerStore: store } : {}),
  });
  const replicated = laggingD1(api.env.DB);
  api.env.DB = replicated.db;
  const before = await api.get(path);
  replicated.lag();
  api.world.add(aContract(), clock.date());
  clock.advance(31 * minute);
  await api.sync();
  clock.advance(minute);
  return { ...api, replicated, before };
}

describe("right after a purge, with a replica that lags", () => {
  it.each([
    "/v1/contracts",
    "/v1/contracts?region_id=10000002&sort=price",
    "/v1/regions",
    "/v1/hulls",
    "/v1/categories",
  ])("%s shows what the sync has just brought, and does not go back", async (path) => {
    const { get, before } = await behind(path);

    const after = [await get(path), await get(path)];

    expect(after.map(({ status }) => status)).toEqual([200, 200]);
    for (const response of after) {
      expect(lastModifiedOf(response)).toBeGreaterThan(lastModifiedOf(before));
    }
  });

  it("an answer is just as new without a cache of answers", async () => {
    const { json } = await behind("/v1/contracts", { withAnswers: false });

    expect(await json("/v1/contracts")).toMatchObject({ meta: { total: 2 } });
  });

  it("a caller with the old answer is not told that nothing is new", async () => {
    const { get, before } = await behind("/v1/contracts");

    const response = await get("/v1/contracts", {
      "If-None-Match": before.headers.get("etag") ?? "",
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ meta: { total: 2 } });
  });

  it("a session that began on the replica would show old data, so the replica does lag", async () => {
    const api = await behind("/v1/contracts");
    api.env.DB = api.replicated.anywhere;

    const response = await api.get("/v1/contracts");

    expect(await response.json()).toMatchObject({ meta: { total: 1 } });
    expect(lastModifiedOf(response)).toBe(lastModifiedOf(api.before));
  });
});
