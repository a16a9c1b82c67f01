import { describe, expect, it } from "vitest";

import { flagCodes } from "../../src/domain/flags/flag.ts";
import { aContract } from "../esi-stand-in/hand-made.ts";
import { anApi, aSyncedApi, firstContract } from "../support/api.ts";
import { faults, problem, read } from "../support/behaviours.ts";

const search = "/v1/contracts";

/** A query, with each value encoded. */
const asked = (parameters: Readonly<Record<string, string>>) =>
  `${search}?${new URLSearchParams(parameters).toString()}`;

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const wholeNumbers = [
  ["limit", 1, 100],
  ["min_runs", 0, 1_000_000_000],
  ["max_runs", 0, 1_000_000_000],
  ["min_me", 0, 100],
  ["max_me", 0, 100],
  ["min_te", 0, 100],
  ["max_te", 0, 100],
  ["max_days_to_complete", 0, 100_000],
  ["max_route_jumps", 0, 1_000],
] as const;

const amounts = [
  ...["price", "reward", "collateral", "volume", "buyout"].flatMap((name) => [
    `min_${name}`,
    `max_${name}`,
  ]),
  "min_reward_per_jump",
  "min_reward_per_volume",
  "max_price_to_value",
  "min_value_sell",
];

/** Lists of what may be named as well. */
const namedLists = { region_id: "region", system_id: "system", type_id: "type" };

const plainIdLists = [
  "contract_id",
  "location_id",
  "category_id",
  "group_id",
  "issuer_id",
  "issuer_corporation_id",
];

const idLists = [...plainIdLists, ...Object.keys(namedLists)];

const wordLists = {
  type: "item_exchange, auction, courier, loan, unknown",
  status: "outstanding, expired, gone",
  security: "highsec, lowsec, nullsec, wormhole",
  flag: flagCodes.join(", "),
  without_flag: flagCodes.join(", "),
  price_confidence: "firm, thin, average",
};

const choices = {
  blueprint: ["copy", "original"],
  start_location_kind: ["npc_station", "structure"],
  max_severity: ["info", "warning", "danger"],
};

const flags = ["ship", "wants_items", "single_item", "highsec_island", "fully_priced"];

const instants = ["issued_after", "expires_before", "first_seen_after"];

/** A good value of each parameter that takes one, none of which is another's default. */
const singleValues: Record<string, string> = {
  ...Object.fromEntries(wholeNumbers.map(([name, min]) => [name, String(min)])),
  ...Object.fromEntries(amounts.map((name) => [name, "1"])),
  ...Object.fromEntries(flags.map((name) => [name, "true"])),
  ...Object.fromEntries(instants.map((name) => [name, "2026-03-01T12:00:00Z"])),
  ...Object.fromEntries(Object.entries(choices).map(([name, [word]]) => [name, word])),
  from_system_id: "30000142",
  q: "rifter",
  sort: "price",
};

const accepted: readonly (readonly [string, string])[] = [
  ...wholeNumbers.flatMap(([name, min, max]) => [
    [name, String(min)] as const,
    [name, String(max)] as const,
  ]),
  ...amounts.flatMap((name) => [
    [name, "0"] as const,
    [name, "0.01"] as const,
    [name, "999999999999999999.999999"] as const,
  ]),
  ...idLists.flatMap((name) => [[name, "1"] as const, [name, "9007199254740991"] as const]),
  ...Object.entries(wordLists).map(([name, words]) => [name, words.replaceAll(" ", "")] as const),
  ...flags.flatMap((name) => [[name, "true"] as const, [name, "false"] as const]),
  ...instants.flatMap((name) => [
    [name, "2026-02-28T23:59:59Z"] as const,
    [name, "2024-02-29T00:00:00.123+13:45"] as const,
  ]),
  ...Object.entries(choices).flatMap(([name, choice]) =>
    choice.map((word) => [name, word] as const),
  ),
  ...["1", "9007199254740991", "Jita", " jITA "].map((value) => ["from_system_id", value] as const),
  ["region_id", "the forge,10000043, Heimatar"],
  ["system_id", "Jita"],
  ["type_id", "RIFTER"],
  ["q", "abc"],
  ["q", "  abc  "],
  ["q", "a".repeat(100)],
  ["q", "🚀🚀🚀"],
  ["q", "🚀".repeat(100)],
  ["q", 'a"b*c%_'],
  ["sort", "price"],
  ["sort", "-price"],
  ["sort", "price_to_value"],
  ["sort", "-value_sell"],
];

