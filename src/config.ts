import { z } from "zod";

import type { DailyWindow } from "./domain/downtime.ts";
import { AppError } from "./errors.ts";

function integer(min: number, max: number) {
  const error = `A whole number from ${min} to ${max}`;
  // What is blank would count as 0.
  return z.coerce
    .string()
    .regex(/\S/, error)
    .pipe(z.coerce.number<string>(error).int(error).min(min, error).max(max, error));
}

/** An e-mail address, a web address, a Discord or character name: how CCP reaches who runs this. */
const contact = /[^\s@]+@[^\s@]+|https?:\/\/\S+|discord:\S+|eve:\S+/i;

/** Domains that documentation uses (RFC 2606), ours too: nobody is there. */
const placeholder = /[@/.]example\.(com|net|org)\b/i;

const regionIds = z
  .string()
  .regex(/^(\s*\d{8}\s*(,\s*\d{8}\s*)*)?$/, "Region ids, of eight digits each, separated by commas")
  .transform((list) =>
    list
      .split(",")
      .filter((id) => id.trim())
      .map(Number),
  );

/** "10:58-11:20": minutes of the day in UTC. */
const dailyWindow = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$/, "HH:MM-HH:MM in UTC, or empty")
  .transform((text) => {
    const [from, to] = text.split("-").map((time) => {
      const [hours = 0, minutes = 0] = time.split(":").map(Number);
      return hours * 60 + minutes;
    });
    return from === undefined || to === undefined ? null : { fromMinute: from, toMinute: to };
  });

const isLocalHost = (hostname: string) => ["localhost", "127.0.0.1"].includes(hostname);

/** "https://contracts.example": no more than an origin, so that paths can be put behind it. */
const origin = z
  .url("A web address")
  .transform((url) => new URL(url))
  .refine(
    ({ protocol, hostname }) =>
      protocol === "https:" || (protocol === "http:" && isLocalHost(hostname)),
    "https, or http at localhost",
  )
  .refine(
    ({ origin: alone, href }) => href === `${alone}/`,
    "Without a path, a query or a user's name",
  )
  .transform(({ origin: alone }) => alone);

/** Every plain variable and secret: documented in `.dev.vars.example` and the README. */
const settingsSchema = z.object({
  ESI_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://esi.evetech.net")
    .transform((url) => url.replace(/\/+$/, "")),
  // A header takes one line: a control character would fail each request as a broken connection.
  ESI_USER_AGENT: z
    .string()
    .trim()
    .regex(/^\P{Cc}*$/u, "One line of text")
    .default(""),
  ESI_COMPATIBILITY_DATE: z.iso.date().default("2026-08-18"),
  ESI_TIMEOUT_MS: integer(100, 60_000).default(10_000),
  ESI_REQUESTS_PER_SECOND: integer(1, 1_000).default(20),
  ESI_DOWNTIME: dailyWindow.prefault("10:58-11:20"),
  SYNC_REGION_IDS: regionIds.prefault(""),
  SYNC_RUN_SECONDS: integer(5, 840).default(55),
  SYNC_RUN_REQUESTS: integer(40, 9_000).default(2_000),
  SYNC_RUN_QUERIES: integer(40, 1_000).default(900),
  PRICES_EVERY_HOURS: integer(0, 168).default(6),
  RETENTION_DAYS: integer(1, 3_650).default(90),
  PUBLIC_URL: origin.optional(),
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "16 characters at least, none of them a space or beyond ASCII")
    .optional(),
});

/** All there are. */
export const settingNames: readonly string[] = Object.keys(settingsSchema.shape);

type Settings = z.infer<typeof settingsSchema>;

export type Config = Readonly<{
  esiBaseUrl: string;
  esiUserAgent: string;
  esiCompatibilityDate: string;
  esiTimeoutMs: number;
  esiRequestsPerSecond: number;
  /** No request is made to ESI in this part of the day; null: there is no such part. */
  esiDowntime: DailyWindow | null;
  /** Empty: every region that holds public contracts. */
  syncRegionIds: readonly number[];
  /** What one run of the sync may take: wall-clock seconds, requests to ESI, statements to D1. */
  syncRunSeconds: number;
  syncRunRequests: number;
  syncRunQueries: number;
  /** How often the price book is renewed; 0: there is none. */
  pricesEveryHours: number;
  retentionDays: number;
  /** Where this service is found; undefined: at whichever host is asked. */
  publicUrl: string | undefined;
  adminToken: string | undefined;
}>;

/** The stand-in needs no contact; whoever is asked over the network does. */
const isLocal = (env: Env, baseUrl: string) =>
  env.ESI !== undefined || isLocalHost(new URL(baseUrl).hostname);

const whoAsksWhom = settingsSchema.pick({ ESI_BASE_URL: true, ESI_USER_AGENT: true });

function missingContact(env: Env): string[] {
  const { success, data } = whoAsksWhom.safeParse(env);
  if (!success || isLocal(env, data.ESI_BASE_URL)) return [];
  const { ESI_USER_AGENT: userAgent } = data;
  if (contact.test(userAgent) && !placeholder.test(userAgent)) return [];
  return [
    "ESI_USER_AGENT: must name a contact of yours, as ESI asks for: an e-mail address at least, as in HangarBay/1.0 (you@your.domain). An address at example.com is nobody's",
  ];
}

/** That setting alone, for what is said even where another one is wrong. */
export const publicUrlFrom = (env: Pick<Env, "PUBLIC_URL"> | undefined): string | undefined =>
  settingsSchema.shape.PUBLIC_URL.safeParse(env?.PUBLIC_URL).data;

/** zod's words, without the value: it may be a secret. */
const problemsOf = (error: z.ZodError) =>
  error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

const parsed = new WeakMap<Env, Config>();

/**
 * The settings of an environment, parsed once and frozen.
 *
 * @throws {AppError} `settings-invalid`, naming every bad variable at once.
 */
export function configFrom(env: Env): Config {
  const cached = parsed.get(env);
  if (cached) return cached;

  const result = settingsSchema.safeParse(env);
  const problems = [...(result.success ? [] : problemsOf(result.error)), ...missingContact(env)];
  if (!result.success || problems.length > 0) {
    throw new AppError("settings-invalid", problems.join("; "));
  }
  const config = configOf(result.data);
  parsed.set(env, config);
  return config;
}

const configOf = (settings: Settings): Config =>
  Object.freeze({
    esiBaseUrl: settings.ESI_BASE_URL,
    esiUserAgent: settings.ESI_USER_AGENT || "HangarBay (offline)",
    esiCompatibilityDate: settings.ESI_COMPATIBILITY_DATE,
    esiTimeoutMs: settings.ESI_TIMEOUT_MS,
    esiRequestsPerSecond: settings.ESI_REQUESTS_PER_SECOND,
    esiDowntime: Object.freeze(settings.ESI_DOWNTIME),
    syncRegionIds: Object.freeze(settings.SYNC_REGION_IDS),
    syncRunSeconds: settings.SYNC_RUN_SECONDS,
    syncRunRequests: settings.SYNC_RUN_REQUESTS,
    syncRunQueries: settings.SYNC_RUN_QUERIES,
    pricesEveryHours: settings.PRICES_EVERY_HOURS,
    retentionDays: settings.RETENTION_DAYS,
    publicUrl: settings.PUBLIC_URL,
    adminToken: settings.ADMIN_TOKEN,
  });
