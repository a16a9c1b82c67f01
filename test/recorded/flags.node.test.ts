import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { expect, it } from "vitest";

import type { FlagItem, FlagType, ItemFlagCode } from "../../src/domain/flags/item-flags.ts";
import { itemFlagCodes, itemFlags } from "../../src/domain/flags/item-flags.ts";
import { rigGroupIds } from "../../src/domain/flags/modules-with-hull.ts";
import { createTitleNames } from "../../src/domain/flags/title-names.ts";
import { folder } from "./counts.ts";

const plexTypeId = 44_992;

type Row = Record<string, string | number | null>;

/** The rows of a table of the shipped universe, by the names of its columns. */
function shipped(table: string): Row[] {
  const lines = readFileSync(`src/universe/data/${table}.jsonl`, "utf8").split("\n");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each line is an array of cells
  const rows = lines.filter(Boolean).map((line) => JSON.parse(line) as (string | number | null)[]);
  const [columns = [], ...cells] = rows;
  return cells.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
  );
}

const groups = new Map(shipped("groups").map((group) => [Number(group["group_id"]), group]));
const types = shipped("types");
const typeById = new Map<number, FlagType>(
  types.map((type) => {
    const groupId = Number(type["group_id"]);
    const categoryId = Number(groups.get(groupId)?.["category_id"]);
    const typeId = Number(type["type_id"]);
    return [typeId, { typeId, name: String(type["name"]), groupId, categoryId }];
  }),
);

const named = types.filter(
  (type) =>
    type["is_published"] === 1 &&
    (typeById.get(Number(type["type_id"]))?.categoryId === 6 || type["type_id"] === plexTypeId),
);
const names = createTitleNames(
  named.map((type) => ({
    typeId: Number(type["type_id"]),
    name: String(type["name"]),
    baseTypeId: type["base_type_id"] === null ? null : Number(type["base_type_id"]),
    isFaction: type["meta_group_id"] === 4,
  })),
);

type RecordedItem = {
  type_id: number;
  quantity: number;
  is_included: boolean;
  is_blueprint_copy?: boolean;
};

const itemOf = (item: RecordedItem): FlagItem => ({
  typeId: item.type_id,
  quantity: item.quantity,
  isIncluded: item.is_included,
  isBlueprintCopy: item.is_blueprint_copy ?? false,
});

function recorded() {
  const read = (file: string) => readFileSync(`${folder}/${file}`);
  // oxlint-disable typescript/no-unsafe-type-assertion -- recorded files, described in their README
  const rows = JSON.parse(read("contracts-10000002-2022-02.json").toString()) as {
    contract_id: number;
    title: string;
  }[];
  const sets = JSON.parse(
    gunzipSync(read("contract-items-10000002-2025-09.json.gz")).toString(),
  ) as Record<string, RecordedItem[]>;
  // oxlint-enable typescript/no-unsafe-type-assertion
  return {
    titles: rows
      .toSorted((a, b) => a.contract_id - b.contract_id)
      .map(({ title }) => title || null),
    sets: Object.entries(sets)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, items]) => items.map(itemOf)),
  };
}

const typeOf = (typeId: number) => typeById.get(typeId);
const nameOf = (typeId: number): string => typeOf(typeId)?.name ?? `type ${typeId}`;

function shown(title: string | null, items: readonly FlagItem[]): string {
  const offered = items.filter(({ isIncluded }) => isIncluded).map(({ typeId }) => nameOf(typeId));
  const asked = items.filter((item) => !item.isIncluded).map(({ typeId }) => nameOf(typeId));
  const few = (list: readonly string[]) =>
    list.slice(0, 4).join(", ") + (list.length > 4 ? `, + ${list.length - 4} rows` : "");
  return `${JSON.stringify(title)} offers ${few(offered)}${asked.length > 0 ? `; asks for ${few(asked)}` : ""}`;
}

type Hits = Record<ItemFlagCode, { contracts: number; examples: string[] }>;

/** How many contracts each flag hits, with ten of each: as different as their titles are. */
function hitsOf(contracts: Iterable<readonly [string | null, readonly FlagItem[]]>): Hits {
  const hits: Partial<Hits> = {};
  const perTitle = new Map<string, number>();
  for (const [title, items] of contracts) {
    for (const { code } of itemFlags({ title, items, typeOf, names })) {
      const hit = (hits[code] ??= { contracts: 0, examples: [] });
      hit.contracts += 1;
      const seen = perTitle.get(`${code} ${title}`) ?? 0;
      if (hit.examples.length >= 10 || (title !== null && seen > 1)) continue;
      perTitle.set(`${code} ${title}`, seen + 1);
      hit.examples.push(shown(title, items));
    }
  }
  const none = () => ({ contracts: 0, examples: [] });
  return {
    title_names_other_item: hits.title_names_other_item ?? none(),
    skin_not_ship: hits.skin_not_ship ?? none(),
    blueprint_not_ship: hits.blueprint_not_ship ?? none(),
    lookalike_hull: hits.lookalike_hull ?? none(),
    asks_for_same_item: hits.asks_for_same_item ?? none(),
    modules_with_hull: hits.modules_with_hull ?? none(),
  };
}

