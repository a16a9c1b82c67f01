import { createRoute } from "@hono/zod-openapi";

import type { ContractQuery } from "../domain/contract-query.ts";
import { conditional, regionTags } from "../http/caching.ts";
import { createRouter } from "../http/context.ts";
import { linkToNext } from "../http/link.ts";
import { contractCursors } from "../http/pagination.ts";
import { onlyParameters } from "../http/parameters.ts";
import { problemResponses } from "../http/problem.ts";
import {
  contractDetailSchema,
  contractIdSchema,
  toContractDetail,
} from "./contract-detail.schema.ts";
import { contractListSchema, toContractList } from "./contract-list.schema.ts";
import {
  contractQuerySchema,
  filtersFrom,
  reachFrom,
  resolveNames,
  sortFrom,
} from "./contract-query.schema.ts";
import { nameLookupOf } from "./named-id.ts";

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listContracts",
  summary: "Search public contracts",
  description:
    "All that is given must hold. A contract whose items are not known matches no filter on items, either way.",
  tags: ["contracts"],
  request: { query: contractQuerySchema },
  responses: {
    200: {
      description: "A page of matching contracts. `Link` leads to the next one.",
      content: { "application/json": { schema: contractListSchema } },
    },
    304: { description: "The caller's copy is still right." },
    ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
  },
});

const detail = createRoute({
  method: "get",
  path: "/{contract_id}",
  operationId: "getContract",
  summary: "One contract with its items",
  description: "An ended contract is served for as long as it is kept, with its `status`.",
  tags: ["contracts"],
  request: { params: contractIdSchema, query: onlyParameters({}) },
  responses: {
    200: {
      description: "The contract",
      content: { "application/json": { schema: contractDetailSchema } },
    },
    304: { description: "The caller's copy is still right." },
    ...problemResponses(
      "invalid-request",
      "contract-not-found",
      "rate-limited",
      "database-unavailable",
    ),
  },
});

const defaultLimit = 50;

export const contractRoutes = createRouter()
  .openapi(list, async (c) => {
    const { contractSearch, stargates } = c.var.container;
    const values = await resolveNames(c.req.valid("query"), nameLookupOf(c));
    const reach = reachFrom(values, stargates);
    const filters = filtersFrom(values, reach, stargates);
    const question = { filters, sort: sortFrom(values), reach };
    const after = await contractCursors.decode(question, values.cursor);
    const query: ContractQuery = { ...question, limit: values.limit ?? defaultLimit, after };

    const page = await conditional(c, {
      policy: "market",
      limit: "search",
      tags: (found) => [
        ...regionTags(filters.regionIds),
        ...(found?.isAboutOthers ? ["region-all"] : []),
      ],
      version: () => contractSearch.version(filters),
      answer: async () => {
        const found = await contractSearch.find(query);
        return { version: found.version, body: found };
      },
    });
    if (!page) return c.body(null, 304);
    const nextCursor = await contractCursors.encode(question, page.next);
    if (nextCursor) c.header("link", linkToNext(c.req.url, nextCursor));
    return c.json(toContractList(page, nextCursor), 200);
  })
  .openapi(detail, async (c) => {
    const { contract_id: contractId } = c.req.valid("param");
    const { contractDetail } = c.var.container;
    const found = await conditional(c, {
      policy: "market",
      limit: "lookup",
      // Without the detail its region is not known: a 304 then leaves the tags of the cached copy.
      tags: (body) => (body ? detailTags(contractId, body.regionId) : []),
      version: () => contractDetail.version(contractId),
      answer: async () => {
        const { detail: contract, version } = await contractDetail.get(contractId);
        return { version, body: contract };
      },
    });
    return found ? c.json(toContractDetail(found), 200) : c.body(null, 304);
  });

const detailTags = (contractId: number, regionId: number): string[] => [
  ...regionTags([regionId]),
  `contract-${contractId}`,
];