const wholeNumber = (min: number, max: number) => `A whole number from ${min} to ${max}`;
const anAmount = "A plain decimal number, not negative";
const anId = "An id is a positive whole number";
const anInstant = "An RFC 3339 instant with a zone (a + in a query is written %2B)";

/** Regions are few: one that is none is answered with the nearest, however far. */
const nearest: Record<string, string> = {
  region_id: "; did you mean Domain, or Heimatar, or G-R00031, or The Forge?",
};

const refused: readonly (readonly [string, string, string])[] = [
  ...wholeNumbers.flatMap(([name, min, max]) =>
    [String(min - 1), String(max + 1), "", "x", "1.5", "1e1", " 1", "+1"].map(
      (value) => [name, value, wholeNumber(min, max)] as const,
    ),
  ),
  ...amounts.flatMap((name) =>
    ["-1", "", "x", ".5", "1.", "1e3", "1,5", "Infinity", "1.1234567", "1".repeat(19)].map(
      (value) => [name, value, anAmount] as const,
    ),
  ),
  ...[...idLists, "from_system_id"].flatMap((name) =>
    ["0", "-1", "", "1.5", "9007199254740992", "1".repeat(17)].map(
      (value) => [name, value, anId] as const,
    ),
  ),
  ...plainIdLists.map((name) => [name, "x", anId] as const),
  ...Object.entries({ ...namedLists, from_system_id: "system" }).flatMap(([name, kind]) => [
    [name, "x", `No ${kind} is called x${nearest[name] ?? ""}`] as const,
    [name, "x\0", "No control characters"] as const,
    [name, "x".repeat(2_001), "At most 2000 characters"] as const,
  ]),
  ...Object.entries(wordLists).flatMap(([name, words]) =>
    ["", "x", words.slice(0, 3), words.split(",", 1).join("").toUpperCase()].map(
      (value) => [name, value, `One of ${words}`] as const,
    ),
  ),
  ...flags.flatMap((name) =>
    ["", "1", "yes", "TRUE"].map((value) => [name, value, "true or false"] as const),
  ),
  ...instants.flatMap((name) =>
    [
      "",
      "x",
      "2026-03-01",
      "2026-03-01T12:00:00",
      "2026-02-29T00:00:00Z",
      "2026-03-01T24:00:00Z",
      "2026-03-01T12:60:00Z",
      "1772366400",
    ].map((value) => [name, value, anInstant] as const),
  ),
  ...Object.entries(choices).flatMap(([name, choice]) =>
    ["", "x", choice.join(",")].map(
      (value) => [name, value, `One of ${choice.join(", ")}`] as const,
    ),
  ),
  ["q", "", "3 to 100 characters"],
  ["q", "ab", "3 to 100 characters"],
  ["q", " ab ", "3 to 100 characters"],
  ["q", "🚀🚀", "3 to 100 characters"],
  ["q", "a".repeat(101), "3 to 100 characters"],
  ["q", "🚀".repeat(101), "3 to 100 characters"],
  ["q", "abc\0", "No control characters"],
  ["q", "ab\tc", "No control characters"],
  ["q", "ab\u{85}c", "No control characters"],
];

describe("a value of a parameter", () => {
  it("is taken up to its limits", async () => {
    const api = await anApi();

    const statuses = await Promise.all(
      accepted.map(async ([name, value]) => {
        const { status } = await api.get(asked({ [name]: value }));
        return [name, value, status];
      }),
    );

    expect(statuses).toEqual(accepted.map(([name, value]) => [name, value, 200]));
  });

  it("is refused beyond its limits, by name and with what it must be", async () => {
    const api = await anApi();

    const found = await Promise.all(
      refused.map(async ([name, value]) => {
        const [fault] = await faults(await api.get(asked({ [name]: value })));
        return [fault?.[0], value, fault?.[1]];
      }),
    );

    expect(found).toEqual(refused);
  });

  it.each(["", "x", "-", "+price", "price,label", "PRICE"])(
    "%j is refused as a sort key",
    async (sort) => {
      const api = await anApi();

      const found = await faults(await api.get(asked({ sort })));

      expect(found).toEqual([["sort", expect.stringMatching(/^One of date_issued, -date_issued/)]]);
    },
  );

  it("may hold any UTF-8 text, and broken encoding is taken as text", async () => {
    const api = await anApi();

    const response = await api.get(`${search}?q=%E0%A4%A%zz%FF`);

    expect(response.status).toBe(200);
  });
});

