/** Whether a request took too long. `AbortSignal.timeout` ends it with one of these names. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
