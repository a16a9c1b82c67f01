import { describe, expect, it } from "vitest";

import { flagCodes, flagDefinitions } from "../../src/domain/flags/flag.ts";
import { anApi } from "../support/api.ts";

type List = {
  data: { code: string; severity: string; when: string; detail: string; documentation: string }[];
  meta: { total: number };
};

describe("GET /v1/flags", () => {
  it("says when each flag is raised, and where it is explained", async () => {
    const api = await anApi();

    const { data, meta } = await api.json<List>("/v1/flags");

    expect(data.map(({ code }) => code)).toEqual(flagCodes);
    expect(meta).toEqual({ total: flagCodes.length });
    const { severity, when, explanation } = flagDefinitions.too_cheap;
    expect(data.find(({ code }) => code === "too_cheap")).toEqual({
      code: "too_cheap",
      severity,
      when,
      detail: explanation,
      documentation: expect.stringMatching(/^https?:\/\/[^/]+\/docs\/flags#too_cheap$/),
    });
  });

  it("links to each flag's place on its page", async () => {
    const api = await anApi();
    const { data } = await api.json<List>("/v1/flags");

    const page = await (await api.get("/docs/flags")).text();

    const ids = data.map(({ documentation }) => new URL(documentation).hash.slice(1));
    expect(ids.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
  });

  it("may be kept for an hour, as documents are", async () => {
    const api = await anApi();

    const response = await api.get("/v1/flags");

    expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
  });

  it.each(["nonsense=1", "__proto__=1"])("refuses %s", async (query) => {
    const api = await anApi();

    expect((await api.get(`/v1/flags?${query}`)).status).toBe(400);
  });
});
