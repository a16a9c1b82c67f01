import { log } from "../lib/log.ts";

/** The part of the Cache API that is used here. */
export type AnswerStore = Pick<Cache, "match" | "put">;

/** A stored answer: its body, and the values that its headers are made from. */
export type KeptAnswer = {
  body: string | ReadableStream;
  tags: readonly string[];
  nextCursor: string | null;
};

/**
 * How long an answer is kept, in seconds. Its key holds the version of the data, so that a change
 * makes it unreachable; but `expires_soon` counts seconds, and no version does.
 */
const lifeSeconds = 60;

/**
 * Keys are addresses, and this host is nobody's (RFC 2606): under how many hosts the Worker is asked
 * makes no difference.
 */
const addressOf = (key: string): string => `https://answers.invalid/${key}`;

const tagsHeader = "x-kept-tags";
const cursorHeader = "x-kept-cursor";

/** A cache that fails is as good as none. */
function failed(error: unknown): undefined {
  log("warn", "answer-cache-failed", { error: String(error) });
}

/**
 * Answers kept behind the HTTP cache, by what is asked and the version of the data: that cache keeps
 * one for each spelling of an address, and some requests pass it by.
 */
export function createAnswerCache(store: AnswerStore) {
  return {
    async find(key: string): Promise<KeptAnswer | undefined> {
      const kept = await store.match(addressOf(key)).catch(failed);
      if (!kept?.body) return undefined;
      return {
        body: kept.body,
        tags: (kept.headers.get(tagsHeader) ?? "").split(",").filter(Boolean),
        nextCursor: kept.headers.get(cursorHeader),
      };
    },

    async keep(key: string, { body, tags, nextCursor }: KeptAnswer): Promise<void> {
      const headers = {
        "content-type": "application/json",
        "cache-control": `public, max-age=${lifeSeconds}`,
        [tagsHeader]: tags.join(","),
        ...(nextCursor === null ? {} : { [cursorHeader]: nextCursor }),
      };
      await store.put(addressOf(key), new Response(body, { headers })).catch(failed);
    },
  };
}

export type AnswerCache = ReturnType<typeof createAnswerCache>;
