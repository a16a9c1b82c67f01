/** What many answers of the API have in common: what is read of one, and what it is held against. */
import { expect } from "vitest";

import type { ErrorCode } from "../../src/errors.ts";
import { type Problem, problems } from "../../src/http/problem.ts";

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

export const headersOf = (response: Response, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, response.headers.get(name)]));

/** What makes an answer readable for a page on another host, and findable for us. */
export const publicHeaders = (response: Response) =>
  headersOf(response, [
    "access-control-allow-origin",
    "access-control-expose-headers",
    "x-request-id",
  ]);

/** Of every answer. */
export const readableByAnyPage: Record<string, unknown> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "ETag,Last-Modified,Link,RateLimit,RateLimit-Policy,Retry-After,X-Request-Id,X-Total-Count",
  "x-request-id": expect.stringMatching(uuid),
};

export async function read(response: Response) {
  const contentType = response.headers.get("content-type");
  return { status: response.status, contentType, body: await response.json() };
}

/** What `read` makes of a problem; `path` is what was asked for. */
export function problem(
  response: Response,
  code: ErrorCode,
  path: string,
  rest: Pick<Problem, "detail" | "errors"> = {},
): Awaited<ReturnType<typeof read>> {
  const { status, title } = problems[code];
  return {
    status,
    contentType: "application/problem+json",
    body: {
      type: `http://localhost/problems/${code}`,
      title,
      status,
      instance: path,
      request_id: response.headers.get("x-request-id"),
      ...rest,
    },
  };
}

/** What is wrong with which parameters of an invalid request, in alphabetical order. */
export async function faults(response: Response): Promise<[string | undefined, string][]> {
  const { status, errors = [] } = await response.json<Problem>();
  if (status !== 400) throw new Error(`Status ${status}`);
  return errors
    .map(({ parameter, detail }): [string | undefined, string] => [parameter, detail])
    .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}
