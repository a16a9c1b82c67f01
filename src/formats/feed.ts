import { generateAtomFeed, generateJsonFeed } from "feedsmith";

import { type EpochMs, isoFromMs } from "../lib/time.ts";

/** One entry. All of it is plain text, no matter who wrote it. */
export type FeedEntry = {
  /** Never changes, and is unique among entries (RFC 4287, section 4.2.6). */
  id: string;
  url: string;
  title: string;
  text: string;
  tags: readonly string[];
  publishedAt: EpochMs;
  updatedAt: EpochMs;
};

export type Feed = {
  id: string;
  title: string;
  selfUrl: string;
  /** The address of the next part of the feed, if there is one. */
  nextUrl: string | null;
  updatedAt: EpochMs;
  author: string;
  entries: readonly FeedEntry[];
};

/**
 * Characters that an XML 1.0 document must not contain, not even escaped (XML 1.0, section 2.2).
 */
const forbiddenInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const xmlText = (text: string): string => text.replace(forbiddenInXml, "");

/** Writes a feed as Atom 1.0 (RFC 4287). */
export const atomOf = ({ id, title, selfUrl, nextUrl, updatedAt, author, entries }: Feed): string =>
  generateAtomFeed({
    id: xmlText(id),
    title: { value: xmlText(title), type: "text" },
    updated: isoFromMs(updatedAt),
    authors: [{ name: author }],
    links: [
      { href: selfUrl, rel: "self", type: "application/atom+xml" },
      ...(nextUrl === null ? [] : [{ href: nextUrl, rel: "next", type: "application/atom+xml" }]),
    ],
    entries: entries.map((entry) => ({
      id: entry.id,
      title: { value: xmlText(entry.title), type: "text" },
      links: [{ href: entry.url, rel: "alternate" }],
      content: { value: xmlText(entry.text), type: "text" },
      categories: entry.tags.map((term) => ({ term })),
      published: isoFromMs(entry.publishedAt),
      updated: isoFromMs(entry.updatedAt),
    })),
  });

/** Writes a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1). */
export const jsonFeedOf = ({ title, selfUrl, nextUrl, author, entries }: Feed): string =>
  JSON.stringify(
    generateJsonFeed({
      title,
      feed_url: selfUrl,
      ...(nextUrl === null ? {} : { next_url: nextUrl }),
      authors: [{ name: author }],
      items: entries.map((entry) => ({
        id: entry.id,
        url: entry.url,
        title: entry.title,
        content_text: entry.text,
        tags: [...entry.tags],
        date_published: isoFromMs(entry.publishedAt),
        date_modified: isoFromMs(entry.updatedAt),
      })),
    }),
  );
