/** Random corpora and random questions about them, dense enough that most questions match something. */
import * as fc from "fast-check";

import type { ItemRow } from "../../esi-stand-in/wire.ts";
import { oracleFlagCodes } from "./oracle-worth.ts";
import type { OracleContract, OracleQuery } from "./oracle.ts";

export const regionIds = [10_000_002, 10_000_030, 10_000_043, 11_000_031];
export const locationIds = [
  60_003_760, 60_004_588, 60_008_494, 60_999_999, 1_035_000_000_001, 60_000_166, 60_015_148,
];
const systemIds = [30_000_142, 30_000_144, 30_002_187, 30_002_510, 31_000_005, 30_004_295];
const typeIds = [34, 222, 587, 691, 2048, 2456, 12_005, 12_006, 31_788, 47_702];
const groupIds = [18, 25, 60, 105, 106, 358];
const categoryIds = [4, 6, 7, 9, 18];
const titles = [
  "Rifter",
  "RIFTER fit",
  "rifter blueprint",
  'say "rifter" AND *',
  "100%_off",
  "Рифтер дёшево",
  "РИФТЕР",
  "便宜的船只出售",
  "<b>Ishtar</b>",
  "ab",
  "\\'; drop table contracts; --",
  "🚀🚀🚀 go",
  "Ñandú ñandú",
];
const words = [
  "rifter",
  "Rifter Blue",
  "ifte",
  "ishtar",
  "рифтер",
  "РИФТЕР",
  "便宜的",
  "的船只",
  "%_o",
  '"rifter"',
  "AND *",
  "drop table",
  "🚀🚀🚀",
  "ñandú",
  "nandu",
  "blueprint",
  "damage control ii",
  "<b>",
  "\\';",
  "zzz",
];

const day = 86_400_000;
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 });
/** Few values, so that ties are common; cents, so that rounding would show. */
const amount = oneOf([
  0, 0.01, 1, 999_999.99, 1_000_000, 1_000_000.01, 5_000_000, 9_999_999_999_999.99,
]);

const item = fc
  .record({
    type_id: oneOf(typeIds),
    quantity: oneOf([1, 1, 2, 100]),
    is_included: oneOf([true, true, true, false]),
    isCopy: fc.boolean(),
    runs: oneOf([1, 5, 10, 100]),
    me: maybe(oneOf([0, 5, 10])),
    te: maybe(oneOf([0, 10, 20])),
  })
  .map(({ isCopy, runs, me, te, ...rest }): Omit<ItemRow, "record_id"> => {
    if (rest.type_id !== 691 && rest.type_id !== 12_006) return rest;
    return {
      ...rest,
      ...(me === undefined ? {} : { material_efficiency: me }),
      ...(te === undefined ? {} : { time_efficiency: te }),
      ...(isCopy ? { is_blueprint_copy: true as const, runs } : {}),
    };
  });

const items = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(item, { minLength: 1, maxLength: 1 }) },
    fc.array(item, { minLength: 1, maxLength: 6 }),
  )
  .map((rows) => rows.map((row, index): ItemRow => ({ ...row, record_id: 1_000 + index })));

const contract = (now: number) =>
  fc
    .record({
      regionId: oneOf(regionIds),
      type: oneOf([
        "item_exchange",
        "item_exchange",
        "item_exchange",
        "auction",
        "courier",
        "loan",
        "barter",
      ]),
      title: maybe(oneOf(titles)),
      issuer_id: oneOf([1, 2, 3]),
      issuer_corporation_id: oneOf([11, 12]),
      issuedAgo: oneOf([0, 1, 1, 2, 5, 20]),
      lasts: oneOf([-1, 0, 1, 1, 2, 28]),
      start_location_id: maybe(oneOf(locationIds)),
      end_location_id: maybe(oneOf(locationIds)),
      price: maybe(amount),
      reward: maybe(amount),
      collateral: maybe(amount),
      volume: maybe(oneOf([0, 0.01, 2.5, 27_289, 360_000])),
      buyout: maybe(amount),
      days_to_complete: maybe(oneOf([1, 3, 7])),
      items: fc.option(items, { nil: null, freq: 8 }),
      isUnavailable: fc.boolean(),
      endedAgo: fc.option(oneOf([0, 1, 3]), { nil: null, freq: 1 }),
      isEnded: oneOf([false, false, false, true]),
      firstSeenAgo: oneOf([0, 1, 60_000, day]),
    })
    .map((made) => {
      const { regionId, issuedAgo, lasts, endedAgo, isEnded, firstSeenAgo, isUnavailable, ...row } =
        made;
      const { items: its, ...fields } = row;
      return {
        regionId,
        items: ["item_exchange", "auction"].includes(row.type) ? its : [],
        isUnavailable:
          its === null && isUnavailable && ["item_exchange", "auction"].includes(row.type),
        endedAt: isEnded ? Math.floor(now / 1000) - (endedAgo ?? 0) * 86_400 : null,
        firstSeenAt: now - firstSeenAgo,
        row: {
          ...fields,
          date_issued: iso(now - issuedAgo * day),
          date_expired: iso(now + lasts * day),
        },
      };
    });

/** A corpus: ids in random order among the regions. */
export const corpus = (now: number): fc.Arbitrary<OracleContract[]> =>
  fc.array(contract(now), { minLength: 0, maxLength: 100, size: "max" }).map((made) =>
    made.map((each, index) => ({
      ...each,
      row: { ...each.row, contract_id: 200_000_000 + ((index * 37) % 101) * 7 + 1 },
    })),
  );

