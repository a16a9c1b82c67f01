import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { ContractQuery } from "../domain/contract-query.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import { csvRecord } from "../formats/csv.ts";
import { streamOf } from "../formats/stream.ts";
import { conditionalText, regionTags } from "../http/caching.ts";
import type { AppEnv } from "../http/context.ts";
import { contractCursors } from "../http/pagination.ts";
import { problemResponses } from "../http/problem.ts";
import { questionOf, searchOf } from "../http/question.ts";
import { createRouter } from "../http/router.ts";
import { cellsOf, columnsOf, defaultColumns } from "./contract-columns.ts";
import { answeredFields, type ContractField, fieldsFrom } from "./contract-fields.ts";
import {
  contractExportQuerySchema,
  filtersFrom,
  reachFrom,
  resolveNames,
  sortFrom,
} from "./contract-query.schema.ts";
import { contractDefaults, contractQuestion } from "./contract-question.ts";
import { toContract } from "./contract.schema.ts";
import { nameLookupOf } from "./named-id.ts";

const defaultLimit = 1_000;
const exportDefaults = { ...contractDefaults, limit: String(defaultLimit) };

const csvMediaType = "text/csv; charset=utf-8; header=present";
const ndjsonMediaType = "application/x-ndjson";

const totalHeader = z.object({
  "X-Total-Count": z
    .string()
    .openapi({ description: "The number of contracts that match in all: exact." }),
});

const responsesOf = (description: string, mediaType: string) => ({
  200: {
    description: `${description} `.concat("`Link` leads to the next part, if there is one."),
    headers: totalHeader,
    content: { [mediaType]: { schema: z.string() } },
  },
  304: { description: "The client's copy is current." },
  ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
});

const csv = createRoute({
  method: "get",
  path: "/v1/contracts.csv",
  operationId: "exportContractsAsCsv",
  summary: "Search public contracts, as CSV",
  description:
    "The search of `GET /v1/contracts` as RFC 4180 CSV with a header row. A text that a spreadsheet would take for a formula begins with an apostrophe. `flags` are codes with spaces between them, `blueprint` is four columns.",
  tags: ["contracts"],
  request: { query: contractExportQuerySchema },
  responses: responsesOf("One record per contract.", "text/csv"),
});

const ndjson = createRoute({
  method: "get",
  path: "/v1/contracts.ndjson",
  operationId: "exportContractsAsNdjson",
  summary: "Search public contracts, as NDJSON",
  description: "The search of `GET /v1/contracts`, one contract as JSON per line.",
  tags: ["contracts"],
  request: { query: contractExportQuerySchema },
  responses: responsesOf("One line per contract.", ndjsonMediaType),
});

type Format = {
  path: string;
  mediaType: string;
  /** The text before the contracts. */
  head: string;
  write: (contract: ContractSummary) => string;
};

function csvFormat(asked: readonly ContractField[] | undefined): Format {
  const fields = asked ?? defaultColumns;
  return {
    path: "/v1/contracts.csv",
    mediaType: csvMediaType,
    head: csvRecord(fields.flatMap(columnsOf)),
    write: (contract) => {
      const written = toContract(contract);
      return csvRecord(fields.flatMap((field) => cellsOf(written, field)));
    },
  };
}

function ndjsonFormat(asked: readonly ContractField[] | undefined): Format {
  const fields = asked && answeredFields(asked);
  return {
    path: "/v1/contracts.ndjson",
    mediaType: ndjsonMediaType,
    head: "",
    write: (summary) => {
      const contract = toContract(summary);
      return `${JSON.stringify(fields ? fieldsFrom(contract, fields) : contract)}\n`;
    },
  };
}

async function* partsOf(
  { head, write }: Format,
  chunks: AsyncGenerator<ContractSummary[], void>,
): AsyncGenerator<string, void> {
  if (head !== "") yield head;
  for await (const contracts of chunks) yield contracts.map(write).join("");
}

/** Answers a search in a given format, as a stream. Memory use does not grow with the limit. */
async function exported(
  c: Context<AppEnv>,
  given: z.output<typeof contractExportQuerySchema>,
  formatOf: (fields: readonly ContractField[] | undefined) => Format,
): Promise<Response> {
  const { contractSearch, contractExport, stargates } = c.var.container;
  const values = await resolveNames(given, nameLookupOf(c));
  // A CSV has exactly the named fields, so the question includes them in their order.
  const asked = { ...contractQuestion(values), fields: values.fields?.join(",") };
  const format = formatOf(values.fields);
  // Cursors are shared with the list. A cursor of one continues in the other.
  const search = searchOf("/v1/contracts", contractQuestion(values), contractDefaults);
  const after = await contractCursors.decode(search, values.cursor);
  const reach = reachFrom(values, stargates);
  const filters = filtersFrom(values, reach, stargates);
  const limit = values.limit ?? defaultLimit;
  const query: ContractQuery = { filters, sort: sortFrom(values), reach, limit, after };
  const tags = regionTags(filters.regionIds);

  return conditionalText(c, {
    policy: "market",
    limit: "export",
    mediaType: format.mediaType,
    question: questionOf(format.path, asked, exportDefaults),
    versions: async () => [{ version: (await contractSearch.versions(filters)).own, tags }],
    answer: async () => {
      const { version, total, next, chunks } = await contractExport.open(query);
      return {
        version,
        tags,
        nextCursor: await contractCursors.encode(search, next),
        headers: { "x-total-count": String(total) },
        body: streamOf(partsOf(format, chunks)),
      };
    },
  });
}

export const contractExportRoutes = createRouter()
  .openapi(csv, async (c) => exported(c, c.req.valid("query"), csvFormat))
  .openapi(ndjson, async (c) => exported(c, c.req.valid("query"), ndjsonFormat));