describe("a parameter that takes one value", () => {
  it("is refused when given twice, even with the same value", async () => {
    const api = await anApi();
    const values = Object.entries(singleValues);

    const found = await Promise.all(
      values.map(async ([name, value]) =>
        faults(await api.get(`${search}?${name}=${value}&${name}=${value}`)),
      ),
    );

    expect(found).toEqual(values.map(([name]) => [[name, "Give it once"]]));
  });

  it("cursor is refused when given twice", async () => {
    const api = await aSyncedApi({ contracts: [aContract(), aContract()] });
    const { meta } = await api.json<{ meta: { next_cursor: string } }>(`${search}?limit=1`);
    const cursor = `cursor=${meta.next_cursor}`;

    const found = await faults(await api.get(`${search}?${cursor}&${cursor}`));

    expect(found).toEqual([["cursor", "Give it once"]]);
  });
});

describe("a parameter that takes several values", () => {
  it("means the same as a comma list and when repeated", async () => {
    const contracts = (["item_exchange", "auction", "courier"] as const).map((type) =>
      aContract({ type }),
    );
    const api = await aSyncedApi({ contracts });

    const lists = await Promise.all(
      [
        "type=auction,courier",
        "type=auction&type=courier",
        "type=courier&type=auction,courier",
        "type=%20auction%20,%20courier",
      ].map((query) => api.json<{ data: { type: string }[] }>(`${search}?${query}`)),
    );

    const [first] = lists;
    expect(first?.data.map(({ type }) => type)).toEqual(["courier", "auction"]);
    expect(lists).toEqual(lists.map(() => first));
  });

  const asList = (name: string, values: readonly (number | string)[]) =>
    `${search}?${name}=${values.join(",")}`;
  const oneByOne = (name: string, values: readonly (number | string)[]) =>
    `${search}?${values.map((value) => `${name}=${value}`).join("&")}`;

  it("takes a hundred values, as a list or one by one", async () => {
    const api = await anApi();
    const paths = idLists.flatMap((name) => [
      asList(name, numbered(100)),
      oneByOne(name, numbered(100)),
    ]);

    const responses = await Promise.all(paths.map((path) => api.get(path)));

    expect(responses.map(({ status }) => status)).toEqual(paths.map(() => 200));
  });

  it("takes no more than a hundred values, as a list or one by one", async () => {
    const api = await anApi();
    const words = Object.entries(wordLists).map(([name, list]) => [name, list.split(",", 1)]);
    const values: [string, (number | string)[]][] = [
      ...idLists.map((name): [string, number[]] => [name, numbered(101)]),
      ...words.map(([name, word]): [string, string[]] => [String(name), Array(101).fill(word)]),
    ];

    const found = await Promise.all(
      values.flatMap(([name, list]) =>
        [asList(name, list), oneByOne(name, list)].map(async (path) => faults(await api.get(path))),
      ),
    );

    const fault = values.map(([name]) => [[name, "At most 100 values"]]);
    expect(found).toEqual(fault.flatMap((each) => [each, each]));
  });

  it.each(Object.entries(namedLists))(
    "takes no more than a hundred values, even if some are names: %s",
    async (name) => {
      const api = await anApi();
      const known = { region_id: "Domain", system_id: "Jita", type_id: "Rifter" }[name];

      const full = await api.get(asList(name, [known ?? "", ...numbered(99)]));
      const over = [
        asList(name, [known ?? "", ...numbered(100)]),
        `${asList(name, numbered(100))}&${name}=${known}`,
      ];

      expect(full.status).toBe(200);
      for (const path of over) {
        expect(await faults(await api.get(path))).toEqual([[name, "At most 100 values"]]);
      }
    },
  );

  it("is refused for one bad value among good ones", async () => {
    const api = await anApi();

    const found = await faults(await api.get(`${search}?group_id=25,frigate&type=courier,`));

    expect(found).toEqual([
      ["group_id", anId],
      ["type", `One of ${wordLists.type}`],
    ]);
  });

  it("is refused for each unknown name among good ones", async () => {
    const api = await anApi();
    const query = "region_id=10000002,Forge,domain&type_id=Rifter,Riftor&system_id=Jita,0x";

    const found = await faults(await api.get(`${search}?${query}`));

    expect(found).toEqual([
      [
        "region_id",
        "No region is called Forge; did you mean The Forge, or Domain, or G-R00031, or Heimatar?",
      ],
      ["system_id", "No system is called 0x"],
      ["type_id", "No type is called Riftor; did you mean Rifter, or Rifter Blueprint?"],
    ]);
  });
});