const some = <T>(values: readonly T[], maxLength = 2) =>
  maybe(fc.uniqueArray(oneOf(values), { minLength: 1, maxLength }));

const sorts = [
  "date_issued",
  "date_expired",
  "first_seen_at",
  "price",
  "reward",
  "collateral",
  "volume",
  "buyout",
  "days_to_complete",
  "reward_per_volume",
  "reward_per_jump",
  "route_jumps",
  "value_sell",
  "price_to_value",
  "label",
].flatMap((key) => [key, `-${key}`]);

const range = (values: readonly number[]) =>
  fc
    .tuple(maybe(oneOf(values)), maybe(oneOf(values)))
    .map(([a, b]) => (a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]));

const parameters = (now: number) => ({
  type: some(["item_exchange", "auction", "courier", "loan", "unknown"]),
  status: some(["outstanding", "expired", "gone"], 3),
  contract_id: some(
    [1, 8, 15, 22, 260, 519].map((id) => 200_000_000 + id),
    4,
  ),
  region_id: some(regionIds),
  system_id: some(systemIds),
  location_id: some(locationIds),
  security: some(["highsec", "lowsec", "nullsec", "wormhole"]),
  issuer_id: some([1, 2, 9]),
  issuer_corporation_id: some([11, 12]),
  ship: fc.boolean(),
  wants_items: fc.boolean(),
  single_item: fc.boolean(),
  category_id: some(categoryIds),
  group_id: some(groupIds),
  type_id: some(typeIds, 3),
  blueprint: oneOf(["copy", "original"] as const),
  q: oneOf(words),
  max_days_to_complete: oneOf([1, 3, 7]),
  max_route_jumps: oneOf([0, 11, 20, 46]),
  min_reward_per_jump: oneOf([0, 1, 90_909, 1_000_000]),
  min_reward_per_volume: oneOf([0, 0.01, 2.7, 400_000]),
  fully_priced: fc.boolean(),
  price_confidence: some(["firm", "thin", "average"]),
  max_price_to_value: oneOf([0, 0.5, 1, 2.5, 100]),
  min_value_sell: oneOf([5, 400_000, 1_000_000]),
  flag: some(oracleFlagCodes, 3),
  without_flag: some(oracleFlagCodes, 4),
  max_severity: oneOf(["info", "warning", "danger"] as const),
  highsec_island: fc.boolean(),
  start_location_kind: oneOf(["npc_station", "structure"] as const),
  issued_after: oneOf([
    iso(now - 2 * day),
    iso(now - day),
    new Date(now - day - 500).toISOString(),
  ]),
  expires_before: oneOf([
    iso(now + day),
    iso(now + 2 * day),
    new Date(now + day + 500).toISOString(),
  ]),
  first_seen_after: oneOf([new Date(now - 1).toISOString(), iso(now - 60_000), iso(now - 2 * day)]),
});

const bounded = {
  runs: [1, 5, 10, 50],
  me: [0, 5, 10],
  te: [0, 10, 20],
  price: [0, 0.01, 1_000_000, 5_000_000],
  reward: [0, 1, 1_000_000],
  collateral: [0, 1_000_000],
  volume: [0, 0.01, 360_000],
  buyout: [1, 1_000_000],
};

export type Question = { query: OracleQuery; limit: number };

/** From where jumps are counted, and what is asked of them. */
const distance = fc
  .record({
    from_system_id: oneOf(systemIds),
    route: maybe(oneOf(["shortest", "highsec"] as const)),
    max_jumps: maybe(oneOf([0, 1, 5, 11, 24, 45, 100])),
  })
  .chain((asked) =>
    maybe(oneOf(["jumps", "-jumps"])).map((sort) => (sort ? { ...asked, sort } : asked)),
  );

/** A question with none, one, two or three filters; all of them at random would match nothing. */
export function question(now: number): fc.Arbitrary<Question> {
  const singles = Object.entries(parameters(now)).map(([name, arbitrary]) =>
    arbitrary.map((value) => ({ [name]: value })),
  );
  const ranges = Object.entries(bounded).map(([name, values]) =>
    range(values).map(([min, max]) => ({ [`min_${name}`]: min, [`max_${name}`]: max })),
  );
  const filter = fc.oneof(...singles, ...ranges);
  return fc
    .tuple(
      fc.array(filter, { maxLength: 3 }),
      maybe(oneOf([{ region_id: [regionIds[0] ?? 0] }, {}, {}])),
      maybe(oneOf(sorts)),
      oneOf([1, 2, 7, 50, 100]),
      fc.option(distance, { nil: undefined, freq: 1 }),
    )
    .map(([filters, region, sort, limit, from]) => ({
      limit,
      query: Object.fromEntries(
        Object.entries({ ...Object.assign({}, ...filters), ...region, sort, ...from }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    }));
}

/** The question in a URL: lists with commas or repeated, as `how` says. */
export function toSearch(
  { query, limit }: Question,
  how: "commas" | "repeated" = "commas",
): URLSearchParams {
  const search = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value) && how === "repeated") {
      for (const each of value) search.append(name, String(each));
    } else search.set(name, String(value));
  }
  return search;
}
