import { type Evidence, type ItemFlag, type ItemFlagCode, itemFlagCodes } from "./item-flag.ts";

export const severities = ["info", "warning", "danger"] as const;
export type Severity = (typeof severities)[number];

/** Of one contract's numbers, computed when it is read. */
export const rowFlagCodes = [
  "price_magnitude",
  "too_cheap",
  "zero_price",
  "requested_unpriced",
  "many_fillers",
  "structure_access_unknown",
  "nullsec_location",
  "wormhole_location",
  "highsec_island",
  "collateral_over_value",
  "expires_soon",
] as const;
export type RowFlagCode = (typeof rowFlagCodes)[number];

export type FlagCode = ItemFlagCode | RowFlagCode;
export const flagCodes: readonly FlagCode[] = [...rowFlagCodes, ...itemFlagCodes];

export const isFlagCode = (code: string): code is FlagCode =>
  flagCodes.some((known) => known === code);

export type Flag = {
  code: FlagCode;
  severity: Severity;
  /** The facts, with their numbers; never an intent. */
  detail: string;
  evidence: Evidence;
};

type Definition = {
  severity: Severity;
  /** When the flag is raised, in a sentence. */
  when: string;
  /** Why it matters, what the rule leaves out, and how to read its evidence. */
  explanation: string;
};

/** What the rules of titles have in common. */
const onTitles =
  "A title is only judged where it does nothing but name goods: full names (`Vexor Navy Issue` is no `Vexor`), numbers, prices and words of trade such as `WTS` or `hull`. Any other word (`WTB`, `BPO`, `SKIN`, `rigs`, `than`) leaves it unjudged.";

const onPlaces =
  "Of where the contract is; for couriers, of either end. `ends` says which: `start`, `end`.";

export const aboutFlags =
  "What is wrong with a contract, or worth a second look. A flag states facts, and is no verdict on whoever made the contract. `evidence` holds the numbers that the rule has seen, `detail` says them in a sentence. What is not known raises no flag.";

/** `docs/flags.md` says the same. */
export const flagDefinitions: Record<FlagCode, Definition> = {
  price_magnitude: {
    severity: "danger",
    when: "It asks at least 8 times the median ask of the same lone hull, 5 or more of which are listed, or it is fully priced, offers no blueprint original, and asks at least 10 times what it gives: its value at Jita sell, and its reward.",
    explanation:
      "One zero too many looks like this. Asks are what others want, not what was paid. An original that was researched is worth more than the new one that the market sells, so originals are left out. `ask`, `median_ask`, `listed` and `times_median` are of the first kind; `cost` (the price and the items asked for, less the reward), `value_sell`, `times_value` and, where it pays one, `reward` of the second. A reward counts as something that the contract gives. The second alone is `info` unless `price_confidence` is `firm`.",
  },
  too_cheap: {
    severity: "warning",
    when: "It is fully priced, is no auction, and asks less than a tenth of what it gives: its value at Jita sell, and its reward.",
    explanation:
      "Look twice at what is asked for, where it is, and whether it can be picked up there. The price and the items asked for are what it asks; where these cannot be priced, nothing is said. The first bid of an auction is no ask. `cost` is the price and the items asked for, less the reward; `value_sell` is what is offered; `reward` is there where it pays one. It is `info` unless `price_confidence` is `firm`.",
  },
  zero_price: {
    severity: "warning",
    when: "The price is 0, nothing is asked for in return, and what is offered is worth something; it is no auction.",
    explanation:
      "A price of 0 is normal where items are asked for (a barter, or a purchase), or where a reward is paid: these raise no flag. `value_sell` is what is offered at Jita sell.",
  },
  requested_unpriced: {
    severity: "warning",
    when: "Items are asked for that cannot be priced.",
    explanation:
      "What the contract costs is not known: a blueprint copy, an abyssal module or something off the market is asked for. `requested_items` counts the rows that are asked for.",
  },
  many_fillers: {
    severity: "warning",
    when: "It is fully priced, and one item carries at least 90% of the value, among 20 or more rows.",
    explanation:
      "A long list hides what the price is for. `top_share` is the share of the value that the most valuable row carries, of 1; `items` counts the offered rows.",
  },
  structure_access_unknown: {
    severity: "warning",
    when: "It is in a player's structure, whose docking rights are not public.",
    explanation: `Only who may dock can pick up what is there, or deliver to it. ${onPlaces}`,
  },
  nullsec_location: {
    severity: "warning",
    when: "It is in nullsec.",
    explanation: `CONCORD does not answer there, and stations may be camped. ${onPlaces}`,
  },
  wormhole_location: {
    severity: "warning",
    when: "It is in wormhole space.",
    explanation: `No stargate leads there. ${onPlaces}`,
  },
  highsec_island: {
    severity: "info",
    when: "It is in a highsec system that no highsec way joins to the main body of highsec.",
    explanation: `Getting there by stargates leads through lowsec or nullsec. ${onPlaces}`,
  },
  collateral_over_value: {
    severity: "warning",
    when: "A courier contract's collateral is above 50 times its reward.",
    explanation:
      "A failed delivery costs the collateral. `collateral` and `reward` are the contract's; `times_reward` is left out where the reward is 0.",
  },
  expires_soon: {
    severity: "info",
    when: "It is outstanding, with under an hour left.",
    explanation: "It may be gone when you get there. `seconds_left` counts from the answer.",
  },
  title_names_other_item: {
    severity: "danger",
    when: "The title holds the full name of a published ship or PLEX that is not among the offered items.",
    explanation: `${onTitles} Neither is one that asks for the ship, names one that is there beside others, or may mean an item whose name holds the ship's (\`Loki Core - Immobility Drivers\`). A name that is an ordinary word too (\`Nightmare\`), and words of fits (\`PVP fit\`), count only where a ship is offered. \`named\` are the names that are missing, \`offered\` the first few types that are there, of \`offered_rows\`.`,
  },
  skin_not_ship: {
    severity: "danger",
    when: "The title names a hull, and what is offered is only its SKIN.",
    explanation: `A SKIN paints a ship, and is none. ${onTitles} \`named\` is the hull, \`offered\` the SKINs.`,
  },
  blueprint_not_ship: {
    severity: "danger",
    when: "The title names a hull, and what is offered is only its blueprint.",
    explanation: `A blueprint builds a ship, and is none. ${onTitles} Nor is one with a number judged here: it may be runs or an efficiency. \`named\` is the hull, \`offered\` the blueprints.`,
  },
  lookalike_hull: {
    severity: "danger",
    when: "The title names a faction or navy variant of a hull, and another hull of the same base is offered.",
    explanation: `They look alike in a list, and differ in price. ${onTitles} \`named\` is the variant, \`offered\` what is there in its place, \`base_type_id\` the hull that both are made from.`,
  },
  asks_for_same_item: {
    severity: "danger",
    when: "The same type is offered and asked for.",
    explanation:
      "Whoever accepts gives of the very thing that they came for. A blueprint copy and its original are not the same. `types` names the first few; `offered_quantities` and `requested_quantities` are in their order.",
  },
  modules_with_hull: {
    severity: "info",
    when: "Modules or rigs come with a hull.",
    explanation:
      "ESI does not say what is fitted. Rigs that are fitted cannot be taken out whole. `modules` and `rigs` count pieces; `hulls` names the first few.",
  },
};

