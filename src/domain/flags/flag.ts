import { type Evidence, type ItemFlag, type ItemFlagCode, itemFlagCodes } from "./item-flag.ts";

export const severities = ["info", "warning", "danger"] as const;
export type Severity = (typeof severities)[number];

/** Flags that follow from one contract's numbers. They are computed when the contract is read. */
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
  /** States the facts with their numbers, never an intent. */
  detail: string;
  evidence: Evidence;
};

type Definition = {
  severity: Severity;
  /** States in one sentence when the flag is raised. */
  when: string;
  /** Why it matters, what the rule leaves out, and how to read its evidence. */
  explanation: string;
};

/** The text that the title rules share. */
const onTitles =
  "The rule checks only titles that do nothing but name goods: full names (`Vexor Navy Issue` does not count as `Vexor`), numbers, prices and trade words such as `WTS` or `hull`. A title with any other word (`WTB`, `BPO`, `SKIN`, `rigs`, `than`) is not checked.";

const onPlaces =
  "The flag applies to the contract's location; for couriers, to either end. `ends` says which: `start`, `end`.";

export const aboutFlags =
  "A flag marks something that is wrong with a contract, or that deserves a second look. It states facts and does not judge the issuer. `evidence` holds the values that the rule used; `detail` states them in a sentence. What is not known raises no flag.";

