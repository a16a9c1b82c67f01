/** A Cache API that forgets by the clock of a test, counts, and fails when told to. */
import type { AnswerStore } from "../../src/http/answer-cache.ts";

type Entry = { text: string; headers: Headers; until: number };

const maxAgeOf = (headers: Headers): number =>
  Number(/max-age=(\d+)/.exec(headers.get("cache-control") ?? "")?.[1] ?? 0);

const addressOf = (key: RequestInfo | URL): string =>
  key instanceof Request ? key.url : String(key);

export function anAnswerStore(now: () => number) {
  const entries = new Map<string, Entry>();
  let failure: Error | undefined;
  let puts = 0;
  const store: AnswerStore = {
    async match(key) {
      if (failure) throw failure;
      const entry = entries.get(addressOf(key));
      return entry && entry.until > now()
        ? new Response(entry.text, { headers: entry.headers })
        : undefined;
    },
    async put(key, response) {
      if (failure) throw failure;
      puts += 1;
      const until = now() + maxAgeOf(response.headers) * 1000;
      entries.set(addressOf(key), {
        text: await response.text(),
        headers: response.headers,
        until,
      });
    },
  };
  return {
    store,
    /** How many answers were put into it: each was made. */
    made: () => puts,
    keys: (): readonly string[] => [...entries.keys()],
    failWith(error: Error): void {
      failure = error;
    },
  };
}
