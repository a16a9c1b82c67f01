import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { type Config, configFrom, publicUrlFrom } from "../src/config.ts";
import { AppError } from "../src/errors.ts";

type Settings = Omit<Partial<Env>, "DB" | "ESI">;

const contact = "HangarBay/1.0 (someone@hangar-bay.test)";

const configWith = (settings: Settings = {}): Config =>
  configFrom({ ...env, ESI_USER_AGENT: contact, ...settings });

/** The names of the variables that are complained about, and the whole complaint. */
function problemsWith(settings: Settings): { names: string[]; message: string } {
  try {
    configWith(settings);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "settings-invalid") throw error;
    const { message } = error;
    return { names: message.split("; ").map((problem) => problem.split(":")[0] ?? ""), message };
  }
  return { names: [], message: "" };
}

const defaults: Config = {
  esiBaseUrl: "https://esi.evetech.net",
  esiUserAgent: contact,
  esiCompatibilityDate: "2026-08-18",
  esiTimeoutMs: 10_000,
  esiRequestsPerSecond: 20,
  esiDowntime: { fromMinute: 658, toMinute: 680 },
  syncRegionIds: [],
  syncRunSeconds: 55,
  syncRunRequests: 2_000,
  syncRunQueries: 900,
  pricesEveryHours: 6,
  retentionDays: 90,
  publicUrl: undefined,
  adminToken: undefined,
};

