export type LogLevel = "info" | "warn" | "error";

/** One JSON object a line: Workers Logs indexes every field. The only place that touches `console`. */
export function log(level: LogLevel, event: string, fields: Record<string, unknown> = {}): void {
  // oxlint-disable-next-line no-console -- this is the logger
  console[level](JSON.stringify({ event, ...fields }));
}
