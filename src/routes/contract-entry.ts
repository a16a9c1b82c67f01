import type { ContractSummary, Location } from "../domain/contract-summary.ts";
import type { ContractType } from "../domain/contract.ts";
import type { FeedEntry } from "../formats/feed.ts";
import { shortIsk } from "../formats/short-isk.ts";
import { isoFromMs } from "../lib/time.ts";

const typeNames: Record<ContractType, string> = {
  item_exchange: "Item exchange",
  auction: "Auction",
  courier: "Courier",
  loan: "Loan",
  unknown: "Contract",
};

const placeOf = ({ systemName, locationName, locationId }: Location): string =>
  systemName ?? locationName ?? `location ${locationId ?? "unknown"}`;

const isoFromSeconds = (seconds: number): string => isoFromMs(seconds * 1000);

/** A title that begins with what a contract costs or pays: `Oracle – 9.80 M ISK – Jita`. */
function titleOf(contract: ContractSummary): string {
  const { type, label, title, price, reward, start, end } = contract;
  const place = end ? `${placeOf(start)} to ${placeOf(end)}` : placeOf(start);
  const amount = type === "courier" ? reward : price;
  const what = label ?? (type === "courier" ? typeNames[type] : title || typeNames[type]);
  return [what, ...(amount === null ? [] : [shortIsk(amount)]), place].join(" – ");
}

function textOf(contract: ContractSummary): string {
  const { type, title, price, reward, collateral, buyout, worth, flags, start, end } = contract;
  const isk = (name: string, amount: number | null | undefined) =>
    amount === null || amount === undefined ? [] : [`${name}: ${shortIsk(amount)}`];
  return [
    `${typeNames[type]} in ${placeOf(start)}, ${contract.regionName ?? `region ${contract.regionId}`}`,
    ...(end ? [`To: ${placeOf(end)}`] : []),
    ...(title ? [`Title: ${title}`] : []),
    ...isk("Price", price),
    ...isk("Buyout", buyout),
    ...isk("Reward", reward),
    ...isk("Collateral", collateral),
    ...isk("Value at sell orders", worth?.valueSell),
    ...(flags.length === 0 ? [] : [`Flags: ${flags.map(({ code }) => code).join(", ")}`]),
    `Expires: ${isoFromSeconds(contract.dateExpired)}`,
    contract.lastSeenAt === null
      ? "The list of its region is not complete yet"
      : `Listed when ESI last made the list: ${isoFromSeconds(contract.lastSeenAt)}`,
  ].join("\n");
}

/**
 * A contract as an entry of a feed. Its id is a `tag:` URI (RFC 4151), which is the same on every
 * host.
 *
 * @param origin the address of the API.
 */
export const entryOf = (contract: ContractSummary, origin: string): FeedEntry => ({
  id: `tag:hangar-bay.example,2026:contract/${contract.contractId}`,
  url: `${origin}/v1/contracts/${contract.contractId}`,
  title: titleOf(contract),
  text: textOf(contract),
  tags: [contract.type, ...contract.flags.map(({ code }) => code)],
  publishedAt: contract.firstSeenAt,
  updatedAt: contract.firstSeenAt,
});
