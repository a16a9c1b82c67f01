import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { aContract, anItem } from "../esi-stand-in/hand-made.ts";
import { aSyncedApi } from "../support/api.ts";

type List = { data: { type_id: number; name: string; former_names: string[] }[] };

const bistot = 17_428;

/** An ore that was called Triclinic Bistot, beside a type whose name holds the same word. */
async function anApiWithOres() {
  const api = await aSyncedApi({ contracts: [aContract({ items: [anItem({ type_id: 587 })] })] });
  const { group_id: group } = await env.DB.prepare("select group_id from types where type_id = 34")
    .first<{ group_id: number }>()
    .then((row) => row ?? { group_id: 0 });
  await env.DB.batch(
    [
      [bistot, "Bistot II-Grade"],
      [99_001, "Great Triclinic Bistot Deposit"],
    ].map(([typeId, name]) =>
      env.DB.prepare(
        "insert into types (type_id, name, group_id, is_published) values (?, ?, ?, 1)",
      ).bind(typeId, name, group),
    ),
  );
  const names = async (query: string) =>
    (await api.json<List>(`/v1/types?all=true&${query}`)).data.map(({ name }) => name);
  return { api, names };
}

describe("a type that was renamed", () => {
  it("says what it was called", async () => {
    const { api } = await anApiWithOres();

    expect(await api.json(`/v1/types/${bistot}`)).toMatchObject({
      name: "Bistot II-Grade",
      former_names: ["Triclinic Bistot"],
    });
    expect(await api.json("/v1/types/587")).toMatchObject({ former_names: [] });
  });

  it("is found once by its current name, and by all or part of its former name", async () => {
    const { names } = await anApiWithOres();

    expect(await names("q=triclinic%20bistot")).toEqual([
      "Bistot II-Grade",
      "Great Triclinic Bistot Deposit",
    ]);
    expect(await names("q=TRICL")).toEqual(["Bistot II-Grade", "Great Triclinic Bistot Deposit"]);
    expect(await names("q=bistot")).toEqual(["Bistot II-Grade", "Great Triclinic Bistot Deposit"]);
    expect(await names("q=bistot%20ii")).toEqual(["Bistot II-Grade"]);
  });

  it("is left out if the other filters do not hold", async () => {
    const { api, names } = await anApiWithOres();

    expect(await names("q=triclinic&category_id=6")).toEqual([]);
    const onOffer = await api.json<List>("/v1/types?q=triclinic");
    expect(onOffer.data).toEqual([]);
  });

  it("appears on only one page of a walk", async () => {
    const { api } = await anApiWithOres();
    const first = await api.json<List & { meta: { next_cursor: string } }>(
      "/v1/types?all=true&q=bistot&limit=1",
    );
    const second = await api.json<List>(
      `/v1/types?all=true&q=bistot&limit=1&cursor=${first.meta.next_cursor}`,
    );

    expect([...first.data, ...second.data].map(({ type_id: id }) => id)).toEqual([bistot, 99_001]);
  });

  it("can be given by its former name where types are filtered by name", async () => {
    const { api } = await anApiWithOres();

    const response = await api.get("/v1/contracts?type_id=Triclinic%20Bistot");

    expect(response.status).toBe(200);
    expect(await (await api.get("/v1/types/triclinic%20bistot")).json()).toMatchObject({
      type_id: bistot,
    });
  });
});
