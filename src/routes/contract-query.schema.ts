import type { z } from "@hono/zod-openapi";

import {
  type Bounds,
  type ContractFilters,
  type ContractSort,
  contractSortKeys,
  type FilterName,
  type ItemFilter,
} from "../domain/contract-query.ts";
import { contractStatuses, contractTypes } from "../domain/contract.ts";
import {
  type FlagCode,
  flagCodes,
  flagDefinitions,
  severities,
  type Severity,
} from "../domain/flags/flag.ts";
import { locationKinds } from "../domain/location.ts";
import { securityClasses } from "../domain/security.ts";
import { type Reach, routeKinds, type Stargates } from "../domain/stargates.ts";
import { priceConfidences } from "../domain/valuation.ts";
import {
  amount,
  cursor,
  fieldsOf,
  flag,
  idOrNameOf,
  ids,
  idsOrNames,
  instant,
  oneOf,
  onlyParameters,
  oneOrMoreOf,
  searchText,
  wholeNumber,
} from "../http/parameters.ts";
import { given } from "../lib/given.ts";
import type { NameLookup } from "../services/name-lookup.ts";
import { contractFields } from "./contract-fields.ts";
import { idsOf } from "./named-id.ts";

const sorts = contractSortKeys.flatMap((key) => [key, `-${key}`] as const);

/** Names that `min_` and `max_` bound together. */
const bounded = ["runs", "me", "te", "price", "reward", "collateral", "volume", "buyout"] as const;

