/** Seconds since 1970-01-01T00:00:00Z. ESI's dates are stored this way. */
export type EpochSeconds = number;

/** Milliseconds since 1970-01-01T00:00:00Z. Times of our own clock are stored this way. */
export type EpochMs = number;

export const dayMs = 86_400_000;

export const toSeconds = (ms: EpochMs): EpochSeconds => Math.floor(ms / 1000);

/** `2026-08-30T22:07:39Z`, as ESI writes instants. */
export const isoFromSeconds = (seconds: EpochSeconds): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** `2026-08-30T22:07:39.123Z`. */
export const isoFromMs = (ms: EpochMs): string => new Date(ms).toISOString();

/** The day of an instant (UTC): `2026-11-24`. */
export const dateOf = (ms: EpochMs): string => new Date(ms).toISOString().slice(0, 10);
