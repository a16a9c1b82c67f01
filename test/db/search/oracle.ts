/**
 * `GET /v1/contracts` as `api.md` has it, done over with arrays and filters: slow, obvious, and with
 * nothing of the code that it judges.
 */
import type { System, Universe } from "../../esi-stand-in/universe.ts";
import type { CorpusContract } from "../../support/corpus.ts";
import { jumpsBetween } from "./distances.ts";
import { createFlagOracle, worthOf } from "./oracle-worth.ts";

/** Query parameters as a caller means them, before they are written into a URL. */
export type OracleQuery = {
  type?: string[];
  status?: string[];
  contract_id?: number[];
  region_id?: number[];
  system_id?: number[];
  location_id?: number[];
  security?: string[];
  issuer_id?: number[];
  issuer_corporation_id?: number[];
  ship?: boolean;
  wants_items?: boolean;
  single_item?: boolean;
  category_id?: number[];
  group_id?: number[];
  type_id?: number[];
  blueprint?: "copy" | "original";
  min_runs?: number;
  max_runs?: number;
  min_me?: number;
  max_me?: number;
  min_te?: number;
  max_te?: number;
  q?: string;
  min_price?: number;
  max_price?: number;
  min_reward?: number;
  max_reward?: number;
  min_collateral?: number;
  max_collateral?: number;
  min_volume?: number;
  max_volume?: number;
  min_buyout?: number;
  max_buyout?: number;
  max_days_to_complete?: number;
  max_route_jumps?: number;
  min_reward_per_jump?: number;
  min_reward_per_volume?: number;
  highsec_island?: boolean;
  start_location_kind?: "npc_station" | "structure";
  flag?: string[];
  without_flag?: string[];
  max_severity?: "info" | "warning" | "danger";
  fully_priced?: boolean;
  price_confidence?: string[];
  max_price_to_value?: number;
  min_value_sell?: number;
  from_system_id?: number;
  route?: "shortest" | "highsec";
  max_jumps?: number;
  issued_after?: string;
  expires_before?: string;
  first_seen_after?: string;
  sort?: string;
};

/** A list row as ESI sends it, with what a test may leave out. */
export type OracleRow = {
  contract_id: number;
  type: string;
  title?: string | undefined;
  issuer_id: number;
  issuer_corporation_id: number;
  date_issued: string;
  date_expired: string;
  start_location_id?: number | undefined;
  end_location_id?: number | undefined;
  price?: number | undefined;
  reward?: number | undefined;
  collateral?: number | undefined;
  volume?: number | undefined;
  buyout?: number | undefined;
  days_to_complete?: number | undefined;
};

export type OracleContract = Omit<CorpusContract, "row"> & { row: OracleRow; firstSeenAt: number };

type Item = NonNullable<CorpusContract["items"]>[number];
type Value = number | string | null;

const types = ["item_exchange", "auction", "courier", "loan", "unknown"];

/** What a contract is to a buyer: fillers taken out, places and names looked up. */
function describe(contract: OracleContract, universe: Universe, now: number) {
  const { row, endedAt = null, firstSeenAt } = contract;
  const type = types.includes(row.type) ? row.type : "unknown";
  const isCourier = type === "courier";
  const expiresAt = Date.parse(row.date_expired);
  const outcome = endedAt === null ? "outstanding" : "gone";
  const status = expiresAt <= (endedAt === null ? now : endedAt * 1000) ? "expired" : outcome;
  const systemOf = (locationId: number | undefined) =>
    universe.systems.get(universe.stations.get(locationId ?? 0)?.systemId ?? 0);
  const system = systemOf(row.start_location_id);
  const end = isCourier ? systemOf(row.end_location_id) : undefined;
  const routeJumps =
    isCourier && system && end ? jumpsBetween(system.systemId, end.systemId, "shortest") : null;
  const hasItems = type === "item_exchange" || type === "auction";
  const items = hasItems && contract.items && contract.items.length > 0 ? contract.items : null;
  const offered = items?.filter((item) => item.is_included) ?? null;
  const orNull = (value: number | undefined) => value ?? null;
  const reward = type === "auction" ? null : orNull(row.reward);
  const volume = orNull(row.volume);
  const price = isCourier ? null : orNull(row.price);
  const placeOf = (locationId: number | undefined, at: System | undefined) => ({
    kind: kindOf(locationId),
    securityClass: at ? classOf(at.security, at.regionId) : null,
    isHighsecIsland: at ? isIsland(at) : null,
  });
  return {
    id: row.contract_id,
    type,
    status,
    regionId: contract.regionId,
    title: row.title || null,
    locationId: row.start_location_id ?? null,
    systemId: system?.systemId ?? null,
    securityClass: system ? classOf(system.security, system.regionId) : null,
    issuerId: row.issuer_id,
    corporationId: row.issuer_corporation_id,
    price,
    isListed: endedAt === null,
    worth: worthOf(items, price, reward),
    ends: [
      placeOf(row.start_location_id, system),
      ...(isCourier ? [placeOf(row.end_location_id, end)] : []),
    ],
    reward,
    collateral: isCourier ? orNull(row.collateral) : null,
    volume,
    buyout: type === "auction" ? row.buyout || null : null,
    daysToComplete: isCourier ? orNull(row.days_to_complete) : null,
    startLocationKind: kindOf(row.start_location_id),
    isHighsecIsland: system ? isIsland(system) : null,
    routeJumps,
    rewardPerJump:
      isCourier && reward && routeJumps !== null ? reward / Math.max(routeJumps, 1) : null,
    rewardPerVolume: isCourier && reward && volume ? reward / volume : null,
    issuedAt: Date.parse(row.date_issued),
    expiresAt,
    firstSeenAt,
    isPending: hasItems && !items && !contract.isUnavailable && status === "outstanding",
    items,
    offered,
    label: offered ? labelOf(offered, universe) : null,
  };
}