const parameters = {
  type: oneOrMoreOf(contractTypes, { description: "Of these types." }),
  status: oneOrMoreOf(contractStatuses, { description: "Of these; `outstanding` unless told." }),
  contract_id: ids({ description: "These contracts." }),
  region_id: idsOrNames({ description: "Starting in these regions.", example: 10000002 }),
  system_id: idsOrNames({ description: "Starting in these systems.", example: 30000142 }),
  location_id: ids({ description: "Starting at these stations or structures.", example: 60003760 }),
  security: oneOrMoreOf(securityClasses, { description: "Starting in a system of these classes." }),
  start_location_kind: oneOf(locationKinds, {
    description:
      "Starting at a station, or at a player's structure: who may dock there, nobody tells.",
  }),
  highsec_island: flag({
    description:
      "Starting in highsec that no highsec way joins to the main body of highsec, or starting elsewhere.",
  }),
  from_system_id: idOrNameOf({
    description: "Where `jumps` are counted from, by stargates.",
    example: "Amarr",
  }),
  route: oneOf(routeKinds, {
    description:
      "By which way `jumps` are counted: `shortest` unless told. `highsec` enters no system below 0.45.",
  }),
  max_jumps: wholeNumber(0, 100, { description: "Starting within so many jumps." }),
  ship: flag({ description: "Offering a ship, or known to offer none." }),
  category_id: ids({ description: "With an offered item of these categories." }),
  group_id: ids({ description: "With an offered item of these groups." }),
  type_id: idsOrNames({ description: "With an offered item of these types.", example: 587 }),
  blueprint: oneOf(["copy", "original"], {
    description:
      "With an offered blueprint of that kind: the same item as the filters above ask for.",
  }),
  min_runs: wholeNumber(0, 1_000_000_000, { description: "Runs of that blueprint copy." }),
  max_runs: wholeNumber(0, 1_000_000_000, { description: "Runs of that blueprint copy." }),
  min_me: wholeNumber(0, 100, { description: "Material efficiency of that blueprint." }),
  max_me: wholeNumber(0, 100, { description: "Material efficiency of that blueprint." }),
  min_te: wholeNumber(0, 100, { description: "Time efficiency of that blueprint." }),
  max_te: wholeNumber(0, 100, { description: "Time efficiency of that blueprint." }),
  wants_items: flag({ description: "Asking for items, or known to ask for none." }),
  single_item: flag({ description: "Offering exactly one item row, whatever they ask for." }),
  fully_priced: flag({
    description: "Whose every offered row has a market price, or known to have one that has none.",
  }),
  price_confidence: oneOrMoreOf(priceConfidences, {
    description:
      "Whose least sure price is `firm` (many orders agree), `thin` (one seller may have made it) or ESI's `average`.",
    example: "firm",
  }),
  max_price_to_value: amount({
    description: "Costing at most so many times what its items are worth at Jita; fully priced.",
    example: 0.8,
  }),
  min_value_sell: amount({ description: "Whose items are worth so much at Jita's sell, ISK." }),
  flag: oneOrMoreOf(flagCodes, {
    description: "With one of these flags: `GET /v1/flags` explains them.",
  }),
  without_flag: oneOrMoreOf(flagCodes, { description: "Without any of these flags." }),
  max_severity: oneOf(severities, {
    description:
      "Without any flag more severe than this: what is not known yet is not flagged, and a flag by a value that is not firm is `info`.",
    example: "warning",
  }),
  q: searchText({
    description: "Whose title, or an offered item's type name, holds this phrase, literally.",
    example: "rifter",
  }),
  min_price: amount({ description: "ISK." }),
  max_price: amount({ description: "ISK.", example: 50_000_000 }),
  min_reward: amount({ description: "ISK." }),
  max_reward: amount({ description: "ISK." }),
  min_collateral: amount({ description: "ISK." }),
  max_collateral: amount({ description: "ISK." }),
  min_volume: amount({ description: "m³." }),
  max_volume: amount({ description: "m³." }),
  min_buyout: amount({ description: "ISK." }),
  max_buyout: amount({ description: "ISK." }),
  max_route_jumps: wholeNumber(0, 1_000, {
    description: "Couriers: jumps from start to end, by the shortest way.",
  }),
  min_reward_per_jump: amount({ description: "Couriers: ISK a jump of that way." }),
  min_reward_per_volume: amount({ description: "Couriers: ISK a m³." }),
  max_days_to_complete: wholeNumber(0, 100_000, { description: "Days." }),
  issuer_id: ids({ description: "Issued by these characters." }),
  issuer_corporation_id: ids({ description: "Issued by members of these corporations." }),
  issued_after: instant({ description: "Issued later than this." }),
  expires_before: instant({ description: "Expiring earlier than this." }),
  first_seen_after: instant({
    description:
      "First seen later than this: what a bot polls, with `sort=first_seen_at`. Many contracts may share one `first_seen_at`: follow `next_cursor` to its end before asking for what is later than the last one.",
  }),
  sort: oneOf(sorts, {
    description:
      "A leading `-` descends; unknown comes last either way. `-date_issued` unless told.",
    example: "price",
  }),
  limit: wholeNumber(1, 100, { description: "Contracts on a page; 50 unless told." }),
  cursor: cursor(),
  fields: fieldsOf(contractFields, {
    description:
      "Only these fields of each contract, in this order; all unless told. `contract_id` is always among them.",
    example: "price",
  }),
};

type Values = { [Name in keyof typeof parameters]?: z.output<(typeof parameters)[Name]> };

const exceeds = (min: unknown, max: unknown): boolean =>
  typeof min === "number" && typeof max === "number" && min > max;

const isBelow = (name: (typeof bounded)[number]) => ({
  path: [`min_${name}`],
  error: `Above max_${name}`,
  // Asked even where other parameters are at fault, so that all faults are named at once.
  when: () => true,
});

/** Parameters that say nothing without a system to count jumps from. */
const isFromNowhere: Record<"max_jumps" | "route" | "sort", (values: Values) => boolean> = {
  max_jumps: ({ max_jumps: max }) => max !== undefined,
  route: ({ route }) => route !== undefined,
  sort: ({ sort }) => sort === "jumps" || sort === "-jumps",
};

const needsOrigin = (name: keyof typeof isFromNowhere) => ({
  path: [name],
  error: "Needs from_system_id",
  when: () => true,
});

