/**
 * Counts straight from the files of recorded data, with nothing of the project's own code: what the
 * API must say of the same contracts.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export const folder = "../shared/data";

type Row = { contract_id: number; type: string; price: number; reward: number };
type Item = {
  type_id: number;
  quantity: number;
  is_included: boolean;
  is_blueprint_copy?: boolean;
  runs?: number;
  material_efficiency?: number;
};

const read = (file: string): Buffer => readFileSync(`${folder}/${file}`);
const json = (bytes: Buffer): unknown => JSON.parse(bytes.toString("utf8"));

// oxlint-disable typescript/no-unsafe-type-assertion -- recorded files, described in their README
export const recordedRows = () => json(read("contracts-10000002-2022-02.json")) as Row[];
export const recordedItems = () =>
  json(gunzipSync(read("contract-items-10000002-2025-09.json.gz"))) as Record<string, Item[]>;

/** The category of each type, from the merged static data of 2026. */
function categoryOfTypes(): Map<number, number> {
  const groups = json(gunzipSync(read("universe/groups.json.gz"))) as {
    group_id: number;
    category_id: number;
  }[];
  // oxlint-enable typescript/no-unsafe-type-assertion
  const categoryOfGroup = new Map(groups.map((group) => [group.group_id, group.category_id]));
  const lines = gunzipSync(read("universe/types.csv.gz")).toString("utf8").split("\n").slice(1);
  return new Map(
    lines.filter(Boolean).map((line) => {
      // The name may hold commas, in quotes; the group is the first cell after it.
      const [, id = "", group = ""] = /^(\d+),(?:"(?:[^"]|"")*"|[^,]*),(\d+)/.exec(line) ?? [];
      return [Number(id), categoryOfGroup.get(Number(group)) ?? -1];
    }),
  );
}

/** Each question in a URL, and how many contracts answer it. */
export function expectedCounts(): Record<string, number> {
  const rows = recordedRows().toSorted((a, b) => a.contract_id - b.contract_id);
  const sets = Object.entries(recordedItems())
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, items]) => items);
  // The i-th row, by id, goes with the i-th item set, by its own.
  const contracts = rows.map((row, index) => ({ row, items: sets[index] ?? [] }));
  const categories = categoryOfTypes();
  const isShip = (item: Item) => categories.get(item.type_id) === 6;
  const isOriginal = (item: Item) => categories.get(item.type_id) === 9 && !item.is_blueprint_copy;
  const offered = (items: readonly Item[]) => items.filter((item) => item.is_included);
  const count = (matches: (contract: (typeof contracts)[number]) => boolean) =>
    contracts.filter(matches).length;

  return {
    "": contracts.length,
    "type=item_exchange": count(({ row }) => row.type === "item_exchange"),
    "type=auction,courier,loan,unknown": count(({ row }) => row.type !== "item_exchange"),
    "ship=true": count(({ items }) => offered(items).some(isShip)),
    "ship=false": count(({ items }) => !offered(items).some(isShip)),
    "blueprint=copy": count(({ items }) => offered(items).some((item) => item.is_blueprint_copy)),
    "blueprint=original": count(({ items }) => offered(items).some(isOriginal)),
    "category_id=9": count(({ items }) =>
      offered(items).some((item) => categories.get(item.type_id) === 9),
    ),
    "min_me=10&min_runs=10": count(({ items }) =>
      offered(items).some(
        (item) =>
          item.is_blueprint_copy === true &&
          (item.runs ?? -1) >= 10 &&
          (item.material_efficiency ?? -1) >= 10,
      ),
    ),
    "wants_items=true": count(({ items }) => items.some((item) => !item.is_included)),
    "single_item=true": count(({ items }) => offered(items).length === 1),
    "max_price=1000000": count(({ row }) => row.price <= 1_000_000),
    "min_reward=0.01": count(({ row }) => row.reward > 0),
    "min_price=1000000&ship=true": count(
      ({ row, items }) => row.price >= 1_000_000 && offered(items).some(isShip),
    ),
  };
}