function print(what: string, hits: Hits): void {
  console.log(`\n${what}`);
  for (const code of itemFlagCodes) {
    const { contracts, examples } = hits[code];
    console.log([`${code}: ${contracts}`, ...examples.map((each) => `  ${each}`)].join("\n"));
  }
}

const countsOf = (hits: Hits) =>
  Object.fromEntries(itemFlagCodes.map((code) => [code, hits[code].contracts]));

/** Those that no title has a part in. */
const ofItems: ReadonlySet<ItemFlagCode> = new Set(["asks_for_same_item", "modules_with_hull"]);

const isThere = existsSync(folder);

it.skipIf(!isThere)(
  "raises the flags a reader would raise when real rows are paired with real items",
  () => {
    const { titles, sets } = recorded();

    // The i-th row, by id, goes with the i-th item set, by its own: no contract is in both.
    const hits = hitsOf(titles.map((title, index) => [title, sets[index] ?? []] as const));

    print("Each row with its item set:", hits);
    expect(countsOf(hits)).toEqual({
      title_names_other_item: 4,
      skin_not_ship: 0,
      blueprint_not_ship: 0,
      lookalike_hull: 0,
      asks_for_same_item: 0,
      modules_with_hull: 4,
    });
  },
);

it.skipIf(!isThere)(
  "raises title flags only for titles that name goods, whatever is offered",
  () => {
    const { titles, sets } = recorded();
    const distinct = [...new Set(titles)].filter((title) => title !== null);

    function* everyPair() {
      for (const title of distinct) for (const items of sets) yield [title, items] as const;
    }
    const hits = hitsOf(everyPair());
    const accused = distinct.filter((title) =>
      sets.some((items) => {
        const codes = itemFlags({ title, items, typeOf, names }).map(({ code }) => code);
        return codes.some((code) => !ofItems.has(code));
      }),
    );

    print("Each title with each item set:", hits);
    expect(accused.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "Charon",
      "Proteus",
      "Tengu",
      "Vedmak Hull",
      "WTS Optimal Incursion Nightmare",
      "https://evepraisal.com/a/12u1xs   Thanatos",
    ]);
  },
);

it.skipIf(!isThere)("calls a SKIN, a blueprint and a lookalike by what they are", () => {
  const { sets } = recorded();
  // The others have nothing that is called after a ship.
  const after = sets.filter((items) =>
    items.some(({ typeId }) => names.namedIn(nameOf(typeId)).length > 0),
  );

  function* everyPair() {
    for (const { name } of named) for (const items of after) yield [String(name), items] as const;
  }
  const hits = hitsOf(everyPair());

  print("The name of each ship with each item set:", hits);
  expect(countsOf(hits)).toMatchObject({
    skin_not_ship: 1,
    blueprint_not_ship: 291,
    lookalike_hull: 12,
  });
});

it.skipIf(!isThere)("raises no title flag for items whose title names what they offer", () => {
  const { sets } = recorded();
  const titled = sets.flatMap((items) =>
    items
      .filter(({ isIncluded }) => isIncluded)
      .flatMap(({ typeId }) =>
        ["", "WTS ", "2x "].map((cue) => [cue + nameOf(typeId), items] as const),
      ),
  );

  const { modules_with_hull: _, asks_for_same_item: __, ...byTitle } = countsOf(hitsOf(titled));

  expect(new Set(Object.values(byTitle))).toEqual(new Set([0]));
});

it("knows every group of rigs", () => {
  const rigs = [...groups.values()].filter(
    (group) => group["category_id"] === 7 && String(group["name"]).startsWith("Rig "),
  );

  expect(new Set(rigs.map((group) => group["group_id"]))).toEqual(rigGroupIds);
});

it("names each published ship by its own name, and calls its SKIN and blueprint its own", () => {
  const wrong = named.filter(({ type_id: typeId, name }) => {
    const found = names.namedIn(`x ${String(name)}!`);
    return found.length !== 1 || found[0]?.hull.typeId !== typeId;
  });

  expect(wrong).toEqual([]);
});
