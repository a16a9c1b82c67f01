import { describe, expect, it } from "vitest";

import { createEdgeCache } from "../../src/lib/edge-cache.ts";

type Api = NonNullable<Parameters<typeof createEdgeCache>[0]>;
type Options = Parameters<NonNullable<Api["purge"]>>[0];

function aPurgeApi(result = { success: true, errors: [] as { message: string }[] }) {
  const calls: Options[] = [];
  const api: Api = {
    purge: async (options) => {
      calls.push(options);
      return result;
    },
  };
  return { api, calls };
}

const tagsOf = (count: number) => Array.from({ length: count }, (_, index) => `region-${index}`);

describe("the cache in front", () => {
  it.each([
    [0, []],
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])("is purged of %i tags a hundred at a time", async (count, sizes) => {
    const { api, calls } = aPurgeApi();

    await createEdgeCache(api).purge(tagsOf(count));

    const purged = calls.map((options) => ("tags" in options ? options.tags : []));
    expect(purged.map(({ length }) => length)).toEqual(sizes);
    expect(purged.flat()).toEqual(tagsOf(count));
  });

  it("is emptied at once", async () => {
    const { api, calls } = aPurgeApi();

    expect(await createEdgeCache(api).purgeEverything()).toBe(true);
    expect(calls).toEqual([{ purgeEverything: true }]);
  });

  it.each([undefined, {}])("does nothing if it does not exist: %o", async (api) => {
    const cache = createEdgeCache(api);

    await cache.purge(["region-all"]);

    expect(await cache.purgeEverything()).toBe(false);
  });

  it("says why it was not purged", async () => {
    const { api } = aPurgeApi({ success: false, errors: [{ message: "a" }, { message: "b" }] });
    const cache = createEdgeCache(api);
    const failure = { code: "cache-unavailable", message: "a; b" };

    await expect(cache.purge(["region-all"])).rejects.toMatchObject(failure);
    await expect(cache.purgeEverything()).rejects.toMatchObject(failure);
  });
});