describe("a minimum", () => {
  const pairs = ["runs", "me", "te", "price", "reward", "collateral", "volume", "buyout"];

  it.each(pairs)("min_%s may equal the maximum, but not exceed it", async (name) => {
    const api = await anApi();

    const same = await api.get(asked({ [`min_${name}`]: "5", [`max_${name}`]: "5" }));
    const above = await api.get(asked({ [`min_${name}`]: "6", [`max_${name}`]: "5" }));

    expect(same.status).toBe(200);
    expect(await faults(above)).toEqual([[`min_${name}`, `Above max_${name}`]]);
  });

  it("is compared as a number", async () => {
    const api = await anApi();

    const response = await api.get(asked({ min_price: "9", max_price: "10.5" }));

    expect(response.status).toBe(200);
  });

  it("is only reported as invalid if it is not a number", async () => {
    const api = await anApi();

    const found = await faults(await api.get(asked({ min_price: "x", max_price: "1" })));

    expect(found).toEqual([["min_price", anAmount]]);
  });
});

describe("a parameter that needs from_system_id", () => {
  it.each(["max_jumps=5", "route=highsec", "route=shortest", "sort=jumps", "sort=-jumps"])(
    "is refused without it: %s",
    async (query) => {
      const api = await anApi();
      const [name] = query.split("=");

      const alone = await api.get(`${search}?${query}`);
      const beside = await api.get(`${search}?${query}&from_system_id=Jita`);

      expect(await faults(alone)).toEqual([[name, "Needs from_system_id"]]);
      expect(beside.status).toBe(200);
    },
  );

  it("is also refused if its value is invalid, together with other faults", async () => {
    const api = await anApi();

    const found = await faults(await api.get(asked({ max_jumps: "101", sort: "jumps", ship: "" })));

    expect(found).toEqual([
      ["max_jumps", wholeNumber(0, 100)],
      ["max_jumps", "Needs from_system_id"],
      ["ship", "true or false"],
      ["sort", "Needs from_system_id"],
    ]);
  });
});

describe("a parameter that does not exist", () => {
  it.each([
    search,
    `/v1/contracts/${firstContract}`,
    "/v1/regions",
    "/v1/regions/10000002",
    "/v1/categories",
    "/v1/groups",
    "/v1/types",
    "/v1/types/587",
    "/v1/systems",
    "/v1/systems/30000142",
    "/v1/routes/30000142/30002187",
    "/v1/hulls",
    "/v1/hulls/587",
    "/v1/flags",
    "/v1/status",
  ])("is refused by %s", async (path) => {
    const api = await aSyncedApi({ contracts: [aContract()] });

    const found = await faults(await api.get(`${path}?nonsense=1`));

    expect(found).toEqual([["nonsense", "Unknown parameter"]]);
  });

  it("is refused by POST /v1/admin/sync, so that a typo does not sync every region", async () => {
    const api = await anApi();
    const authorization = `Bearer ${api.env.ADMIN_TOKEN}`;

    const response = await api.request("/v1/admin/sync?region_ids=10000002", {
      method: "POST",
      headers: { authorization },
    });

    expect(await faults(response)).toEqual([["region_ids", "Unknown parameter"]]);
    expect(api.esi.counters.total()).toBe(0);
  });

  it("is refused with the nearest name that exists", async () => {
    const api = await anApi();

    const found = await faults(await api.get(asked({ regionid: "10000002", maxprice: "1" })));

    expect(found).toEqual([
      ["maxprice", "Unknown parameter; did you mean max_price?"],
      ["regionid", "Unknown parameter; did you mean region_id?"],
    ]);
  });

  it.each(["constructor", "toString", "hasOwnProperty", "LIMITATION", "🚀🚀🚀🚀🚀🚀"])(
    "is refused whatever its name is: %j",
    async (name) => {
      const api = await anApi();

      const found = await faults(await api.get(asked({ [name]: "1" })));

      expect(found).toEqual([[name, "Unknown parameter"]]);
    },
  );
});