/** `docs/flags.md` says the same. */
export const flagDefinitions: Record<FlagCode, Definition> = {
  price_magnitude: {
    severity: "danger",
    when: "One of two rules applies. (1) The contract offers one hull and nothing else, 5 or more such contracts are listed for this hull, and it asks at least 8 times their median. (2) The contract is fully priced, offers no blueprint original, and asks at least 10 times what it gives: its value at Jita sell, and its reward.",
    explanation:
      "A price with one zero too many looks like this. Asks are what sellers want, not what buyers paid. A researched blueprint original is worth more than the new one on the market, so rule 2 leaves originals out. Rule 1 gives `ask`, `median_ask`, `listed` and `times_median`. Rule 2 gives `cost` (the price and the items asked for, less the reward), `value_sell`, `times_value` and, if the contract pays one, `reward`. A reward counts as something that the contract gives. If only rule 2 applies, the flag is `info` unless `price_confidence` is `firm`.",
  },
  too_cheap: {
    severity: "warning",
    when: "The contract is fully priced, is not an auction, and asks less than a tenth of what it gives: its value at Jita sell, and its reward.",
    explanation:
      "Check what the contract asks for, where its items are, and whether you can pick them up there. The contract asks for its price and the requested items; if these items cannot be priced, the flag is not raised. The first bid of an auction is not an ask. `cost` is the price and the items asked for, less the reward. `value_sell` is the value of the offered items. `reward` is given if the contract pays one. The flag is `info` unless `price_confidence` is `firm`.",
  },
  zero_price: {
    severity: "warning",
    when: "The price is 0, the contract asks for nothing in return, the offered items are worth something, and it is not an auction.",
    explanation:
      "A price of 0 is normal if the contract asks for items (a barter or a purchase) or pays a reward. These contracts raise no flag. `value_sell` is the value of the offered items at Jita sell.",
  },
  requested_unpriced: {
    severity: "warning",
    when: "The contract asks for items that cannot be priced.",
    explanation:
      "The cost of the contract is unknown, because it asks for a blueprint copy, an abyssal module or something that no market offers. `requested_items` counts the item rows asked for.",
  },
  many_fillers: {
    severity: "warning",
    when: "The contract is fully priced, offers 20 or more item rows, and one of them makes up at least 90% of the value.",
    explanation:
      "A long list can hide what the price is for. `top_share` is the most valuable row's share of the value, from 0 to 1. `items` counts the offered rows.",
  },
  structure_access_unknown: {
    severity: "warning",
    when: "The contract is in a player's structure, whose docking rights are not public.",
    explanation: `Only pilots with docking rights can pick up items there, or deliver to it. ${onPlaces}`,
  },
  nullsec_location: {
    severity: "warning",
    when: "The contract is in nullsec.",
    explanation: `CONCORD does not protect you there, and hostile pilots may camp the stations. ${onPlaces}`,
  },
  wormhole_location: {
    severity: "warning",
    when: "The contract is in wormhole space.",
    explanation: `No stargate leads there. ${onPlaces}`,
  },
  highsec_island: {
    severity: "info",
    when: "The contract is in a highsec system with no highsec route to the main body of highsec.",
    explanation: `Every route there by stargates passes through lowsec or nullsec. ${onPlaces}`,
  },
  collateral_over_value: {
    severity: "warning",
    when: "A courier contract's collateral is above 50 times its reward.",
    explanation:
      "A failed delivery costs the collateral. `collateral` and `reward` are the contract's own. `times_reward` is omitted if the reward is 0.",
  },
  expires_soon: {
    severity: "info",
    when: "The contract is outstanding and expires in less than an hour.",
    explanation:
      "It may have ended by the time you get there. `seconds_left` counts from the moment of the response.",
  },
  title_names_other_item: {
    severity: "danger",
    when: "The title contains the full name of a published ship, or PLEX, and that item is not among the offered items.",
    explanation: `${onTitles} It also skips a title that asks for the ship, that names an offered ship besides others, or that may mean an item whose name contains the ship's (\`Loki Core - Immobility Drivers\`). Names that are also ordinary words (\`Nightmare\`), and fitting terms (\`PVP fit\`), count only if the contract offers a ship. \`named\` lists the missing names. \`offered\` lists the first few types of the \`offered_rows\` rows.`,
  },
  skin_not_ship: {
    severity: "danger",
    when: "The title names a hull, but the contract offers only its SKIN.",
    explanation: `A SKIN changes how a ship looks; it is not a ship. ${onTitles} \`named\` is the hull; \`offered\` lists the SKINs.`,
  },
  blueprint_not_ship: {
    severity: "danger",
    when: "The title names a hull, but the contract offers only its blueprint.",
    explanation: `A blueprint builds a ship; it is not a ship. ${onTitles} This rule also skips titles with a number, which may be runs or an efficiency. \`named\` is the hull; \`offered\` lists the blueprints.`,
  },
  lookalike_hull: {
    severity: "danger",
    when: "The title names a faction or navy variant of a hull, but the contract offers another hull with the same base.",
    explanation: `The hulls look alike in a list, but differ in price. ${onTitles} \`named\` is the variant, \`offered\` the hull offered instead, and \`base_type_id\` the hull that both are variants of.`,
  },
  asks_for_same_item: {
    severity: "danger",
    when: "The contract offers and asks for the same type.",
    explanation:
      "The acceptor gives away some of the very item they came for. A blueprint copy and its original do not count as the same. `types` names the first few such types. `offered_quantities` and `requested_quantities` are in the same order.",
  },
  modules_with_hull: {
    severity: "info",
    when: "The contract offers modules or rigs together with a hull.",
    explanation:
      "ESI does not say which modules are fitted. Fitted rigs cannot be removed intact. `modules` and `rigs` count units. `hulls` names the first few hulls.",
  },
};

export const flagOf = (code: FlagCode, detail: string, evidence: Evidence): Flag => ({
  code,
  severity: flagDefinitions[code].severity,
  detail,
  evidence,
});

/** Lowers a flag to `info`, because its numbers are not certain enough to accuse anybody. */
export const asHint = (flag: Flag): Flag => ({ ...flag, severity: "info" });

const listed = (value: Evidence[string] | undefined): string => [value ?? []].flat().join(", ");
const numberOf = (value: Evidence[string] | undefined): number => Number(value ?? 0);
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;

/** "Rifter, and 12 more rows": everything offered, although evidence names only the first few. */
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

/** Describes a stored item flag. */
export const describe = ({ code, evidence }: ItemFlag): Flag =>
  flagOf(code, detailOf[code](evidence), evidence);
