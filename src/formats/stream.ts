import { log } from "../lib/log.ts";

/**
 * A body that is made part by part, as fast as it is read. Each part is sent whole. If making a
 * part fails, the transfer breaks off between two parts, so that no reader mistakes half of the
 * body for all of it.
 */
export function streamOf(parts: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          log("error", "export-failed", { error: String(error) });
          throw error;
        }
      },
      async cancel() {
        await parts.return();
      },
    },
    // Nothing is made before somebody reads. A HEAD request reads nothing.
    { highWaterMark: 0 },
  );
}
