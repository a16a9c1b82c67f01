import { z } from "@hono/zod-openapi";

import type { FilterName } from "../domain/contract-query.ts";
import { contractTypes } from "../domain/contract.ts";
import { isoFromSeconds } from "../lib/time.ts";
import type { ContractPage } from "../services/contract-search.ts";
import { type ContractField, fieldsFrom, partialContractSchema } from "./contract-fields.ts";
import { parameterOf } from "./contract-query.schema.ts";
import { contractSchema, toContract } from "./contract.schema.ts";

const count = () => z.int().nonnegative();

export const contractListSchema = z
  .object({
    data: z.array(z.union([contractSchema, partialContractSchema])).openapi({
      description: "The contracts of this page: whole, or only the fields that `fields` names.",
    }),
    meta: z.object({
      total: count().openapi({ description: "Exact number of contracts that match." }),
      total_by_type: z.record(z.enum(contractTypes), count()).openapi({
        required: [...contractTypes],
        description: "Number of matches per type, with every filter applied except `type`.",
      }),
      next_cursor: z.string().nullable().openapi({ description: "Null on the last page." }),
      as_of: z.string().nullable().openapi({
        format: "date-time",
        description:
          "When ESI made the oldest list of the regions searched; null if one of their lists is missing.",
      }),
      stale: z.boolean().openapi({
        description:
          "True if a list of the regions searched is missing, or older than twice the time that ESI caches it.",
      }),
      items_pending: count().openapi({
        description:
          "Contracts of these regions whose items have not been fetched yet. No filter on items matches them.",
      }),
      unknown_system_excluded: count().openapi({
        description: "Contracts that a filter on systems left out because their system is unknown.",
      }),
      unreachable_excluded: count().openapi({
        description:
          "Contracts that `max_jumps` left out because no route leads there, or because their system is unknown.",
      }),
      relaxations: z
        .record(z.string(), count().nullable())
        .nullable()
        .openapi({
          description:
            "Given only if nothing matches; otherwise null. For each filter in the request: how many contracts would match without it, or null if counting them would cost too much.",
          example: { max_price: 12 },
        }),
    }),
  })
  .openapi("ContractList");

function toRelaxations({ relaxations }: ContractPage): Record<string, number | null> | null {
  if (!relaxations) return null;
  const names = Object.keys(parameterOf).filter(isFilterName);
  return Object.fromEntries(
    names.flatMap((name) => {
      const matches = relaxations[name];
      return matches === undefined ? [] : [[parameterOf[name], matches]];
    }),
  );
}

const isFilterName = (name: string): name is FilterName => Object.hasOwn(parameterOf, name);

export const toContractList = (
  page: ContractPage,
  nextCursor: string | null,
  fields: readonly ContractField[] | undefined,
): z.infer<typeof contractListSchema> => ({
  data: page.contracts
    .map(toContract)
    .map((contract) => (fields ? fieldsFrom(contract, fields) : contract)),
  meta: {
    total: page.total,
    total_by_type: page.totalByType,
    next_cursor: nextCursor,
    as_of: page.asOf === null ? null : isoFromSeconds(page.asOf),
    stale: page.isStale,
    items_pending: page.itemsPending,
    unknown_system_excluded: page.unknownSystemExcluded,
    unreachable_excluded: page.unreachableExcluded,
    relaxations: toRelaxations(page),
  },
});