export const flagOf = (code: FlagCode, detail: string, evidence: Evidence): Flag => ({
  code,
  severity: flagDefinitions[code].severity,
  detail,
  evidence,
});

/** A flag whose numbers are not sure enough to accuse anybody. */
export const asHint = (flag: Flag): Flag => ({ ...flag, severity: "info" });

const listed = (value: Evidence[string] | undefined): string => [value ?? []].flat().join(", ");
const numberOf = (value: Evidence[string] | undefined): number => Number(value ?? 0);
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;

/** "Rifter, and 12 more rows": what is there, where evidence names only the first few. */
function offeredIn({ offered, offered_rows: rows }: Evidence): string {
  const more = numberOf(rows) - [offered ?? []].flat().length;
  return more > 0 ? `${listed(offered)}, and ${counted(more, "more row")}` : listed(offered);
}

const detailOf: Record<ItemFlagCode, (evidence: Evidence) => string> = {
  title_names_other_item: (evidence) =>
    `The title names ${listed(evidence["named"])}, not among what is offered: ${offeredIn(evidence)}`,
  skin_not_ship: (evidence) =>
    `The title names ${listed(evidence["named"])}; only a SKIN is offered: ${offeredIn(evidence)}`,
  blueprint_not_ship: (evidence) =>
    `The title names ${listed(evidence["named"])}; only a blueprint is offered: ${offeredIn(evidence)}`,
  lookalike_hull: (evidence) =>
    `The title names ${listed(evidence["named"])}; offered is another hull of the same base: ${listed(evidence["offered"])}`,
  asks_for_same_item: (evidence) => `Offers and asks for the same: ${listed(evidence["types"])}`,
  modules_with_hull: ({ modules, rigs, hulls }) =>
    `${counted(numberOf(modules), "module")} and ${counted(numberOf(rigs), "rig")} come with ${listed(hulls)}; ESI does not say what is fitted`,
};

/** What a stored flag of items says. */
export const describe = ({ code, evidence }: ItemFlag): Flag =>
  flagOf(code, detailOf[code](evidence), evidence);
