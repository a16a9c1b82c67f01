import { describe, expect, it } from "vitest";

import { AppError } from "../../src/errors.ts";
import { type Api, anApi } from "../support/api.ts";
import { headersOf, problem, read } from "../support/behaviours.ts";

const path = "/v1/admin/purge";

const post = (api: Api, token = api.env.ADMIN_TOKEN) =>
  api.request(path, { method: "POST", headers: { authorization: `Bearer ${token}` } });

describe("POST /v1/admin/purge", () => {
  it.each([true, false])(
    "empties the cache, and says whether there is a cache: %s",
    async (purged) => {
      let calls = 0;
      const purgeEverything = async () => {
        calls += 1;
        return purged;
      };
      const api = await anApi({ ports: { purgeEverything } });

      const response = await post(api);

      expect(await read(response)).toEqual({
        status: 200,
        contentType: "application/json",
        body: { purged },
      });
      expect(response.headers.get("cache-control")).toBe("private, no-store");
      expect(calls).toBe(1);
    },
  );

  it("says no more than that it failed, and when to try again", async () => {
    const purgeEverything = async () => {
      throw new AppError("cache-unavailable", "rate limit of account 42");
    };
    const api = await anApi({ ports: { purgeEverything } });

    const response = await post(api);

    expect(response.headers.get("retry-after")).toBe("60");
    expect(await read(response)).toEqual(problem(response, "cache-unavailable", path));
    expect(api.logged.join("\n")).toContain("rate limit of account 42");
  });

  it("is for who has the token", async () => {
    let calls = 0;
    const api = await anApi({
      ports: {
        purgeEverything: async () => {
          calls += 1;
          return true;
        },
      },
    });

    const response = await post(api, "another-token-for-tests");

    expect(response.status).toBe(401);
    expect(headersOf(response, ["www-authenticate"])).toEqual({
      "www-authenticate": 'Bearer realm="admin"',
    });
    expect(calls).toBe(0);
  });

  it("does not exist if no token is set", async () => {
    const api = await anApi();
    delete api.env.ADMIN_TOKEN;

    expect((await post(api, "undefined")).status).toBe(404);
  });

  it("cannot be asked for by a GET", async () => {
    const api = await anApi();

    const response = await api.get(path);

    expect(response.status).toBe(405);
  });
});
