import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { ContractQuery } from "../domain/contract-query.ts";
import { atomOf, type Feed, jsonFeedOf } from "../formats/feed.ts";
import { conditionalText, regionTags } from "../http/caching.ts";
import type { AppEnv } from "../http/context.ts";
import { originOf } from "../http/origin.ts";
import { contractCursors } from "../http/pagination.ts";
import { problemResponses } from "../http/problem.ts";
import { questionOf, searchOf } from "../http/question.ts";
import { createRouter } from "../http/router.ts";
import { entryOf } from "./contract-entry.ts";
import {
  contractFeedQuerySchema,
  filtersFrom,
  reachFrom,
  resolveNames,
  sortFrom,
} from "./contract-query.schema.ts";
import { contractDefaults, contractQuestion } from "./contract-question.ts";
import { nameLookupOf } from "./named-id.ts";

const defaultLimit = 50;
/** A feed shows the newest contracts first. */
const defaultSort = "-first_seen_at";
const feedDefaults = { ...contractDefaults, limit: String(defaultLimit), sort: defaultSort };

const jsonFeedSchema = z
  .object({
    version: z.literal("https://jsonfeed.org/version/1.1"),
    title: z.string(),
    feed_url: z.url(),
    next_url: z.url().optional().openapi({ description: "The next part, if there is one." }),
    authors: z.array(z.object({ name: z.string() })),
    items: z.array(
      z.object({
        id: z.string().openapi({ description: "A `tag:` URI that never changes." }),
        url: z.url(),
        title: z.string(),
        content_text: z.string().openapi({ description: "Plain text, with line breaks." }),
        tags: z.array(z.string()).openapi({ description: "The type, and the codes of the flags." }),
        date_published: z.iso.datetime(),
        date_modified: z.iso.datetime(),
      }),
    ),
  })
  .openapi("JsonFeed");

const responsesOf = (mediaType: string, schema: z.ZodType) => ({
  200: {
    description: "One entry per contract. `rel=next` leads to the next part, if there is one.",
    content: { [mediaType]: { schema } },
  },
  304: { description: "The client's copy is current." },
  ...problemResponses("invalid-request", "rate-limited", "database-unavailable"),
});

const atom = createRoute({
  method: "get",
  path: "/v1/contracts.atom",
  operationId: "followContractsAsAtom",
  summary: "Follow a search, as an Atom feed",
  description:
    "The search of `GET /v1/contracts` as Atom 1.0, the newest contracts first. The id of an entry never changes. `updated` of the feed is the time of the latest change to the regions of the search.",
  tags: ["contracts"],
  request: { query: contractFeedQuerySchema },
  responses: responsesOf("application/atom+xml", z.string()),
});

const json = createRoute({
  method: "get",
  path: "/v1/contracts.feed.json",
  operationId: "followContractsAsJsonFeed",
  summary: "Follow a search, as a JSON Feed",
  description: "The entries of `GET /v1/contracts.atom` as JSON Feed 1.1.",
  tags: ["contracts"],
  request: { query: contractFeedQuerySchema },
  responses: responsesOf("application/feed+json", jsonFeedSchema),
});

type Format = { path: string; mediaType: string; write: (feed: Feed) => string };

const atomFormat: Format = {
  path: "/v1/contracts.atom",
  mediaType: "application/atom+xml; charset=utf-8",
  write: atomOf,
};

const jsonFormat: Format = {
  path: "/v1/contracts.feed.json",
  mediaType: "application/feed+json; charset=utf-8",
  write: jsonFeedOf,
};

/** Answers a search as a feed. */
async function followed(
  c: Context<AppEnv>,
  given: z.output<typeof contractFeedQuerySchema>,
  { path, mediaType, write }: Format,
): Promise<Response> {
  const { contractSearch, stargates } = c.var.container;
  const resolved = await resolveNames(given, nameLookupOf(c));
  const values = { ...resolved, sort: resolved.sort ?? defaultSort };
  const asked = contractQuestion(values);
  const search = searchOf("/v1/contracts", asked, contractDefaults);
  const after = await contractCursors.decode(search, values.cursor);
  const reach = reachFrom(values, stargates);
  const filters = filtersFrom(values, reach, stargates);
  const limit = values.limit ?? defaultLimit;
  const query: ContractQuery = { filters, sort: sortFrom(values), reach, limit, after };
  const tags = regionTags(filters.regionIds);
  const origin = originOf(c);
  const questionAt = (cursor: string | undefined) =>
    questionOf(path, { ...asked, cursor }, feedDefaults);

  return conditionalText(c, {
    policy: "market",
    limit: "search",
    mediaType,
    question: questionAt(values.cursor),
    // A feed contains its own address.
    origin,
    versions: async () => [{ version: (await contractSearch.versions(filters)).own, tags }],
    answer: async () => {
      // The version is read first. Entries may be newer than the version they are kept under, but
      // never older.
      const { own: version } = await contractSearch.versions(filters);
      const { contracts, next } = await contractSearch.find(query);
      const nextCursor = await contractCursors.encode(search, next);
      const first = questionAt(undefined);
      const body = write({
        id: `tag:hangar-bay.example,2026:search${first.slice(path.length)}`,
        title: "Hangar Bay: public contracts of EVE Online",
        selfUrl: `${origin}${questionAt(values.cursor)}`,
        nextUrl: nextCursor === null ? null : `${origin}${questionAt(nextCursor)}`,
        updatedAt: version.changedAt,
        author: "Hangar Bay",
        entries: contracts.map((contract) => entryOf(contract, origin)),
      });
      return { version, tags, nextCursor, body };
    },
  });
}

export const contractFeedRoutes = createRouter()
  .openapi(atom, async (c) => followed(c, c.req.valid("query"), atomFormat))
  .openapi(json, async (c) => followed(c, c.req.valid("query"), jsonFormat));