function kindOf(locationId: number | undefined): string | null {
  if (locationId === undefined) return null;
  if (locationId >= 1_000_000_000_000) return "structure";
  return locationId >= 60_000_000 && locationId < 64_000_000 ? "npc_station" : null;
}

/** No highsec way to Jita. */
const isIsland = ({ systemId, security, regionId }: System): boolean =>
  classOf(security, regionId) === "highsec" &&
  jumpsBetween(30_000_142, systemId, "highsec") === null;

type Described = ReturnType<typeof describe> & { flags: Map<string, number> };

function classOf(security: number, regionId: number): string {
  if (regionId >= 11_000_000 && regionId < 12_000_000) return "wormhole";
  if (security >= 0.45) return "highsec";
  return security > 0 ? "lowsec" : "nullsec";
}

const groupOf = (item: Item, universe: Universe) => universe.types.get(item.type_id)?.groupId ?? -1;
const categoryOf = (item: Item, universe: Universe) =>
  universe.groups.get(groupOf(item, universe))?.categoryId ?? -1;

function labelOf(offered: readonly Item[], universe: Universe): string | null {
  const isShip = (item: Item) => categoryOf(item, universe) === 6;
  const [primary] = offered.toSorted(
    (a, b) =>
      Number(isShip(b)) - Number(isShip(a)) || b.quantity - a.quantity || a.record_id - b.record_id,
  );
  const name = primary && universe.types.get(primary.type_id)?.name;
  if (!name) return null;
  return offered.length > 1 ? `${name} + ${offered.length - 1} more` : name;
}

const isAnyOf = <T>(values: readonly T[] | undefined, value: T | null) =>
  !values || (value !== null && values.includes(value));

const isWithin = (value: number | null, min: number | undefined, max: number | undefined) =>
  (min === undefined && max === undefined) ||
  (value !== null && (min === undefined || value >= min) && (max === undefined || value <= max));

/** One offered item that satisfies everything asked of an item. */
function isSuchItem(item: Item, query: OracleQuery, universe: Universe): boolean {
  const category = categoryOf(item, universe);
  const isCopy = item.is_blueprint_copy === true;
  const isOriginal = category === 9 && !isCopy;
  const bounds = [
    query.min_runs,
    query.max_runs,
    query.min_me,
    query.max_me,
    query.min_te,
    query.max_te,
  ];
  const mustBeBlueprint =
    query.blueprint !== undefined || bounds.some((bound) => bound !== undefined);
  return (
    isAnyOf(query.type_id, item.type_id) &&
    isAnyOf(query.group_id, groupOf(item, universe)) &&
    isAnyOf(query.category_id, category) &&
    (!mustBeBlueprint || isCopy || isOriginal) &&
    (query.blueprint === undefined || isCopy === (query.blueprint === "copy")) &&
    isWithin(isCopy ? (item.runs ?? null) : null, query.min_runs, query.max_runs) &&
    isWithin(item.material_efficiency ?? null, query.min_me, query.max_me) &&
    isWithin(item.time_efficiency ?? null, query.min_te, query.max_te)
  );
}

const itemParameters = [
  "type_id",
  "group_id",
  "category_id",
  "blueprint",
  "min_runs",
  "max_runs",
  "min_me",
  "max_me",
  "min_te",
  "max_te",
] as const;

