import type { EpochMs } from "../lib/time.ts";

/** A part of every day, in minutes since midnight UTC. */
export type DailyWindow = { fromMinute: number; toMinute: number };

/** Whether ESI is in its daily downtime. That is a pause, not a failure. */
export function isDowntime(window: DailyWindow | null, at: EpochMs): boolean {
  if (!window) return false;
  const minute = Math.floor(at / 60_000) % 1440;
  const { fromMinute, toMinute } = window;
  return fromMinute <= toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;
}
