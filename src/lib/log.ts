export type LogLevel = "info" | "warn" | "error";

/**
 * Logs one JSON object per line, because Workers Logs indexes every field. Only this file uses
 * `console`.
 */
export function log(level: LogLevel, event: string, fields: Record<string, unknown> = {}): void {
  // oxlint-disable-next-line no-console -- this is the logger
  console[level](JSON.stringify({ event, ...fields }));
}