function hasSuchItem({ offered }: Described, query: OracleQuery, universe: Universe): boolean {
  if (itemParameters.every((name) => query[name] === undefined)) return true;
  return offered?.some((item) => isSuchItem(item, query, universe)) ?? false;
}

/** Unknown matches neither true nor false. */
const isFlag = (wanted: boolean | undefined, value: boolean | null) =>
  wanted === undefined || value === wanted;

const alike: Record<string, string> = {
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "\u00a0": " ",
  "\u200b": "",
  ß: "ss",
  æ: "ae",
  ø: "o",
  ł: "l",
  ı: "i",
  ς: "σ",
};

/** Letter by letter, of those that corpora hold; accents are what a decomposed letter has more. */
const fold = (text: string) =>
  Array.from(text, (character) => {
    const [base = ""] = character.normalize("NFKD");
    const isCombining = /\p{Mn}/u.test(character);
    if (isCombining) return "";
    const plain = /\p{Mn}/u.test(character.normalize("NFKD")) ? base : character.normalize("NFKC");
    return Array.from(plain.toLowerCase(), (letter) => alike[letter] ?? letter).join("");
  }).join("");

function mentions(
  { title, offered }: Described,
  q: string | undefined,
  universe: Universe,
): boolean {
  if (q === undefined) return true;
  const names = offered?.map((item) => universe.types.get(item.type_id)?.name ?? "") ?? [];
  return [title ?? "", ...names].some((text) => fold(text).includes(fold(q.trim())));
}

const severities = ["info", "warning", "danger"];

function isFlaggedAs({ flags }: Described, query: OracleQuery): boolean {
  const { flag, without_flag: without, max_severity: max } = query;
  const has = (code: string) => flags.has(code);
  return (
    (flag === undefined || flag.some(has)) &&
    (without === undefined || !without.some(has)) &&
    (max === undefined ||
      [...flags.values()].every((severity) => severity <= severities.indexOf(max)))
  );
}

/** Every filter but those on types and systems. */
function matchesOthers(contract: Described, query: OracleQuery, universe: Universe): boolean {
  const { items, offered } = contract;
  return (
    (query.status ?? ["outstanding"]).includes(contract.status) &&
    isAnyOf(query.contract_id, contract.id) &&
    isAnyOf(query.region_id, contract.regionId) &&
    isAnyOf(query.location_id, contract.locationId) &&
    isAnyOf(query.issuer_id, contract.issuerId) &&
    isAnyOf(query.issuer_corporation_id, contract.corporationId) &&
    isFlag(query.ship, offered && offered.some((item) => categoryOf(item, universe) === 6)) &&
    (query.start_location_kind === undefined ||
      contract.startLocationKind === query.start_location_kind) &&
    isFlag(query.fully_priced, contract.worth.isFullyPriced) &&
    (query.price_confidence === undefined ||
      query.price_confidence.includes(contract.worth.priceConfidence ?? "")) &&
    isWithin(contract.worth.priceToValue, undefined, query.max_price_to_value) &&
    isWithin(contract.worth.valueSell, query.min_value_sell, undefined) &&
    isFlaggedAs(contract, query) &&
    isWithin(contract.routeJumps, undefined, query.max_route_jumps) &&
    isWithin(contract.rewardPerJump, query.min_reward_per_jump, undefined) &&
    isWithin(contract.rewardPerVolume, query.min_reward_per_volume, undefined) &&
    isFlag(query.wants_items, items && items.some((item) => !item.is_included)) &&
    isFlag(query.single_item, offered && offered.length === 1) &&
    hasSuchItem(contract, query, universe) &&
    mentions(contract, query.q, universe) &&
    isWithin(contract.price, query.min_price, query.max_price) &&
    isWithin(contract.reward, query.min_reward, query.max_reward) &&
    isWithin(contract.collateral, query.min_collateral, query.max_collateral) &&
    isWithin(contract.volume, query.min_volume, query.max_volume) &&
    isWithin(contract.buyout, query.min_buyout, query.max_buyout) &&
    isWithin(contract.daysToComplete, undefined, query.max_days_to_complete) &&
    (query.issued_after === undefined || contract.issuedAt > Date.parse(query.issued_after)) &&
    (query.expires_before === undefined || contract.expiresAt < Date.parse(query.expires_before)) &&
    (query.first_seen_after === undefined ||
      contract.firstSeenAt > Date.parse(query.first_seen_after))
  );
}

