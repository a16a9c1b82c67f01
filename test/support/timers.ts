import { vi } from "vitest";

/**
 * Requests to ESI that no timer ends: workerd grants all tests of a file 10,000 that are pending, each
 * request has one of ten seconds, and the stand-in answers at once.
 *
 * @returns what undoes it: made for `beforeEach`.
 */
export function withoutTimers(): () => void {
  const timeout = vi.spyOn(AbortSignal, "timeout");
  timeout.mockImplementation(() => new AbortController().signal);
  return () => timeout.mockRestore();
}
