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

/** The names that both `min_` and `max_` can precede. */
const bounded = ["runs", "me", "te", "price", "reward", "collateral", "volume", "buyout"] as const;

const parameters = {
  type: oneOrMoreOf(contractTypes, { description: "Contracts of these types." }),
  status: oneOrMoreOf(contractStatuses, {
    description: "Contracts with one of these statuses. Default: `outstanding`.",
  }),
  contract_id: ids({ description: "Contracts with these ids." }),
  region_id: idsOrNames({
    description: "Contracts that start in these regions.",
    example: 10000002,
  }),
  system_id: idsOrNames({
    description: "Contracts that start in these systems.",
    example: 30000142,
  }),
  location_id: ids({
    description: "Contracts that start at these stations or structures.",
    example: 60003760,
  }),
  security: oneOrMoreOf(securityClasses, {
    description: "Contracts that start in a system of these security classes.",
  }),
  start_location_kind: oneOf(locationKinds, {
    description:
      "Contracts that start at a station, or at a player's structure. Who may dock at a structure is not public.",
  }),
  highsec_island: flag({
    description:
      "`true`: contracts that start in a highsec system with no highsec route to the main body of highsec. `false`: contracts that start elsewhere.",
  }),
  from_system_id: idOrNameOf({
    description: "The system from which `jumps` are counted, by stargates.",
    example: "Amarr",
  }),
  route: oneOf(routeKinds, {
    description:
      "The route by which `jumps` are counted. `highsec` enters no system below 0.45. Default: `shortest`.",
  }),
  max_jumps: wholeNumber(0, 100, {
    description: "Contracts that start at most this many jumps away.",
  }),
  ship: flag({
    description: "`true`: contracts that offer a ship. `false`: contracts known to offer none.",
  }),
  category_id: ids({ description: "Contracts that offer an item of these categories." }),
  group_id: ids({ description: "Contracts that offer an item of these groups." }),
  type_id: idsOrNames({
    description: "Contracts that offer an item of these types.",
    example: 587,
  }),
  blueprint: oneOf(["copy", "original"], {
    description:
      "Contracts that offer a blueprint of this kind. The same item must also match `type_id`, `group_id` and `category_id`, if given.",
  }),
  min_runs: wholeNumber(0, 1_000_000_000, { description: "Least runs of that blueprint copy." }),
  max_runs: wholeNumber(0, 1_000_000_000, { description: "Most runs of that blueprint copy." }),
  min_me: wholeNumber(0, 100, { description: "Least material efficiency of that blueprint." }),
  max_me: wholeNumber(0, 100, { description: "Greatest material efficiency of that blueprint." }),
  min_te: wholeNumber(0, 100, { description: "Least time efficiency of that blueprint." }),
  max_te: wholeNumber(0, 100, { description: "Greatest time efficiency of that blueprint." }),
  wants_items: flag({
    description: "`true`: contracts that ask for items. `false`: contracts known to ask for none.",
  }),
  single_item: flag({
    description: "`true`: contracts that offer exactly one item row, whatever they ask for.",
  }),
  fully_priced: flag({
    description:
      "`true`: contracts in which every offered row has a market price. `false`: contracts known to offer a row without one.",
  }),
  price_confidence: oneOrMoreOf(priceConfidences, {
    description:
      "Contracts whose least reliable price is `firm` (many orders agree), `thin` (one seller may have set it) or `average` (ESI's average price).",
    example: "firm",
  }),
  max_price_to_value: amount({
    description:
      "Contracts that cost at most this many times what their items are worth at Jita. Matches only fully priced contracts.",
    example: 0.8,
  }),
  min_value_sell: amount({
    description: "Contracts whose items are worth at least this much ISK at Jita's sell price.",
  }),
  flag: oneOrMoreOf(flagCodes, {
    description: "Contracts with at least one of these flags. `GET /v1/flags` explains them.",
  }),
  without_flag: oneOrMoreOf(flagCodes, { description: "Contracts with none of these flags." }),
  max_severity: oneOf(severities, {
    description:
      "Contracts with no flag more severe than this. What is not known yet raises no flag. A flag based on a value that is not `firm` counts as `info`.",
    example: "warning",
  }),
  q: searchText({
    description:
      "Contracts whose title, or the type name of an offered item, contains this phrase. The phrase is taken literally.",
    example: "rifter",
  }),
  min_price: amount({ description: "Lowest price, in ISK." }),
  max_price: amount({ description: "Highest price, in ISK.", example: 50_000_000 }),
  min_reward: amount({ description: "Lowest reward, in ISK." }),
  max_reward: amount({ description: "Highest reward, in ISK." }),
  min_collateral: amount({ description: "Lowest collateral, in ISK." }),
  max_collateral: amount({ description: "Highest collateral, in ISK." }),
  min_volume: amount({ description: "Lowest volume, in m³." }),
  max_volume: amount({ description: "Highest volume, in m³." }),
  min_buyout: amount({ description: "Lowest buyout, in ISK." }),
  max_buyout: amount({ description: "Highest buyout, in ISK." }),
  max_route_jumps: wholeNumber(0, 1_000, {
    description: "Couriers: most jumps from start to end, by the shortest route.",
  }),
  min_reward_per_jump: amount({
    description: "Couriers: lowest reward in ISK per jump of the shortest route.",
  }),
  min_reward_per_volume: amount({ description: "Couriers: lowest reward in ISK per m³." }),
  max_days_to_complete: wholeNumber(0, 100_000, {
    description: "Couriers: most days allowed to complete the contract.",
  }),
  issuer_id: ids({ description: "Contracts issued by these characters." }),
  issuer_corporation_id: ids({ description: "Contracts issued by members of these corporations." }),
  issued_after: instant({ description: "Contracts issued after this time." }),
  expires_before: instant({ description: "Contracts that expire before this time." }),
  first_seen_after: instant({
    description:
      "Contracts first seen after this time. To poll for new contracts, use it with `sort=first_seen_at`. Many contracts may share one `first_seen_at`: follow `next_cursor` to the last page before you ask for contracts later than the last one.",
  }),
  sort: oneOf(sorts, {
    description:
      "Sort key; a leading `-` sorts in descending order. Unknown values come last in both orders. Default: `-date_issued`.",
    example: "price",
  }),
  limit: wholeNumber(1, 100, { description: "Contracts per page. Default: 50." }),
  cursor: cursor(),
  fields: fieldsOf(contractFields, {
    description:
      "Return only these fields of each contract, in this order. `contract_id` is always included. Default: all fields.",
    example: "price",
  }),
};

