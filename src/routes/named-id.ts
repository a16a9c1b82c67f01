import type { Context } from "hono";

import type { NamedKind } from "../domain/named-kind.ts";
import type { AppEnv } from "../http/context.ts";
import { InvalidParameters } from "../http/problem.ts";
import { countAgainst } from "../http/rate-limit.ts";
import type { NamedQuestion, NameLookup } from "../services/name-lookup.ts";

/** Looks names up. To suggest others for one that is nobody's costs a search, and counts as one. */
export const nameLookupOf = (c: Context<AppEnv>): NameLookup => ({
  resolve: (questions) =>
    c.var.container.nameLookup.resolve(questions, () => countAgainst(c, "search")),
});

/**
 * The ids that parameters mean, which hold ids or names.
 *
 * @throws {InvalidParameters} naming each name that is nobody's, or of several.
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