/** Unknown parameters are refused: a typo must never read as "no filter". */
export const contractQuerySchema = (["max_jumps", "route", "sort"] as const).reduce(
  (schema, name) =>
    schema.refine(
      (values) => values.from_system_id !== undefined || !isFromNowhere[name](values),
      needsOrigin(name),
    ),
  bounded.reduce(
    (schema, name) =>
      schema.refine(
        (values) => !exceeds(values[`min_${name}`], values[`max_${name}`]),
        isBelow(name),
      ),
    onlyParameters(parameters),
  ),
);

function bounds(min: number | undefined, max: number | undefined): Bounds | undefined {
  return min === undefined && max === undefined ? undefined : given({ min, max });
}

function itemFilter(query: ResolvedValues): ItemFilter | undefined {
  const filter = given({
    typeIds: query.type_id,
    groupIds: query.group_id,
    categoryIds: query.category_id,
    blueprint: query.blueprint,
    runs: bounds(query.min_runs, query.max_runs),
    materialEfficiency: bounds(query.min_me, query.max_me),
    timeEfficiency: bounds(query.min_te, query.max_te),
  });
  return Object.keys(filter).length === 0 ? undefined : filter;
}

const named = {
  region_id: "region",
  system_id: "system",
  type_id: "type",
  from_system_id: "system",
} as const;

/** The values with ids where names were. */
export type ResolvedValues = Omit<Values, keyof typeof named> & {
  region_id?: number[];
  system_id?: number[];
  type_id?: number[];
  from_system_id?: number;
};

/** @throws {InvalidParameters} naming each name that is nobody's, or of several. */
export async function resolveNames(values: Values, lookup: NameLookup): Promise<ResolvedValues> {
  const { region_id, system_id, type_id, from_system_id, ...rest } = values;
  const asked = { region_id, system_id, type_id, from_system_id };
  const questions = Object.entries(named).flatMap(([parameter, kind]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `named`
    const value = asked[parameter as keyof typeof named];
    return value === undefined ? [] : [{ kind, parameter, values: [value].flat() }];
  });
  const found = await idsOf(lookup, questions);
  const resolved = Object.fromEntries(
    questions.map(({ parameter }, index) => [
      parameter,
      parameter === "from_system_id" ? found[index]?.[0] : found[index],
    ]),
  );
  return { ...rest, ...resolved };
}

/** Where jumps are counted from; null where nobody asks. */
export const reachFrom = (
  { from_system_id: originId, route = "shortest" }: ResolvedValues,
  stargates: Pick<Stargates, "reach">,
): Reach | null => (originId === undefined ? null : stargates.reach(originId, route));

/** Flags that are more severe. */
const codesAbove = (max: Severity): FlagCode[] =>
  flagCodes.filter(
    (code) => severities.indexOf(flagDefinitions[code].severity) > severities.indexOf(max),
  );

