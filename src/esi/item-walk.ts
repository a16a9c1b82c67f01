import type { ContractItem } from "../domain/item.ts";
import { itemFromRow } from "./item-row.ts";
import { type EsiItem, oddFieldsOf } from "./schema.ts";
import type { EsiAnswer } from "./transport.ts";

type Ok<Body> = Extract<EsiAnswer<Body>, { kind: "ok" }>;

/** Items, and how many of their optional fields could not be read. */
export type ItemsAnswer =
  | Exclude<EsiAnswer<ContractItem[]>, { kind: "ok" }>
  | (Ok<ContractItem[]> & { oddFields: number });

/** How many times pages with repeated records are walked before they are accepted. */
const maxWalks = 3;

/**
 * Whether a record is on more than one page. If pages have shifted, another record may be missing.
 */
function isTorn(pages: readonly (readonly EsiItem[])[]): boolean {
  const seen = new Set<number>();
  return pages.some((page) => {
    const records = new Set(page.map((row) => row.record_id));
    const isRepeated = [...records].some((record) => seen.has(record));
    for (const record of records) seen.add(record);
    return isRepeated;
  });
}

/**
 * Whether rows with the same record id differ. Then nobody knows which of them the contract
 * contains.
 */
function contradicts(items: readonly ContractItem[]): boolean {
  if (new Set(items.map(({ recordId }) => recordId)).size === items.length) return false;
  const texts = new Map<number, string>();
  return items.some((item) => {
    const text = JSON.stringify(item);
    const before = texts.get(item.recordId) ?? text;
    texts.set(item.recordId, text);
    return before !== text;
  });
}

/**
 * Fetches all items of a contract. They never change. An empty list is refused, because a contract
 * with items has at least one.
 *
 * A row that appears twice on one page is two items: ESI reports contracts with two such blueprints
 * this way. A record on two pages may come from shifted pages. In that case all pages are requested
 * again, and a result that ESI sends three times is accepted.
 *
 * @throws {Stopped} when ESI must not be asked now.
 */
export async function walkItems(walk: () => Promise<EsiAnswer<EsiItem[][]>>): Promise<ItemsAnswer> {
  let answer = await walk();
  for (let walks = 1; walks < maxWalks; walks += 1) {
    if (answer.kind !== "ok" || !isTorn(answer.body)) break;
    answer = await walk();
  }
  if (answer.kind !== "ok") return answer;
  const rows = answer.body.flat();
  const items = rows.map(itemFromRow);
  if (items.length === 0) return { kind: "refused", reason: "no-items" };
  if (contradicts(items)) return { kind: "malformed", reason: "one-record-two-items" };
  const oddFields = rows.reduce((sum, row) => sum + oddFieldsOf(row), 0);
  return { ...answer, body: items, oddFields };
}