type Values = { [Name in keyof typeof parameters]?: z.output<(typeof parameters)[Name]> };

const exceeds = (min: unknown, max: unknown): boolean =>
  typeof min === "number" && typeof max === "number" && min > max;

const isBelow = (name: (typeof bounded)[number]) => ({
  path: [`min_${name}`],
  error: `Above max_${name}`,
  // Checked even if other parameters are invalid, so that all faults are reported at once.
  when: () => true,
});

/** Parameters that mean nothing without a system to count jumps from. */
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

/** Unknown parameters are refused. A typo must never act as "no filter". */
const searchQueryOf = (all: typeof parameters) =>
  (["max_jumps", "route", "sort"] as const).reduce(
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
      onlyParameters(all),
    ),
  );

export const contractQuerySchema = searchQueryOf(parameters);

/** The same search, with more contracts per answer. */
export const contractExportQuerySchema = searchQueryOf({
  ...parameters,
  limit: wholeNumber(1, 10_000, {
    description: "The number of contracts in the answer. Default: 1,000.",
  }),
});

const { fields: _fields, ...feedParameters } = parameters;

/** The same search for a feed. Feed entries have no selectable fields. */
export const contractFeedQuerySchema = searchQueryOf(
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without one that is optional
  {
    ...feedParameters,
    limit: wholeNumber(1, 50, { description: "The number of entries in the feed. Default: 50." }),
  } as typeof parameters,
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

/** The values, with ids in place of names. */
export type ResolvedValues = Omit<Values, keyof typeof named> & {
  region_id?: number[];
  system_id?: number[];
  type_id?: number[];
  from_system_id?: number;
};

/** @throws {InvalidParameters} listing each name that matches nothing, or more than one thing. */
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

/** Where jumps are counted from. Null if the request does not ask for jumps. */
export const reachFrom = (
  { from_system_id: originId, route = "shortest" }: ResolvedValues,
  stargates: Pick<Stargates, "reach">,
): Reach | null => (originId === undefined ? null : stargates.reach(originId, route));

/** The flags that are more severe than a given severity. */
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

/** The parameter name of each filter. */
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
