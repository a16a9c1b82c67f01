/**
 * How long to wait after a failure: twice as long after each, up to a limit.
 *
 * @param failures how many there were before this one. The unit is that of `first` and `longest`.
 */
export const backoff = (first: number, longest: number, failures: number): number =>
  Math.min(first * 2 ** failures, longest);
