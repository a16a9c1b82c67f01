import { AppError } from "../errors.ts";

type Options = { tags: string[] } | { purgeEverything: true };
type Result = { success: boolean; errors: readonly { message: string }[] };

/** The platform's object for purging. In `wrangler dev`, it lacks the method. */
type PurgeApi = { purge?: (options: Options) => Promise<Result> } | undefined;

/** The maximum number of tags in one call (https://developers.cloudflare.com/cache/how-to/purge-cache/). */
const tagsPerPurge = 100;

/**
 * The cache in front of this Worker. It belongs to the Worker alone: nothing else reaches it, not
 * even a purge of a zone (https://developers.cloudflare.com/workers/cache/purge/).
 */
export function createEdgeCache(api: PurgeApi) {
  /** @returns whether there is a cache at all. */
  async function purgeBy(options: Options): Promise<boolean> {
    if (typeof api?.purge !== "function") return false;
    const { success, errors } = await api.purge(options);
    if (success) return true;
    throw new AppError("cache-unavailable", errors.map(({ message }) => message).join("; "));
  }

  return {
    /** Takes out what has any of these tags. @throws {AppError} `cache-unavailable` */
    async purge(tags: readonly string[]): Promise<void> {
      for (let from = 0; from < tags.length; from += tagsPerPurge) {
        await purgeBy({ tags: tags.slice(from, from + tagsPerPurge) });
      }
    },

    /**
     * Removes everything.
     *
     * @returns whether there is a cache at all.
     * @throws {AppError} `cache-unavailable`
     */
    purgeEverything: (): Promise<boolean> => purgeBy({ purgeEverything: true }),
  };
}