describe("an invalid request", () => {
  it("lists every fault at once", async () => {
    const api = await anApi();
    const path =
      "/v1/contracts?min_price=2&max_price=1&min_me=1000&limit=0&ship=yes&type=corier" +
      "&regionid=1&q=x&issued_after=today&blueprint=copy&blueprint=copy&system=Jita";

    const found = await faults(await api.get(path));

    expect(found).toEqual([
      ["blueprint", "Give it once"],
      ["issued_after", anInstant],
      ["limit", wholeNumber(1, 100)],
      ["min_me", wholeNumber(0, 100)],
      ["min_price", "Above max_price"],
      ["q", "3 to 100 characters"],
      ["regionid", "Unknown parameter; did you mean region_id?"],
      ["ship", "true or false"],
      ["system", "Unknown parameter"],
      ["type", `One of ${wordLists.type}`],
    ]);
  });

  it("never reaches the database", async () => {
    const api = await aSyncedApi();
    api.meter.reset();

    await api.get(`${search}?limit=0`);

    expect(api.meter.bill()).toEqual({
      roundTrips: 0,
      statements: 0,
      rowsRead: 0,
      rowsWritten: 0,
    });
  });

  it.each([
    ["contract_id", "/v1/contracts/0"],
    ["contract_id", "/v1/contracts/-1"],
    ["contract_id", "/v1/contracts/01"],
    ["contract_id", "/v1/contracts/1.5"],
    ["contract_id", "/v1/contracts/rifter"],
    ["contract_id", "/v1/contracts/9007199254740992"],
    ["contract_id", "/v1/contracts/%E0%A4%A"],
    ["region_id", "/v1/regions/0"],
    ["region_id", "/v1/regions/9007199254740992"],
    ["type_id", "/v1/types/0"],
    ["type_id", "/v1/types/9007199254740992"],
    ["system_id", "/v1/systems/0"],
    ["system_id", "/v1/systems/-1"],
    ["origin", "/v1/routes/0/30002187"],
    ["destination", "/v1/routes/30000142/1.5"],
  ])("may be caused by its path: %s in %s", async (parameter, path) => {
    const api = await anApi();

    const response = await api.get(path);

    expect(await read(response)).toEqual(
      problem(response, "invalid-request", path, { errors: [{ parameter, detail: anId }] }),
    );
  });

  it.each([
    [
      "/v1/regions/Forge",
      "region_id",
      "No region is called Forge; did you mean The Forge, or Domain, or G-R00031, or Heimatar?",
    ],
    [
      "/v1/regions/He",
      "region_id",
      "No region is called He; did you mean Heimatar, or Domain, or The Forge, or G-R00031?",
    ],
    [
      "/v1/types/Ish",
      "type_id",
      "No type is called Ish; did you mean Ishtar, or Ishtar Blueprint?",
    ],
    ["/v1/systems/Jitta", "system_id", "No system is called Jitta; did you mean Jita?"],
  ])("may be caused by a name in its path: %s", async (path, parameter, detail) => {
    const api = await anApi();

    const response = await api.get(path);

    expect(await read(response)).toEqual(
      problem(response, "invalid-request", path, { errors: [{ parameter, detail }] }),
    );
  });
});

describe("a name in a path", () => {
  it.each([
    ["/v1/regions/the%20forge", "/v1/regions/10000002"],
    ["/v1/types/RIFTER", "/v1/types/587"],
    ["/v1/systems/jita", "/v1/systems/30000142"],
  ])("means its id: %s", async (path, byId) => {
    const api = await aSyncedApi({ contracts: [aContract()] });

    const response = await api.get(path);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(await api.json(byId));
  });
});

