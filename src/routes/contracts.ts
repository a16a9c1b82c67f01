import { createRoute } from "@hono/zod-openapi";

import { allRegionsTag } from "../domain/cache-tags.ts";
import type { ContractFilters, ContractQuery } from "../domain/contract-query.ts";
import { conditional, regionTags } from "../http/caching.ts";
import { contractCursors } from "../http/pagination.ts";
import { onlyParameters } from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import { questionOf, searchOf } from "../http/question.ts";
import { createRouter } from "../http/router.ts";
import {
  contractDetailSchema,
  contractIdSchema,
  toContractDetail,
} from "./contract-detail.schema.ts";
import { answeredFields } from "./contract-fields.ts";
import { contractListSchema, toContractList } from "./contract-list.schema.ts";
import {
  contractQuerySchema,
  filtersFrom,
  reachFrom,
  resolveNames,
  sortFrom,
} from "./contract-query.schema.ts";
import { contractDefaults, contractQuestion } from "./contract-question.ts";
import { nameLookupOf } from "./named-id.ts";

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listContracts",
  summary: "Search public contracts",
  description:
    "A contract must match every filter given. A contract whose items are unknown matches no filter on items, neither `true` nor `false`.",
  tags: ["contracts"],
  request: { query: contractQuerySchema },
  responses: {
    200: {
      description: "A page of matching contracts. The `Link` header leads to the next page.",
      content: { "application/json": { schema: contractListSchema } },
    },
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
    ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
  },
});

const detail = createRoute({
  method: "get",
  path: "/{contract_id}",
  operationId: "getContract",
  summary: "One contract with its items",
  description: "An ended contract stays available, with its `status`, until it is deleted.",
  tags: ["contracts"],
  request: { params: contractIdSchema, query: onlyParameters({}) },
  responses: {
    200: {
      description: "The contract",
      content: { "application/json": { schema: contractDetailSchema } },
    },
    304: { description: "Not modified: `If-None-Match` names the current ETag." },
    ...problemResponses(
      "invalid-request",
      "contract-not-found",
      "rate-limited",
      "database-unavailable",
    ),
  },
});

const defaultLimit = 50;

/**
 * Tags for an answer that also depends on contracts elsewhere. A change there makes it outdated.
 */
const tagsBeyond = (filters: ContractFilters): string[] => [
  ...regionTags(filters.regionIds),
  allRegionsTag,
];

export const contractRoutes = createRouter()
  .openapi(list, async (c) => {
    const { contractSearch, stargates } = c.var.container;
    const values = await resolveNames(c.req.valid("query"), nameLookupOf(c));
    const asked = contractQuestion(values);
    const search = searchOf("/v1/contracts", asked, contractDefaults);
    const after = await contractCursors.decode(search, values.cursor);
    const reach = reachFrom(values, stargates);
    const filters = filtersFrom(values, reach, stargates);
    const limit = values.limit ?? defaultLimit;
    const query: ContractQuery = { filters, sort: sortFrom(values), reach, limit, after };

    return conditional(c, {
      policy: "market",
      limit: "search",
      question: questionOf("/v1/contracts", asked, contractDefaults),
      versions: async () => {
        const { own, beyond } = await contractSearch.versions(filters);
        const owned = { version: own, tags: regionTags(filters.regionIds) };
        return beyond ? [owned, { version: beyond, tags: tagsBeyond(filters) }] : [owned];
      },
      answer: async () => {
        const page = await contractSearch.find(query);
        const nextCursor = await contractCursors.encode(search, page.next);
        const tags = page.isAboutOthers ? tagsBeyond(filters) : regionTags(filters.regionIds);
        const body = toContractList(
          page,
          nextCursor,
          values.fields && answeredFields(values.fields),
        );
        return { version: page.version, tags, nextCursor, body };
      },
    });
  })
  .openapi(detail, async (c) => {
    const { contract_id: contractId } = c.req.valid("param");
    const { contractDetail } = c.var.container;
    return conditional(c, {
      policy: "market",
      limit: "lookup",
      question: `/v1/contracts/${contractId}`,
      versions: async () => {
        const version = await contractDetail.version(contractId);
        // The region is unknown without the detail. A 304 without tags leaves the tags of the
        // cached copy.
        return version ? [{ version, tags: [] }] : [];
      },
      answer: async () => {
        const { detail: contract, version } = await contractDetail.get(contractId);
        const tags = detailTags(contractId, contract.regionId);
        return { version, tags, body: toContractDetail(contract) };
      },
    });
  });

const detailTags = (contractId: number, regionId: number): string[] => [
  ...regionTags([regionId]),
  `contract-${contractId}`,
];