const sortKeys: Record<string, (contract: Described) => Value> = {
  date_issued: ({ issuedAt }) => issuedAt,
  date_expired: ({ expiresAt }) => expiresAt,
  first_seen_at: ({ firstSeenAt }) => firstSeenAt,
  price: ({ price }) => price,
  reward: ({ reward }) => reward,
  collateral: ({ collateral }) => collateral,
  volume: ({ volume }) => volume,
  buyout: ({ buyout }) => buyout,
  days_to_complete: ({ daysToComplete }) => daysToComplete,
  reward_per_volume: ({ rewardPerVolume }) => rewardPerVolume,
  reward_per_jump: ({ rewardPerJump }) => rewardPerJump,
  route_jumps: ({ routeJumps }) => routeJumps,
  value_sell: ({ worth }) => worth.valueSell,
  price_to_value: ({ worth }) => worth.priceToValue,
  label: ({ label }) => label,
};

const jumpsTo = (
  { systemId }: Described,
  { from_system_id: originId, route = "shortest" }: OracleQuery,
): number | null =>
  originId === undefined || systemId === null ? null : jumpsBetween(originId, systemId, route);

function inOrder(query: OracleQuery) {
  const { sort = "-date_issued" } = query;
  const name = sort.replace("-", "");
  const keyOf =
    name === "jumps"
      ? (contract: Described) => jumpsTo(contract, query)
      : (sortKeys[name] ?? (() => null));
  const sign = sort.startsWith("-") ? -1 : 1;
  return (a: Described, b: Described): number => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (x === y) return sign * (a.id - b.id);
    if (x === null) return 1;
    if (y === null) return -1;
    return sign * (x < y ? -1 : 1);
  };
}

export type OracleAnswer = {
  ids: number[];
  total: number;
  total_by_type: Record<string, number>;
  items_pending: number;
  unknown_system_excluded: number;
  unreachable_excluded: number;
  relaxations: Record<string, number> | null;
};

export function createOracle(
  contracts: readonly OracleContract[],
  universe: Universe,
  now: number,
) {
  const plain = contracts.map((contract) => describe(contract, universe, now));
  const flagsOf = createFlagOracle(plain, universe, now);
  const described = plain.map((contract) => ({ ...contract, flags: flagsOf(contract) }));

  /** For each filter given, how many match without it. */
  function relaxationsOf(query: OracleQuery): Record<string, number> {
    const isDefault = query.status?.join() === "outstanding";
    const names = Object.keys(query).filter(
      (name) =>
        !["sort", "from_system_id", "route"].includes(name) && !(name === "status" && isDefault),
    );
    return Object.fromEntries(
      names.map((name) => [name, matchingFor({ ...query, [name]: undefined }).length]),
    );
  }

  const isPlaced = (contract: Described, query: OracleQuery) =>
    isAnyOf(query.system_id, contract.systemId) &&
    isAnyOf(query.security, contract.securityClass) &&
    isFlag(query.highsec_island, contract.isHighsecIsland);
  const isNear = (contract: Described, query: OracleQuery) =>
    isWithin(jumpsTo(contract, query), undefined, query.max_jumps);

  function matchingFor(query: OracleQuery): Described[] {
    return described.filter(
      (contract) =>
        matchesOthers(contract, query, universe) &&
        isAnyOf(query.type, contract.type) &&
        isPlaced(contract, query) &&
        isNear(contract, query),
    );
  }

  return function ask(query: OracleQuery): OracleAnswer {
    const others = described.filter((contract) => matchesOthers(contract, query, universe));
    const isOfType = ({ type }: Described) => isAnyOf(query.type, type);
    const asksForSystem = [query.system_id, query.security, query.highsec_island].some(
      (asked) => asked !== undefined,
    );
    const placed = others.filter((contract) => isPlaced(contract, query));
    const near = placed.filter((contract) => isNear(contract, query));
    const matching = near.filter(isOfType).toSorted(inOrder(query));
    const count = (type: string) => near.filter((contract) => contract.type === type).length;
    return {
      relaxations: matching.length > 0 ? null : relaxationsOf(query),
      ids: matching.map(({ id }) => id),
      total: matching.length,
      total_by_type: Object.fromEntries(types.map((type) => [type, count(type)])),
      items_pending: described.filter(
        ({ isPending, regionId }) => isPending && isAnyOf(query.region_id, regionId),
      ).length,
      unknown_system_excluded: asksForSystem
        ? others.filter((contract) => isOfType(contract) && contract.systemId === null).length
        : 0,
      unreachable_excluded:
        query.max_jumps === undefined
          ? 0
          : placed.filter((contract) => isOfType(contract) && jumpsTo(contract, query) === null)
              .length,
    };
  };
}