describe("a cursor", () => {
  const found = async (query: string) => {
    const api = await aSyncedApi({
      contracts: ["Rifter one", "Rifter two", "Rifter three"].map((title) => aContract({ title })),
      regionIds: [10_000_002, 10_000_043],
    });
    const { meta } = await api.json<{ meta: { next_cursor: string } }>(`${search}?limit=1${query}`);
    const ask = (others: string) => api.get(`${search}?cursor=${meta.next_cursor}${others}`);
    return { ask, cursor: meta.next_cursor };
  };
  const base64url = (text: string) =>
    btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  it.each([
    "x",
    "!!!",
    base64url("not JSON"),
    base64url("{}"),
    base64url("[]"),
    base64url('["fingerprint"]'),
    base64url('["fingerprint",1]'),
    base64url('["fingerprint",1,-1]'),
    base64url('["fingerprint",1,1.5]'),
    base64url('["fingerprint",true,1]'),
    base64url('["fingerprint",1e999,1]'),
    base64url('["fingerprint",1,1,1]'),
    base64url("\xFF\xFE"),
    "a".repeat(1_001),
    "",
  ])("that is malformed is refused: %j", async (cursor) => {
    const api = await anApi();

    const response = await api.get(asked({ cursor }));

    expect(await faults(response)).toEqual([["cursor", "Malformed"]]);
  });

  it.each([
    ["of another filter", "", "&type=courier"],
    ["of a filter more", "&q=rifter", ""],
    ["of another value", "&region_id=10000002", "&region_id=10000043"],
    ["of a value more", "&region_id=10000002,10000043", "&region_id=10000002"],
    ["of another bound", "&min_price=1", "&max_price=1"],
    ["of another status", "", "&status=outstanding,gone"],
    ["of another sort", "&sort=price", "&sort=-price"],
    ["of no sort", "&sort=price", ""],
    ["of an item filter", "&type_id=587", "&group_id=587"],
  ])("%s is refused", async (_, madeFor, askedFor) => {
    const { ask } = await found(madeFor);

    const response = await ask(askedFor);

    expect(await faults(response)).toEqual([["cursor", "Made for other filters or another sort"]]);
  });

  it.each([
    ["another limit", "", "&limit=2"],
    ["what is meant without saying so", "", "&sort=-date_issued&status=outstanding"],
    ["the same in another order", "&sort=price&q=rifter", "&q=rifter&sort=price"],
    ["names in place of ids", "&region_id=10000002,10000043", "&region_id=domain,The Forge"],
    ["its values in another order", "&region_id=10000002,10000043", "&region_id=10000043,10000002"],
    [
      "its values repeated",
      "&region_id=10000002,10000043",
      "&region_id=10000043&region_id=10000002",
    ],
    [
      "the same instant in another zone",
      "&first_seen_after=2026-01-01T00:00:00Z",
      "&first_seen_after=2026-01-01T01:00:00%2B01:00",
    ],
  ])("still works with %s", async (_, madeFor, askedFor) => {
    const { ask } = await found(madeFor);

    const response = await ask(askedFor);

    const { data } = await response.json<{ data: { contract_id: number }[] }>();
    expect(data.map(({ contract_id: id }) => id)).toContain(firstContract + 1);
  });

  it("is reported together with other faults", async () => {
    const api = await anApi();

    const response = await api.get(asked({ cursor: "", limit: "0", bogus: "1" }));

    expect(await faults(response)).toEqual([
      ["bogus", "Unknown parameter"],
      ["cursor", "Malformed"],
      ["limit", wholeNumber(1, 100)],
    ]);
  });

  it("is opaque, and needs no escaping in an address", async () => {
    const { cursor } = await found("&sort=label");

    expect(cursor).toMatch(/^[\w-]+$/);
  });
});

describe("every parameter at once", () => {
  const everything = {
    ...singleValues,
    ...Object.fromEntries(idLists.map((name) => [name, numbered(20).join(",")])),
    route: "highsec",
    max_jumps: "5",
    type: "item_exchange,courier",
    security: "highsec,nullsec",
  };

  it.each(["outstanding", "expired,gone", "outstanding,expired,gone"])(
    "stays within D1's 100 parameters a statement: status %s",
    async (status) => {
      const api = await aSyncedApi({ contracts: [aContract()] });
      api.meter.reset();

      const response = await api.get(asked({ ...everything, status }));

      expect(await read(response)).toMatchObject({ status: 200, body: { data: [] } });
      const numbers = api.meter
        .statements()
        .flatMap((text) => (text.match(/(?<=\?)\d+/g) ?? []).map(Number));
      expect(Math.max(...numbers)).toBeGreaterThan(20);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(100);
    },
  );

  it("may use a value several times, which is bound once", async () => {
    const api = await aSyncedApi({ contracts: [aContract()] });

    const response = await api.get(asked({ ...everything, type_id: numbered(100).join(",") }));

    expect(response.status).toBe(200);
  });
});

it.each(["/v1/contracts", "/v1/types", "/v1/status"])(
  "refuses even __proto__, a name that objects lose: %s",
  async (path) => {
    const api = await anApi();

    const response = await api.get(`${path}?__proto__=1`);

    expect(await faults(response)).toEqual([["__proto__", "Unknown parameter"]]);
  },
);
