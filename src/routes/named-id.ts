import type { Context } from "hono";

import type { NamedKind } from "../domain/named-kind.ts";
import type { AppEnv } from "../http/context.ts";
import { InvalidParameters } from "../http/problem.ts";
import { countAgainst } from "../http/rate-limit.ts";
import type { NamedQuestion, NameLookup } from "../services/name-lookup.ts";

/** Looks up names. Suggestions for an unknown name need a search, and count as one. */
export const nameLookupOf = (c: Context<AppEnv>): NameLookup => ({
  resolve: (questions) =>
    c.var.container.nameLookup.resolve(questions, () => countAgainst(c, "search")),
});

/**
 * The ids that parameters mean. The parameters hold ids or names.
 *
 * @throws {InvalidParameters} listing each name that matches nothing, or more than one thing.
 */
export async function idsOf(
  lookup: NameLookup,
  questions: readonly NamedQuestion[],
): Promise<number[][]> {
  const { ids, faults } = await lookup.resolve(questions);
  if (faults.length > 0) throw new InvalidParameters(faults);
  return ids;
}

/** The id that a part of the path means. @throws as `idsOf` does. */
export async function idOf(
  c: Context<AppEnv>,
  kind: NamedKind,
  parameter: string,
  value: number | string,
): Promise<number> {
  if (typeof value === "number") return value;
  const [[id = 0] = []] = await idsOf(nameLookupOf(c), [{ kind, parameter, values: [value] }]);
  return id;
}