describe("configFrom", () => {
  it("needs a contact and nothing else", () => {
    expect(configWith()).toEqual(defaults);
  });

  it("takes every variable", () => {
    const config = configWith({
      ESI_BASE_URL: "http://127.0.0.1:9000/esi",
      ESI_USER_AGENT: "Another/2.0 (eve:Somebody)",
      ESI_COMPATIBILITY_DATE: "2026-09-07",
      ESI_TIMEOUT_MS: "2500",
      ESI_REQUESTS_PER_SECOND: "5",
      ESI_DOWNTIME: "23:50-00:10",
      SYNC_REGION_IDS: "10000002,10000043",
      SYNC_RUN_SECONDS: "25",
      SYNC_RUN_REQUESTS: "100",
      SYNC_RUN_QUERIES: "45",
      PRICES_EVERY_HOURS: "12",
      RETENTION_DAYS: "7",
      PUBLIC_URL: "https://contracts.example/",
      ADMIN_TOKEN: "sixteen-letters.",
    });

    expect(config).toEqual({
      esiBaseUrl: "http://127.0.0.1:9000/esi",
      esiUserAgent: "Another/2.0 (eve:Somebody)",
      esiCompatibilityDate: "2026-09-07",
      esiTimeoutMs: 2_500,
      esiRequestsPerSecond: 5,
      esiDowntime: { fromMinute: 1_430, toMinute: 10 },
      syncRegionIds: [10_000_002, 10_000_043],
      syncRunSeconds: 25,
      syncRunRequests: 100,
      syncRunQueries: 45,
      pricesEveryHours: 12,
      retentionDays: 7,
      publicUrl: "https://contracts.example",
      adminToken: "sixteen-letters.",
    });
  });

  it("is frozen all the way down", () => {
    const config = configWith({ SYNC_REGION_IDS: "10000002" });

    expect([config, config.syncRegionIds, config.esiDowntime].map(Object.isFrozen)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("parses an environment once", () => {
    const settings: Env = { ...env, ESI_USER_AGENT: contact };

    expect(configFrom(settings)).toBe(configFrom(settings));
  });

  it("throws for a bad environment every time", () => {
    const settings: Env = { ...env, ESI_USER_AGENT: contact, RETENTION_DAYS: "0" };

    expect(() => configFrom(settings)).toThrow(AppError);
    expect(() => configFrom(settings)).toThrow(AppError);
  });
});

describe("the numbers", () => {
  const limits = [
    ["ESI_TIMEOUT_MS", 100, 60_000],
    ["ESI_REQUESTS_PER_SECOND", 1, 1_000],
    ["SYNC_RUN_SECONDS", 5, 840],
    ["SYNC_RUN_REQUESTS", 40, 9_000],
    ["SYNC_RUN_QUERIES", 40, 1_000],
    ["PRICES_EVERY_HOURS", 0, 168],
    ["RETENTION_DAYS", 1, 3_650],
  ] as const;

  it.each(limits)("accepts %s from %i to %i only", (name, min, max) => {
    const isTaken = (value: number) => problemsWith({ [name]: String(value) }).names;

    expect([min - 1, min, max, max + 1].map(isTaken)).toEqual([[name], [], [], [name]]);
  });

  it.each(limits)("accepts %s only as a whole number", (name, min) => {
    const bad = ["", " ", "ten", `${min}.5`, `${min}x`, "NaN", "Infinity", "-1"];

    expect(bad.map((value) => problemsWith({ [name]: value }).names)).toEqual(
      bad.map(() => [name]),
    );
  });
});

describe("ESI_BASE_URL", () => {
  it.each([
    ["https://esi.example/", "https://esi.example"],
    ["https://esi.example//", "https://esi.example"],
    ["https://esi.example/proxy/", "https://esi.example/proxy"],
    ["http://localhost:8788", "http://localhost:8788"],
  ])("becomes %s without a slash at the end", (given, expected) => {
    expect(configWith({ ESI_BASE_URL: given }).esiBaseUrl).toBe(expected);
  });

  it.each(["", "esi.evetech.net", "ftp://esi.evetech.net", "file:///etc/passwd", "https://"])(
    "is not %j",
    (given) => {
      expect(problemsWith({ ESI_BASE_URL: given }).names).toEqual(["ESI_BASE_URL"]);
    },
  );
});

describe("ESI_USER_AGENT", () => {
  it.each([
    "HangarBay/1.0 (someone@hangar-bay.test)",
    "HangarBay (+https://hangar-bay.test/contact)",
    "HangarBay discord:somebody",
    "HangarBay EVE:Somebody",
    "Jörg – jo@example.de",
  ])("may be %s", (given) => {
    expect(configWith({ ESI_USER_AGENT: given }).esiUserAgent).toBe(given);
  });

  it.each([undefined, "", "  ", "HangarBay/1.0", "@", "https://", "discord: me", "eve:"])(
    "must name a contact against the live ESI: not %j",
    (given) => {
      const settings = given === undefined ? {} : { ESI_USER_AGENT: given };

      expect(() => configFrom({ ...env, ...settings })).toThrow(
        "ESI_USER_AGENT: must name a contact",
      );
    },
  );

  it.each(["you@example.com", "x (me@mail.example.org)", "https://example.net/"])(
    "must not be the contact of an example: %s",
    (given) => {
      expect(problemsWith({ ESI_USER_AGENT: given }).names).toEqual(["ESI_USER_AGENT"]);
    },
  );

  it.each(["http://localhost:8788", "http://127.0.0.1:8788"])("may be absent at %s", (baseUrl) => {
    expect(configFrom({ ...env, ESI_BASE_URL: baseUrl }).esiUserAgent).toBe("HangarBay (offline)");
  });

  it.each(["http://localhost.example.com", "https://127.0.0.1.example.com", "https://10.0.0.1"])(
    "must name a contact when ESI is at %s, a host other than ours",
    (baseUrl) => {
      expect(() => configFrom({ ...env, ESI_BASE_URL: baseUrl })).toThrow("ESI_USER_AGENT");
    },
  );

  it("may be absent if the stand-in is bound as ESI", () => {
    const standIn = { fetch, connect: () => expect.fail("Nobody connects") };

    expect(configFrom({ ...env, ESI: standIn }).esiBaseUrl).toBe("https://esi.evetech.net");
  });

  it.each(["a@b.c\nX-Other: 1", "a@b.c\u0000", "a@\u007fb.c"])(
    "must be a single line, because it becomes a header: not %j",
    (given) => {
      expect(problemsWith({ ESI_USER_AGENT: given }).names).toEqual(["ESI_USER_AGENT"]);
    },
  );

  it("drops the line break that pasting leaves at the end", () => {
    expect(configWith({ ESI_USER_AGENT: `${contact}\n` }).esiUserAgent).toBe(contact);
  });
});

describe("ESI_COMPATIBILITY_DATE", () => {
  it.each(["2026-08-18", "2028-02-29"])("may be %s", (date) => {
    expect(configWith({ ESI_COMPATIBILITY_DATE: date }).esiCompatibilityDate).toBe(date);
  });

  it.each(["", "latest", "2026-02-30", "2027-02-29", "2026-8-18", "2026-08-18T00:00:00Z"])(
    "is not %j",
    (date) => {
      expect(problemsWith({ ESI_COMPATIBILITY_DATE: date }).names).toEqual([
        "ESI_COMPATIBILITY_DATE",
      ]);
    },
  );
});

describe("ESI_DOWNTIME", () => {
  it.each([
    ["00:00-23:59", { fromMinute: 0, toMinute: 1_439 }],
    ["11:00-11:00", { fromMinute: 660, toMinute: 660 }],
    ["23:59-00:00", { fromMinute: 1_439, toMinute: 0 }],
    ["", null],
  ])("is %j", (given, expected) => {
    expect(configWith({ ESI_DOWNTIME: given }).esiDowntime).toEqual(expected);
  });

  it.each(["24:00-11:00", "11:00-11:60", "11:00", "9:00-10:00", "11:00 - 11:20", "-", "none"])(
    "is not %j",
    (given) => {
      expect(problemsWith({ ESI_DOWNTIME: given }).names).toEqual(["ESI_DOWNTIME"]);
    },
  );
});

describe("SYNC_REGION_IDS", () => {
  it.each([
    ["", []],
    ["10000002", [10_000_002]],
    ["10000002,10000043", [10_000_002, 10_000_043]],
    [" 10000002 , 10000043 ", [10_000_002, 10_000_043]],
    ["10000002,\n10000043\n", [10_000_002, 10_000_043]],
  ])("is %j", (given, expected) => {
    expect(configWith({ SYNC_REGION_IDS: given }).syncRegionIds).toEqual(expected);
  });

  it.each([
    "The Forge",
    "1000002",
    "100000020",
    "10000002;10000043",
    "10000002 10000043",
    ",10000002",
    "10000002,",
    "  ",
    "10000002,,10000043",
    "-10000002",
  ])("is not %j", (given) => {
    expect(problemsWith({ SYNC_REGION_IDS: given }).names).toEqual(["SYNC_REGION_IDS"]);
  });
});

describe("PUBLIC_URL", () => {
  it.each([
    ["https://contracts.example", "https://contracts.example"],
    ["https://Contracts.example/", "https://contracts.example"],
    ["https://contracts.example:8443", "https://contracts.example:8443"],
    ["http://localhost:8787", "http://localhost:8787"],
    ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
  ])("takes %s", (given, publicUrl) => {
    expect(configWith({ PUBLIC_URL: given }).publicUrl).toBe(publicUrl);
    expect(publicUrlFrom({ PUBLIC_URL: given })).toBe(publicUrl);
  });

  it.each([
    "",
    "contracts.example",
    "http://contracts.example",
    "ftp://contracts.example",
    "https://contracts.example/api",
    "https://contracts.example/?q=1",
    "https://contracts.example/#top",
    "https://someone@contracts.example",
  ])("is not %j", (given) => {
    expect(new Set(problemsWith({ PUBLIC_URL: given }).names)).toEqual(new Set(["PUBLIC_URL"]));
    expect(publicUrlFrom({ PUBLIC_URL: given })).toBeUndefined();
  });

  it("can be read even if another setting is wrong", () => {
    const settings: Env = { ...env, PUBLIC_URL: "https://contracts.example", RETENTION_DAYS: "0" };

    expect(publicUrlFrom(settings)).toBe("https://contracts.example");
  });
});

describe("ADMIN_TOKEN", () => {
  it("has 16 characters at least", () => {
    const tokens = ["", "x".repeat(15), "x".repeat(16)];

    expect(tokens.map((token) => problemsWith({ ADMIN_TOKEN: token }).names)).toEqual([
      ["ADMIN_TOKEN"],
      ["ADMIN_TOKEN"],
      [],
    ]);
  });

  it.each(["sixteen letters.", "sixteen\u00a0letters", "sechzehn-Zeichen-ä"])(
    "must be something a header can carry: not %j",
    (given) => {
      expect(problemsWith({ ADMIN_TOKEN: given }).names).toEqual(["ADMIN_TOKEN"]);
    },
  );
});

describe("what is wrong with settings", () => {
  const all = {
    ESI_BASE_URL: "secret-url",
    ESI_USER_AGENT: "secret\nagent",
    ESI_COMPATIBILITY_DATE: "secret-date",
    ESI_TIMEOUT_MS: "secret-timeout",
    ESI_REQUESTS_PER_SECOND: "secret-rate",
    ESI_DOWNTIME: "secret-window",
    SYNC_REGION_IDS: "secret-regions",
    SYNC_RUN_SECONDS: "secret-seconds",
    SYNC_RUN_REQUESTS: "secret-requests",
    SYNC_RUN_QUERIES: "secret-queries",
    PRICES_EVERY_HOURS: "secret-hours",
    RETENTION_DAYS: "secret-days",
    PUBLIC_URL: "secret-host",
    ADMIN_TOKEN: "secret-token",
  };

  it("is reported all at once", () => {
    expect(problemsWith(all).names).toEqual(Object.keys(all));
  });

  it("is reported without its value, which may be a secret", () => {
    expect(problemsWith(all).message).not.toContain("secret");
  });

  it("is reported together with a missing contact", () => {
    expect(problemsWith({ ESI_USER_AGENT: "HangarBay/1.0", RETENTION_DAYS: "0" }).names).toEqual([
      "RETENTION_DAYS",
      "ESI_USER_AGENT",
    ]);
  });
});
