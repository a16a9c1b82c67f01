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
 * How long an answer is kept, in seconds. Its key contains the version of the data, so a change
 * makes it unreachable. The time is limited because `expires_soon` depends on the clock, and the
 * version does not.
 */
const lifeSeconds = 60;

/**
 * Cache keys are addresses. This host is reserved (RFC 2606), so it makes no difference which host
 * the Worker is asked under.
 */
const addressOf = (key: string): string => `https://answers.invalid/${key}`;

const tagsHeader = "x-kept-tags";
const cursorHeader = "x-kept-cursor";

/** A failing cache behaves like an absent one. */
function failed(error: unknown): undefined {
  log("warn", "answer-cache-failed", { error: String(error) });
}

/**
 * Keeps answers behind the HTTP cache, by question and by version of the data. The HTTP cache keeps
 * one answer for each spelling of an address, and some requests bypass it.
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