export function filtersFrom(
  query: ResolvedValues,
  reach: Reach | null,
  stargates: Pick<Stargates, "highsecIslands">,
): ContractFilters {
  const { highsec_island: isIsland, max_jumps: maxJumps } = query;
  const flagFilter = (codes: readonly FlagCode[] | undefined) =>
    codes && { codes, islands: stargates.highsecIslands() };
  const { issued_after: issuedAfter, expires_before: expiresBefore } = query;
  return {
    statuses: query.status ?? ["outstanding"],
    ...given({
      types: query.type,
      contractIds: query.contract_id,
      regionIds: query.region_id,
      systemIds: query.system_id,
      locationIds: query.location_id,
      securityClasses: query.security,
      highsecIsland:
        isIsland === undefined
          ? undefined
          : { isOne: isIsland, islands: stargates.highsecIslands() },
      startLocationKind: query.start_location_kind,
      within: reach && maxJumps !== undefined ? { reach, maxJumps } : undefined,
      issuerIds: query.issuer_id,
      issuerCorporationIds: query.issuer_corporation_id,
      isShip: query.ship,
      wantsItems: query.wants_items,
      isSingleItem: query.single_item,
      isFullyPriced: query.fully_priced,
      priceConfidences: query.price_confidence,
      flags: flagFilter(query.flag),
      withoutFlags: flagFilter(query.without_flag),
      maxSeverity: flagFilter(query.max_severity && codesAbove(query.max_severity)),
      item: itemFilter(query),
      text: query.q,
      price: bounds(query.min_price, query.max_price),
      reward: bounds(query.min_reward, query.max_reward),
      collateral: bounds(query.min_collateral, query.max_collateral),
      volume: bounds(query.min_volume, query.max_volume),
      buyout: bounds(query.min_buyout, query.max_buyout),
      daysToComplete: bounds(undefined, query.max_days_to_complete),
      routeJumps: bounds(undefined, query.max_route_jumps),
      rewardPerVolume: bounds(query.min_reward_per_volume, undefined),
      valueSell: bounds(query.min_value_sell, undefined),
      priceToValue: bounds(undefined, query.max_price_to_value),
      rewardPerJump: bounds(query.min_reward_per_jump, undefined),
      issuedAfter: issuedAfter && Math.floor(issuedAfter / 1000),
      expiresBefore: expiresBefore && Math.ceil(expiresBefore / 1000),
      firstSeenAfter: query.first_seen_after,
    }),
  };
}

/** What each filter is called by whoever asks. */
export const parameterOf: Record<FilterName, keyof typeof parameters> = {
  types: "type",
  statuses: "status",
  contractIds: "contract_id",
  regionIds: "region_id",
  systemIds: "system_id",
  locationIds: "location_id",
  securityClasses: "security",
  highsecIsland: "highsec_island",
  startLocationKind: "start_location_kind",
  within: "max_jumps",
  issuerIds: "issuer_id",
  issuerCorporationIds: "issuer_corporation_id",
  isShip: "ship",
  wantsItems: "wants_items",
  isSingleItem: "single_item",
  text: "q",
  "item.typeIds": "type_id",
  "item.groupIds": "group_id",
  "item.categoryIds": "category_id",
  "item.blueprint": "blueprint",
  "item.runs.min": "min_runs",
  "item.runs.max": "max_runs",
  "item.materialEfficiency.min": "min_me",
  "item.materialEfficiency.max": "max_me",
  "item.timeEfficiency.min": "min_te",
  "item.timeEfficiency.max": "max_te",
  "price.min": "min_price",
  "price.max": "max_price",
  "reward.min": "min_reward",
  "reward.max": "max_reward",
  "collateral.min": "min_collateral",
  "collateral.max": "max_collateral",
  "volume.min": "min_volume",
  "volume.max": "max_volume",
  "buyout.min": "min_buyout",
  "buyout.max": "max_buyout",
  "daysToComplete.min": "max_days_to_complete",
  "daysToComplete.max": "max_days_to_complete",
  "routeJumps.min": "max_route_jumps",
  "routeJumps.max": "max_route_jumps",
  "rewardPerVolume.min": "min_reward_per_volume",
  "rewardPerVolume.max": "min_reward_per_volume",
  isFullyPriced: "fully_priced",
  priceConfidences: "price_confidence",
  flags: "flag",
  withoutFlags: "without_flag",
  maxSeverity: "max_severity",
  "valueSell.min": "min_value_sell",
  "valueSell.max": "min_value_sell",
  "priceToValue.min": "max_price_to_value",
  "priceToValue.max": "max_price_to_value",
  "rewardPerJump.min": "min_reward_per_jump",
  "rewardPerJump.max": "min_reward_per_jump",
  issuedAfter: "issued_after",
  expiresBefore: "expires_before",
  firstSeenAfter: "first_seen_after",
};

export function sortFrom({ sort = "-date_issued" }: Values): ContractSort {
  const isDescending = sort.startsWith("-");
  const key = contractSortKeys.find((name) => sort === name || sort === `-${name}`);
  return { key: key ?? "date_issued", isDescending };
}
