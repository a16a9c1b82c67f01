import { z } from "@hono/zod-openapi";
import type { Context, ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { $ZodIssue } from "zod/v4/core";

import { AppError, type ErrorCode } from "../errors.ts";
import { log } from "../lib/log.ts";
import { cacheHeaders } from "./caching.ts";
import type { AppEnv } from "./context.ts";
import { originOf } from "./origin.ts";

export const problemMediaType = "application/problem+json";

/** RFC 9457 problem details. The request id and the faults of a request are extension members. */
export const problemSchema = z
  .object({
    type: z.url().openapi({
      description: "Identifies the kind of problem; the URL leads to its explanation.",
      example: "https://hangar-bay.example/problems/invalid-request",
    }),
    title: z.string().openapi({ example: "Invalid request" }),
    status: z.int().openapi({ example: 400 }),
    detail: z.string().optional(),
    instance: z
      .string()
      .optional()
      .openapi({ description: "The path of the request.", example: "/v1/contracts" }),
    request_id: z.string().openapi({ example: "b2c1a5d8-5f0e-4f2f-8f52-3f4c0f8f0a11" }),
    errors: z
      .array(
        z.object({
          parameter: z.string().optional().openapi({ example: "regionid" }),
          pointer: z.string().optional().openapi({
            description: "Location in the request body, as a JSON Pointer (RFC 6901).",
            example: "/region_ids/0",
          }),
          detail: z.string().openapi({ example: "Unknown parameter" }),
        }),
      )
      .optional()
      .openapi({
        description:
          "Every fault in the request, each with its `parameter`, or its `pointer` into the body.",
      }),
  })
  .openapi("Problem");

export type Problem = z.infer<typeof problemSchema>;
type Fault = NonNullable<Problem["errors"]>[number];

type Kind = {
  status: number;
  title: string;
  /** What the problem means and what to do about it, for readers who follow `type`. */
  explanation: string;
  headers?: Record<string, string>;
};

/** `docs/problems.md` says the same. */
export const problems: Record<ErrorCode, Kind> = {
  "invalid-request": {
    status: 400,
    title: "Invalid request",
    explanation:
      "The request has a fault: an unknown parameter, a value out of range, or a cursor from another query. `errors` names every fault. Nothing was searched: an unknown parameter is never ignored, so a typo cannot drop a filter unnoticed.",
  },
  unauthorized: {
    status: 401,
    title: "Unauthorized",
    explanation: "The admin routes need `Authorization: Bearer <ADMIN_TOKEN>`.",
    headers: { "www-authenticate": 'Bearer realm="admin"' },
  },
  "not-found": {
    status: 404,
    title: "Not found",
    explanation: "The path does not exist. `/docs` lists all paths.",
  },
  "contract-not-found": {
    status: 404,
    title: "Contract not found",
    explanation:
      "Hangar Bay has never seen a contract with this id in a public list, or the contract ended so long ago that it has been deleted. A new contract can take up to half an hour to appear, because ESI lists it only then.",
    headers: cacheHeaders("absent"),
  },
  "region-not-found": {
    status: 404,
    title: "Region not found",
    explanation: "The region does not exist, or this deployment does not sync it.",
  },
  "system-not-found": {
    status: 404,
    title: "System not found",
    explanation: "No solar system has this id.",
  },
  "type-not-found": {
    status: 404,
    title: "Type not found",
    explanation:
      "No type of item with this id is known. New types are fetched from ESI when a contract first offers them.",
  },
  "route-not-found": {
    status: 404,
    title: "Route not found",
    explanation:
      "No stargate route of the requested kind connects the two systems. One of them may be on an island, in wormhole space or in Pochven.",
  },
  "hull-not-found": {
    status: 404,
    title: "Hull not found",
    explanation:
      "No contract offers this hull alone, with nothing else, so there is no asking price to report.",
  },
  "method-not-allowed": {
    status: 405,
    title: "Method not allowed",
    explanation:
      "The path does not support this method. The `Allow` header names the methods it supports.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "Unsupported media type",
    explanation: "The request body must be JSON, sent with `Content-Type: application/json`.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    explanation:
      "Your IP address has exceeded its limit. Wait for the number of seconds in `Retry-After`. Cached responses and 304s are not counted: use the same URL for the same query, send `If-None-Match`, and poll at most once a minute.",
  },
  "internal-error": {
    status: 500,
    title: "Internal error",
    explanation: "The server failed. Its log has the details under `request_id`.",
  },
  "settings-invalid": {
    status: 500,
    title: "Settings invalid",
    explanation:
      "The deployment's settings are wrong, and no data is served until its operator corrects them. `detail` names each invalid variable. The README explains them.",
  },
  "database-unavailable": {
    status: 503,
    title: "Database unavailable",
    explanation:
      "The database did not answer. Try again after the number of seconds in `Retry-After`.",
    headers: { "retry-after": "10" },
  },
  "cache-unavailable": {
    status: 503,
    title: "Cache unavailable",
    explanation:
      "The cache could not be emptied; the log says why. Cloudflare allows only a few purges a minute. Try again after the number of seconds in `Retry-After`.",
    headers: { "retry-after": "60" },
  },
};

/** Headers that describe an answer. A problem sent in its place must not have them. */
const ownHeaders = [
  "cache-control",
  "cloudflare-cdn-cache-control",
  "cache-tag",
  "etag",
  "last-modified",
  "link",
];

type Rest = { detail?: string | undefined; errors?: Fault[]; headers?: Record<string, string> };

function respond(
  c: Context<AppEnv>,
  code: ErrorCode,
  { detail, errors, headers }: Rest = {},
): Response {
  const { status, title, headers: kindHeaders } = problems[code];
  const problem: Problem = {
    type: `${originOf(c)}/problems/${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    instance: new URL(c.req.url).pathname,
    request_id: c.var.requestId,
    ...(errors ? { errors } : {}),
  };
  // Hono lets headers that a handler set before it failed override all others.
  for (const name of ownHeaders) c.header(name, undefined);
  return Response.json(problem, {
    status,
    headers: {
      "content-type": problemMediaType,
      "cache-control": "no-store",
      ...kindHeaders,
      ...headers,
    },
  });
}

/** The details that callers may see of a server error: only how to fix the settings. */
function detailOf({ code, message }: AppError): string | undefined {
  return problems[code].status < 500 || code === "settings-invalid" ? message : undefined;
}

const codeOfStatus: Partial<Record<number, ErrorCode>> = {
  400: "invalid-request",
  401: "unauthorized",
  404: "not-found",
  405: "method-not-allowed",
  415: "unsupported-media-type",
};

/** Thrown for faults that the schema of a parameter or a body cannot express. */
export class InvalidParameters extends AppError {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(
      "invalid-request",
      faults.map(({ parameter, pointer }) => parameter ?? pointer).join(", "),
    );
    this.faults = faults;
  }
}

export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof InvalidParameters) {
    return respond(c, error.code, { errors: [...error.faults] });
  }
  const known = error instanceof AppError ? error : undefined;
  if (known && problems[known.code].status < 500) {
    return respond(c, known.code, { detail: detailOf(known) });
  }
  if (error instanceof HTTPException) {
    const code = codeOfStatus[error.status];
    if (code) return respond(c, code, { detail: error.message || undefined });
  }
  // The message may contain SQL or an upstream body. It goes only to the log.
  const { message, stack } = error;
  log("error", "request-failed", { requestId: c.var.requestId, code: known?.code, message, stack });
  return known ? respond(c, known.code, { detail: detailOf(known) }) : respond(c, "internal-error");
};

export const notFound: NotFoundHandler<AppEnv> = (c) => respond(c, "not-found");

export const methodNotAllowed = (c: Context<AppEnv>, allowed: readonly string[]): Response =>
  respond(c, "method-not-allowed", { headers: { allow: allowed.join(", ") } });

/** RFC 6901, section 3. */
const escapedPointer = (part: string): string => part.replaceAll("~", "~0").replaceAll("/", "~1");

function faultsOf(target: string, issue: $ZodIssue): Fault[] {
  const place = (path: readonly PropertyKey[]) =>
    target === "json"
      ? { pointer: path.map((part) => `/${escapedPointer(String(part))}`).join("") }
      : { parameter: String(path[0] ?? "") };
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      ...place([...issue.path, key]),
      detail: target === "json" ? "Unknown member" : "Unknown parameter",
    }));
  }
  return [{ ...place(issue.path), detail: issue.message }];
}

/** Reports all faults of a request at once. */
export const invalidRequest = (
  c: Context<AppEnv>,
  target: string,
  issues: readonly $ZodIssue[],
): Response =>
  respond(c, "invalid-request", { errors: issues.flatMap((issue) => faultsOf(target, issue)) });

/**
 * Spread this into a route's `responses`: `...problemResponses("contract-not-found")`. It always
 * includes `internal-error`, because any route may fail.
 */
export function problemResponses(...codes: readonly ErrorCode[]) {
  return Object.fromEntries(
    [...codes, "internal-error" as const].map((code) => [
      problems[code].status,
      {
        description: problems[code].title,
        content: { [problemMediaType]: { schema: problemSchema } },
      },
    ]),
  );
}
