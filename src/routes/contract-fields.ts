import type { z } from "@hono/zod-openapi";

import { type Contract, contractSchema } from "./contract.schema.ts";

/** The fields of a contract in a list, in the order of the answer. */
export const contractFields = contractSchema.keyof().options;

export type ContractField = keyof Contract;

/** A contract with only the requested fields. */
export const partialContractSchema = contractSchema
  .partial()
  .required({ contract_id: true })
  .openapi("PartialContract");

export type PartialContract = z.infer<typeof partialContractSchema>;

/** The fields of an answer: the requested ones, and always the id, to identify the contract. */
export const answeredFields = (asked: readonly ContractField[]): readonly ContractField[] =>
  asked.includes("contract_id") ? asked : ["contract_id", ...asked];

/** Picks these fields of a contract, in this order. */
export const fieldsFrom = (contract: Contract, fields: readonly ContractField[]): PartialContract =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `answeredFields` holds the id
  Object.fromEntries(fields.map((field) => [field, contract[field]])) as PartialContract;
